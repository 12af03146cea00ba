# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of each playbook: its exit code, what can fail it besides a failure, and its table for few hosts and for many."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import play

GONE = {"faults": [{"fault": "connection_lost", "at_call": 1, "lost": "request"}]}
HELD = {"hotpatch_policy_host": {"hold": {"reason": "audit"}}}
# A task of the user that loses the host: nothing listens there.
ELSEWHERE = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_shell_type": "sh"}
TWICE_GONE = {"faults": [*GONE["faults"], {"fault": "connection_lost", "at_call": 2, "lost": "request"}]}
KB = "KB5068966"


def run(fleet: Any, playbook: str, *args: str, **variables: Any) -> Run:
    """Run PLAYBOOK over FLEET."""
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), **variables}
    return run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", fleet.inventory(), "-e", json.dumps(extra), *args)


def words(found: Run) -> dict[str, list[str]]:
    """Return the state and the outcome of each host as the table has them."""
    return {host: line.split()[1:3] for host, line in found.table().items()}


@pytest.mark.parametrize("playbook", ["assess", "cycle", "rollback"])
def test_hosts_that_do_not_answer_end_a_run_with_2_and_a_table(fleet: Any, playbook: str) -> None:
    fleet.hosts = {"a": GONE, "b": GONE}
    given = {"hotpatch_hosts": "all", "hotpatch_rollback_kb": KB} if playbook == "rollback" else {}
    found = run(fleet, playbook, **given)
    assert found.returncode == 2
    assert words(found) == {host: ["unreachable", "unreachable"] for host in fleet.hosts}
    assert found.output.count("2 hosts, 2 of them need a person") == 1
    assert {host: found.of(host)["msg"].split(":")[0] for host in fleet.hosts} == {"a": "unreachable", "b": "unreachable"}


def test_a_host_that_is_not_in_good_order_fails_the_run_and_no_other_host(fleet: Any) -> None:
    fleet.hosts = {"a": GONE, "b": {}, "c": HELD}
    found = run(fleet, "cycle")
    assert found.returncode == 2
    assert words(found) == {"a": ["unreachable", "unreachable"], "b": ["current", "installed"], "c": ["held", "refused"]}
    recap = found.output.partition("PLAY RECAP")[2]
    assert {line.split()[0] for line in recap.splitlines() if "failed=1" in line} == {"a"}


def test_what_was_rolled_back_by_name_is_a_success(fleet: Any) -> None:
    fleet.now = "2025-11-11T20:00:00Z"
    assert play(fleet).returncode == 0
    found = run(fleet, "rollback", hotpatch_hosts="srv01", hotpatch_restart_policy="allowed")
    assert found.returncode == 0, found.output
    assert words(found) == {"srv01": ["rolled_back", "rolled_back"]}
    assert fleet.state()["counters"] == {"installs": 1, "restarts": 1, "uninstalls": 1}


def test_a_refusal_fails_a_run_only_where_it_is_to(fleet: Any) -> None:
    fleet.hosts = {"a": HELD, "b": {**HELD, "hotpatch_on_refusal": "fail"}}
    for playbook in ("assess", "cycle"):
        found = run(fleet, playbook)
        assert found.returncode == 2
        assert words(found) == {"a": ["held", "refused"], "b": ["held", "refused"]}
        recap = found.output.partition("PLAY RECAP")[2]
        assert {line.split()[0] for line in recap.splitlines() if "failed=1" in line} == {"b"}


def test_changes_and_refusals_can_fail_a_run(fleet: Any) -> None:
    """As a pipeline wants it that looks for drift: the same run fails while there is something to do, and then not."""
    fleet.hosts = {"a": {"hotpatch_fail_on": ["changes"]}, "b": {}, "c": {**HELD, "hotpatch_fail_on": "refusals"}}
    tried = run(fleet, "cycle", "--check")
    assert tried.returncode == 2
    assert words(tried) == {"a": ["hotpatch_due", "would_install"], "b": ["hotpatch_due", "would_install"], "c": ["held", "refused"]}
    assert "Failed by hotpatch_fail_on (2): a (changes), c (refusals)" in tried.output
    fleet.hosts["c"].pop("hotpatch_fail_on")
    assert run(fleet, "cycle").returncode == 2
    again = run(fleet, "cycle")
    assert again.returncode == 0, again.output
    assert "Failed by" not in again.output


def test_a_wrong_event_is_refused(fleet: Any) -> None:
    found = run(fleet, "cycle", hotpatch_fail_on=["change"])
    assert found.returncode == 2
    assert 'hotpatch_fail_on: "change" is not valid. Use changes, restarts, refusals or drift.' in found.results[-1]["result"]["msg"]
    assert not fleet.calls.exists()


def test_a_large_fleet_is_told_in_figures_and_in_full_where_that_is_asked_for(fleet: Any) -> None:
    fleet.hosts = {f"h{number:02}": HELD for number in range(41)} | {"gone": TWICE_GONE}
    short, full = run(fleet, "assess"), run(fleet, "assess", "-v")
    assert set(short.table()) == {"gone"}
    assert "41 hosts more need no person, and -v lists them." in short.output
    assert "  by state:   41 held, 1 unreachable" in short.output
    assert set(full.table()) == set(fleet.hosts)
    assert {short.returncode, full.returncode} == {2}


def test_a_host_that_a_task_of_the_user_loses_fails_the_run(fleet: Any) -> None:
    path = fleet.folder / "loses.yml"
    path.write_text(json.dumps([{"name": "loses", "ansible.builtin.raw": "echo", "vars": ELSEWHERE}]))
    fleet.hosts = {"a": {"hotpatch_after": str(path)}, "b": {}}
    found = run(fleet, "cycle")
    assert found.returncode == 2
    assert words(found) == {"a": ["current", "lost"], "b": ["current", "installed"]}
    assert "lost in a task of yours" in found.table()["a"]


def test_plays_that_follow_go_on_with_the_hosts_in_good_order(fleet: Any) -> None:
    """A playbook of others imports two of this collection, and has a role of it afterwards."""
    fleet.hosts = {"a": GONE, "b": {}, "c": {}}
    book = fleet.folder / "mine.yml"
    later = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.include_role": {"name": "winops.hotpatch.cycle"}}]}
    book.write_text(json.dumps([{"import_playbook": f"winops.hotpatch.{name}"} for name in ("assess", "cycle")] + [later]))
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_max_fail_percentage": 10}
    found = run_playbook(fleet.folder, str(book), fleet.inventory(), "-e", json.dumps(extra))
    assert found.returncode == 2
    first, second = found.output.split("  by state:   ")[1:]
    assert first.count("would_install  ") == 2
    assert "2 current, 1 unknown" in second
    assert "a     unknown  -" in second, "it had failed before"
    assert {fleet.state(host)["counters"]["installs"] for host in "bc"} == {1}
