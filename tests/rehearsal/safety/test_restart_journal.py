# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarts that nobody asked for here: who brought them about is told and remembered. A mark that outlives one is no reason for another."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import cycle

APRIL, MAY, JUNE = "KB5082063", "KB5087423", "KB5094125"
IN_MAY, LATER, IN_JUNE = "2026-05-12T20:00:00Z", "2026-05-20T02:00:00Z", "2026-06-14T02:00:00Z"
STARTED = {"start_kb": APRIL}


def record(fleet: Any, run_id: str, host: str = "srv01") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((fleet.folder / "records" / host / f"{run_id}.json").read_text())
    return found


def restarts(fleet: Any, host: str = "srv01") -> int:
    return len([boot for boot in fleet.state(host)["boots"] if boot["requested_by"] != "setup"])


def kinds(journal: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(entry["kind"], entry["run_id"]) for entry in journal]


@pytest.mark.parametrize("log_is_there", [True, False])
def test_who_restarted_the_host_since_the_last_run(fleet: Any, log_is_there: bool) -> None:
    """By a person, and by its power; also where all that a run has is the memory of the host, or the log of the host was cleared."""
    events = [
        {"at": "2026-05-14T09:30:00Z", "do": "restart"},
        {"at": "2026-05-16T03:00:00Z", "do": "restart", "by": "power"},
    ]
    faults = [] if log_is_there else [{"fault": "system_log_cleared"}]
    fleet.hosts = {"srv01": {**STARTED, "events": events, "faults": faults}}
    assert cycle(fleet, IN_MAY, hotpatch_run_id="may", hotpatch_restart_policy="never").returncode == 0
    shutil.rmtree(fleet.folder / "records")
    found = cycle(fleet, LATER, "assess")
    assert found.returncode == 0
    told = [entry for entry in found.results if entry["host"] == "srv01" and "record" in entry["result"]][-1]["result"]
    journal = told["record"]["restart_journal"]
    if log_is_there:
        assert kinds(journal) == [("foreign", None)] * 2
        assert "RuntimeBroker.exe asked for it as REHEARSAL\\operator" in journal[0]["cause"]
        assert "lost its power" in journal[1]["cause"]
        assert "The host restarted at 2026-05-14 09:36 UTC, not by this collection" in told["msg"]
    else:
        assert [entry["cause"] for entry in journal] == ["Windows has logged no cause"], "the last start is known by itself"
    # Looked at again nothing is new, and what was found before is kept with the next act.
    assert cycle(fleet, IN_JUNE, hotpatch_run_id="june").returncode == 0
    assert len(record(fleet, "june")["before"]["restart_journal"]) == len(journal)
    shutil.rmtree(fleet.folder / "records")
    again = cycle(fleet, "2026-06-16T02:00:00Z", "assess")
    told = [entry for entry in again.results if entry["host"] == "srv01" and "record" in entry["result"]][-1]["result"]
    assert [entry["at"] for entry in told["record"]["restart_journal"]] == [entry["at"] for entry in journal]
    assert "restarted at" not in told["msg"], "what the run itself asked for is no news"


def test_a_restart_by_the_update_itself_is_not_allowed_and_its_cause_is_told(fleet: Any) -> None:
    fleet.hosts = {"srv01": {**STARTED, "faults": [{"fault": "restarts_itself", "kb": MAY}]}}
    found = cycle(fleet, IN_MAY, hotpatch_run_id="may", hotpatch_restart_policy="never")
    assert found.returncode == 2
    may = record(fleet, "may")
    assert kinds(may["restart_journal"]) == [("not_allowed", "may")]
    assert "TrustedInstaller.exe asked for it as NT AUTHORITY\\SYSTEM" in may["restart_journal"][0]["cause"]
    assert [entry["allowed"] for entry in may["restarts"]] == [False]
    assert "TrustedInstaller.exe" in found.output


def test_a_clock_that_is_set_during_the_run_is_no_restart(fleet: Any) -> None:
    """By two hours, as time synchronization does after a start with a wrong clock. Windows counts the time of its start back from it."""
    fleet.hosts = {"srv01": {**STARTED, "faults": [{"fault": "clock_skew", "seconds": 7200, "from": "2026-05-12T20:00:01Z"}]}}
    found = cycle(fleet, IN_MAY, hotpatch_run_id="may", hotpatch_restart_policy="never")
    assert found.returncode == 0, found.output
    assert (record(fleet, "may")["outcome"], record(fleet, "may")["restart_journal"]) == ("installed", [])


def test_leave_to_restart_does_not_reach_a_host_that_was_not_drained(fleet: Any) -> None:
    """A hotpatch drains nothing. Where it restarts the host all the same, only a host without drain tasks had leave."""
    (fleet.folder / "nothing.yml").write_text("- ansible.builtin.debug: {}\n")
    fault = {**STARTED, "faults": [{"fault": "restarts_itself", "kb": MAY}]}
    fleet.hosts = {"plain": fault, "pool": {**fault, "hotpatch_drain": [str(fleet.folder / "nothing.yml")]}}
    found = cycle(fleet, IN_MAY, hotpatch_run_id="may")
    assert found.returncode == 2
    assert kinds(record(fleet, "may", "plain")["restart_journal"]) == [("allowed", "may")]
    assert kinds(record(fleet, "may", "pool")["restart_journal"]) == [("not_allowed", "may")]
    assert [entry["allowed"] for entry in record(fleet, "may", "pool")["restarts"]] == [False]
    assert record(fleet, "may", "plain")["restarts"] == []


@pytest.mark.parametrize(("policy", "without"), [("never", "nothing"), ("allowed", "nothing"), ("allowed", "records")])
def test_a_restart_in_a_lost_run_is_journaled_by_the_next_one(fleet: Any, policy: str, without: str) -> None:
    """Windows restarts in the middle of the installation, and the answer is lost with it: the first run cannot know, the second does.

    Where restarts are allowed, too, a host that has drain tasks and was not drained had no leave.
    """
    (fleet.folder / "nothing.yml").write_text("- ansible.builtin.debug: {}\n")
    fleet.hosts = {
        "srv01": {
            **STARTED,
            "hotpatch_drain": [str(fleet.folder / "nothing.yml")],
            "faults": [
                {"fault": "restarts_itself", "kb": MAY, "when": "during"},
                {"fault": "connection_lost", "at_call": 5, "lost": "request"},
                {"fault": "connection_lost", "at_call": 6, "lost": "request"},
            ],
        }
    }
    more: dict[str, Any] = {"hotpatch_restart_policy": policy, "hotpatch_settle_timeout": 1, "hotpatch_settle_wait": 1}
    first = cycle(fleet, IN_MAY, hotpatch_run_id="first", **more)
    assert first.returncode == 2
    assert record(fleet, "first")["restart_journal"] == []
    if without == "records":
        shutil.rmtree(fleet.folder / "records")
    second = cycle(fleet, LATER, hotpatch_run_id="second", **more)
    found = record(fleet, "second")
    assert kinds(found["restart_journal"]) == [("not_allowed", "first")], found["messages"]
    assert any("in the run first, although no restart was allowed: TrustedInstaller.exe" in text for text in found["messages"])
    assert second.returncode == 0
    assert restarts(fleet) == 1


def test_a_mark_that_outlived_a_restart_is_no_reason_for_another_one(fleet: Any) -> None:
    """Night after night: one restart, then a refusal that says what to do; and once the mark is gone all goes on."""
    stuck = {"fault": "mark_outlives_restart", "to": "2026-05-20T00:00:00Z"}
    fleet.hosts = {"srv01": {**STARTED, "pending": ["component_based_servicing"], "faults": [stuck]}}
    more: dict[str, Any] = {"hotpatch_settle_timeout": 1, "hotpatch_settle_wait": 1}
    first = cycle(fleet, IN_MAY, hotpatch_run_id="first", **more)
    assert first.returncode == 2
    assert restarts(fleet) == 1
    for night, run_id in (("2026-05-13T20:00:00Z", "second"), ("2026-05-14T20:00:00Z", "third")):
        # Nothing but the memory of the host is there to tell.
        shutil.rmtree(fleet.folder / "records")
        found = cycle(fleet, night, hotpatch_run_id=run_id, **more)
        assert "restart_did_not_help" in found.table()["srv01"], found.output
        assert "CBS.log" in found.remedies()["srv01"]
        assert "1 of them needs a person" in found.output or "1 host, which needs a person" in found.output, found.output
        assert restarts(fleet) == 1
    look = cycle(fleet, "2026-05-15T20:00:00Z", "assess")
    told = [entry["result"]["record"] for entry in look.results if "record" in entry["result"]][-1]
    assert "the last restart did not settle it" in told["summary"]
    # A person restarts the host when the cause is gone.
    fleet.hosts["srv01"]["events"] = [{"at": "2026-05-20T01:00:00Z", "do": "restart"}]
    last = cycle(fleet, "2026-05-20T03:00:00Z", hotpatch_run_id="last", **more)
    assert (last.returncode, record(fleet, "last")["outcome"]) == (0, "installed"), last.output
    assert restarts(fleet) == 2


def test_a_mark_that_a_killed_run_left_is_known_too(fleet: Any) -> None:
    """The run asks for the restart and is lost: what was pending before, and still is after it, was not helped by it."""
    faults = [{"fault": "mark_outlives_restart"}, {"fault": "stays_down", "minutes": 600}]
    fleet.hosts = {"srv01": {**STARTED, "pending": ["component_based_servicing"], "faults": faults}}
    first = cycle(fleet, IN_MAY, hotpatch_run_id="first", hotpatch_restart_timeout=2, hotpatch_settle_timeout=1, hotpatch_settle_wait=1)
    assert first.returncode == 2
    assert (record(fleet, "first")["outcome"], restarts(fleet)) == ("lost", 1)
    second = cycle(fleet, LATER, hotpatch_run_id="second")
    assert "restart_did_not_help" in second.table()["srv01"], second.output
    assert restarts(fleet) == 1
