# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of the host and that of the controller: what forbids counts by either, what allows by both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import DecisionInput
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.restart_door import restart_put_off
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Intent, RestartPolicy
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    ANSWERED,
    CATALOG,
    at,
    change,
    decision_of,
    good_offer,
    host,
    outcome,
    policy_of,
    record_of,
    stamp,
)

APRIL, MAY, JUNE = "KB5082063", "KB5087423", "KB5094125"
NOW = "2026-06-14T02:00:00"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AHEAD, BEHIND = (HOUR, DAY), (-HOUR, -DAY)
# In force for the moment of the controller only, and for those of hosts that are behind or ahead of it.
AT_NOW = {"from": "2026-06-14T01:30:00Z", "to": "2026-06-14T02:50:00Z"}
BEFORE = {"from": "2026-06-13T01:00:00Z", "to": "2026-06-14T01:30:00Z"}
AFTER = {"from": "2026-06-14T02:50:00Z", "to": "2026-06-15T03:00:00Z"}


def there(apart: timedelta) -> Any:
    """A host that is offered the baseline of June, and whose clock is so far apart from that of the controller."""
    raw = change(host("ws2025", APRIL, MAY, now="2026-06-14"), offers=[good_offer("ws2025", JUNE)])
    return change(raw, observed_at=stamp(at(NOW) + apart))


def decided(apart: timedelta, policy: dict[str, Any], **more: Any) -> Any:
    return decision_of(there(apart), NOW, restart="allowed", policy=policy, **more)


def hold(span: dict[str, str]) -> dict[str, Any]:
    return {"hold": {"reason": "audit", "from": span["from"], "until": span["to"]}}


def freeze(span: dict[str, str]) -> dict[str, Any]:
    return {"freezes": [{**span, "reason": "audit"}]}


def changes(span: dict[str, str]) -> dict[str, Any]:
    return {"freezes": [{**span, "forbids": "changes"}]}


@pytest.mark.parametrize(("rule", "code"), [(hold, "held"), (freeze, "frozen"), (changes, "frozen")])
def test_a_hold_or_a_freeze_counts_by_either_clock(rule: Callable[[dict[str, str]], dict[str, Any]], code: str) -> None:
    for apart in (*AHEAD, *BEHIND):
        assert outcome(decided(apart, rule(AT_NOW))) == f"refuse:{code}", "by the clock of the controller"
        found = decided(apart, rule(AFTER if apart > timedelta() else BEFORE))
        assert outcome(found) == f"refuse:{code}"
        assert ", by the clock of the host" in found.reason
        assert outcome(decided(apart, rule(BEFORE if apart > timedelta() else AFTER))) == f"install:{JUNE}", "by neither"


@pytest.mark.parametrize("apart", [*AHEAD, *BEHIND])
def test_a_window_has_to_be_open_by_both(apart: timedelta) -> None:
    theirs = AFTER if apart > timedelta() else BEFORE
    assert outcome(decided(timedelta(), {"windows": [AT_NOW]})) == f"install:{JUNE}"
    found = decided(apart, {"windows": [AT_NOW]})
    assert outcome(found) == "refuse:outside_window"
    assert "UTC, the time of the host, is in no window of policy" in found.reason
    assert outcome(decided(apart, {"windows": [theirs]})) == "refuse:outside_window", "that of the controller is closed"
    assert outcome(decided(apart, {"windows": [AT_NOW, theirs]})) == f"install:{JUNE}"


@pytest.mark.parametrize("apart", [*AHEAD, *BEHIND])
def test_a_denial_counts_until_it_is_over_by_both(apart: timedelta) -> None:
    ends = "2026-06-14T01:30:00Z" if apart < timedelta() else "2026-06-14T02:30:00Z"
    policy = {"deny": [{"kb": JUNE, "until": ends}]}
    found = decided(apart, policy)
    assert outcome(found) == "refuse:denied"
    assert (", by the clock of the host" in found.reason) is (apart < timedelta())
    assert outcome(decided(HOUR, {"deny": [{"kb": JUNE, "until": "2026-06-14T01:30:00Z"}]})) == f"install:{JUNE}"


@pytest.mark.parametrize("apart", [*AHEAD, *BEHIND])
def test_a_lift_counts_while_it_does_by_both(apart: timedelta) -> None:
    history = HostHistory(denied=[{"kb": JUNE, "until": "2026-07-14"}])
    ends = "2026-06-14T02:30:00Z" if apart > timedelta() else "2026-06-14T01:30:00Z"
    lift = {**ANSWERED, "lift": [{"kb": JUNE, "until": ends}]}
    assert outcome(decided(apart, lift, context=history)) == "refuse:denied"
    lift["lift"] = [{"kb": JUNE, "until": "2026-06-16"}]
    assert outcome(decided(apart, lift, context=history)) == f"install:{JUNE}"


def test_a_moment_in_the_future_ends_no_denial() -> None:
    """A run for a day in August meets a host of June."""
    for policy, history in (
        ({"deny": [{"kb": JUNE, "until": "2026-07-14"}]}, None),
        ({}, HostHistory(denied=[{"kb": JUNE, "until": "2026-07-14"}])),
    ):
        found = decision_of(there(timedelta()), "2026-08-01T02:00:00", restart="allowed", policy=policy, context=history, kb=JUNE)
        assert outcome(found) == "refuse:denied"


def test_a_host_without_a_clock_is_judged_by_that_of_the_controller() -> None:
    found = decision_of(change(there(DAY), observed_at=None), NOW, restart="allowed", policy={"windows": [AT_NOW]})
    assert outcome(found) == f"install:{JUNE}"


@pytest.mark.parametrize("apart", [*AHEAD, *BEHIND])
def test_right_before_a_restart_both_clocks_are_asked_again(apart: timedelta) -> None:
    theirs = at(NOW) + apart

    def put_off(policy: dict[str, Any]) -> str | None:
        record = record_of(there(timedelta()), NOW, policy=policy)
        rules = (policy_of(policy), RestartPolicy.ALLOWED, Intent.AUTO, at(NOW), None, False, theirs)
        found = restart_put_off(DecisionInput(record, CATALOG, *rules), servicing=False)
        return str(found.code) if found else None

    assert put_off({}) is None
    assert put_off({"windows": [AT_NOW]}) == "outside_window"
    near = {"from": stamp(theirs + timedelta(minutes=5)), "to": stamp(theirs + timedelta(minutes=10))}
    assert put_off({"freezes": [near]}) == "frozen"
    assert put_off({"windows": [AT_NOW, {"from": stamp(theirs - HOUR / 4), "to": stamp(theirs + HOUR / 6)}]}) == "outside_window"
    assert put_off({"windows": [AT_NOW, {"from": stamp(theirs - HOUR / 4), "to": stamp(theirs + HOUR / 2)}]}) is None


@pytest.mark.parametrize(
    ("apart", "until", "expected"), [(-DAY, "13", "refuse:denied"), (DAY, "14", "refuse:denied"), (DAY, "13", f"install:{JUNE}")]
)
def test_a_denial_in_the_catalog_lasts_by_either(laid: Any, apart: timedelta, until: str, expected: str) -> None:
    catalog = laid({"month": "2026-06", "kb": JUNE, "denied": True, "reason": "no", "denied_until": f"2026-06-{until}"})
    assert outcome(decided(apart, {}, catalog=catalog)) == expected
