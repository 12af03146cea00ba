# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is denied is refused, with the reason and how far the denial reaches."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.unit.decision.laid_releases import (
    AUGUST,
    IN_AUGUST,
    IN_SEPTEMBER,
    JULY,
    LINE,
    SEPTEMBER,
    WHY,
    Laid,
    denied,
    offered,
)
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import decision_of, host, outcome


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
