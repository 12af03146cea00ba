# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release whose kind is not settled refuses its month."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import State
from ansible_collections.winops.hotpatch.tests.unit.decision.laid_releases import (
    AUGUST,
    IN_AUGUST,
    IN_SEPTEMBER,
    JULY,
    LINE,
    SEPTEMBER,
    Laid,
    offered,
)
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, decision_of, host, outcome, record_of

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
        "It may be a baseline, so it is not known what to install."
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
