# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fresh the catalog must be: what its data can know, what it lacks, and how old the operator lets it be."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import State
from ansible_collections.winops.hotpatch.tests.unit.known_catalogs import known_on
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, decision_of, host, outcome, record_of

LINE = "ws2025"
SEPTEMBER = "KB5122871"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # Daylight saving time in Los Angeles: 10:00 is 17:00 UTC.
        ("2026-10-13T16:59:59", f"none:{SEPTEMBER}"),
        ("2026-10-13T17:00:00", "refuse:catalog_stale"),
        # Before October's Patch Tuesday the month that counts is September, which the data knows.
        ("2026-10-01T00:00:00", f"none:{SEPTEMBER}"),
        ("2026-11-09T00:00:00", "refuse:catalog_stale"),
    ],
)
def test_data_of_september_is_stale_from_patch_tuesday_of_october(now: str, expected: str) -> None:
    found = decision_of(host(LINE, SEPTEMBER, now=now), now, catalog=known_on("2026-10-12"))
    assert outcome(found) == expected
    state = record_of(host(LINE, SEPTEMBER, now=now), now, catalog=known_on("2026-10-12")).state
    assert (state is State.STALE) is expected.endswith("stale")


def test_a_stale_catalog_says_how_far_it_knows() -> None:
    now = "2026-10-13T17:00:00"
    found = decision_of(host(LINE, SEPTEMBER, now=now), now, catalog=known_on("2026-10-12"))
    assert found.reason == "The catalog is dated 2026-10-12, before the Patch Tuesday of 2026-10, so it cannot know that month."
    assert found.remedy == "Update the collection, or add the month to an overlay file (option catalog), and run again."


@pytest.mark.parametrize(
    ("now", "month"),
    [
        # Winter: 10:00 in Los Angeles is 18:00 UTC; the change of the clocks lies between these two.
        ("2026-11-10T17:59:59", "2026-10"),
        ("2026-11-10T18:00:00", "2026-11"),
    ],
)
def test_a_month_that_the_data_could_know_and_does_not_is_missing(now: str, month: str) -> None:
    """The built-in data is of 22 November 2026 and has the plan of October and November, and no release."""
    found = decision_of(host(LINE, SEPTEMBER, now=now), now)
    assert outcome(found) == "refuse:catalog_missing_month"
    assert f"has no release of {month} for {LINE}" in found.reason
    assert "which proves nothing" in found.reason


def test_data_made_on_patch_tuesday_may_know_the_month() -> None:
    """Its date has no hour, so what it lacks is missing and not out of reach."""
    now = "2026-10-13T18:00:00"
    assert outcome(decision_of(host(LINE, SEPTEMBER, now=now), now, catalog=known_on("2026-10-13"))) == "refuse:catalog_missing_month"


@pytest.mark.parametrize(("day", "hour"), [("2026-03-10", 17), ("2026-04-14", 17), ("2025-11-11", 18), ("2026-02-10", 18)])
def test_the_new_month_begins_at_ten_in_los_angeles(day: str, hour: int) -> None:
    """On both sides of both changes of the clocks (8 March 2026, 2 November 2025)."""
    before, after = f"{day}T{hour - 1}:59:59", f"{day}T{hour}:00:00"
    months = [CATALOG.view(LINE, record_of(host(LINE, "KB5066835"), now).now).month for now in (before, after)]
    assert months[1] == day[:7]
    assert months[0] < months[1]


@pytest.mark.parametrize(
    ("days", "now", "expected"),
    [
        (30, "2026-09-20T18:00:00", f"none:{SEPTEMBER}"),
        (10, "2026-09-20T23:59:59", f"none:{SEPTEMBER}"),
        (10, "2026-09-21T00:00:00", "refuse:catalog_stale"),
        (None, "2026-10-13T16:00:00", f"none:{SEPTEMBER}"),
    ],
)
def test_the_operator_limits_the_age(days: int | None, now: str, expected: str) -> None:
    """In whole days of UTC since the date of the data; the last day counts."""
    policy = {} if days is None else {"catalog_max_age_days": days}
    raw = host(LINE, SEPTEMBER, now=now)
    found = decision_of(raw, now, policy=policy, catalog=known_on("2026-09-10"))
    assert outcome(found) == expected
    assert (record_of(raw, now, policy=policy, catalog=known_on("2026-09-10")).state is State.STALE) is expected.endswith("stale")
    named = decision_of(raw, now, policy=policy, catalog=known_on("2026-09-10"), kb=SEPTEMBER)
    assert outcome(named) == expected, "a KB named does not make the data younger"
    if found.code:
        assert found.reason == "The catalog is dated 2026-09-10, older than the 10 days that policy allows."


def test_the_age_is_that_of_the_line_of_the_host(tmp_path: Path) -> None:
    """An overlay makes fresh the lines that it speaks of, and no other."""
    path = tmp_path / "fresh.yml"
    path.write_text(yaml.safe_dump({"line": "win11_24h2", "generated": "2026-12-01"}), encoding="utf-8")
    catalog, now, policy = load_catalog([path]), "2026-12-05", {"catalog_max_age_days": 7}
    server = decision_of(host(LINE, SEPTEMBER, now=now), now, policy=policy, catalog=catalog)
    client = decision_of(host("win11_24h2", "KB5124008", now=now), now, policy=policy, catalog=catalog)
    assert (outcome(server), outcome(client)) == ("refuse:catalog_stale", "refuse:catalog_missing_month")
    assert "2026-11-22" in server.reason
