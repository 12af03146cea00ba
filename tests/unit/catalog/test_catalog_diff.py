# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What two catalogs differ in, in the words that an operator reads on Patch Tuesday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog_diff import Change, compare_catalogs
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES, Denial, Kind
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.build import Build

OCTOBER = {"month": "2026-10", "released": "2026-10-13", "kind": "baseline", "kb": "KB5999001", "build": "26100.33650", "restart": True}
NOVEMBER = {"month": "2026-11", "released": "2026-11-10", "kb": "KB5999002", "build": "26100.33750"}


def overlay(tmp_path: Path, *entries: dict[str, Any], **top: Any) -> Catalog:
    """Return the catalog with an overlay of Windows Server 2025."""
    path = tmp_path / "overlay.yml"
    path.write_text(yaml.safe_dump({"line": "ws2025", "generated": "2026-11-22", "releases": list(entries), **top}), encoding="utf-8")
    return load_catalog([path])


def without(catalog: Catalog, line: str, *months: str) -> Catalog:
    """Return CATALOG as it was before MONTHS came out."""
    data = catalog.lines[line]
    kept = tuple(release for release in data.releases if release.month not in months)
    return replace(catalog, lines={**catalog.lines, line: replace(data, releases=kept)})


def altered(catalog: Catalog, line: str, kb: str, **fields: Any) -> Catalog:
    """Return CATALOG with other FIELDS of the release KB."""
    data = catalog.lines[line]
    releases = tuple(replace(release, **fields) if release.kb == kb else release for release in data.releases)
    return replace(catalog, lines={**catalog.lines, line: replace(data, releases=releases)})


def texts(before: Catalog, after: Catalog, line: str = "ws2025", months: set[str] | None = None) -> list[str]:
    return [change.text for change in compare_catalogs(before, after, [line], months)]


def test_a_catalog_does_not_differ_from_itself(catalog: Catalog) -> None:
    assert compare_catalogs(catalog, load_catalog(), LINES) == ()


def test_a_planned_hotpatch_that_became_a_baseline(catalog: Catalog) -> None:
    """June 2026, as whoever imported it that evening would have read it."""
    assert texts(without(catalog, "ws2025", "2026-06"), catalog) == [
        "ws2025 2026-06: planned hotpatch, now baseline, KB5094125 (26100.32995), restart"
    ]


def test_months_that_came_as_planned(catalog: Catalog) -> None:
    assert texts(without(catalog, "ws2025", "2026-07", "2026-08"), catalog) == [
        "ws2025 2026-07: baseline as planned, KB5099536 (26100.33158), restart",
        "ws2025 2026-08: hotpatch as planned, KB5120228 (26100.33222), no restart",
    ]


def test_out_of_band(catalog: Catalog) -> None:
    """April 2026 had a baseline, and out of band a hotpatch and a cumulative update."""
    found = texts(without(catalog, "ws2025", "2026-04"), catalog)
    assert "ws2025 2026-04: new out-of-band LCU, KB5091157 (26100.32698), restart" in found
    assert "ws2025 2026-04: new out-of-band hotpatch, KB5091470 (26100.32704), no restart" in found
    assert len(found) == 3


def test_a_release_that_is_gone(catalog: Catalog) -> None:
    assert texts(catalog, without(catalog, "ws2025", "2026-08")) == ["ws2025 2026-08: hotpatch KB5120228 (26100.33222) is no longer listed"]


def test_announced_months_that_came_out_are_told_by_their_release(catalog: Catalog, tmp_path: Path) -> None:
    after = overlay(
        tmp_path,
        {**OCTOBER, "planned_kind": "baseline"},
        {**NOVEMBER, "kind": "unplanned_baseline", "planned_kind": "hotpatch", "restart": True},
    )
    assert texts(catalog, after) == [
        "ws2025 2026-10: baseline as planned, KB5999001 (26100.33650), restart",
        "ws2025 2026-11: planned hotpatch, now baseline, KB5999002 (26100.33750), restart",
    ]


def test_the_kb_of_a_month_is_another(catalog: Catalog, tmp_path: Path) -> None:
    before = overlay(tmp_path, {**NOVEMBER, "kind": "hotpatch", "planned_kind": "hotpatch", "restart": False})
    after = overlay(tmp_path, {**NOVEMBER, "kb": "KB5999003", "kind": "unplanned_baseline", "planned_kind": "hotpatch", "restart": True})
    (change,) = compare_catalogs(before, after, ["ws2025"])
    assert change.change == "replaced"
    assert change.text == (
        "ws2025 2026-11: planned hotpatch, was hotpatch KB5999002 (26100.33750), now unplanned baseline KB5999003 (26100.33750), restart"
    )


def test_single_values(catalog: Catalog) -> None:
    line, kb = "ws2025", "KB5120228"
    where = "ws2025 2026-08: KB5120228"
    assert texts(catalog, altered(catalog, line, kb, build=Build(26100, 33223))) == [f"{where} build 26100.33222 is now 26100.33223"]
    assert texts(catalog, altered(catalog, line, kb, lcu_kb=None)) == [f"{where} LCU KB5120233 is now none"]
    assert texts(catalog, altered(catalog, line, kb, restart=True)) == [f"{where} restart (before: no restart)"]
    assert texts(catalog, altered(catalog, line, kb, released=date(2026, 8, 12))) == [f"{where} released 2026-08-11 is now 2026-08-12"]
    assert texts(catalog, altered(catalog, line, kb, note="new", confidence="documented")) == []


def test_a_kind_that_changed_under_the_same_kb(catalog: Catalog) -> None:
    after = altered(catalog, "ws2025", "KB5120228", kind=Kind.UNPLANNED_BASELINE, restart=True)
    kind, restart = compare_catalogs(catalog, after, ["ws2025"])
    assert kind.text == "ws2025 2026-08: planned hotpatch, now baseline, KB5120228 (26100.33222), restart"
    assert (kind.field, kind.before, kind.after) == ("kind", "hotpatch", "unplanned_baseline")
    assert (restart.field, restart.before, restart.after) == ("restart", "no", "yes")


def test_plans_that_are_new_other_and_gone(catalog: Catalog, tmp_path: Path) -> None:
    new = overlay(tmp_path, announced=[{"month": "2026-12", "planned_kind": "hotpatch"}])
    other = overlay(tmp_path, announced=[{"month": "2026-12", "planned_kind": "baseline"}])
    assert texts(catalog, new) == ["ws2025 2026-12: announced as hotpatch"]
    assert texts(new, other) == ["ws2025 2026-12: announced as hotpatch, now as baseline"]
    assert texts(other, catalog) == ["ws2025 2026-12: no longer announced as baseline"]


def test_the_end_of_hotpatching(catalog: Catalog, tmp_path: Path) -> None:
    (change,) = compare_catalogs(catalog, overlay(tmp_path, hotpatch_ends="2027-10-12"), ["ws2025"])
    assert (change.text, change.month) == ("ws2025: hotpatches end 2027-10-12 (before: not known)", "2027-10")


def test_months_limit_what_is_told(catalog: Catalog) -> None:
    before = without(catalog, "ws2025", "2026-07", "2026-08")
    assert len(texts(before, catalog, months={"2026-08"})) == 1
    assert texts(before, catalog, line="win11_24h2") == []


def test_withdrawals_and_denials(catalog: Catalog) -> None:
    """The reason that the overlay gives stands in the line."""

    def compared(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
        old, new = (altered(catalog, "ws2025", "KB5120228", **fields) for fields in (before, after))
        return list(compare_catalogs(old, new, ["ws2025"]))

    plain: dict[str, Any] = {}
    gone = {"withdrawn": "Breaks domain controllers"}
    denied = {"denial": Denial("Breaks smart cards", date(2026, 9, 8), ("web01",))}
    where = "ws2025 2026-08: KB5120228"
    assert [change.text for change in compared(plain, gone)] == [
        f"{where} withdrawn, no longer installed nor expected: Breaks domain controllers"
    ]
    assert [change.text for change in compared(gone, plain)] == [f"{where} no longer withdrawn"]
    assert [change.text for change in compared(plain, denied)] == [f"{where} denied until 2026-09-08 except web01: Breaks smart cards"]
    assert [change.change for change in compared(denied, plain)] == ["allowed"]
    assert compared(denied, denied) == []
