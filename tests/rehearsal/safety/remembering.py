# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of several controllers on one host, and what it remembers of them."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import HOST

OBSERVE = "winops.hotpatch.internal_observe"
DECIDE = "winops.hotpatch.internal_apply : Ask the host what it is, and decide"
INSTALL = "winops.hotpatch.internal_apply : Install what was decided, and verify it"
MAY, JUNE = "KB5087423", "KB5094125"


def playbook(fleet: Any, folder: str, name: str = "cycle", check: bool = False, **more: Any) -> Any:
    """Runs a playbook from a controller with a folder of records of its own."""
    given = {
        "hotpatch_now": fleet.now,
        "hotpatch_hosts": "all",
        "hotpatch_records": str(fleet.folder / folder),
        "hotpatch_restart_policy": "allowed",
        "hotpatch_restart_timeout": 3,
        "hotpatch_settle_timeout": 2,
        **more,
    }
    return run_playbook(
        fleet.folder, f"winops.hotpatch.{name}", fleet.inventory(), *(["--check"] if check else []), "-e", json.dumps(given)
    )


def memory(fleet: Any, host: str = "srv01") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fleet.state(host)["memory"])
    return found


def of_another_controller(fleet: Any) -> None:
    """Makes the claim one of a machine whose processes cannot be seen from here: its run is lost, and nobody can know that."""
    state, told = fleet.state(), memory(fleet)
    told["lease"]["controller"]["host"] = "elsewhere"
    path = fleet.truth / "srv01.json"
    path.write_text(json.dumps({**state, "memory": json.dumps(told)}))


def lost(*calls: int, **more: Any) -> dict[str, Any]:
    return {**HOST, "faults": [{"fault": "connection_lost", "at_call": call, **more} for call in calls]}


def hook(fleet: Any, name: str, fails: bool = False) -> list[str]:
    """A task file that leaves its name on the controller, or fails."""
    path = fleet.folder / f"{name}.yml"
    log = fleet.folder / "hooks.log"
    task = {"ansible.builtin.fail": {"msg": name}} if fails else {"ansible.builtin.shell": f"echo {name} >> {log}"}
    path.write_text(json.dumps([{"name": name, "delegate_to": "localhost", "vars": {"ansible_connection": "local"}, **task}]))
    return [str(path)]


def hooks(fleet: Any, **fails: bool) -> dict[str, Any]:
    return {f"hotpatch_{name}": hook(fleet, name, fails.get(name, False)) for name in ("drain", "health", "resume")}


def hooks_run(fleet: Any) -> list[str]:
    log = fleet.folder / "hooks.log"
    return log.read_text().split() if log.exists() else []
