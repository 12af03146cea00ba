# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations that operators of Windows fleets have reported in public, as an observation shows them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Action
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    Raw,
    change,
    decision_of,
    good_offer,
    host,
    offer,
    outcome,
    package,
    record_of,
)

APRIL, MAY = "KB5082063", "KB5087423"
NOW = "2026-05-20"
GOOD = host("ws2025", APRIL, MAY, now=NOW)
BASELINE = host("ws2025", APRIL, now=NOW)
GONE = {**GOOD["history"][0], "operation": "uninstall", "date": "2026-05-18T20:00:00Z"}
UNLOADED: dict[str, Any] = {"causes": [{"source": "component_based_servicing", "detail": None}]}


@pytest.mark.parametrize("restart", ["never", "planned", "allowed"])
def test_a_feature_upgrade_with_the_kb_of_the_month_is_not_installed_in_its_place(restart: str) -> None:
    """In November 2024 one number stood for an update and for a new Windows, and tools that select by it upgraded servers."""
    july = offer("KB5101650", restart_check=True, behavior=2, title="2026-07 Security Update (KB5101650) (26100.8875)")
    upgrade = offer("KB5101650", restart_check=True, behavior=2, title="Windows 11, version 25H2", category="Upgrades")
    upgrade["update_id"] = "00000000-0000-0000-0000-000000000002"
    for offers in ([july, upgrade], [upgrade, july]):
        raw = change(host("win11_24h2", "KB5083769", "KB5094126", now="2026-07-20"), offers=offers)
        found = decision_of(raw, "2026-07-20", restart=restart)
        if found.action is Action.REFUSE:
            assert found.code in ("offer_ambiguous", "restart_not_allowed")
        else:
            assert [(step.kb, step.title) for step in found.steps] == [("KB5101650", july["title"])]
    for alone in (upgrade, {**upgrade, "categories": []}, {**upgrade, "title": "Anything"}):
        found = decision_of(change(raw, offers=[alone]), "2026-07-20", restart=restart)
        assert outcome(found) == ("refuse:restart_not_allowed" if restart == "never" else "refuse:offer_ambiguous")


@pytest.mark.parametrize(
    ("changes", "states"),
    [
        ({"history": []}, {"current"}),
        ({"history": [], "quick_fixes": []}, {"current"}),
        ({"history": [], "packages": []}, {"current"}),
        ({"history": [], "quick_fixes": [], "packages": []}, {"unverified", "unknown"}),
        (
            {"history": None, "errors": [{"probe": "history", "hresult": "0x80248007", "message": "no such store"}]},
            {"current", "unverified"},
        ),
    ],
)
def test_a_host_whose_history_was_wiped_is_current_only_by_other_proof(changes: Raw, states: set[str]) -> None:
    """To rename SoftwareDistribution is a usual repair, and takes the history of updates away."""
    raw = change(GOOD, **changes)
    assert record_of(raw, NOW).state.value in states
    assert decision_of(raw, NOW).action is not Action.INSTALL


def test_a_wiped_history_does_not_keep_the_hotpatch_away() -> None:
    raw = change(BASELINE, history=[], offers=[good_offer("ws2025", MAY)])
    assert (record_of(raw, NOW).state.value, outcome(decision_of(raw, NOW))) == ("hotpatch_due", f"install:{MAY}")


@pytest.mark.parametrize("restart", ["never", "planned", "allowed"])
def test_the_ordinary_update_of_a_hotpatch_month_leaves_the_track_until_the_next_baseline(restart: str) -> None:
    """August 2025: a server took the cumulative update instead of the hotpatch."""
    off = host("ws2025", "KB5062553", "KB5063878", now="2025-08-20")
    for now, offers in (("2025-08-20", []), ("2025-09-15", [offer("KB5065426", restart_check=True, behavior=2)])):
        raw = change(off, observed_at=f"{now}T18:00:00Z", offers=offers)
        assert record_of(raw, now).state.value == "off_track"
        assert decision_of(raw, now, restart=restart).action is not Action.INSTALL
    back = change(host("ws2025", "KB5062553", "KB5063878", now="2025-10-20"), offers=[good_offer("ws2025", "KB5066835")])
    expected = "refuse:restart_not_allowed" if restart == "never" else "install:KB5066835"
    assert outcome(decision_of(back, "2025-10-20", restart=restart)) == expected


REMOVED = change(GOOD, os=BASELINE["os"], packages=BASELINE["packages"], quick_fixes=[APRIL], offers=[good_offer("ws2025", MAY)])


@pytest.mark.parametrize(
    ("raw", "states"),
    [
        (REMOVED, {"hotpatch_due"}),
        (change(REMOVED, history=[GONE, *GOOD["history"]]), {"hotpatch_due"}),
        (
            change(GOOD, history=[GONE, *GOOD["history"]], quick_fixes=[APRIL], packages=[package("ws2025", APRIL)]),
            {"unverified", "unknown", "restart_pending"},
        ),
        (
            change(GOOD, packages=[package("ws2025", APRIL), package("ws2025", MAY, "UninstallPending")], pending=UNLOADED),
            {"restart_pending", "restart_pending_blocking", "restart_required", "unknown", "unverified"},
        ),
    ],
    ids=["removed without a line in the history", "removed with one", "only the build shows it", "removal waits for a restart"],
)
def test_an_update_that_was_removed_since_is_not_in_force_because_the_history_has_it(raw: Raw, states: set[str]) -> None:
    assert record_of(raw, NOW).state.value in states
    for restart in ("never", "allowed"):
        assert outcome(decision_of(raw, NOW, restart=restart)) != "none:None"
