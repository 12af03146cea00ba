# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was withdrawn is not a target, and whoever has it is told so."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import State
from ansible_collections.winops.hotpatch.tests.unit.decision.laid_releases import (
    AUGUST,
    IN_AUGUST,
    IN_SEPTEMBER,
    JULY,
    LINE,
    SEPTEMBER,
    WHY,
    Laid,
    offered,
    withdrawn,
)
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, decision_of, host, outcome, package, record_of


def test_without_overlay_the_hotpatch_is_installed() -> None:
    """What the other tests of this file change."""
    assert outcome(decision_of(offered(JULY, offer=AUGUST), IN_AUGUST)) == f"install:{AUGUST}"


def test_a_withdrawn_hotpatch_is_no_target(laid: Laid) -> None:
    """The baseline before it is in force, so there is nothing to do, and the decision says why."""
    catalog = laid(withdrawn("2026-08", AUGUST))
    found = decision_of(offered(JULY, offer=AUGUST), IN_AUGUST, catalog=catalog)
    assert outcome(found) == f"none:{JULY}"
    assert f"{AUGUST} (2026-08 hotpatch, 26100.33222) was withdrawn: {WHY}." in found.reason
    assert record_of(host(LINE, JULY), IN_AUGUST, catalog=catalog).state is State.CURRENT


def test_the_release_before_a_withdrawn_one_is_installed(laid: Laid) -> None:
    """A host that lacks the release before it gets that one, though the month was another."""
    catalog = laid(withdrawn("2026-09", SEPTEMBER))
    found = decision_of(offered(JULY, offer=AUGUST, now=IN_SEPTEMBER), IN_SEPTEMBER, catalog=catalog)
    assert outcome(found) == f"install:{AUGUST}"
    assert f"{SEPTEMBER} (2026-09 unplanned_baseline, 26100.33438) was withdrawn: {WHY}." in found.reason
    named = decision_of(offered(JULY, offer=AUGUST, now=IN_SEPTEMBER), IN_SEPTEMBER, catalog=catalog, kb=AUGUST)
    assert (outcome(named), "withdrawn" in named.reason) == (f"install:{AUGUST}", False)
    behind = offered("KB5094125", offer=JULY, now=IN_SEPTEMBER)
    assert outcome(decision_of(behind, IN_SEPTEMBER, restart="allowed", catalog=catalog)) == f"install:{JULY}"
    assert outcome(decision_of(behind, IN_SEPTEMBER, restart="never", catalog=catalog)) == "refuse:not_on_baseline"


def test_a_host_that_runs_a_withdrawn_hotpatch_is_told_so(laid: Laid) -> None:
    """It is not sent back by itself, and it does not count as good."""
    catalog = laid(withdrawn("2026-08", AUGUST))
    raw = host(LINE, JULY, AUGUST)
    found = decision_of(raw, IN_AUGUST, catalog=catalog)
    assert outcome(found) == "none:None"
    assert "was withdrawn: It breaks Remote Desktop, and it is in force; nothing newer is released." in found.reason
    assert found.remedy is not None
    assert "Roll it back" in found.remedy
    record = record_of(raw, IN_AUGUST, catalog=catalog)
    assert record.state is State.DEGRADED
    assert WHY in record.summary
    assert record.track.verdict.value == "on"
    named = decision_of(raw, IN_AUGUST, catalog=catalog, kb=AUGUST)
    assert (outcome(named), named.remedy) == (f"none:{AUGUST}", found.remedy)


def test_a_host_on_a_withdrawn_baseline_stays_on_the_track(laid: Laid) -> None:
    catalog = laid(withdrawn("2026-09", SEPTEMBER))
    raw = host(LINE, JULY, SEPTEMBER, now=IN_SEPTEMBER)
    record = record_of(raw, IN_SEPTEMBER, catalog=catalog)
    assert (record.track.verdict.value, record.state) == ("on", State.DEGRADED)
    assert f"which was withdrawn ({WHY}.)" in record.track.reason
    found = decision_of(raw, IN_SEPTEMBER, restart="allowed", catalog=catalog)
    assert (found.action.value, found.kb) == ("none", None)
    assert "was withdrawn" in found.reason


def test_a_withdrawn_release_is_refused_by_name(laid: Laid) -> None:
    found = decision_of(offered(JULY, offer=AUGUST), IN_AUGUST, catalog=laid(withdrawn("2026-08", AUGUST)), kb=AUGUST)
    assert outcome(found) == "refuse:denied"
    assert found.reason == f"{AUGUST} (2026-08 hotpatch, 26100.33222) was withdrawn: {WHY}."
    assert found.remedy is not None
    assert "withdrawn: false" in found.remedy


def test_where_nothing_is_left_the_withdrawal_is_the_reason(laid: Laid, catalog: Catalog) -> None:
    """The first two releases of the line are gone: there is none before them."""
    first = [release for release in catalog.releases(LINE) if release.month in ("2024-11", "2024-12", "2025-01")]
    gone = laid(*(withdrawn(release.month, release.kb) for release in first))
    raw = host(LINE, "KB5050009", now="2025-01-20")
    assert outcome(decision_of(raw, "2025-01-20")) == "none:KB5050009"
    found = decision_of(raw, "2025-01-20", catalog=gone)
    assert outcome(found) == "refuse:denied"
    assert "was withdrawn: It breaks Remote Desktop; there is no release before it." in found.reason


def test_a_withdrawn_update_is_not_the_newest_cumulative_one(laid: Laid, catalog: Catalog) -> None:
    view = laid(withdrawn("2026-09", "KB5129235")).view(LINE, record_of(host(LINE, JULY), IN_SEPTEMBER).now)
    assert view.newest_lcu_build() is not None
    assert "KB5129235" not in [kb for kb, _build in view.cumulative()]
    assert "KB5129235" in [kb for kb, _build in catalog.view(LINE, view.now).cumulative()]


def test_a_restart_does_not_bring_a_withdrawn_baseline_into_force(laid: Laid) -> None:
    """It was installed before it was withdrawn, and waits; a restart that removes it is another matter."""
    raw = host(LINE, JULY, now=IN_SEPTEMBER)
    cause = {"source": "component_based_servicing", "detail": None}
    staged = change(raw, pending={"causes": [cause]}, packages=[*raw["packages"], package(LINE, SEPTEMBER, "InstallPending")])
    gone = laid(withdrawn("2026-09", SEPTEMBER))
    assert record_of(staged, IN_SEPTEMBER).staged_kb == SEPTEMBER
    assert decision_of(staged, IN_SEPTEMBER, restart="allowed").action.value == "restart"
    found = decision_of(staged, IN_SEPTEMBER, restart="allowed", catalog=gone)
    assert outcome(found) == "refuse:denied"
    assert found.reason.endswith(f"comes into force with the next restart, and was withdrawn: {WHY}.")
    assert found.remedy is not None
    assert "module rollback" in found.remedy
    record = record_of(staged, IN_SEPTEMBER, catalog=gone)
    assert decide_removal(record, gone, Policy(), RestartPolicy.ALLOWED, record.now, SEPTEMBER).action == "remove", "the remedy works"
    entry = {"month": "2026-09", "kb": SEPTEMBER, "denied": True, "reason": WHY}
    assert outcome(decision_of(staged, IN_SEPTEMBER, restart="allowed", catalog=laid(entry))) == "refuse:denied"
    pilot = laid({**entry, "denied_except": ["host1"]})
    assert decision_of(staged, IN_SEPTEMBER, restart="allowed", catalog=pilot).action.value == "restart"
    removed = change(staged, packages=[*raw["packages"], package(LINE, SEPTEMBER, "UninstallPending")])
    assert decision_of(removed, IN_SEPTEMBER, restart="allowed", catalog=gone).action.value == "restart"
