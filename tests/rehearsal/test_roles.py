# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles over simulated hosts: hooks in their order, handlers, the way back into service, and how little is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import HOOKS, boots, give_hooks, order, play, records
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import ANSWERED

BASELINE_DAY, HOTPATCH_DAY = "2025-10-14T20:00:00Z", "2025-11-11T20:00:00Z"
TOPIC = "winops.hotpatch verification failed"


def test_a_baseline_drains_first_and_resumes_before_after(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    give_hooks(fleet)
    run = play(fleet)
    assert run.returncode == 0, run.output
    assert order(run) == ["before", "drain", "update", "health", "resume", "after", "goes on"]
    assert [run.of("srv01", f"winops.hotpatch.internal_apply : hook {name}")["msg"] for name in HOOKS] == [
        "before KB5066835 -",
        "drain KB5066835 -",
        "health KB5066835 installed",
        "resume KB5066835 installed",
        "after KB5066835 installed",
    ]
    assert boots(fleet) == ["controller"]


def test_a_hotpatch_takes_nothing_out_of_service(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    give_hooks(fleet)
    run = play(fleet)
    assert run.returncode == 0, run.output
    assert order(run) == ["before", "update", "health", "after", "goes on"]
    assert boots(fleet) == []


def test_no_hook_runs_where_nothing_is_to_be_done_and_one_module_is_sent(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    play(fleet)
    truth, calls = (fleet.truth / "srv01.json").read_bytes(), len(fleet.log())
    give_hooks(fleet)
    run = play(fleet)
    assert order(run) == ["goes on"]
    assert not any(entry["result"].get("changed") for entry in run.results)
    assert [call["name"] for call in fleet.log()[calls:]] == ["winops.hotpatch.internal_observe"]
    assert (fleet.truth / "srv01.json").read_bytes() == truth


@pytest.mark.parametrize("day", [BASELINE_DAY, HOTPATCH_DAY])
@pytest.mark.parametrize("first", ["with", "without"])
def test_hosts_of_one_play_differ_in_their_hooks(fleet: Any, day: str, first: str) -> None:
    """Whichever host comes first: the hooks of the others are neither forgotten nor run where nobody asked for them."""
    fleet.now = day
    give_hooks(fleet, ("before", "health", "after"))
    given = fleet.hosts.pop("srv01")
    hosts = {"with": given, "without": {}}
    fleet.hosts = {name: hosts[name] for name in sorted(hosts, reverse=first == "without")}
    run = play(fleet)
    assert run.returncode == 0, run.output
    assert order(run, "with") == ["before", "update", "health", "after", "goes on"]
    assert order(run, "without") == ["update", "goes on"]


@pytest.mark.parametrize("role", ["baseline", "hotpatch"])
def test_a_role_alone_decides_by_itself(fleet: Any, role: str) -> None:
    fleet.now = BASELINE_DAY if role == "baseline" else HOTPATCH_DAY
    fleet.hosts["held"] = {"hotpatch_policy_host": {"hold": {"reason": "ledger", "owner": "finance"}}}
    give_hooks(fleet)
    run = play(fleet, role=role)
    assert run.returncode == 0, run.output
    assert "update" in order(run)
    assert order(run, "held") == ["goes on"]
    assert records(fleet, "held")[-1]["decision"]["code"] == "held"


def test_a_failed_health_hook_is_rolled_back_only_if_restarts_are_allowed(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    give_hooks(fleet, ("health", "after"), failing="health")
    handlers = [{"name": "mine", "ansible.builtin.debug": {"msg": "{{ hotpatch_failure.kb }}"}, "listen": TOPIC}]
    run = play(fleet, "never", handlers=handlers)
    assert run.returncode != 0
    assert sorted(order(run)) == sorted(["update", "health", "rollback", "mine"]), "and the host goes no further"
    message = run.of("srv01", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person")["msg"]
    assert "KB5068966" in message
    assert "health says no" in message
    assert "still installed" in message
    assert "winops.hotpatch.rollback" in message
    assert run.of("srv01", "mine")["msg"] == "KB5068966"
    assert fleet.state()["build"] == "26100.7092"
    assert boots(fleet) == []


def test_a_failed_health_hook_is_rolled_back_where_the_run_may_restart(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    give_hooks(fleet, ("health",), failing="health")
    run = play(fleet, "allowed", hotpatch_run_id="november")
    assert run.returncode != 0
    assert order(run) == ["update", "health", "rollback"]
    message = run.of("srv01", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person")["msg"]
    assert "It was rolled back" in message
    assert fleet.state()["build"] != "26100.7092"
    assert boots(fleet) == ["controller"]
    assert {record["run_id"] for record in records(fleet)} == {"november", "november-rollback"}, "the rollback does not overwrite the run"
    after = play(fleet, "never", hotpatch_run_id="again")
    again = json.loads((fleet.folder / "records" / "srv01" / "again.json").read_text())
    assert again["decision"]["action"] in ("refuse", "wait"), "what was rolled back does not come again by itself"
    assert "update" not in order(after)


def test_a_host_that_restarts_by_itself_fails_and_is_counted(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    fleet.hosts["srv01"]["faults"] = [{"fault": "restarts_itself", "kb": "KB5068966"}]
    run = play(fleet, "never")
    assert run.returncode != 0
    assert order(run) == ["update"], "the update is in force, and a rollback would be one more restart"
    message = run.of("srv01", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person")["msg"]
    assert "KB5068966 is installed and stays" in message
    assert "1074" in message
    assert run.of("srv01", "winops.hotpatch.internal_apply : Install what was decided, and verify it")["restarts_not_allowed"] == 1


def test_trouble_that_was_there_before_fails_the_host_and_takes_nothing_off(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts["srv01"]["monitor"] = "missing"
    run = play(fleet, "allowed")
    assert run.returncode != 0
    assert order(run) == ["update"]
    message = run.of("srv01", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person")["msg"]
    assert "already degraded before" in message
    assert fleet.state()["build"] == "26100.6899"


@pytest.mark.parametrize(("resume_after_failure", "resumed"), [("unchanged", True), ("never", False)])
def test_a_host_that_could_not_be_drained_is_not_patched(fleet: Any, resume_after_failure: str, resumed: bool) -> None:
    fleet.now = BASELINE_DAY
    give_hooks(fleet, failing="drain")
    run = play(fleet, hotpatch_resume_after_failure=resume_after_failure)
    assert run.returncode != 0
    assert order(run) == ["before", "drain", *(["resume"] if resumed else [])]
    assert boots(fleet) == []
    assert {call["name"] for call in fleet.log()} == {"winops.hotpatch.internal_observe"}, "looked at, claimed and given back"


@pytest.mark.parametrize(("resume_after_failure", "resumed"), [("unchanged", False), ("always", True)])
def test_an_unhealthy_host_stays_out_of_service_unless_told_otherwise(fleet: Any, resume_after_failure: str, resumed: bool) -> None:
    fleet.now = BASELINE_DAY
    give_hooks(fleet, failing="health")
    run = play(fleet, hotpatch_resume_after_failure=resume_after_failure)
    assert order(run) == ["before", "drain", "update", "health", "rollback", *(["resume"] if resumed else [])]
    message = run.of("srv01", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person")["msg"]
    assert ("not put back into service" in message) != resumed


def test_a_failed_installation_is_not_rolled_back_and_the_host_is_put_back(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts["srv01"]["faults"] = [{"fault": "install_error", "hresult": "0x80073712"}]
    give_hooks(fleet)
    run = play(fleet)
    assert run.returncode != 0
    assert order(run) == ["before", "drain", "update", "resume"]
    message = run.of("srv01", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person")["msg"]
    assert "KB5066835 was not installed" in message
    assert boots(fleet) == []


def test_check_mode_decides_the_same_and_changes_nothing(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    fleet.hosts = {
        "good": {},
        "novbs": {"vbs_status": 1},
        "held": {"hotpatch_policy_host": {"hold": {"reason": "ledger"}}},
        "off": {"start_extra": ["KB5070881"]},
    }
    give_hooks(fleet)
    tried = play(fleet, check=True)
    assert not fleet.truth.exists(), "no simulated host has changed, not even appeared"
    assert not list(fleet.folder.glob("records/*/*.json"))
    done = play(fleet)
    task = "winops.hotpatch.internal_apply : Ask the host what it is, and decide"
    for host in fleet.hosts:
        decisions = [run.of(host, task)["decision"] for run in (tried, done)]
        assert decisions[0] == decisions[1]
    assert order(tried, "good") == order(done, "good")
    assert {
        run.of("good", "winops.hotpatch.internal_apply : Install what was decided, and verify it")["outcome"] for run in (tried, done)
    } == {
        "would_install",
        "installed",
    }


def test_policies_of_fleet_host_and_run_add_up(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    fleet.hosts = {"a": {"hotpatch_policy_host": {"deny": [{"kb": "KB5068861"}], "allow_managed": True, **ANSWERED}}}
    run = play(fleet, hotpatch_policy={"deny": ["KB5068966"]}, hotpatch_policy_run={"deny": []})
    assert run.of("a", "winops.hotpatch.internal_apply : Ask the host what it is, and decide")["decision"]["code"] == "denied"


def test_a_refusal_can_fail_the_host(fleet: Any) -> None:
    fleet.now = "2026-06-09T20:00:00Z"
    assert play(fleet).returncode == 0
    run = play(fleet, hotpatch_on_refusal="fail")
    assert run.returncode != 0
    assert run.of("srv01")["decision"]["code"] == "month_turned_baseline"


def test_assess_keeps_a_record_and_changes_nothing(fleet: Any, tmp_path: Path) -> None:
    fleet.now = HOTPATCH_DAY
    fleet.hosts["srv01"]["vbs_status"] = 1
    run = play(fleet, role="assess")
    assert run.returncode == 0, run.output
    assert records(fleet)[-1]["before"]["state"] == "ineligible"
    assert {call["name"] for call in fleet.log()} == {"winops.hotpatch.internal_observe"}, "looked at, claimed and given back"
