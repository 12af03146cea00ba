# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook that the tests run in a fork of a process which has imported much before is the one that a process of its own runs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.playbook_process import PreloadedAnsible, early, preloaded, run_alone, run_ansible_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, settings
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import wait_for

WITNESS = '''
import gc, json, locale, os, signal, stat, sys, threading, time
import jinja2.lexer
from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: witness
type: notification
short_description: What a playbook finds around itself
description: Writes it to the file that COLLECT_WITNESS names.
"""

def told(value):
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)

class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "witness"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook):
        umask = os.umask(0)
        os.umask(umask)
        found = {
            "environment": dict(os.environ),
            "folder": os.getcwd(),
            "path": sys.path,
            "arguments": sys.argv,
            "program": sys.executable,
            "flags": list(sys.flags),
            "streams": [[stream.encoding, stream.errors, stream.isatty()] for stream in (sys.stdin, sys.stdout, sys.stderr)],
            "input": [os.readlink("/proc/self/fd/0"), sys.stdin.read()] if os.path.exists("/proc/self/fd/0") else None,
            "locale": locale.getlocale(),
            "zone": [time.timezone, list(time.tzname)],
            "umask": umask,
            "signals": {str(number): str(signal.getsignal(number)).split(" at ")[0] for number in signal.valid_signals()},
            "threads": threading.active_count(),
            "collects": [gc.isenabled(), gc.get_threshold()],
            "finders": [str(finder).split(" at ")[0].split("(")[0] for finder in sys.meta_path],
            # Since 2.19, core replaces it for what is imported afterwards.
            "intern": str(jinja2.lexer.intern).split(" at ")[0],
            "ansible": sorted(name for name in sys.modules if name.partition(".")[0] in ("ansible", "ansible_collections")),
            "settings": {name: told(getattr(constants, name)) for name in dir(constants) if name.isupper()},
        }
        with open(os.environ["COLLECT_WITNESS"], "w", encoding="utf-8") as stream:
            stream.write(json.dumps([os.getpid(), found]))
'''
# The seconds of a simulated host, the processes of a run, here and in the memory, which is a text, its digest, and a temporary folder that
# bears the number of its process.
DIFFERENT = (
    r"(?<=T02:00:)\d\d",
    r'(?<="started": )\d+',
    r'(?<="pid": )\d+',
    r'(?<="started\\": )\d+',
    r'(?<="pid\\": )\d+',
    r'(?<="revision": ")\w+',
    r'(?<="seen_at": ")[^"]+',
    r'(?<="seen_at\\": \\")[^\\"]+',
    r"(?<=ansible-local-)\w+",
)


def run_of(how: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    return run_alone if how == "alone" else preloaded().run


def environment(folder: Path, **more: str) -> dict[str, str]:
    plugins = folder / "callbacks"
    plugins.mkdir(exist_ok=True)
    (plugins / "witness.py").write_text(WITNESS)
    given = settings(folder, folder / "results.jsonl")
    given["ANSIBLE_CALLBACK_PLUGINS"] += f"{os.pathsep}{plugins}"
    given["ANSIBLE_CALLBACKS_ENABLED"] += ",witness"
    return os.environ | given | {"COLLECT_WITNESS": str(folder / "witness.json")} | more


def played(folder: Path, how: str, *arguments: str) -> dict[str, Any]:
    """What a cycle says, writes and finds around itself; FOLDER is named so in all of it."""
    folder.mkdir()
    # One host: core keeps several in a set, whose order is another in each process.
    fleet = Fleet(folder, "2026-06-14T02:00:00Z", srv01={"start_kb": "KB5082063"})
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(folder / "records"), "hotpatch_restart_policy": "allowed"}
    given = ["-i", str(fleet.inventory()), "winops.hotpatch.cycle", "-e", json.dumps({**extra, "hotpatch_run_id": "same"}), *arguments]
    done = run_of(how)(given, folder, environment(folder, TZ="Asia/Kolkata", COLUMNS="100"), 120)
    results, witness = folder / "results.jsonl", folder / "witness.json"
    found = {
        "ended": done.returncode,
        "said": done.stdout,
        "complained": done.stderr,
        "results": [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else [],
        "found": json.loads(witness.read_text())[1] if witness.exists() else None,
        "records": {path.name: json.loads(path.read_text()) for path in sorted((folder / "records").rglob("*.json"))},
    }
    text = json.dumps(found).replace(str(folder), "FOLDER")
    for pattern in DIFFERENT:
        text = re.sub(pattern, "0", text)
    same: dict[str, Any] = json.loads(text)
    return same


@pytest.mark.parametrize("arguments", [(), ("--check", "--diff", "-vvv"), ("--no-such-option",)], ids=" ".join)
def test_it_is_the_same_playbook(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    alone, forked = played(tmp_path / "one", "alone", *arguments), played(tmp_path / "two", "forked", *arguments)
    assert bool(alone["found"]) == (alone["ended"] == 0) == bool(alone["results"])
    for name, part in alone.items():
        assert forked[name] == part


def test_what_may_be_read_early_is_read_anew(tmp_path: Path) -> None:
    """A module that only such an environment finds; one that was imported before would have been taken from elsewhere."""
    (tmp_path / "libraries").mkdir()
    (tmp_path / "libraries" / "yaml.py").write_text("raise RuntimeError('this yaml')")
    env = environment(tmp_path, PYTHONPATH=str(tmp_path / "libraries"))
    assert early(env) != preloaded().early
    assert "this yaml" in run_ansible_playbook(["--version"], env=env, timeout=60).stderr
    with pytest.raises(AssertionError, match="another environment"):
        preloaded().run(["--version"], tmp_path, env, 60)


def asleep(folder: Path) -> list[str]:
    book = folder / "asleep.yml"
    book.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [{"ansible.builtin.command": "sleep 60"}]}]))
    return [str(book)]


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def playbook_of(folder: Path) -> int:
    """The number of the process whose witness has spoken."""
    wait_for((folder / "witness.json").exists)
    wait_for((folder / "witness.json").read_text)
    return int(json.loads((folder / "witness.json").read_text())[0])


def test_a_playbook_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired) as caught:
        preloaded().run(asleep(tmp_path), tmp_path, environment(tmp_path), 8)
    assert "TASK [ansible.builtin.command]" in str(caught.value.output)
    assert has_ended(playbook_of(tmp_path))
    assert preloaded().run(["--version"], tmp_path, environment(tmp_path), 60).returncode == 0


def test_it_ends_with_the_process_that_asks(tmp_path: Path) -> None:
    """However that ends, and with what it runs."""
    script = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from playbook_process import preloaded; "
        "preloaded().run(sys.argv[2:], Path.cwd(), dict(os.environ), 60)"
    )
    tests = str(Path(__file__).resolve().parents[2])
    # What it writes is read from a pipe: that ends when neither it nor the process behind it is left.
    with subprocess.Popen(
        [sys.executable, "-c", script, tests, *asleep(tmp_path)], cwd=tmp_path, env=environment(tmp_path), stderr=subprocess.PIPE
    ) as asking:
        playbook = playbook_of(tmp_path)
        os.kill(asking.pid, signal.SIGKILL)
        assert asking.communicate(timeout=30)[1] == b""
    assert has_ended(playbook)


def test_it_is_not_asked_again_after_an_interruption(tmp_path: Path) -> None:
    """The answer would be taken for that of the next run."""
    own = PreloadedAnsible()

    def interrupt(*dummy: object) -> None:
        raise KeyboardInterrupt

    def interrupt_later() -> None:
        playbook_of(tmp_path)
        os.kill(os.getpid(), signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, interrupt)
    waiting = threading.Thread(target=interrupt_later)
    try:
        waiting.start()
        with pytest.raises(KeyboardInterrupt):
            own.run(asleep(tmp_path), tmp_path, environment(tmp_path), 60)
    finally:
        waiting.join()
        signal.signal(signal.SIGUSR1, before)
    assert own.process.poll() is not None
    assert has_ended(playbook_of(tmp_path))
