# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host before compared with the host after."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.verification import Verification, verify
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import Raw, at, change, decision_of, good_offer, host, record_of, stamp

NOW = "2026-08-20"
BEFORE = change(host("ws2025", "KB5099536", now=NOW), offers=[good_offer("ws2025", "KB5120228")])
AFTER = change(host("ws2025", "KB5099536", "KB5120228", now=NOW), boot_time=BEFORE["boot_time"])
JUNE = change(host("ws2025", "KB5094125", now="2026-07-20"), offers=[good_offer("ws2025", "KB5099536")])
JULY = change(host("ws2025", "KB5094125", "KB5099536", now="2026-07-20"), boot_time="2026-07-20T19:00:00Z")
PENDING = {"causes": [{"source": "component_based_servicing", "detail": None}]}
RESTARTED = "2026-08-20T18:20:00Z"


def hotpatch(after: Raw, *, allowed: bool = False, by_run: bool = False) -> Verification:
    """Verify the hotpatch of August 2026."""
    decision = decision_of(BEFORE, NOW)
    assert decision.kb == "KB5120228"
    return verify(record_of(BEFORE, NOW), record_of(after, NOW), decision, allowed, by_run)


def baseline(after: Raw | None, *, by_run: bool = True) -> Verification:
    """Verify the baseline of July 2026, whose restart is allowed."""
    decision = decision_of(JUNE, "2026-07-20", restart="planned")
    assert decision.kb == "KB5099536"
    return verify(record_of(JUNE, "2026-07-20"), record_of(after, "2026-07-20"), decision, True, by_run)


def failed_history(kb: str, hresult: int = -2145124318) -> list[Raw]:
    """Return the history of a host on which KB failed."""
    entry = {"kb": kb, "title": kb, "date": "2026-08-20T18:10:00Z", "operation": "install", "result_code": 4, "hresult": hresult}
    return [entry, *BEFORE["history"]]


def test_a_hotpatch_without_a_restart_is_verified() -> None:
    """All that was promised is seen."""
    result = hotpatch(AFTER)
    assert (result.verdict.value, result.restarts_not_allowed, result.restarted) == ("verified", 0, False)
    assert result.problems() == ()
    json.dumps(result.to_dict())


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"vbs__status": 1}, "failed"),
        ({"vbs__status": 1, "monitor": None}, "failed"),
        ({"vbs": None}, "unverified"),
        ({"monitor": None}, "unverified"),
        ({"monitor__service": "missing"}, "degraded"),
        ({"monitor__service": "missing", "vbs": None}, "degraded"),
        ({"boot_time": None}, "unverified"),
        ({"pending": None}, "unverified"),
        ({"pending": PENDING}, "restart_pending"),
        ({"history": None, "packages": None, "quick_fixes": None}, "unverified"),
        ({"history": [], "packages": [], "quick_fixes": []}, "unverified"),
        ({"os": None}, "unverified"),
        ({"os": None, "pending": PENDING}, "restart_pending"),
        ({"os": None, "vbs__status": 1}, "failed"),
        ({"os__ubr": 33158}, "failed"),
        # The old build may wait for a restart that could not be read, and the update may stand in the list that could not be read.
        ({"os__ubr": 33158, "pending": None}, "unverified"),
        ({"os__ubr": 33158, "pending": None, "boot_time": RESTARTED}, "unverified"),
        ({"os__ubr": 33100, "pending": None}, "failed"),
        ({"history": None, "packages": None, "quick_fixes": []}, "unverified"),
        ({"os__ubr": 33158, "history": None, "packages": [], "quick_fixes": [], "pending": None}, "unverified"),
        ({"os__ubr": 33158, "history": [], "packages": [], "quick_fixes": []}, "failed"),
        ({"os__ubr": 33158, "pending": PENDING}, "restart_pending"),
        ({"os__ubr": 33158, "history": failed_history("KB5120228"), "packages": [], "quick_fixes": []}, "failed"),
        ({"os__ubr": 33158, "history": failed_history("KB5120228"), "pending": PENDING}, "failed"),
        ({"os__ubr": 33158, "boot_time": RESTARTED}, "rolled_back"),
    ],
)
def test_what_is_not_confirmed_is_not_verified(changes: dict[str, Any], verdict: str) -> None:
    """One thing missing or wrong after the installation, and the verdict that follows."""
    result = hotpatch(change(AFTER, **changes))
    assert result.verdict.value == verdict
    assert result.problems()
    assert all(str(problem).endswith(".") for problem in result.problems())
    # A restart that nobody allowed is counted beside the verdict.
    wrong = [problem.check for problem in result.problems() if problem.result == "fail" and problem.check != "boot"]
    assert (verdict == "unverified") == (not wrong), "something is not known, and nothing contradicts"


def test_a_restart_that_nobody_allowed_is_counted() -> None:
    """The update is in force, and the promise is broken: both are said."""
    result = hotpatch(change(AFTER, boot_time=RESTARTED))
    assert (result.verdict.value, result.restarts_not_allowed, result.restarted) == ("verified", 1, True)
    assert [finding.check for finding in result.problems()] == ["boot"]
    assert hotpatch(change(AFTER, boot_time=RESTARTED), allowed=True).restarts_not_allowed == 0


def test_a_clock_that_was_corrected_is_no_restart() -> None:
    """The time of the start moves by seconds when the clock is set."""
    moved = BEFORE["boot_time"].replace(":00Z", ":45Z")
    assert hotpatch(change(AFTER, boot_time=moved)).verdict.value == "verified"


@pytest.mark.parametrize("by", [timedelta(hours=2), -timedelta(hours=2), timedelta(days=1)])
def test_a_clock_that_was_set_is_no_restart_and_hides_none(by: timedelta) -> None:
    """The start moves with the clock, and the host is up as long as it was. One that has restarted is not, however its clock was set."""
    clock, boot = at(NOW) + by, datetime.fromisoformat(BEFORE["boot_time"])
    found = hotpatch(change(AFTER, observed_at=stamp(clock), boot_time=stamp(boot + by)))
    assert (found.verdict.value, found.restarted, found.restarts_not_allowed) == ("verified", False, 0)
    assert hotpatch(change(AFTER, observed_at=stamp(clock), boot_time=stamp(clock))).restarted is True
    assert hotpatch(change(AFTER, boot_time=stamp(boot + abs(by)))).restarted is True, "nothing says that the clock was set"


def test_a_baseline_is_verified_after_its_restart() -> None:
    """A restart by the run; by itself is not a fault where restarts are allowed."""
    assert baseline(JULY).verdict.value == "verified"
    assert baseline(JULY, by_run=False).verdict.value == "verified"


def test_a_baseline_that_was_undone_at_the_restart() -> None:
    """The host came back on its old build: rolled back, not pending and not failed."""
    undone = change(JUNE, boot_time="2026-07-20T19:00:00Z")
    assert baseline(undone).verdict.value == "rolled_back"
    waiting = change(JUNE, pending=PENDING, packages=[*JUNE["packages"], {**JULY["packages"][-1], "state": "InstallPending"}])
    assert baseline(waiting, by_run=False).verdict.value == "restart_pending"


def test_a_restart_that_did_not_happen_is_not_verified() -> None:
    """The run asked for a restart and the start time says that there was none."""
    same = change(JULY, boot_time=JUNE["boot_time"])
    assert baseline(same).verdict.value == "unverified"


def test_a_host_that_does_not_answer_is_unverified() -> None:
    """Nothing can be confirmed on a host that is gone."""
    assert baseline(None).verdict.value == "unverified"
    assert baseline(None).restarted is None


def test_a_restart_alone_is_verified_by_what_it_cleared() -> None:
    """The action restart has no KB to look up."""
    raw = change(AFTER, pending=PENDING)
    decision = decision_of(raw, NOW, restart="allowed")
    assert decision.action.value == "restart"
    after = record_of(change(AFTER, boot_time=RESTARTED), NOW)
    assert verify(record_of(raw, NOW), after, decision, True, True).verdict.value == "verified"
    blind = record_of(change(AFTER, boot_time=RESTARTED, os=None), NOW)
    assert verify(record_of(raw, NOW), blind, decision, True, True).verdict.value == "unverified"
    still = record_of(change(AFTER, boot_time=RESTARTED, pending=PENDING), NOW)
    assert verify(record_of(raw, NOW), still, decision, True, True).verdict.value == "restart_pending"
