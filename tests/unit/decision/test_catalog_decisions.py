# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions obey the catalog: what was withdrawn is not a target, what is denied is refused, an open kind refuses the month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import State
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    change,
    decision_of,
    good_offer,
    host,
    outcome,
    package,
    record_of,
)

LINE = "ws2025"
# July 2026 was a baseline, August a hotpatch on it, September a baseline that nobody had planned.
JULY, AUGUST, SEPTEMBER = "KB5099536", "KB5120228", "KB5122871"
IN_AUGUST, IN_SEPTEMBER = "2026-08-20", "2026-09-20"
WHY = "It breaks Remote Desktop"
Laid = Callable[..., Catalog]


@pytest.fixture
def laid(tmp_path: Path) -> Laid:
    """Return what lays entries over the built-in catalog."""

    def _laid(*entries: dict[str, Any]) -> Catalog:
        path = tmp_path / "fleet.yml"
        path.write_text(yaml.safe_dump({"line": LINE, "generated": "2026-11-22", "releases": list(entries)}), encoding="utf-8")
        return load_catalog([path])

    return _laid


def withdrawn(month: str, kb: str) -> dict[str, Any]:
    return {"month": month, "kb": kb, "withdrawn": True, "reason": f"{WHY}."}


def denied(**more: Any) -> dict[str, Any]:
    return {"month": "2026-08", "kb": AUGUST, "denied": True, "reason": f"{WHY}.", **more}


def offered(*installed: str, offer: str, now: str = IN_AUGUST) -> dict[str, Any]:
    """Return a host in perfect order that is offered OFFER."""
    return change(host(LINE, *installed, now=now), offers=[good_offer(LINE, offer)])


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


def test_a_denied_release_is_refused_with_reason_date_and_source(laid: Laid) -> None:
    catalog = laid(denied(denied_until="2026-09-08", denied_except=["db1", "db2"]))
    found = decision_of(offered(JULY, offer=AUGUST), IN_AUGUST, catalog=catalog)
    assert outcome(found) == "refuse:denied"
    assert found.reason == (f"{AUGUST} is denied until 2026-09-08 ({catalog.overlays[0]}): {WHY}. The denial is lifted for db1, db2 only.")
    assert found.remedy == (
        "Wait until 2026-09-08 is over; or lift it in an overlay file (option catalog): "
        "for host1 with its name in denied_except, for all hosts with denied: false."
    )
    assert (found.until, found.kb) == (date(2026, 9, 8), AUGUST)
    assert outcome(decision_of(offered(JULY, offer=AUGUST), IN_AUGUST, catalog=catalog, kb=AUGUST)) == "refuse:denied"
    assert outcome(decision_of(offered(JULY, offer=AUGUST), IN_AUGUST, catalog=catalog, restart="allowed")) == "refuse:denied"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (denied(), "refuse:denied"),
        (denied(denied_until="2026-08-20"), "refuse:denied"),
        (denied(denied_until="2026-08-19"), f"install:{AUGUST}"),
        (denied(denied_except=["host1"]), f"install:{AUGUST}"),
        (denied(denied_except="host1"), f"install:{AUGUST}"),
        (denied(denied_except=["host10", "HOST1"]), "refuse:denied"),
    ],
)
def test_how_far_a_denial_reaches(laid: Laid, entry: dict[str, Any], expected: str) -> None:
    """The last day counts, and a host is meant by its whole name."""
    assert outcome(decision_of(offered(JULY, offer=AUGUST), IN_AUGUST, catalog=laid(entry))) == expected


def test_a_denial_is_told_before_a_restart_that_would_not_help(laid: Laid) -> None:
    """Who allowed the restart would only be refused again."""
    entry = {"month": "2026-09", "kb": SEPTEMBER, "denied": True, "reason": WHY}
    raw = offered(JULY, offer=SEPTEMBER, now=IN_SEPTEMBER)
    assert outcome(decision_of(raw, IN_SEPTEMBER)) == "refuse:month_turned_baseline"
    for restart in ("never", "planned", "allowed"):
        assert outcome(decision_of(raw, IN_SEPTEMBER, restart=restart, catalog=laid(entry))) == "refuse:denied"


def test_a_host_that_has_the_denied_release_is_left_alone(laid: Laid) -> None:
    assert outcome(decision_of(host(LINE, JULY, AUGUST), IN_AUGUST, catalog=laid(denied()))) == f"none:{AUGUST}"


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


OPEN = {
    "month": "2026-10",
    "released": "2026-10-13",
    "kind": "unknown",
    "kb": "KB5999001",
    "build": "26100.33650",
    "note": "SubType is odd",
}


def test_an_open_kind_refuses_the_month(laid: Laid) -> None:
    catalog = laid(OPEN)
    raw = offered(SEPTEMBER, offer="KB5122871", now="2026-10-20")
    found = decision_of(raw, "2026-10-20", catalog=catalog, restart="allowed")
    assert outcome(found) == "refuse:catalog_missing_month"
    assert found.reason == (
        "The kind of KB5999001 (2026-10, 26100.33650) is not settled: SubType is odd. "
        "It may be a baseline, so what is to be installed is not known."
    )
    assert found.remedy is not None
    for word in ("KB5999001", "overlay file", "kind", "restart", "planned_kind", "withdrawn: true"):
        assert word in found.remedy
    record = record_of(raw, "2026-10-20", catalog=catalog)
    assert record.state is State.UNKNOWN
    assert "KB5999001" in record.summary
    assert outcome(decision_of(raw, "2026-10-20", catalog=catalog, restart="allowed", kb="KB5999001")) == "refuse:catalog_missing_month"


def test_an_open_kind_beside_a_known_hotpatch_refuses_too(laid: Laid) -> None:
    """It may be an unplanned baseline; withdrawn, or older than the baseline that followed, it is no longer a question."""
    odd = {**OPEN, "month": "2026-08", "released": "2026-08-14"}
    raw = offered(JULY, offer=AUGUST)
    odd["build"] = "26100.33230"
    assert outcome(decision_of(raw, IN_AUGUST, catalog=laid(odd))) == "refuse:catalog_missing_month"
    gone = {**odd, "withdrawn": True, "reason": "It is for Windows 11"}
    assert outcome(decision_of(raw, IN_AUGUST, catalog=laid(gone))) == f"install:{AUGUST}"
    assert outcome(decision_of(raw, "2026-08-13", catalog=laid(odd))) == f"install:{AUGUST}"
    later = host(LINE, JULY, SEPTEMBER, now=IN_SEPTEMBER)
    assert outcome(decision_of(later, IN_SEPTEMBER, catalog=laid(odd))) == f"none:{SEPTEMBER}"


def test_a_host_on_a_build_of_no_settled_kind_is_unknown(laid: Laid) -> None:
    raw = change(host(LINE, SEPTEMBER, now="2026-10-20"), os__ubr=33650)
    record = record_of(raw, "2026-10-20", catalog=laid(OPEN))
    assert record.track.verdict.value == "unknown"
    assert "whose kind is not settled" in record.track.reason
