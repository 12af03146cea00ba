# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollback that is run again: finished where it was cut off, never widened, and remembered before anything goes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import give_hooks, order, play, records

MAY = {"start_kb": "KB5087423"}


def playbook(fleet: Any, name: str, run_id: str, *, policy: str = "allowed", folder: str = "records", **more: Any) -> Any:
    extra = {
        "hotpatch_now": fleet.now,
        "hotpatch_hosts": "all",
        "hotpatch_records": str(fleet.folder / folder),
        "hotpatch_run_id": run_id,
        "hotpatch_restart_policy": policy,
        "hotpatch_restart_timeout": 3,
        **more,
    }
    return run_playbook(fleet.folder, f"winops.hotpatch.{name}", fleet.inventory(), "-e", json.dumps(extra))


def record(fleet: Any, host: str, run_id: str, folder: str = "records") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((fleet.folder / folder / host / f"{run_id}.json").read_text())
    return found


def restarts(state: dict[str, Any]) -> int:
    return len([boot for boot in state["boots"] if boot["requested_by"] != "setup"])


def on_day(fleet: Any, now: str, **hosts: dict[str, Any]) -> Any:
    fleet.now, fleet.hosts = now, hosts
    return fleet


@pytest.mark.parametrize("folder", ["records", "of_another_controller"])
def test_a_second_rollback_without_a_kb_takes_nothing_more(fleet: Any, folder: str) -> None:
    on_day(fleet, "2026-05-20T02:00:00Z", h=MAY)
    assert playbook(fleet, "rollback", "1").returncode == 0
    first = fleet.state("h")
    assert first["counters"]["uninstalls"] == 1
    fleet.now = "2026-05-20T09:00:00Z"
    again = playbook(fleet, "rollback", "2", folder=folder)
    assert again.returncode == 0, again.output
    after = fleet.state("h")
    assert (after["build"], after["counters"], restarts(after)) == (first["build"], first["counters"], 1)
    told = record(fleet, "h", "2", folder)
    assert (told["outcome"], told["decision"]["action"]) == ("none", "none")
    assert "already rolled back" in told["decision"]["reason"]
    # Whoever asked keeps the update away from now on.
    fleet.now = "2026-05-22T02:00:00Z"
    playbook(fleet, "cycle", "3", policy="never", folder=folder)
    assert record(fleet, "h", "3", folder)["decision"]["code"] == "denied"
    assert fleet.state("h")["counters"] == first["counters"]


def test_another_controller_does_not_put_it_back_in_silence(fleet: Any) -> None:
    on_day(fleet, "2026-05-20T02:00:00Z", h=MAY)
    playbook(fleet, "rollback", "1")
    fleet.now = "2026-05-22T02:00:00Z"
    for policy in ("never", "allowed"):
        playbook(fleet, "cycle", policy, policy=policy, folder="of_another_controller")
        told = record(fleet, "h", policy, "of_another_controller")["decision"]
        assert (told["code"], told["kb"]) == ("denied", "KB5087423"), told
        assert "KB5087423" in told["remedy"]
    assert fleet.state("h")["counters"]["installs"] == 0


def test_what_is_named_goes_all_the_same(fleet: Any) -> None:
    on_day(fleet, "2026-05-20T02:00:00Z", h=MAY)
    playbook(fleet, "rollback", "1")
    baseline = record(fleet, "h", "1")["after"]["in_force"]["release_kb"]
    fleet.now = "2026-05-20T09:00:00Z"
    named = playbook(fleet, "rollback", "2", hotpatch_rollback_kb=baseline)
    assert named.returncode == 0, named.output
    # The host had no baseline before this one: it is not given one, and that is no failure.
    told = record(fleet, "h", "2")
    assert (told["outcome"], told["removed"] != [], told["installed"]) == ("rolled_back", True, [])
    assert "no baseline below it" in told["decision"]["reason"]


@pytest.mark.parametrize(
    ("folder", "gone"),
    [
        pytest.param("records", "KB5087423", id="records-hotpatch", marks=pytest.mark.long),
        pytest.param("records", "KB5082063", id="records-baseline", marks=pytest.mark.long),
        pytest.param("of_another_controller", "KB5087423", id="of_another_controller-hotpatch"),
        pytest.param("of_another_controller", "KB5082063", id="of_another_controller-baseline"),
    ],
)
def test_a_rollback_that_is_cut_off_anywhere_is_finished_by_the_next(fleet: Any, folder: str, gone: str) -> None:
    start = {"start_kb": gone}
    on_day(fleet, "2026-05-20T02:00:00Z", whole=start)
    assert playbook(fleet, "rollback", "whole").returncode == 0
    calls, build = len(fleet.log("whole")), fleet.state("whole")["build"]
    hosts = {
        f"{lost}{call:02}": {**start, "faults": [{"fault": "connection_lost", "at_call": call, "lost": lost}]}
        for call in range(1, calls + 1)
        for lost in ("request", "answer")
    }
    on_day(fleet, fleet.now, **hosts)
    kb = {"hotpatch_rollback_kb": gone}
    first = playbook(fleet, "rollback", "first", **kb)
    for host in hosts:
        assert [call["outcome"] for call in fleet.log(host)].count("lost") == 1, f"{host} lost no call: {first.output}"
        told = record(fleet, host, "first")
        acted = told["decision"] is not None
        assert bool(told["denied"]) == bool(told["exposure"]) == acted, f"{host}: what is denied is written before the act"
        assert not acted or (told["before"] and told["month"]), host
    on_day(fleet, "2026-05-20T09:00:00Z", **dict.fromkeys(hosts, start))
    second = playbook(fleet, "rollback", "second", folder=folder, **kb)
    for host in hosts:
        told, state = record(fleet, host, "second", folder), fleet.state(host)
        assert told["outcome"] in ("rolled_back", "none"), f"{host}: {told['messages']} {second.output}"
        done = state["counters"]["uninstalls"], state["counters"]["installs"], restarts(state)
        assert (state["build"], *done) == (build, 1, 0, 1), f"{host}: {told['messages']}"
        assert [entry["kb"] for entry in told["denied"]] == [gone], host
        assert told["exposure"]["kbs"] == [gone], host
    fleet.now = "2026-05-22T02:00:00Z"
    playbook(fleet, "cycle", "later", folder=folder)
    for host in hosts:
        told = record(fleet, host, "later", folder)
        assert (told["decision"]["code"], told["before"]["state"]) == ("denied", "rolled_back"), host
        assert fleet.state(host)["build"] == build


def test_a_rollback_that_waits_for_its_restart_is_finished_when_one_is_allowed(fleet: Any) -> None:
    faults = [{"fault": "connection_lost", "at_call": 2, "lost": "answer"}]
    on_day(fleet, "2026-05-20T02:00:00Z", h={**MAY, "faults": faults})
    playbook(fleet, "rollback", "1")
    on_day(fleet, "2026-05-20T09:00:00Z", h=MAY)
    playbook(fleet, "rollback", "2", policy="never")
    refused = record(fleet, "h", "2")["decision"]
    assert (refused["action"], refused["code"]) == ("refuse", "restart_not_allowed")
    checked = play(fleet, "allowed", role="rollback", check=True)
    assert checked.of("h", "winops.hotpatch.internal_apply : Remove the update and put the last good baseline back")["outcome"] == (
        "would_roll_back"
    )
    assert restarts(fleet.state("h")) == 0
    playbook(fleet, "rollback", "3")
    assert record(fleet, "h", "3")["outcome"] == "rolled_back"
    assert restarts(fleet.state("h")) == 1


def test_several_hosts_need_a_kb_and_one_does_not(fleet: Any) -> None:
    on_day(fleet, "2026-05-20T02:00:00Z", a=MAY, b=MAY)
    run = playbook(fleet, "rollback", "1")
    assert run.returncode != 0
    assert "hotpatch_rollback_kb: not set, and 2 hosts would be rolled back" in run.output
    assert not fleet.calls.exists()
    assert playbook(fleet, "rollback", "2", hotpatch_hosts="a").returncode == 0
    fleet.hosts["a"] = {**MAY, "hotpatch_rollback_kb": "KB5087423"}
    assert "First seen on b" in playbook(fleet, "rollback", "3").output
    fleet.hosts["b"] = fleet.hosts["a"]
    assert playbook(fleet, "rollback", "4").returncode == 0


def test_a_host_on_which_nothing_is_to_be_done_is_not_taken_out_of_service(fleet: Any) -> None:
    on_day(fleet, "2026-05-20T02:00:00Z", srv01=dict(MAY))
    give_hooks(fleet)
    refused = play(fleet, "never", role="rollback")
    assert order(refused) == ["goes on"], refused.output
    fleet.now = "2026-05-20T03:00:00Z"
    done = play(fleet, "allowed", role="rollback")
    assert order(done) == ["before", "drain", "health", "resume", "after", "goes on"], done.output
    fleet.now = "2026-05-20T09:00:00Z"
    assert order(play(fleet, "allowed", role="rollback")) == ["goes on"]
    assert [told["outcome"] for told in records(fleet)] == ["refused", "rolled_back", "none"]


def test_a_host_that_cannot_hotpatch_keeps_its_baseline(fleet: Any) -> None:
    on_day(fleet, "2026-04-20T02:00:00Z", h={"start_kb": "KB5082063", "vbs_status": 0, "vbs_configured": 0})
    playbook(fleet, "rollback", "1")
    told = record(fleet, "h", "1")["decision"]
    assert (told["action"], told["code"]) == ("refuse", "not_eligible"), told
    assert "KB5082063" in told["remedy"]
    assert fleet.state("h")["counters"]["uninstalls"] == 0
    playbook(fleet, "rollback", "2", hotpatch_rollback_kb="KB5082063")
    assert record(fleet, "h", "2")["outcome"] == "rolled_back"
