# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One name of a layer in two places is refused before any host is touched, wherever the places are: Ansible would keep one in silence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook

NOW = "2025-11-11T20:00:00Z"
RULES = {"deny": ["KB5070881"]}


def lay_out(fleet: Any, groups: dict[str, Any], files: dict[str, Any]) -> Path:
    """Write an inventory with GROUPS below all, and FILES beside it; return its path."""
    inventory: Path = fleet.inventory()
    data = json.loads(inventory.read_text())
    data["all"]["vars"] |= groups.pop("all", {}).get("vars", {})
    data["all"]["children"] = groups
    inventory.write_text(json.dumps(data))
    for name, variables in files.items():
        path = inventory.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(variables))
    return inventory


def run_cycle(fleet: Any, inventory: Path, *args: str, book: str = "winops.hotpatch.cycle") -> Run:
    extra = {"hotpatch_now": NOW, "hotpatch_records": str(fleet.folder / "records")}
    return run_playbook(fleet.folder, book, inventory, "-e", json.dumps(extra), *args)


def refused(fleet: Any, run: Run) -> list[str]:
    """What the run was refused for, nothing having been sent to a host."""
    assert run.returncode == 2, run.output
    assert not fleet.calls.exists()
    assert not fleet.truth.exists()
    assert not (fleet.folder / "records").exists()
    return str(run.results[-1]["result"]["msg"]).splitlines()


def test_two_places_in_the_inventory(fleet: Any) -> None:
    """Two groups, group and host, a file and what stands beside it; each host is told once, by the groups and files that are wrong."""
    fleet.hosts = {"a": {}, "b": {"hotpatch_policy_mine": RULES}, "c": {}, "d": {}, "good": {"hotpatch_policy_host": RULES}}
    groups = {
        "all": {"vars": {"hotpatch_policy_fleet": RULES}},
        "ring1": {"hosts": {"a": {}, "b": {}, "good": {}}, "vars": {"hotpatch_policy_ring": RULES, "hotpatch_policy_mine": RULES}},
        "emea": {"hosts": {"a": {}}, "vars": {"hotpatch_policy_ring": RULES}},
        "outer": {"children": {"inner": {"hosts": {"d": {}}}}},
    }
    files = {
        "group_vars/all.yml": {"hotpatch_policy_everywhere": RULES},
        "host_vars/c.yml": {"hotpatch_policy_everywhere": {}},
        "group_vars/outer.yml": {"hotpatch_policy": RULES},
        "group_vars/inner.yml": {"hotpatch_policy": None},
    }
    lines = refused(fleet, run_cycle(fleet, lay_out(fleet, groups, files), "--limit", "a,b,c,d,good"))
    beside = f" ({fleet.folder})"
    told = {line.partition(":")[0]: line for line in lines}
    assert sorted(told) == ["hotpatch_policy", "hotpatch_policy_everywhere", "hotpatch_policy_mine", "hotpatch_policy_ring"]
    assert "defined for one host in group emea and group ring1. " in told["hotpatch_policy_ring"]
    assert "defined for one host in group ring1 and host b. " in told["hotpatch_policy_mine"]
    assert f"in group all{beside} and host c{beside}. " in told["hotpatch_policy_everywhere"]
    assert f"in group outer{beside} and group inner{beside}. " in told["hotpatch_policy"]
    assert all("Give each layer a name of its own" in line and "First seen on" in line for line in lines)


@pytest.mark.parametrize("playbook", ["assess", "cycle", "rollback"])
def test_what_the_command_line_gives_does_not_replace_the_inventory(fleet: Any, playbook: str) -> None:
    """The rules of a run have a name of their own."""
    inventory = lay_out(fleet, {"all": {"vars": {"hotpatch_policy_fleet": {"hold": {"reason": "audit"}}}}}, {})
    extra = ("-e", json.dumps({"hotpatch_policy_fleet": {}, "hotpatch_hosts": "srv01"}))
    (line,) = refused(fleet, run_cycle(fleet, inventory, *extra, book=f"winops.hotpatch.{playbook}"))
    assert line.startswith("hotpatch_policy_fleet: given in -e and group all, of which Ansible would keep the first")
    assert "such as hotpatch_policy_run; all of them count." in line
    if playbook == "cycle":
        run = run_cycle(fleet, inventory, "-e", json.dumps({"hotpatch_policy_run": RULES}))
        assert run.returncode == 0, run.output
        assert "held" in run.table()["srv01"]


@pytest.mark.parametrize("above", ["play", "fact"])
def test_what_a_playbook_sets_does_not_replace_the_inventory(fleet: Any, above: str) -> None:
    inventory = lay_out(fleet, {"ring1": {"hosts": {"srv01": {}}, "vars": {"hotpatch_policy_ring": {"hold": {"reason": "audit"}}}}}, {})
    book = fleet.folder / "playbooks" / "mine.yml"
    book.parent.mkdir()
    plays: list[dict[str, Any]] = [{"import_playbook": "winops.hotpatch.cycle"}]
    where = "the play"
    if above == "play":
        plays[0]["vars"] = {"hotpatch_policy_ring": RULES}
    else:
        tasks = [{"ansible.builtin.set_fact": {"hotpatch_policy_ring": RULES}}]
        plays.insert(0, {"hosts": "all", "gather_facts": False, "tasks": tasks})
        where = "a task of this run"
    book.write_text(json.dumps(plays))
    (line,) = refused(fleet, run_cycle(fleet, inventory, book=str(book)))
    assert line.startswith("hotpatch_policy_ring: ")
    assert where in line
    assert "group ring1" in line


@pytest.mark.parametrize("role", ["assess", "cycle"])
def test_a_role_in_a_play_of_ones_own_is_refused_too(fleet: Any, role: str) -> None:
    """There group_vars beside the playbook count as well."""
    inventory = lay_out(fleet, {"ring1": {"hosts": {"srv01": {}}, "vars": {"hotpatch_policy_ring": {"hold": {"reason": "audit"}}}}}, {})
    book = fleet.folder / "playbooks" / "mine.yml"
    (book.parent / "group_vars").mkdir(parents=True)
    book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": [f"winops.hotpatch.{role}"]}]))
    assert run_cycle(fleet, inventory, "--check", book=str(book)).returncode == 0
    for path in (fleet.calls, fleet.truth):
        shutil.rmtree(path, ignore_errors=True)
    (book.parent / "group_vars" / "ring1.yml").write_text(json.dumps({"hotpatch_policy_ring": RULES}))
    (line,) = refused(fleet, run_cycle(fleet, inventory, book=str(book)))
    assert line.startswith(f"hotpatch_policy_ring: defined for one host in group ring1 and group ring1 ({book.parent}). ")
