# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The budget of a run: whoever has begun is finished and put back into service, and nobody else begins."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import give_hooks, order, play

BASELINE_DAY, HOTPATCH_DAY = "2025-10-14T20:00:00Z", "2025-11-11T20:00:00Z"
GONE = {"faults": [{"fault": "connection_lost", "at_call": 1, "lost": "request"}]}
COUNTERS = {"installs": 0, "restarts": 0, "uninstalls": 0}


def cycle(fleet: Any, policy: str = "allowed", *args: str, **variables: Any) -> Run:
    """Run the playbook over FLEET."""
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_restart_policy": policy, **variables}
    return run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", json.dumps(extra), *args)


def unhealthy(fleet: Any, *hosts: str) -> None:
    """Let the health tasks fail on HOSTS."""
    path = fleet.folder / "unhealthy.yml"
    path.write_text(json.dumps([{"name": "hook health", "ansible.builtin.fail": {"msg": "the endpoint is down"}}]))
    for host in hosts:
        fleet.hosts[host]["hotpatch_health"] = str(path)


def words(run: Run) -> dict[str, str]:
    """Return the outcome of each host as the table has it."""
    return {host: line.split()[2] for host, line in run.table().items()}


def counters(fleet: Any) -> dict[str, tuple[int, int, int]]:
    """Return the installations, restarts and removals of each host that was ever asked, from its own file."""
    asked = [host for host in fleet.hosts if (fleet.truth / f"{host}.json").exists()]
    return {host: tuple(fleet.state(host)["counters"][key] for key in COUNTERS) for host in asked}


def test_a_spent_budget_leaves_nobody_drained_and_begins_with_nobody_else(fleet: Any) -> None:
    """One of three fails after its restart. The two others are restarted and back in service, and nothing is done on the second batch."""
    fleet.now = BASELINE_DAY
    fleet.hosts = {host: {} for host in ("a", "b", "c", "d", "e")}
    give_hooks(fleet, ("drain", "resume", "after"))
    unhealthy(fleet, "b")
    run = cycle(fleet, hotpatch_serial=3, hotpatch_max_fail_percentage=20)
    assert run.returncode == 2
    assert {host: order(run, host) for host in fleet.hosts} == {
        "a": ["drain", "update", "resume", "after"],
        "b": ["drain", "update", "health", "rollback"],
        "c": ["drain", "update", "resume", "after"],
        "d": [],
        "e": [],
    }
    assert words(run) == {"a": "installed", "b": "rolled_back", "c": "installed", "d": "refused", "e": "refused"}
    assert "budget_spent: 1 of the 3 hosts of a batch failed (b), more than hotpatch_max_fail_percentage (20)" in run.table()["d"]
    assert run.remedies()["d"].startswith("See why the hosts before it failed")
    assert "Out of service (1): b" in run.output
    assert counters(fleet) == {"a": (1, 1, 0), "b": (1, 2, 1), "c": (1, 1, 0), "d": (0, 0, 0), "e": (0, 0, 0)}


def test_hosts_that_do_not_answer_spend_the_budget_before_anybody_is_drained(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts = {"a": GONE, "b": {}, "held": {"hotpatch_policy_host": {"hold": {"reason": "audit"}}}}
    give_hooks(fleet, ("drain", "resume"))
    run = cycle(fleet, hotpatch_max_fail_percentage=30)
    assert run.returncode == 2
    assert words(run) == {"a": "unreachable", "b": "refused", "held": "refused"}
    assert "budget_spent: " in run.table()["b"]
    assert "audit" in run.table()["held"], "who has nothing to do is not held back"
    assert order(run, "b") == []
    assert set(counters(fleet).values()) == {(0, 0, 0)}


@pytest.mark.parametrize("serial", ["100%", 4])
def test_a_health_endpoint_that_is_down_takes_nothing_off(fleet: Any, serial: Any) -> None:
    """Three of four batches' hosts say the same: that is the endpoint, and the rest of the fleet does not begin."""
    fleet.hosts = {host: {} for host in ("a", "b", "c", "d", "e")}
    unhealthy(fleet, "a", "b", "c")
    run = cycle(fleet, hotpatch_serial=serial)
    assert run.returncode == 2
    last = "installed" if serial == "100%" else "refused"
    assert words(run) == {"a": "failed", "b": "failed", "c": "failed", "d": "installed", "e": last}
    left = {} if serial == "100%" else {"e": (0, 0, 0)}
    assert counters(fleet) == dict.fromkeys(fleet.hosts, (1, 0, 0)) | left
    told = run.remedies()["a"]
    assert "It is still installed: the health tasks failed on 3 hosts of this run (a, b, c), more than hotpatch_rollback_max (2)" in told
    if last == "refused":
        assert "budget_spent: The health tasks failed on 3 hosts (a, b, c), more than hotpatch_rollback_max (2)" in run.table()["e"]


def test_as_many_as_are_allowed_are_rolled_back_over_all_batches(fleet: Any) -> None:
    """The one of the first batch is; the second one would be too many, so it stays and the third batch does not begin."""
    fleet.hosts = {host: {} for host in ("a", "b", "c", "d", "e")}
    unhealthy(fleet, "a", "c")
    run = cycle(fleet, hotpatch_serial=2, hotpatch_rollback_max=1)
    assert run.returncode == 2
    assert words(run) == {"a": "rolled_back", "b": "installed", "c": "failed", "d": "installed", "e": "refused"}
    assert counters(fleet) == {"a": (1, 1, 1), "b": (1, 0, 0), "c": (1, 0, 0), "d": (1, 0, 0), "e": (0, 0, 0)}


def test_two_hosts_are_rolled_back_by_themselves(fleet: Any) -> None:
    fleet.hosts = {host: {} for host in ("a", "b", "c")}
    unhealthy(fleet, "a", "b")
    run = cycle(fleet)
    assert words(run) == {"a": "rolled_back", "b": "rolled_back", "c": "installed"}
    assert "It was rolled back: " in run.remedies()["a"]
    assert counters(fleet) == {"a": (1, 1, 1), "b": (1, 1, 1), "c": (1, 0, 0)}


def test_a_role_in_a_play_of_its_own_rolls_back_no_more_either(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    fleet.hosts = {host: {} for host in ("a", "b")}
    unhealthy(fleet, "a", "b")
    run = play(fleet, "allowed", hotpatch_rollback_max=1)
    assert run.returncode == 2
    assert counters(fleet) == {"a": (1, 0, 0), "b": (1, 0, 0)}


def test_no_batch_follows_one_that_failed_as_a_whole(fleet: Any) -> None:
    fleet.hosts = {"a": GONE, "b": {}}
    run = cycle(fleet, hotpatch_serial=1)
    assert run.returncode == 2
    assert words(run) == {"a": "unreachable", "b": "refused"}
    assert "budget_spent: A batch failed as a whole (a)" in run.table()["b"]


def test_a_rollback_has_the_same_budget(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    fleet.hosts = {"a": {}, "b": {}}
    assert play(fleet).returncode == 0
    fleet.hosts["a"] |= {"hotpatch_drain": str(fleet.folder / "fails.yml")}
    (fleet.folder / "fails.yml").write_text(json.dumps([{"name": "fails", "ansible.builtin.fail": {"msg": "no"}}]))
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_hosts": "all"}
    extra |= {"hotpatch_restart_policy": "allowed", "hotpatch_rollback_kb": "KB5068966", "hotpatch_serial": 1}
    run = run_playbook(fleet.folder, "winops.hotpatch.rollback", fleet.inventory(), "-e", json.dumps(extra))
    assert run.returncode == 2
    assert words(run) == {"a": "failed", "b": "refused"}
    assert counters(fleet) == {"a": (1, 0, 0), "b": (1, 0, 0)}
