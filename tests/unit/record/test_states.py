# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every state of a host, and that unknown never counts as good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import SEVERITY, State
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state_rules import RULES
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import ANSWERED, Raw, at, change, host, later, record_of

# Windows Server 2025 in August 2026: baseline KB5099536 of July, hotpatch KB5120228 of August.
NOW = "2026-08-20"
GOOD = host("ws2025", "KB5099536", "KB5120228", now=NOW)
BASELINE = host("ws2025", "KB5099536", now=NOW)
LEFT = host("ws2025", "KB5099536", "KB5120233", now=NOW)
BEHIND = host("ws2025", "KB5094125", now=NOW)
CAUSE = {"source": "component_based_servicing", "detail": None}
RENAME = {"source": "pending_file_rename", "detail": "C:\\x"}
NO_MARKS = {"enrollment__arc_subscription": None, "enrollment__environment_allow_rebootless": None}

CASES: dict[State, tuple[Raw | None, dict[str, Any]]] = {
    State.UNREACHABLE: (None, {}),
    State.STALE: (GOOD, {"now": "2026-12-20"}),
    State.UNKNOWN: (change(GOOD, os__ubr=33223), {}),
    State.NOT_APPLICABLE: (change(GOOD, os__build=17763, os__ubr=6000), {}),
    State.OUT_OF_SUPPORT: (GOOD, {}),
    State.OPTED_OUT: (GOOD, {"policy": {"opted_out": True}}),
    State.HELD: (GOOD, {"policy": {"hold": {"reason": "audit", "owner": "Ops", "until": "2026-09-01"}}}),
    State.IN_PROGRESS: (change(GOOD, servicing__in_progress=True), {}),
    State.FAILED: (GOOD, {"context": HostHistory(last_outcome=Outcome.FAILED)}),
    State.ROLLED_BACK: (BASELINE, {"context": HostHistory(rolled_back={"kb": "KB5120228", "since": None, "until": "2026-10-13"})}),
    State.INELIGIBLE: (change(GOOD, vbs__status=1), {}),
    State.NOT_ENROLLED: (change(BASELINE, **NO_MARKS), {}),
    State.ENROLLING: (change(BASELINE, **NO_MARKS), {"context": HostHistory(enrollment_requested_at=at(NOW) - timedelta(hours=2))}),
    State.ENROLL_STUCK: (change(BASELINE, **NO_MARKS), {"context": HostHistory(enrollment_requested_at=at(NOW) - timedelta(hours=30))}),
    State.OFF_TRACK: (LEFT, {}),
    State.BASELINE_DUE: (BEHIND, {}),
    State.RESTART_PENDING: (change(GOOD, pending={"causes": [CAUSE]}), {}),
    State.RESTART_PENDING_DEFERRABLE: (change(GOOD, pending={"causes": [RENAME]}), {}),
    State.HOTPATCH_DUE: (BASELINE, {}),
    State.UNVERIFIED: (change(GOOD, history=[], packages=[], quick_fixes=[]), {}),
    State.DEGRADED: (change(GOOD, monitor__service="missing"), {}),
    State.CURRENT: (GOOD, {}),
    State.CURRENT_LCU: (LEFT, {"policy": {"leave_track": True, **ANSWERED}}),
}


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached(state: State, tmp_path: Any) -> None:
    """Each word of the vocabulary stands for a host that can exist, with a severity and a sentence."""
    raw, extra = CASES[state]
    options = dict(extra)
    if state is State.OUT_OF_SUPPORT:
        overlay = tmp_path / "ends.yml"
        overlay.write_text("line: ws2025\ngenerated: 2026-11-22\nhotpatch_ends: 2026-08-01\n", encoding="utf-8")
        from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog

        options["catalog"] = load_catalog([overlay])
    record = record_of(raw, options.pop("now", NOW), **options)
    assert record.state is state
    data = record.to_dict()
    assert data["severity"] == SEVERITY[state]
    assert data["summary"].endswith(".")
    assert data["next_step"]["action"]


def test_rules_cover_the_vocabulary_in_its_order() -> None:
    """The order of the rules is the order of the vocabulary: first match wins."""
    assert [state for state, _rule in RULES] == list(State)
    assert set(SEVERITY) == set(State)


@pytest.mark.parametrize("section", ["os", "vbs", "enrollment", "pending", "monitor", "history"])
def test_what_is_not_known_is_not_good(section: str) -> None:
    """A section that is missing takes the good state away, unless other evidence stands in for it."""
    raw = change(GOOD, **{section: None})
    if section == "history":
        raw = change(raw, packages=None, quick_fixes=None)
    if section == "enrollment":
        # An installed hotpatch of this cycle is proof enough of enrollment; on the bare baseline nothing is.
        assert record_of(raw, NOW).state is State.CURRENT
        raw = change(BASELINE, enrollment=None)
    assert SEVERITY[record_of(raw, NOW).state] != "good"


def test_deferrable_restart_hides_nothing_that_is_due() -> None:
    """A pending file rename must not turn a due hotpatch or a failing monitor into mere information."""
    assert record_of(change(BASELINE, pending={"causes": [RENAME]}), NOW).state is State.HOTPATCH_DUE
    assert record_of(change(GOOD, pending={"causes": [RENAME]}, monitor__service="missing"), NOW).state is State.DEGRADED


def test_a_cause_that_is_not_known_blocks() -> None:
    """Only causes known to be deferrable are deferrable."""
    record = record_of(change(GOOD, pending={"causes": [{"source": "something_new", "detail": None}]}), NOW)
    assert record.restart.needed.value == "yes"


def test_a_baseline_that_waits_for_its_restart_is_not_due_but_pending() -> None:
    """Installed and not in force is restart_pending, with the KB that waits."""
    waits = host("ws2025", "KB5094125", now="2026-07-20")
    staged = host("ws2025", "KB5094125", "KB5099536", now="2026-07-20")
    raw = change(waits, history=staged["history"], pending={"causes": [CAUSE]})
    record = record_of(raw, "2026-07-20")
    assert (record.state, record.staged_kb) == (State.RESTART_PENDING, "KB5099536")


def test_an_old_observation_is_stale_only_where_an_age_is_set() -> None:
    """The operator says how old is too old; a clock that is ahead counts as well."""
    assert record_of(GOOD, "2026-08-21").state is State.CURRENT
    policy = {"observation_max_age_hours": 1}
    assert record_of(GOOD, "2026-08-20T18:30:00", policy=policy).state is State.CURRENT
    assert record_of(GOOD, "2026-08-20T19:30:00", policy=policy).state is State.STALE
    ahead = change(GOOD, observed_at=later(NOW, hours=5))
    assert record_of(ahead, NOW, policy=policy).state is State.STALE


def test_catalog_age_is_judged_where_it_is_limited() -> None:
    """The age of the catalog is that of the data of the line."""
    assert record_of(GOOD, NOW, policy={"catalog_max_age_days": 1}).state is State.CURRENT
    raw = host("ws2025", "KB5122871", now="2026-10-12")
    assert record_of(raw, "2026-10-12", policy={"catalog_max_age_days": 1}).state is State.CURRENT


def test_the_ladder_of_proof() -> None:
    """Each rung needs the one below it."""
    proofs = {
        0: change(BASELINE, vbs={"configured": 0, "status": 0}, **NO_MARKS),
        1: change(BASELINE, vbs__status=1),
        2: change(BASELINE, **NO_MARKS),
        3: change(GOOD, history=[], packages=[], quick_fixes=[]),
        5: change(GOOD, boot_time="2026-08-15T00:00:00Z"),
        6: GOOD,
    }
    assert {proof: record_of(raw, NOW).in_force.proof for proof, raw in proofs.items()} == {proof: proof for proof in proofs}
    assert record_of(BASELINE, "2026-07-20").in_force.proof == 5


def test_old_monitor_errors_do_not_count_against_a_newer_hotpatch() -> None:
    """An error before the release in force was installed is history; one after it is trouble."""
    event = {"time": "2026-08-01T00:00:00Z", "level": "error", "id": 107, "source": "Hotpatch", "message": "bad"}
    assert record_of(change(GOOD, monitor__events=[event]), NOW).state is State.CURRENT
    assert record_of(change(GOOD, monitor__events=[{**event, "time": "2026-08-12T00:00:00Z"}]), NOW).state is State.DEGRADED
    assert record_of(change(GOOD, monitor__events=[{**event, "time": None}]), NOW).state is State.DEGRADED


def test_a_removed_hotpatch_is_no_proof() -> None:
    """History that ends in an uninstallation says that the KB is gone."""
    removed = {**GOOD["history"][0], "operation": "uninstall", "date": "2026-08-14T00:00:00Z"}
    raw = change(GOOD, history=[removed, *GOOD["history"]], packages=[], quick_fixes=[])
    assert record_of(raw, NOW).state is State.UNVERIFIED
    # The list of quick fixes lags behind a removal, so it does not overrule the history.
    assert record_of(change(raw, quick_fixes=["KB5120228"]), NOW).state is State.UNVERIFIED
    assert record_of(change(raw, packages=GOOD["packages"]), NOW).state is State.CURRENT
