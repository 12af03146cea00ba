# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that answer what a test wants. The product knows nothing of it: its connection is changed in a copy of the collection only.

This file is copied into that copy, beside the connection that it changes, so it imports nothing of the tests.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError

CHECKOUT = Path(__file__).resolve().parents[3]
SHIPPED = ("plugins", "roles", "playbooks", "meta")
ANSWERS = "HOSTILE_ANSWERS"
ERRORS: dict[str, type[Exception]] = {
    "connection": AnsibleConnectionFailure,
    "transport": ConnectionResetError,
    "ansible": AnsibleError,
    "other": ValueError,
}
CHANGE = """

from ..plugin_utils.hostile_answers import change  # noqa: E402

change(Connection)
"""


def make_collection(root: Path) -> Path:
    """Copy the collection with a connection that reads its answers from the folder that HOSTILE_ANSWERS names; return ROOT."""
    collection = root / "ansible_collections" / "winops" / "hotpatch"
    for folder in SHIPPED:
        shutil.copytree(CHECKOUT / folder, collection / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "galaxy.yml", collection)
    shutil.copy(__file__, collection / "plugins" / "plugin_utils" / "hostile_answers.py")
    with (collection / "plugins" / "connection" / "rehearsal.py").open("a", encoding="utf-8") as stream:
        stream.write(CHANGE)
    return root


def change(connection: Any) -> None:
    """Let CONNECTION give the answers of the test, and those of the simulated host where the test has none.

    A rule says for which C(module) and from which call on (C(nth)) it holds; C(raw) is a bare command. It has one of: C(answer), the result
    of the module; C(raw), exit code, output and errors; C(raises), the name of an error, with its C(text); C(replace), a text and what
    stands instead of it.
    """
    played = connection.exec_command

    def exec_command(self: Any, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        rule = _rule(str(self.get_option("host")), cmd, in_data)
        if "raises" in rule:
            raise ERRORS[rule["raises"]](rule["text"])
        if "answer" in rule:
            return 0, json.dumps(rule["answer"]).encode(), b""
        if "raw" in rule:
            code, out, err = rule["raw"]
            return code, out.encode(), err.encode()
        code, answer, errors = played(self, cmd, in_data, sudoable)
        if "replace" in rule:
            answer = json.dumps(_replaced(json.loads(answer), *rule["replace"])).encode()
        return code, answer, errors

    connection.exec_command = exec_command


def _rule(host: str, cmd: str, in_data: bytes | None) -> dict[str, Any]:
    """Return the rule for this call of HOST, or an empty one. Each task has a process of its own, so what was called stands in a file."""
    from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.answers import manifest

    folder = Path(os.environ[ANSWERS])
    name = str(getattr(manifest.read(str(cmd), in_data), "name", "raw")).rpartition(".")[2]
    rules: list[dict[str, Any]] = json.loads((folder / f"{host}.json").read_text(encoding="utf-8"))
    if name not in {rule["module"] for rule in rules}:
        return {}
    counter = folder / f"{host}.{name}"
    with counter.open("a", encoding="utf-8") as stream:
        stream.write("called\n")
    called = len(counter.read_text(encoding="utf-8").splitlines())
    return next((rule for rule in rules if rule["module"] == name and called >= rule.get("nth", 1)), {})


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return value.replace(old, new) if isinstance(value, str) else value
