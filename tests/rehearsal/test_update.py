# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module update over simulated hosts: what it installs, what it refuses, what it sends, and how often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import ANSWERED

# A server that runs the October 2025 baseline or a later one of the track, whatever the day of the run is.
SERVER: dict[str, Any] = {}


def update(fleet: Any, **args: Any) -> dict[str, Any]:
    return {"winops.hotpatch.update": {"as_of": fleet.now, "records": str(fleet.folder / "records"), **args}}


def sent(fleet: Any, host: str = "srv01") -> list[str]:
    """What was sent to a host since the fleet's date last moved, without what win_updates says to itself."""
    calls = fleet.log(host)
    last = max(index for index, call in enumerate(calls) if call["n"] == 1)
    return [call["name"] or call["kind"] for call in calls[last:] if call["name"] != "ansible.windows.win_updates"]


def restarts(fleet: Any, host: str = "srv01") -> list[str]:
    return [boot["requested_by"] for boot in fleet.state(host)["boots"] if boot["requested_by"] != "setup"]


def test_a_hotpatch_month_installs_proves_and_does_not_restart(fleet: Any) -> None:
    run = fleet.play(update(fleet))
    assert run.returncode == 0, run.output
    result = run.of("srv01")
    assert (result["outcome"], result["changed"], result["restarted"], result["restarts_not_allowed"]) == ("installed", True, False, 0)
    assert result["verification"]["verdict"] == "verified"
    assert (result["after"]["state"], result["after"]["in_force"]["release_kb"]) == ("current", "KB5068966")
    assert fleet.state()["build"] == "26100.7092"
    assert restarts(fleet) == []
    assert sent(fleet) == ["winops.hotpatch.internal_observe"] * 4, "an observation, the claim, an observation after it, and the end"


def test_the_second_run_of_a_month_sends_nothing_but_the_observation(fleet: Any) -> None:
    fleet.play(update(fleet))
    truth = (fleet.truth / "srv01.json").read_bytes()
    calls = len(fleet.log())
    run = fleet.play(update(fleet))
    assert (run.of("srv01")["outcome"], run.of("srv01")["changed"]) == ("none", False)
    assert [call["name"] for call in fleet.log()[calls:]] == ["winops.hotpatch.internal_observe"]
    assert (fleet.truth / "srv01.json").read_bytes() == truth


@pytest.mark.parametrize(("now", "kb"), [("2026-06-09", "KB5094125"), ("2026-09-08", "KB5122871")])
def test_a_month_that_turned_is_refused_on_release_day_and_done_in_the_window(fleet: Any, now: str, kb: str) -> None:
    fleet.now = now
    run = fleet.play(update(fleet, restart_policy="planned"))
    decision = run.of("srv01")["decision"]
    assert (run.of("srv01")["outcome"], decision["code"], decision["kb"]) == ("refused", "month_turned_baseline", kb)
    assert decision["remedy"]
    assert [call["name"] for call in fleet.log()] == ["winops.hotpatch.internal_observe"]
    assert restarts(fleet) == []
    run = fleet.play(update(fleet, restart_policy="allowed"))
    assert (run.of("srv01")["outcome"], run.of("srv01")["restarted"]) == ("installed", True)
    assert run.of("srv01")["after"]["in_force"]["release_kb"] == kb
    assert restarts(fleet) == ["controller"]


@pytest.mark.parametrize(("policy", "outcome", "code"), [("never", "refused", "restart_not_allowed"), ("planned", "installed", None)])
def test_a_planned_baseline_restarts_where_planned_restarts_are_allowed(fleet: Any, policy: str, outcome: str, code: str | None) -> None:
    fleet.now = "2026-01-13"
    run = fleet.play(update(fleet, restart_policy=policy))
    assert (run.of("srv01")["outcome"], run.of("srv01")["decision"]["code"]) == (outcome, code), run.output
    assert restarts(fleet) == ([] if code else ["controller"])


def test_two_updates_of_one_build_are_told_apart_by_name(fleet: Any) -> None:
    fleet.now = "2025-10-24"
    fleet.hosts = {"srv01": {"offers_extra": [{"kb": "KB5070881"}]}}
    run = fleet.play(update(fleet, kb="KB5070881", restart_policy="allowed"))
    decision = run.of("srv01")["decision"]
    assert (decision["action"], decision["code"], decision["build"]) == ("refuse", "leaves_track", "26100.6905")
    assert restarts(fleet) == []
    run = fleet.play(update(fleet, kb="KB5070893", restart_policy="planned"))
    after = run.of("srv01")["after"]
    assert (run.of("srv01")["outcome"], after["in_force"]["build"], after["track"]["verdict"]) == ("installed", "26100.6905", "on")


def test_leaving_the_track_takes_the_name_and_the_word(fleet: Any) -> None:
    fleet.now = "2025-10-24"
    fleet.hosts = {"srv01": {"offers_extra": [{"kb": "KB5070881"}]}}
    run = fleet.play(update(fleet, kb="KB5070881", restart_policy="allowed", policy={"leave_track": True, **ANSWERED}))
    after = run.of("srv01")["after"]
    assert (run.of("srv01")["outcome"], after["in_force"]["build"], after["track"]["verdict"]) == ("installed", "26100.6905", "off"), (
        run.output
    )


@pytest.mark.parametrize(
    ("now", "code"), [("2026-10-13", "catalog_missing_month"), ("2026-11-10", "catalog_missing_month"), ("2026-12-08", "catalog_stale")]
)
def test_months_that_nobody_knows_are_not_guessed(fleet: Any, now: str, code: str) -> None:
    fleet.now = now
    fleet.hosts = {"srv01": {"start_kb": "KB5122871"}}
    run = fleet.play(update(fleet, restart_policy="allowed"))
    assert (run.of("srv01")["outcome"], run.of("srv01")["decision"]["code"]) == ("refused", code), run.output
    assert len(fleet.log()) == 1


def test_check_mode_takes_the_same_decisions_and_changes_no_byte(fleet: Any) -> None:
    fleet.now = "2026-01-13"
    fleet.hosts = {
        "srv01": {},
        "vbs": {"vbs_status": 1},
        "new": {"enrollment": "not_enrolled"},
        "win": {"line": "win11_24h2", "platform": "on_premises"},
    }
    fleet.play({"payload": {"module": "winops.hotpatch.internal_observe"}})
    before = {path.name: path.read_bytes() for path in fleet.truth.glob("*.json")}
    dry = fleet.play(update(fleet, restart_policy="planned"), check=True, extra=("--diff",))
    assert dry.returncode == 0, dry.output
    assert {path.name: path.read_bytes() for path in fleet.truth.glob("*.json")} == before
    assert not (fleet.folder / "records").exists() or not list((fleet.folder / "records").rglob("*.json"))
    real = fleet.play(update(fleet, restart_policy="planned"))
    for host in fleet.hosts:
        assert dry.of(host)["decision"] == real.of(host)["decision"]
        assert dry.of(host)["changed"] == real.of(host)["changed"]
    assert dry.of("srv01")["outcome"] == "would_install"
    assert "KB5073379" in dry.of("srv01")["diff"]["after"]


def test_every_host_leaves_a_record_whatever_became_of_it(fleet: Any) -> None:
    fleet.hosts = {
        "done": {},
        "vbs": {"vbs_status": 0},
        "lost1": {"faults": [{"fault": "connection_lost", "at_call": 1}]},
        "lost2": {"faults": [{"fault": "connection_lost", "at_call": 2}]},
        "error": {"faults": [{"fault": "install_error", "hresult": "0x80240022"}]},
    }
    run = fleet.play(update(fleet, run_id="november"))
    found = {host: json.loads((fleet.folder / "records" / host / "november.json").read_text())["outcome"] for host in fleet.hosts}
    assert found == {"done": "installed", "vbs": "refused", "lost1": "unreachable", "lost2": "lost", "error": "failed"}, run.output
    assert "0x80240022" in run.of("error")["msg"]
    assert restarts(fleet, "error") == [], "win_updates restarts a host on any failure if it is told to reboot"


def dying(calls: int) -> dict[str, dict[str, Any]]:
    """A host for each call that can be lost, before and after Windows got it."""
    return {
        f"{lost}{call:02}": {"faults": [{"fault": "connection_lost", "at_call": call, "lost": lost}]}
        for call in range(1, calls + 1)
        for lost in ("request", "answer")
    }


@pytest.mark.parametrize(
    ("now", "kb", "policy", "boots"), [("2025-11-11", "KB5068966", "never", 0), ("2026-01-13", "KB5073379", "planned", 1)]
)
def test_a_connection_that_dies_at_any_call_is_made_good_by_the_next_run(fleet: Any, now: str, kb: str, policy: str, boots: int) -> None:
    fleet.now = now
    fleet.hosts = {"whole": {}}
    fleet.play(update(fleet, restart_policy=policy))
    whole = fleet.state("whole")
    count = len(fleet.log("whole"))
    assert count >= 6, "a month has at least two observations and the conversation of win_updates"
    fleet.hosts = dying(count)
    first = fleet.play(update(fleet, restart_policy=policy, restart_timeout=3))
    for host in fleet.hosts:
        assert [call["outcome"] for call in fleet.log(host)].count("lost") == 1, f"{host} lost no call: {first.output}"
    second = fleet.play(update(fleet, restart_policy=policy))
    for host in fleet.hosts:
        result = second.of(host)
        assert result.get("outcome") in ("installed", "restarted", "none"), f"{host}: {result.get('msg')}"
        record = result["after"] or result["before"]
        assert (record["state"], record["in_force"]["release_kb"]) == ("current", kb), host
        state = fleet.state(host)
        assert (state["build"], state["counters"]["installs"]) == (whole["build"], 1), f"{host}: installed twice"
        assert len(restarts(fleet, host)) == boots, f"{host}: {state['boots']}"


def test_a_host_that_restarts_by_itself_is_seen_counted_and_failed(fleet: Any) -> None:
    fleet.hosts = {"srv01": {"faults": [{"fault": "restarts_itself"}]}}
    run = fleet.play(update(fleet, run_id="r"))
    result = run.of("srv01")
    assert run.status("srv01") == "failed"
    assert result["restarts_not_allowed"] == 1
    assert "although no restart was allowed: " in result["msg"]
    assert restarts(fleet) == ["update"]
    record = json.loads((fleet.folder / "records" / "srv01" / "r.json").read_text())
    assert [entry["allowed"] for entry in record["restarts"]] == [False]


def test_an_update_that_windows_takes_back_is_not_called_installed(fleet: Any) -> None:
    fleet.now = "2026-01-13"
    fleet.hosts = {"srv01": {"faults": [{"fault": "rolls_back"}]}}
    run = fleet.play(update(fleet, restart_policy="planned"))
    assert (run.status("srv01"), run.of("srv01")["outcome"]) == ("failed", "failed")
    assert run.of("srv01")["verification"]["verdict"] == "rolled_back"


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ([{"fault": "restart_check_error", "hresult": "0x80246007"}], "restart_unknown"),
        ([{"fault": "restart_check_wrong", "answer": True}], "offer_contradicts_catalog"),
        ([{"fault": "not_offered"}], "not_offered"),
    ],
)
def test_what_cannot_be_told_is_refused_where_restarts_are_not_allowed(fleet: Any, faults: list[dict[str, Any]], code: str) -> None:
    fleet.hosts = {"srv01": {"faults": faults}}
    run = fleet.play(update(fleet))
    assert (run.of("srv01")["outcome"], run.of("srv01")["decision"]["code"]) == ("refused", code)
    assert fleet.state()["counters"]["installs"] == 0


def test_a_refusal_fails_only_where_it_is_asked_to(fleet: Any) -> None:
    fleet.hosts = {"srv01": {"vbs_status": 1}}
    assert fleet.play(update(fleet)).status("srv01") == "ok"
    run = fleet.play(update(fleet, on_refusal="fail"))
    assert run.status("srv01") == "failed"
    assert "not_eligible" in run.of("srv01")["msg"]


@pytest.mark.parametrize("name", ["../../etc", "a b", "ho/st"])
def test_a_strange_host_name_stays_in_the_folder_of_records(fleet: Any, name: str) -> None:
    fleet.hosts = {name: {"truth": str(fleet.truth)}}
    fleet.play(update(fleet, run_id="../r"))
    files = [path for path in fleet.folder.rglob("*.json") if '"winops.hotpatch/run/1"' in path.read_text()]
    assert len(files) == 1
    assert files[0].is_relative_to(Path(fleet.folder / "records"))
    assert json.loads(files[0].read_text())["host"] == name


def test_an_update_that_asks_for_an_unexpected_restart_gets_none(fleet: Any) -> None:
    """The restart check says no, and then the installer asks for one. No host is restarted that was not made ready for it."""
    fleet.hosts = {
        "srv01": {
            "offers_extra": [{"kb": "KB5999001", "title": "2025-11 .NET Framework Security Update (KB5999001)", "requires_restart": True}],
            "faults": [{"fault": "restart_check_wrong", "kb": "KB5999001", "answer": False}],
        }
    }
    run = fleet.play(update(fleet, kb="KB5999001", restart_policy="allowed"))
    result = run.of("srv01")
    assert result["decision"]["restart"] == "no", result["msg"]
    assert (result["outcome"], result["verification"]["verdict"], result["restarted"]) == ("unverified", "restart_pending", False)
    assert "was not expected" in result["msg"]
    assert restarts(fleet) == []
