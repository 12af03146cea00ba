# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that are not reached by a shell of Windows, beside good ones: refused with the remedy, sent nothing, and in nobody's way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import give_hooks, order, play

HOTPATCH_DAY = "2025-11-11T20:00:00Z"
OTHERS = ("no_connection", "posix")
SAYS = {
    name: f"not_windows: The shell of connection {connection} is sh. Set ansible_connection to winrm or psrp (over SSH,"
    " ansible_shell_type to powershell or cmd), or take the host out of the group."
    for name, connection in (("no_connection", "ssh"), ("posix", "local"))
}


LOCAL = "not_windows: The connection local leads to the controller, which does not run Windows. " + SAYS["posix"].partition(" sh. ")[2]
ANSWERS = {
    "bash": "bash: line 1: PowerShell: command not found",
    "dash": "/bin/sh: 1: PowerShell: not found",
    "env": "env: \u2018PowerShell\u2019: No such file or directory",
    "zsh": "zsh:1: command not found: PowerShell",
}


@pytest.fixture
def mixed(fleet: Any) -> Any:
    """A good host beside one whose inventory names no connection, and one whose shell is that of this machine."""
    fleet.now = HOTPATCH_DAY
    # Whoever sends something to these leaves a trace: a file of a program that is not ssh, or a folder for temporary files.
    program = fleet.folder / "not_ssh"
    program.write_text(f'#!/bin/sh\necho "$*" >>{fleet.folder / "sent"}\nexit 255\n')
    program.chmod(0o755)
    fleet.hosts = {
        "good": {},
        "no_connection": {"ansible_connection": "ssh", "ansible_ssh_executable": str(program)},
        "posix": {"ansible_connection": "local", "ansible_remote_tmp": str(fleet.folder / "sent")},
    }
    return fleet


def playbook(fleet: Any, name: str, *more: str, **variables: Any) -> Run:
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), **variables}
    return run_playbook(fleet.folder, f"winops.hotpatch.{name}", fleet.inventory(), "-e", json.dumps(extra), *more)


def refused(fleet: Any, run: Run) -> None:
    """Hold that a run refused the others as it should, and sent them nothing."""
    assert run.returncode == 2, run.output
    assert not (fleet.folder / "sent").exists()
    assert {name: run.status(name) for name in OTHERS} == dict.fromkeys(OTHERS, "failed")
    for name in OTHERS:
        told = [entry["result"].get("msg") or "" for entry in run.results if entry["host"] == name]
        assert any(SAYS[name] in text for text in told), told
    for word in ("MODULE FAILURE", "Traceback", "5.1"):
        assert word not in run.output


@pytest.mark.parametrize(
    ("name", "more", "good"),
    [
        ("assess", [], ["hotpatch_due", "would_install"]),
        ("assess", ["--check"], ["hotpatch_due", "would_install"]),
        ("cycle", [], ["current", "installed"]),
        ("cycle", ["--check"], ["hotpatch_due", "would_install"]),
    ],
)
def test_the_run_goes_on_with_the_others_and_its_table_has_all(mixed: Any, name: str, more: list[str], good: list[str]) -> None:
    run = playbook(mixed, name, *more)
    refused(mixed, run)
    lines = {host: line.split(maxsplit=4)[1:] for host, line in run.table().items()}
    assert lines["good"][:2] == good
    for other, connection in (("no_connection", "ssh"), ("posix", "local")):
        assert lines[other] == ["unknown", "refused", "-", f"not_windows: The shell of connection {connection} is sh."]


def test_a_refusal_is_recorded_and_not_held_against_the_host(mixed: Any) -> None:
    """Once the inventory is right, the next run finds a host on which nothing was begun."""
    playbook(mixed, "cycle")
    for name in OTHERS:
        (path,) = (mixed.folder / "records" / name).glob("*.json")
        record = json.loads(path.read_text())
        assert (record["outcome"], record["decision"]["code"]) == ("refused", "not_windows")
        assert (record["before"], record["after"], record["messages"]) == (None, None, [SAYS[name]])
    mixed.hosts = {name: {} for name in mixed.hosts}
    run = playbook(mixed, "assess")
    assert {
        name: run.of(name, "winops.hotpatch.assess : Ask the host what it is, and decide what a run would do")["record"]["state"]
        for name in OTHERS
    } == dict.fromkeys(OTHERS, "hotpatch_due")


@pytest.mark.parametrize("hooks", [False, True])
def test_a_rollback_does_not_ask_for_a_look_at_what_was_not_touched(mixed: Any, hooks: bool) -> None:
    playbook(mixed, "cycle")
    if hooks:
        give_hooks(mixed, ("drain", "resume"))
    run = play(mixed, "allowed", role="rollback")
    refused(mixed, run)
    for name in OTHERS:
        assert run.of(name)["msg"].endswith("Nothing was done on this host. Run again once the cause is gone.")
        # The host is asked before it is taken out of service, so a refusal runs no hook.
        assert order(run, name) == []
    assert mixed.state("good")["counters"] == {"installs": 1, "uninstalls": 1, "restarts": 1}


MODULES: dict[str, dict[str, Any]] = {
    "host_info": {},
    "update": {"restart_policy": "allowed"},
    "rollback": {"restart_policy": "allowed"},
    "package": {"state": "absent", "kb": "KB5068966"},
    "package_info": {},
    "field_probe": {"dest": "{{ playbook_dir }}/host.json"},
}


@pytest.mark.parametrize("check", [False, True])
def test_every_module_looks_before_it_sends(mixed: Any, check: bool) -> None:
    del mixed.hosts["good"]
    run = mixed.play(*({f"winops.hotpatch.{module}": args, "ignore_errors": True} for module, args in MODULES.items()), check=check)
    assert not (mixed.folder / "sent").exists()
    for name in OTHERS:
        found = {module: run.of(name, f"winops.hotpatch.{module}") for module in MODULES}
        assert {result["msg"] for result in found.values()} == {SAYS[name]}
        assert not any(result["changed"] for result in found.values())
        assert {run.status(name, f"winops.hotpatch.{module}") for module in MODULES} == {"failed"}
        codes = {module: result["decision"]["code"] for module, result in found.items() if "decision" in result}
        assert codes == dict.fromkeys(("host_info", "update", "rollback"), "not_windows")
        outcomes = {module: result["outcome"] for module, result in found.items() if "outcome" in result}
        assert outcomes == dict.fromkeys(("update", "rollback"), "refused")
    assert "Traceback" not in run.output
    assert not (mixed.folder / "host.json").exists()


def test_a_delegate_is_looked_at_instead(mixed: Any) -> None:
    run = mixed.play({"winops.hotpatch.host_info": {"as_of": mixed.now}, "delegate_to": "posix"})
    assert {name: run.of(name)["msg"] for name in mixed.hosts} == dict.fromkeys(mixed.hosts, SAYS["posix"])
    assert not (mixed.folder / "sent").exists()
    assert not mixed.calls.exists()


@pytest.mark.parametrize("shell", ["powershell", "cmd"])
def test_a_shell_that_is_called_one_of_windows_is_refused_by_its_answer(mixed: Any, shell: str) -> None:
    named: dict[str, Any] = {"ansible_connection": "ssh", "ansible_shell_type": shell}
    mixed.hosts = {"posix": {"ansible_connection": "local", "ansible_shell_type": shell}}
    for name, words in ANSWERS.items():
        program = mixed.folder / f"ssh_{name}"
        program.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{words}' >&2\nexit 127\n")
        program.chmod(0o755)
        mixed.hosts[name] = {**named, "ansible_ssh_executable": str(program)}
    before = {path.name for path in mixed.folder.iterdir()}
    run = mixed.play(*({f"winops.hotpatch.{module}": args, "ignore_errors": True} for module, args in MODULES.items()))
    for module in MODULES:
        assert run.of("posix", f"winops.hotpatch.{module}")["msg"] == LOCAL
        for name, words in ANSWERS.items():
            result = run.of(name, f"winops.hotpatch.{module}")
            assert result["msg"].startswith(f"not_windows: The shell of the host is not one of Windows: {words}. Set ansible_connection to")
            assert not result["changed"]
    # Where a shell of Windows is local, a payload would be left beside the playbook.
    assert not [name for name in {path.name for path in mixed.folder.iterdir()} - before if "Ansi" in name]
