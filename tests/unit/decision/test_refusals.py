# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every refusal is produced by a host that deserves it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.refusals import TEXTS, Refusal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory, LastRestart, RunAtWork
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.names import KbError
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    ANSWERED,
    Raw,
    change,
    decision_of,
    good_offer,
    host,
    offer,
    outcome,
    record_of,
)

NOW = "2026-08-20"
HP = good_offer("ws2025", "KB5120228")
READY = change(host("ws2025", "KB5099536", now=NOW), offers=[HP])
BEHIND = change(host("ws2025", "KB5094125", now=NOW), offers=[good_offer("ws2025", "KB5099536")])
JULY = change(host("ws2025", "KB5094125", now="2026-07-20"), offers=[good_offer("ws2025", "KB5099536")])
CAUSE = {"causes": [{"source": "windows_update", "detail": None}]}
OUTLIVED = HostHistory(last_restart=LastRestart(None, frozenset({"windows_update"}), frozenset({"windows_update"})))
FREEZE = {"freezes": [{"from": "2026-07-15", "to": "2026-07-31", "reason": "year end"}]}
WINDOW = {"windows": [{"from": "2026-07-25T20:00:00Z", "to": "2026-07-25T23:00:00Z"}]}

CASES: dict[Refusal, tuple[Raw | None, dict[str, Any]]] = {
    Refusal.RESTART_NOT_ALLOWED: (JULY, {"now": "2026-07-20"}),
    Refusal.RESTART_UNKNOWN: (change(READY, offers=[offer("KB5120228", restart_check=None, behavior=0)]), {}),
    Refusal.MONTH_TURNED_BASELINE: (host("ws2025", "KB5082063", "KB5087423", now="2026-06-10"), {"now": "2026-06-10"}),
    Refusal.CATALOG_STALE: (READY, {"now": "2026-12-10"}),
    Refusal.CATALOG_MISSING_MONTH: (host("ws2025", "KB5122871", now="2026-11-15"), {"now": "2026-11-15"}),
    Refusal.OFFER_CONTRADICTS_CATALOG: (change(READY, offers=[offer("KB5120228", restart_check=True)]), {}),
    Refusal.OFFER_AMBIGUOUS: (change(READY, offers=[offer("KB5120228"), offer("KB5120228")]), {}),
    Refusal.NOT_OFFERED: (change(READY, offers=[]), {}),
    Refusal.DENIED: (READY, {"policy": {"deny": ["KB5120228"]}}),
    Refusal.LEAVES_TRACK: (change(READY, offers=[good_offer("ws2025", "KB5120233")]), {}),
    Refusal.PENDING_RESTART: (change(READY, pending=CAUSE), {}),
    Refusal.RESTART_DID_NOT_HELP: (change(READY, pending=CAUSE), {"restart": "allowed", "context": OUTLIVED}),
    Refusal.NOT_ON_BASELINE: (BEHIND, {}),
    Refusal.FROZEN: (JULY, {"now": "2026-07-20", "restart": "allowed", "policy": FREEZE}),
    Refusal.OUTSIDE_WINDOW: (JULY, {"now": "2026-07-20", "restart": "planned", "policy": WINDOW}),
    Refusal.HELD: (READY, {"policy": {"hold": {"reason": "audit", "until": "2026-09-01"}}}),
    Refusal.MANAGED_ELSEWHERE: (change(READY, update_source__use_wu_server=1), {}),
    Refusal.NOT_ELIGIBLE: (change(READY, vbs__status=0), {}),
    Refusal.NOT_ENROLLED: (change(READY, enrollment__arc_subscription=None, enrollment__environment_allow_rebootless=0), {}),
    Refusal.UNKNOWN_HOST: (change(READY, os=None), {}),
    Refusal.MEMORY_UNWRITABLE: (READY, {"context": HostHistory(memory_unusable="the account is not an administrator")}),
    Refusal.BUSY: (change(READY, servicing__in_progress=True), {}),
}


def test_only_a_plan_can_drift() -> None:
    """Every code is produced here but plan_drift, which the plan itself raises, not_windows, where there is nothing to decide on, and
    budget_spent and group_split, which are about the other hosts."""
    assert set(Refusal) - set(CASES) == {Refusal.PLAN_DRIFT, Refusal.NOT_WINDOWS, Refusal.BUDGET_SPENT, Refusal.GROUP_SPLIT}


@pytest.mark.parametrize("code", sorted(CASES))
def test_every_refusal_is_reached(code: Refusal) -> None:
    """A refusal names its code, a whole sentence and a remedy, and allows no restart."""
    raw, options = CASES[code]
    options = dict(options)
    decision = decision_of(raw, options.pop("now", NOW), **options)
    assert decision.code is code
    data = decision.to_dict()
    assert data["action"] == "refuse"
    assert data["restart_allowed"] is False
    assert data["reason"].endswith(".")
    assert data["remedy"].endswith(".")


def test_every_code_has_its_text() -> None:
    """Title and remedy of each code are written down."""
    assert set(TEXTS) == set(Refusal)
    assert all(text.title and text.remedy.endswith(".") for text in TEXTS.values())


def test_the_good_case_installs() -> None:
    """The counterpart of all refusals: nothing in the way, so the hotpatch is installed without a restart."""
    decision = decision_of(READY, NOW)
    assert (outcome(decision), decision.restart.value, decision.restart_allowed) == ("install:KB5120228", "no", False)
    assert decision_of(host("ws2025", "KB5099536", "KB5120228"), NOW).action.value == "none"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"restart": "planned"}, "install:KB5099536"),
        ({"restart": "allowed"}, "install:KB5099536"),
        ({"intent": "hotpatch"}, "wait:KB5099536"),
        ({"intent": "baseline"}, "refuse:restart_not_allowed"),
        ({"intent": "lcu", "restart": "planned"}, "install:KB5099536"),
        (
            {"restart": "allowed", "policy": {"windows": [{"from": "2026-07-20T17:00:00Z", "to": "2026-07-20T19:00:00Z"}]}},
            "install:KB5099536",
        ),
    ],
)
def test_a_planned_baseline_month(options: dict[str, Any], expected: str) -> None:
    """July 2026 was planned a baseline and is one."""
    assert outcome(decision_of(JULY, "2026-07-20", **options)) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"restart": "planned"}, "refuse:not_on_baseline"),
        ({"restart": "allowed"}, "install:KB5099536"),
        ({"restart": "allowed", "intent": "hotpatch"}, "refuse:not_on_baseline"),
        ({"restart": "allowed", "intent": "baseline"}, "install:KB5099536"),
    ],
)
def test_who_missed_the_baseline(options: dict[str, Any], expected: str) -> None:
    """In a hotpatch month the missing baseline is a catch-up that only an open restart policy allows."""
    assert outcome(decision_of(BEHIND, NOW, **options)) == expected
    assert outcome(decision_of(change(BEHIND, offers=[HP]), NOW, restart="allowed")) == "refuse:not_on_baseline"


def test_freezes_and_windows_stop_restarts_and_nothing_else() -> None:
    """A hotpatch without a restart goes on through a freeze, and its decision allows no restart either."""
    policy = {"freezes": [{"from": "2026-08-01", "to": "2026-08-31"}]}
    decision = decision_of(READY, NOW, restart="allowed", policy=policy)
    assert (outcome(decision), decision.restart_allowed) == ("install:KB5120228", False)
    unsure = change(READY, offers=[offer("KB5120228", restart_check=None)])
    assert outcome(decision_of(unsure, NOW, restart="allowed", policy=policy)) == "refuse:frozen"
    assert outcome(decision_of(unsure, NOW, restart="allowed")) == "install:KB5120228"


def test_a_pending_restart_is_done_where_it_is_allowed() -> None:
    """The restart comes first; in a freeze it does not come."""
    raw = change(READY, pending=CAUSE)
    assert decision_of(raw, NOW, restart="allowed").action.value == "restart"
    assert outcome(decision_of(raw, NOW, restart="planned")) == "refuse:pending_restart"
    frozen = {"freezes": [{"from": "2026-08-01", "to": "2026-08-31"}]}
    assert outcome(decision_of(raw, NOW, restart="allowed", policy=frozen)) == "refuse:frozen"
    deferrable = change(READY, pending={"causes": [{"source": "pending_file_rename", "detail": None}]})
    assert outcome(decision_of(deferrable, NOW)) == "install:KB5120228"


def test_by_name() -> None:
    """What a name may and may not bring."""
    dotnet = offer("KB5111111", restart_check=None, title="2026-08 .NET Framework")
    unknown = offer("KB5111112", restart_check=False, behavior=0, title="2026-08 Security Update (KB5111112)")
    sure = offer("KB5111113", restart_check=True, title="2026-08 Security Update (KB5111113)")
    raw = change(READY, offers=[HP, dotnet, unknown, sure, good_offer("ws2025", "KB5120233")])
    assert outcome(decision_of(raw, NOW, kb="5120228")) == "install:KB5120228"
    assert outcome(decision_of(raw, NOW, kb="KB5099536")) == "none:KB5099536"
    assert outcome(decision_of(raw, NOW, kb="KB5111111")) == "refuse:restart_unknown"
    assert outcome(decision_of(raw, NOW, kb="KB5111111", restart="allowed")) == "install:KB5111111"
    assert outcome(decision_of(raw, NOW, kb="KB5111112")) == "install:KB5111112"
    assert outcome(decision_of(raw, NOW, kb="KB5111113", restart="allowed")) == "refuse:leaves_track"
    assert outcome(decision_of(raw, NOW, kb="KB5120233", restart="allowed")) == "refuse:leaves_track"
    assert outcome(decision_of(raw, NOW, kb="KB5120233", policy={"leave_track": True, **ANSWERED})) == "refuse:restart_not_allowed"
    assert (
        outcome(decision_of(raw, NOW, kb="KB5120233", restart="allowed", policy={"leave_track": True, **ANSWERED})) == "install:KB5120233"
    )
    assert outcome(decision_of(raw, NOW, kb="KB5120994")) == "refuse:not_offered"
    with pytest.raises(KbError, match=r"^kb: .*KB5094125"):
        decision_of(raw, NOW, kb="the newest")


def test_intent_lcu_leaves_the_track_only_by_name_of_policy() -> None:
    """The ordinary cumulative update of a hotpatch month needs leave_track besides the intent."""
    raw = change(READY, offers=[good_offer("ws2025", "KB5120233")])
    assert outcome(decision_of(raw, NOW, restart="allowed", intent="lcu")) == "refuse:leaves_track"
    assert outcome(decision_of(raw, NOW, restart="allowed", intent="lcu", policy={"leave_track": True, **ANSWERED})) == "install:KB5120233"
    left = host("ws2025", "KB5099536", "KB5120233")
    assert decision_of(left, NOW, intent="lcu", policy={"leave_track": True, **ANSWERED}).action.value == "none"


def test_a_file_need_not_be_offered() -> None:
    """With the package at hand the catalog alone tells of the restart."""
    raw = change(READY, offers=None)
    assert outcome(decision_of(raw, NOW)) == "refuse:unknown_host"
    assert outcome(decision_of(raw, NOW, kb="KB5120228", offline=True)) == "install:KB5120228"
    assert outcome(decision_of(raw, NOW, kb="KB5120233", offline=True)) == "refuse:leaves_track"


def test_a_rollback_denies_until_its_date() -> None:
    """What was rolled back here is not installed again before the date that the run record gives."""
    context = HostHistory(denied=[{"kb": "KB5120228", "until": "2026-10-13"}])
    assert outcome(decision_of(READY, NOW, context=context)) == "refuse:denied"
    over = HostHistory(denied=[{"kb": "KB5120228", "until": "2026-08-15"}])
    assert outcome(decision_of(READY, NOW, context=over)) == "install:KB5120228"


def test_a_host_that_was_not_reached() -> None:
    """A missing observation is not a reason to guess."""
    assert outcome(decision_of(None, NOW)) == "refuse:unknown_host"
    assert outcome(decision_of(READY, NOW, context=HostHistory(reachable=False))) == "refuse:unknown_host"
    assert outcome(decision_of(READY, NOW, context=HostHistory(at_work=RunAtWork("r", "m")))) == "refuse:busy"


def test_hold_wins_over_opt_out_and_ends() -> None:
    """The order of the gates, and a hold whose date has passed."""
    hold = {"hold": {"reason": "audit", "until": "2026-08-10"}}
    assert outcome(decision_of(READY, NOW, policy=hold)) == "install:KB5120228"
    assert decision_of(READY, NOW, policy={"opted_out": True}).action.value == "none"
    both = {"hold": {"reason": "audit"}, "opted_out": True}
    assert outcome(decision_of(READY, NOW, policy=both)) == "refuse:held"


def test_managed_hosts_are_patched_where_it_is_allowed() -> None:
    """allow_managed opens WSUS and Configuration Manager hosts."""
    for field in ({"update_source__use_wu_server": 1}, {"update_source__configmgr_client": True}):
        raw = change(READY, **field)
        assert outcome(decision_of(raw, NOW)) == "refuse:managed_elsewhere"
        assert outcome(decision_of(raw, NOW, policy={"allow_managed": True, **ANSWERED})) == "install:KB5120228"


def test_a_pending_probe_that_failed_in_part_is_no_proof_of_nothing_pending() -> None:
    """The payload gives the causes that it could read, and an error for the one that it could not."""
    raw = host("ws2025", "KB5099536", now="2026-08-20")
    raw["errors"] = [{"probe": "pending", "hresult": "0x80070005", "message": "Component Based Servicing could not be read"}]
    record = record_of(raw, "2026-08-20")
    assert record.restart.needed.value == "unknown"
    assert record.state.value == "unknown"
