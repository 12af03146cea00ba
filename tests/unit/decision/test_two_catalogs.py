# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host, two catalogs: June 2026 was planned as a hotpatch and came out as a baseline. What a run does hangs on what it can know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import Kind
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import State
from ansible_collections.winops.hotpatch.tests.unit.known_catalogs import known_on
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, decision_of, good_offer, host, outcome, record_of

PATCH_TUESDAY = "2026-06-09T18:00:00"
BEFORE, AFTER = known_on("2026-06-01"), known_on("2026-06-09")
# line: April's baseline, May's hotpatch, June's baseline
LINES = {
    "ws2025": ("KB5082063", "KB5087423", "KB5094125"),
    "ws2022_azure": ("KB5082142", "KB5087424", "KB5094128"),
    "win11_24h2": ("KB5083769", "KB5089466", "KB5094126"),
    "win11_25h2": ("KB5083769", "KB5089466", "KB5094126"),
}


def enrolled(line: str, now: str = PATCH_TUESDAY) -> dict[str, Any]:
    """Return a host that is current as of May and offered June."""
    april, may, june = LINES[line]
    return change(host(line, april, may, now=now), offers=[good_offer(line, june)])


@pytest.mark.parametrize("line", LINES)
def test_what_the_two_catalogs_say_of_june(line: str) -> None:
    views = [catalog.view(line, record_of(enrolled(line), PATCH_TUESDAY).now) for catalog in (BEFORE, AFTER)]
    assert [view.planned_kind("2026-06") for view in views] == [Kind.HOTPATCH, Kind.HOTPATCH]
    months = [view.monthly("2026-06") for view in views]
    assert [month.kind if month else None for month in months] == [None, Kind.UNPLANNED_BASELINE]


@pytest.mark.parametrize("line", LINES)
def test_the_day_before_they_decide_the_same(line: str) -> None:
    day = "2026-06-08T18:00:00"
    raw = change(enrolled(line, day), offers=[])
    assert {outcome(decision_of(raw, day, catalog=catalog)) for catalog in (BEFORE, AFTER)} == {f"none:{LINES[line][1]}"}


@pytest.mark.parametrize("restart", ["never", "planned", "allowed"])
@pytest.mark.parametrize("line", LINES)
def test_the_catalog_of_1_june_cannot_know_june(line: str, restart: str) -> None:
    """That a hotpatch was planned proves nothing: even where restarts are allowed the run waits for data."""
    found = decision_of(enrolled(line), PATCH_TUESDAY, catalog=BEFORE, restart=restart)
    assert outcome(found) == "refuse:catalog_stale"
    assert found.reason == "The catalog is dated 2026-06-01, before the Patch Tuesday of 2026-06, so it cannot know that month."
    assert found.remedy == "Update the collection, or add the month to an overlay file (option catalog), and run again."
    assert record_of(enrolled(line), PATCH_TUESDAY, catalog=BEFORE).state is State.STALE


@pytest.mark.parametrize("restart", ["never", "planned"])
@pytest.mark.parametrize("line", LINES)
def test_the_catalog_of_9_june_knows_that_it_turned(line: str, restart: str) -> None:
    """Planned restarts do not cover it: nobody had planned one for June."""
    june = LINES[line][2]
    found = decision_of(enrolled(line), PATCH_TUESDAY, catalog=AFTER, restart=restart)
    assert outcome(found) == "refuse:month_turned_baseline"
    assert found.reason.startswith(
        f"2026-06 was planned as a hotpatch and became baseline {june}, which needs a restart; restart_policy is {restart}"
    )
    assert found.remedy == "Plan a restart for this baseline and run again in that window with restart_policy allowed."
    assert (found.kb, found.kind, found.restart.value) == (june, "unplanned_baseline", "yes")
    assert record_of(enrolled(line), PATCH_TUESDAY, catalog=AFTER).state is State.BASELINE_DUE


@pytest.mark.parametrize("line", LINES)
def test_with_restarts_allowed_the_catalog_of_9_june_installs_it(line: str) -> None:
    found = decision_of(enrolled(line), PATCH_TUESDAY, catalog=AFTER, restart="allowed")
    assert (outcome(found), found.restart.value) == (f"install:{LINES[line][2]}", "yes")


def test_the_same_with_two_overlay_files(tmp_path: Path) -> None:
    """A month that the built-in data does not have, known from files alone: the file of the 1st, then that of the 8th of December."""
    october = {"month": "2026-10", "released": "2026-10-13", "kind": "baseline", "planned_kind": "baseline", "restart": True}
    october |= {"kb": "KB5999001", "build": "26100.33650"}
    november = {"month": "2026-11", "released": "2026-11-10", "kind": "hotpatch", "planned_kind": "hotpatch", "restart": False}
    november |= {"kb": "KB5999002", "build": "26100.33700"}
    december = {"month": "2026-12", "released": "2026-12-08", "kind": "unplanned_baseline", "planned_kind": "hotpatch", "restart": True}
    december |= {"kb": "KB5999003", "build": "26100.33800"}
    planned = [{"month": "2026-12", "planned_kind": "hotpatch"}]

    def written(name: str, day: str, *releases: dict[str, Any], **more: Any) -> Path:
        path = tmp_path / name
        content = {"line": "ws2025", "generated": day, "releases": list(releases), **more}
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    first = written("1.yml", "2026-12-01", october, november, announced=planned)
    second = written("2.yml", "2026-12-08", december)
    catalogs: list[Catalog] = [load_catalog([first]), load_catalog([first, second])]
    now = "2026-12-08T18:00:00"
    raw = change(host("ws2025", "KB5122871", now=now), os__ubr=33700, offers=[])
    found = [outcome(decision_of(raw, now, catalog=catalog, restart="planned")) for catalog in catalogs]
    assert found == ["refuse:catalog_stale", "refuse:month_turned_baseline"]
    day_before = "2026-12-08T17:59:59"
    assert {outcome(decision_of(raw, day_before, catalog=catalog)) for catalog in catalogs} == {"none:KB5999002"}
