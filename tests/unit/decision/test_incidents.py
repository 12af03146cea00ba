# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened in 2025 and 2026, replayed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import State
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    ANSWERED,
    CATALOG,
    LINES,
    Raw,
    change,
    decision_of,
    good_offer,
    host,
    outcome,
    record_of,
)

OCTOBER = host("ws2025", "KB5066835", now="2025-10-30")
# Both updates of October 2025 give the same build.
WRONG = host("ws2025", "KB5066835", "KB5070881", now="2025-10-30")
RIGHT = host("ws2025", "KB5066835", "KB5070893", now="2025-10-30")


def with_offer(raw: Raw, line: str, *kbs: str) -> Raw:
    """Return RAW with honest offers of KBS."""
    return change(raw, offers=[good_offer(line, kb) for kb in kbs])


def test_october_2025_one_build_two_updates() -> None:
    """The KB tells who left the track; without it nobody knows."""
    assert WRONG["os"]["ubr"] == RIGHT["os"]["ubr"] == 6905
    off, on = record_of(WRONG, "2025-10-30"), record_of(RIGHT, "2025-10-30")
    assert (off.state, off.track.off_cause) == (State.OFF_TRACK, "KB5070881")
    assert str(off.track.earliest_return) == "2026-01-13"
    assert on.state is State.CURRENT
    nobody = record_of(change(WRONG, history=[], quick_fixes=[], packages=[]), "2025-10-30")
    assert (nobody.track.verdict.value, nobody.state) == ("unknown", State.UNKNOWN)
    both = change(RIGHT, history=WRONG["history"] + RIGHT["history"])
    assert record_of(both, "2025-10-30").state is State.OFF_TRACK


@pytest.mark.parametrize("raw", [OCTOBER, RIGHT], ids=["baseline", "KB5070893"])
def test_november_2025_reaches_who_stayed_on_the_track(raw: Raw) -> None:
    """The October baseline and KB5070893 both take the November hotpatch without a restart."""
    decision = decision_of(with_offer(raw, "ws2025", "KB5068966"), "2025-11-12")
    assert outcome(decision) == "install:KB5068966"
    assert decision.restart.value == "no"


def test_november_2025_waits_where_kb5070881_was_installed() -> None:
    """Who left the track waits for January, and gets no restart in the meantime."""
    raw = with_offer(WRONG, "ws2025", "KB5068861")
    decision = decision_of(raw, "2025-11-12")
    assert outcome(decision) == "wait:KB5068966"
    assert str(decision.until) == "2026-01-13"
    back = decision_of(with_offer(WRONG, "ws2025", "KB5073379"), "2026-01-14", restart="planned")
    assert outcome(back) == "install:KB5073379"


def test_kb5070881_is_never_installed_by_a_run() -> None:
    """The accident itself: the wrong update is offered to a host on the track."""
    raw = with_offer(OCTOBER, "ws2025", "KB5070881")
    assert outcome(decision_of(raw, "2025-10-23", restart="allowed")) == "none:KB5066835"
    assert "KB5070881" in decision_of(raw, "2025-10-23").reason
    assert outcome(decision_of(raw, "2025-10-25", restart="allowed")) == "refuse:leaves_track"
    assert outcome(decision_of(raw, "2025-10-25", restart="allowed", kb="KB5070881")) == "refuse:leaves_track"
    by_name = decision_of(raw, "2025-10-25", restart="allowed", kb="KB5070881", policy={"leave_track": True, **ANSWERED})
    assert outcome(by_name) == "install:KB5070881"


FLIPS = [
    ("2026-06-10", {"ws2022_azure": "KB5087424", "ws2025": "KB5087423", "win11_24h2": "KB5089466", "win11_25h2": "KB5089466"}),
    ("2026-09-09", {"ws2022_azure": "KB5120229", "ws2025": "KB5120228", "win11_24h2": "KB5120994", "win11_25h2": "KB5120994"}),
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("now", "before"), FLIPS, ids=["june", "september"])
def test_a_hotpatch_month_that_became_a_baseline(line: str, now: str, before: dict[str, str]) -> None:
    """June and September 2026: planned as hotpatches, released as baselines. No run that may not restart installs them."""
    view = record_of(host(line, before[line], now=now), now).view
    assert view is not None
    baseline = view.monthly(view.month)
    assert baseline is not None
    assert baseline.kind.value == "unplanned_baseline"
    raw = with_offer(host(line, view.baseline_of(view.by_kb(before[line])).kb, before[line], now=now), line, baseline.kb)  # type: ignore[union-attr, arg-type]
    assert record_of(raw, now).state is State.BASELINE_DUE
    for restart in ("never", "planned"):
        decision = decision_of(raw, now, restart=restart)
        assert outcome(decision) == "refuse:month_turned_baseline"
        assert (decision.kb, decision.restart.value) == (baseline.kb, "yes")
    allowed = decision_of(raw, now, restart="allowed")
    assert (outcome(allowed), allowed.restart.value) == (f"install:{baseline.kb}", "yes")
    assert outcome(decision_of(raw, now, restart="allowed", intent="hotpatch")) == "refuse:month_turned_baseline"


def test_the_day_before_the_flip_the_catalog_says_nothing_of_it() -> None:
    """An entry released after now is not seen; only the plan is."""
    raw = host("ws2025", "KB5082063", "KB5087423", now="2026-06-09T16:59:00")
    record = record_of(raw, "2026-06-09T16:59:00")
    assert record.state is State.CURRENT
    assert record.view is not None
    assert record.view.planned_kind("2026-06").value == "hotpatch"  # type: ignore[union-attr]
    assert record_of(raw, "2026-06-09T17:00:00").state is State.BASELINE_DUE


def test_october_and_november_2026_are_not_guessed() -> None:
    """The built-in data ends in September: announced months have no release, and December cannot be known at all."""
    raw = host("ws2025", "KB5122871", now="2026-10-20")
    assert outcome(decision_of(raw, "2026-10-20")) == "refuse:catalog_missing_month"
    assert outcome(decision_of(raw, "2026-11-22")) == "refuse:catalog_missing_month"
    assert outcome(decision_of(raw, "2026-12-09")) == "refuse:catalog_stale"
    assert record_of(raw, "2026-11-22").state is State.UNKNOWN
    assert record_of(raw, "2026-12-09").state is State.STALE


def test_the_reinstall_loop_of_november_2025_ends_with_kb5072753() -> None:
    """25H2 got a hotpatch out of band that supersedes the one that came again and again."""
    raw = with_offer(host("win11_25h2", "KB5066835", "KB5068966", now="2025-11-21"), "win11_25h2", "KB5072753")
    assert outcome(decision_of(raw, "2025-11-21")) == "install:KB5072753"


def test_an_out_of_band_hotpatch_in_a_baseline_month_comes_after_its_baseline() -> None:
    """July 2026: KB5121768 rests on KB5101650; who lacks the baseline gets the baseline first."""
    june = with_offer(host("win11_24h2", "KB5094126", now="2026-07-20"), "win11_24h2", "KB5101650", "KB5121768")
    assert outcome(decision_of(june, "2026-07-20")) == "refuse:restart_not_allowed"
    assert outcome(decision_of(june, "2026-07-20", restart="planned")) == "install:KB5101650"
    july = with_offer(host("win11_24h2", "KB5101650", now="2026-07-20"), "win11_24h2", "KB5121768")
    assert outcome(decision_of(july, "2026-07-20")) == "install:KB5121768"


def test_every_month_of_the_catalog_can_be_followed() -> None:
    """Through all lines and months: from each track release to the next, with the restart that its kind asks for and no other."""
    steps = 0
    for line in LINES:
        track = [release for release in CATALOG.releases(line) if release.on_track]
        for old, new in pairwise(track):
            now = f"{new.released.isoformat()}T18:30:00"
            view = CATALOG.view(line, record_of(None, now).now)
            if view.baseline_of(old) is None:
                continue
            kbs = [view.baseline_of(old).kb, old.kb]  # type: ignore[union-attr]
            raw = with_offer(host(line, *dict.fromkeys(kbs), now=now), line, new.kb)
            decision = decision_of(raw, now)
            if new.restart:
                assert decision.code is not None, f"{line} {new}"
                assert outcome(decision_of(raw, now, restart="allowed")) == f"install:{new.kb}", f"{line} {new}"
            else:
                assert outcome(decision) == f"install:{new.kb}", f"{line} {new}"
            steps += 1
    assert steps > 110


@pytest.mark.parametrize(
    ("build", "state"), [((26100, 1742), "baseline_due"), ((26100, 32600), "baseline_due"), ((26100, 33000), "unknown")]
)
def test_a_build_that_the_catalog_does_not_name(build: tuple[int, int], state: str) -> None:
    """Media and previews below the newest baseline need that baseline; what lies above it nobody can tell."""
    raw = host("ws2025", "KB5082063", now="2026-05-20")
    raw["os"]["build"], raw["os"]["ubr"] = build
    raw["history"], raw["quick_fixes"], raw["packages"] = [], [], []
    assert record_of(raw, "2026-05-20").state.value == state
