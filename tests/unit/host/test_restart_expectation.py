# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an offered update restarts the host: the truth table of update client, catalog and RebootBehavior."""

from __future__ import annotations

from itertools import product

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.offers import OfferClass, expect
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, change, host, offer, record_of

HOTPATCH = CATALOG.find("ws2025", "KB5120228")
BASELINE = CATALOG.find("ws2025", "KB5099536")
RESTART_CHECKS: tuple[bool | str | None, ...] = (True, False, None, "not_asked", "none")


def judged(restart_check: bool | str | None, known: object, behavior: int | None, base: int) -> tuple[str, bool]:
    """Return the expectation of an offer with these answers."""
    raw = change(host("ws2025", "KB5099536"), offers=[offer("KB5120228", restart_check=restart_check, behavior=behavior)])
    parsed = parse_observation(raw).offers
    assert parsed is not None
    found = expect(parsed[0], known, base)  # type: ignore[arg-type]
    assert found.reason.endswith(".")
    return found.restart.value, found.contradiction


@pytest.mark.parametrize(
    ("restart_check", "known", "behavior"), list(product(RESTART_CHECKS, (None, HOTPATCH, BASELINE, OfferClass.LCU), (None, 0, 1, 2)))
)
def test_truth_table_where_the_update_client_answers(restart_check: bool | str | None, known: object, behavior: int | None) -> None:
    """No needs a clear answer of the client and nothing against it; yes needs one yes and no no; all else is unknown."""
    votes = [restart_check] if isinstance(restart_check, bool) else []
    votes += [known is not HOTPATCH] if known is not None else []
    votes += [behavior == 1] if behavior in (0, 1) else []
    contradiction = len(set(votes)) == 2
    if contradiction:
        expected = "unknown"
    elif True in votes:
        expected = "yes"
    elif restart_check is False:
        expected = "no"
    else:
        expected = "unknown"
    assert judged(restart_check, known, behavior, 26100) == (expected, contradiction)


@pytest.mark.parametrize(
    ("known", "behavior", "expected"),
    [
        (HOTPATCH, None, "no"),
        (HOTPATCH, 0, "no"),
        (HOTPATCH, 2, "no"),
        (HOTPATCH, 1, "unknown"),
        (BASELINE, None, "yes"),
        (BASELINE, 2, "yes"),
        (BASELINE, 0, "unknown"),
        (OfferClass.LCU, 2, "yes"),
        (None, 0, "no"),
        (None, 1, "yes"),
        (None, 2, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_truth_table_of_windows_server_2022(known: object, behavior: int | None, expected: str) -> None:
    """Build 20348 has no client that answers: catalog and RebootBehavior alone decide."""
    assert judged("none", known, behavior, 20348)[0] == expected


@pytest.mark.parametrize(
    ("kb", "title", "category", "cls"),
    [
        ("KB5120228", "x", "Security Updates", "hotpatch"),
        ("KB5120233", "x", "Security Updates", "lcu"),
        ("KB5091157", "x", "Security Updates", "oob_lcu"),
        ("KB5091470", "x", "Security Updates", "oob_hotpatch"),
        ("KB5099536", "x", "Security Updates", "baseline"),
        ("KB5094125", "x", "Security Updates", "baseline"),
        ("KB5066360", "x", "Security Updates", "other"),
        ("KB5111111", "2026-08 Cumulative Update for .NET Framework 3.5", "Security Updates", "dotnet"),
        ("KB5111111", "Intel - System", "Drivers", "driver"),
        ("KB5111111", "Surface Firmware 1.2", "Drivers", "firmware"),
        ("KB2267602", "Security Intelligence Update for Microsoft Defender", "Definition Updates", "defender"),
        ("KB5111111", "2026-08 Security Update (KB5111111)", "Security Updates", "other"),
        # Of the other line on the same build: nothing is concluded from that.
        ("KB5120994", "x", "Security Updates", "other"),
    ],
)
def test_classes(kb: str, title: str, category: str, cls: str) -> None:
    """The catalog decides by KB; titles only sort what it does not know."""
    raw = change(host("ws2025", "KB5099536"), offers=[offer(kb, title=title, category=category)])
    offers = record_of(raw, "2026-08-20").to_dict()["offers"]
    assert [(item["kb"], item["class"]) for item in offers] == [(kb, cls)]


def test_an_offer_released_after_now_is_not_known() -> None:
    """On the day before its release a KB is not a hotpatch yet."""
    raw = change(host("ws2025", "KB5099536"), offers=[offer("KB5120228")])
    assert record_of(raw, "2026-08-10").to_dict()["offers"][0]["class"] == "other"
