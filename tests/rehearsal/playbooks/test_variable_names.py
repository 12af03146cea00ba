# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every playbook refuses a variable that it does not know, wherever it is set, and before anything is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.conftest import CHECKOUT
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook

PLAYBOOKS = sorted(path.stem for path in (CHECKOUT / "playbooks").glob("*.yml"))
WRONG, RIGHT = "hotpatch_rehearsal_inventroy", "hotpatch_rehearsal_inventory"


def run_with(fleet: Any, playbook: str, level: str, variables: dict[str, Any]) -> Run:
    """Run PLAYBOOK with VARIABLES at a level: of the inventory, of the play, or extra ones."""
    folder: Path = fleet.folder
    inventory, book, args = fleet.inventory(), f"winops.hotpatch.{playbook}", ["-e", "hotpatch_hosts=srv01"]
    if level == "inventory":
        data = json.loads(inventory.read_text())
        data["all"]["vars"] |= variables
        inventory.write_text(json.dumps(data))
    elif level == "play":
        (folder / "mine.yml").write_text(json.dumps([{"import_playbook": book, "vars": variables}]))
        book = str(folder / "mine.yml")
    else:
        args += ["-e", json.dumps(variables)]
    return run_playbook(folder, book, inventory, *args)


@pytest.mark.parametrize("level", ["inventory", "play", "extra"])
@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_an_unknown_variable_is_refused_with_the_nearest_that_is_known(fleet: Any, playbook: str, level: str) -> None:
    run = run_with(fleet, playbook, level, {WRONG: "fleet.yml"})
    assert run.returncode == 2, run.output
    assert f"{WRONG}: there is no such variable. Did you mean {RIGHT}?" in run.results[-1]["result"]["msg"]
    assert len(run.results) == 1
    assert not fleet.calls.exists()
    assert not (fleet.folder / "build").exists()


# The check of a playbook sets hotpatch_playbook above that of a play, which therefore means nothing.
KEPT = [(name, level) for name in ("hotpatch_catalog_json", "hotpatch_decision") for level in ("inventory", "play", "extra")]
KEPT += [("hotpatch_playbook", level) for level in ("inventory", "extra")]


@pytest.mark.parametrize(("name", "level"), KEPT)
def test_a_name_that_playbooks_keep_for_themselves_is_refused(fleet: Any, name: str, level: str) -> None:
    run = run_with(fleet, "cycle", level, {name: "assess", "hotpatch_records": str(fleet.folder / "records")})
    assert run.returncode == 2, run.output
    assert f"{name}: the playbooks set this name themselves. " in run.results[-1]["result"]["msg"]
    assert not fleet.calls.exists()


def test_what_one_playbook_has_found_does_not_stop_the_next(fleet: Any) -> None:
    book = fleet.folder / "both.yml"
    both = ("catalog", "assess", "cycle", "rollback", "catalog", "cycle")
    book.write_text(json.dumps([{"import_playbook": f"winops.hotpatch.{name}"} for name in both]))
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_hosts": "srv01"}
    run = run_playbook(fleet.folder, str(book), fleet.inventory(), "-e", json.dumps({**extra, "hotpatch_restart_policy": "allowed"}))
    assert "the playbooks set this name themselves" not in run.output
    assert run.returncode == 0, run.output


def test_a_variable_of_the_play_counts_as_it_wins(fleet: Any) -> None:
    fleet.hosts = {"one": {}, "srv01": {"hotpatch_intent": "{{ ansible_user }}", "ansible_user": "auto"}}
    good = {
        "hotpatch_now": fleet.now,
        "hotpatch_records": "{{ folder_of_play }}/{{ ansible_user }}",
        "folder_of_play": str(fleet.folder / "records"),
    }
    run = run_with(fleet, "cycle", "play", good)
    assert run.returncode == 0, run.output
    assert (fleet.folder / "records" / "auto" / "srv01").is_dir()
    run = run_with(fleet, "cycle", "play", {**good, "hotpatch_intent": "patch"})
    assert run.returncode == 2
    assert 'hotpatch_intent: "patch" is not valid.' in run.results[-1]["result"]["msg"]


def test_a_simulated_host_with_an_unknown_variable_is_not_rehearsed(tmp_path: Path) -> None:
    fleet, out = tmp_path / "fleet.yml", tmp_path / "out"
    hosts = {"srv01": {"ansible_connection": "winops.hotpatch.rehearsal", "hotpatch_rehearsal_plattform": "arc"}}
    fleet.write_text(json.dumps({"all": {"hosts": hosts}}))
    extra = json.dumps({"hotpatch_rehearsal_inventory": str(fleet), "hotpatch_rehearsal_out": str(out)})
    run = run_playbook(tmp_path, "winops.hotpatch.rehearse", Path("localhost,"), "-e", extra)
    assert run.returncode == 2
    told = "srv01 has hotpatch_rehearsal_plattform: there is no such variable. Did you mean hotpatch_rehearsal_platform?"
    assert told in run.of("localhost")["msg"]
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "value", "told"), [("forks", "many", "is not a number of hosts above 0"), ("show", "loud", "is not a boolean")]
)
def test_a_rehearsal_checks_its_other_variables_first(tmp_path: Path, name: str, value: str, told: str) -> None:
    extra = json.dumps({f"hotpatch_rehearsal_{name}": value, "hotpatch_rehearsal_out": str(tmp_path / "out")})
    run = run_playbook(tmp_path, "winops.hotpatch.rehearse", Path("localhost,"), "-e", extra)
    assert run.returncode == 2
    assert f'hotpatch_rehearsal_{name}: "{value}" {told}' in run.of("localhost")["msg"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("playbook", ["assess", "cycle", "rollback"])
@pytest.mark.parametrize(("name", "value"), [("hotpatch_hosts", "a"), ("hotpatch_serial", 1), ("hotpatch_max_fail_percentage", 0)])
def test_what_a_play_reads_before_it_has_hosts_is_not_ignored_in_the_inventory(fleet: Any, playbook: str, name: str, value: Any) -> None:
    """A rollback of one host in the inventory's words would be one of all of them."""
    fleet.hosts = {host: {name: value} for host in ("a", "b")}
    extra = {"hotpatch_records": str(fleet.folder / "records"), "hotpatch_now": "2025-11-11T20:00:00Z", "hotpatch_rollback_kb": "KB5066835"}
    run = run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", fleet.inventory(), "-e", json.dumps(extra), "--limit", "a,b")
    assert run.returncode != 0
    assert f"{name}: set in the inventory, where a play cannot see it" in run.output
    assert not fleet.calls.exists()
    run = run_playbook(
        fleet.folder,
        f"winops.hotpatch.{playbook}",
        fleet.inventory(),
        "-e",
        json.dumps({**extra, name: value}),
        "--check",
        "--limit",
        "a,b",
    )
    assert "set in the inventory" not in run.output
