# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a month was: its release, what came out of band, and where each value came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.months import Month, month_names, months_of
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import first_of_month
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.catalog_table import catalog_lines
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import at


def one(catalog: Catalog, line: str, month: str, now: str = "2026-11-25") -> Month:
    (found,) = months_of(catalog, line, [month], at(now))
    return found


def test_a_month_that_turned(catalog: Catalog) -> None:
    june = one(catalog, "ws2025", "2026-06")
    assert june.entry is not None
    assert (june.planned_kind, june.entry.release.kb, june.turned, june.others) == ("hotpatch", "KB5094125", True, ())
    data = june.to_dict()
    assert (data["date"], data["known"], data["release"]["build"], data["release"]["restart"]) == ("2026-06-09", True, "26100.32995", True)


def test_out_of_band_stands_beside_the_month(catalog: Catalog) -> None:
    """October 2025: two cumulative updates that leave the track, and KB5070893, which keeps it."""
    october = one(catalog, "ws2025", "2025-10")
    assert october.entry is not None
    assert (october.entry.release.kb, october.turned) == ("KB5066835", False)
    assert [item.release.kb for item in october.others] == ["KB5070773", "KB5070881", "KB5070893"]


def test_what_is_released_later_is_not_seen(catalog: Catalog) -> None:
    ahead = one(catalog, "ws2025", "2026-06", now="2026-06-08")
    assert (ahead.entry, ahead.planned_kind, ahead.turned) == (None, "hotpatch", False)
    assert ahead.to_dict()["known"] is False


def test_names_of_months() -> None:
    assert month_names("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert month_names("2026-02", "2026-01") == []


def test_a_withdrawn_release_is_the_month_only_until_another_takes_its_place(catalog: Catalog) -> None:
    august = [replace(item, withdrawn="Pulled") for item in catalog.releases("ws2025") if item.kb == "KB5120228"]
    other = [item for item in catalog.releases("ws2022_azure") if item.month == "2026-08"]
    assert first_of_month(august)["2026-08"].kb == "KB5120228"
    assert first_of_month([*august, *other])["2026-08"].kb == other[0].kb
    assert first_of_month([*other, *august])["2026-08"].kb == other[0].kb


def test_where_values_came_from(tmp_path: Path) -> None:
    path = tmp_path / "overlay.yml"
    entry = {
        "month": "2026-08",
        "released": "2026-08-11",
        "kind": "hotpatch",
        "planned_kind": "hotpatch",
        "kb": "KB5120228",
        "build": "26100.33223",
        "restart": False,
    }
    path.write_text(yaml.safe_dump({"line": "ws2025", "generated": "2026-11-24", "releases": [entry]}), encoding="utf-8")
    months = months_of(load_catalog([path]), "ws2025", ["2026-07", "2026-08"], at("2026-11-25"), origin=True)
    july, august = (month.entry.origin for month in months if month.entry)
    assert (july["build"], august["build"]) == ("built-in", str(path))
    assert months_of(load_catalog(), "ws2025", ["2026-08"], at("2026-11-25"))[0].to_dict()["release"]["origin"] == {}
    rows = [line.split() for line in catalog_lines([], [], months, [], None, origin=True)]
    assert ["ws2025", "2026-08", "KB5120228", "build", str(path), "26100.33223"] in rows
