# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a role over simulated hosts with hooks that say what they saw, and reading what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook

HOOKS = ("before", "drain", "health", "resume", "after")


def give_hooks(fleet: Any, names: Iterable[str] = HOOKS, failing: str | None = None) -> None:
    """Gives every host one task file for each hook; it says what the hook saw, or fails."""
    for name in names:
        does = {"ansible.builtin.fail": {"msg": f"{name} says no"}} if name == failing else {"ansible.builtin.debug": {"msg": seen(name)}}
        path = fleet.folder / f"{name}.yml"
        path.write_text(json.dumps([{"name": f"hook {name}", **does}]))
        # Several hosts, and several tests, may have one description.
        fleet.hosts = {host: {**given, f"hotpatch_{name}": str(path)} for host, given in fleet.hosts.items()}


def seen(name: str) -> str:
    return f"{name} {{{{ hotpatch_decision.kb }}}} {{{{ (hotpatch_result | default({{}})).outcome | default('-') }}}}"


def play(fleet: Any, policy: str = "planned", *, role: str = "cycle", check: bool = False, handlers: Any = None, **variables: Any) -> Any:
    """Runs a role on all hosts, with another task after it that only hosts in good order reach."""
    book = fleet.folder / "book.yml"
    tasks = [
        {"ansible.builtin.include_role": {"name": f"winops.hotpatch.{role}"}},
        {"name": "goes on", "ansible.builtin.debug": {"msg": "on"}},
    ]
    book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks, "handlers": handlers or []}]))
    extra = {"hotpatch_restart_policy": policy, "hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), **variables}
    return run_playbook(fleet.folder, str(book), fleet.inventory(), "-e", json.dumps(extra), *(["--check"] if check else []))


def order(run: Any, host: str = "srv01") -> list[str]:
    """The hooks that ran on a host, and what was done between them."""
    known = {"Install what was decided, and verify it": "update", "Roll back what this run installed": "rollback"}
    found = []
    for entry in run.results:
        task = entry["task"].split(" : ")[-1]
        if (
            entry["host"] == host
            and entry["status"] != "skipped"
            and (task in known or task.startswith("hook ") or task in ("mine", "goes on"))
        ):
            found.append(known.get(task, task.removeprefix("hook ")))
    return found


def boots(fleet: Any, host: str = "srv01") -> list[str]:
    return [boot["requested_by"] for boot in fleet.state(host)["boots"] if boot["requested_by"] != "setup"]


def records(fleet: Any, host: str = "srv01") -> list[dict[str, Any]]:
    found = [json.loads(path.read_text()) for path in sorted((fleet.folder / "records" / host).glob("*.json"))]
    return sorted(found, key=lambda record: (record["started_at"], record["finished_at"]))
