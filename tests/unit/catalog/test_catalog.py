# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalog: what it holds, what it refuses, and what can be seen of it at a time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog import catalog as catalog_module
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, CatalogError, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.patch_tuesday import current_month, next_patch_tuesday, patch_tuesday
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import NEXT_BASELINE, at, stamp

DATA = Path(catalog_module.__file__).resolve().parent.parent / "data" / "releases"


def overlay(tmp_path: Path, *entries: dict[str, Any], **top: Any) -> Path:
    """Write an overlay of Windows Server 2025 with ENTRIES and return its path."""
    path = tmp_path / "overlay.yml"
    path.write_text(yaml.safe_dump({"line": "ws2025", "generated": "2026-11-22", "releases": list(entries), **top}), encoding="utf-8")
    return path


@pytest.mark.parametrize("line", LINES)
def test_nothing_of_the_data_is_lost(catalog: Catalog, line: str) -> None:
    """Counts by kind and every KB and build are those of the file."""
    raw = yaml.safe_load((DATA / f"{line}.yml").read_text(encoding="utf-8"))["releases"]
    releases = catalog.releases(line)
    assert Counter(release.kind.value for release in releases) == Counter(item["kind"] for item in raw)
    assert {(release.kb, str(release.build)) for release in releases} == {(item["kb"], item["build"]) for item in raw}
    assert [release.released for release in releases] == sorted(release.released for release in releases)


def test_counts_that_are_known(catalog: Catalog) -> None:
    """Independent of the files: what the history of the four lines is known to hold."""
    counts = {line: Counter(release.kind.value for release in catalog.releases(line)) for line in LINES}
    assert [sum(count.values()) for count in counts.values()] == [78, 36, 41, 26]
    assert counts["ws2022_azure"]["unplanned_baseline"] == 6
    assert [counts[line]["unplanned_baseline"] for line in ("ws2025", "win11_24h2", "win11_25h2")] == [2, 2, 2]
    assert catalog.generated == date(2026, 11, 22)


def test_server_and_client_share_a_build_and_nothing_else(catalog: Catalog) -> None:
    """From 2026 on the KBs of 26100 differ by line."""
    assert catalog.find("ws2025", "KB5094125") is not None
    assert catalog.find("win11_24h2", "KB5094125") is None
    assert {release.line for release in catalog.find_any("KB5066835")} == {"ws2025", "win11_24h2", "win11_25h2"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"kind": "sometimes"}, "kind must be one of"),
        ({"released": "2026-13-40"}, "released must be a date"),
        ({"released": "2026-11-10"}, "is not in month 2026-10"),
        ({"month": "2026-1"}, "month must be a month"),
        ({"kb": "5999001"}, "kb must be KB and six to eight digits"),
        ({"build": "33650"}, "build: '33650' is not a build"),
        ({"build": "20348.1"}, "does not belong to this line"),
        ({"build": "26100.100"}, "is not above 26100.33438"),
        ({"planned_kind": None}, "planned_kind must be baseline or hotpatch"),
        ({"planned_kind": "hotpatch"}, "contradicts planned_kind"),
        ({"kind": "unplanned_baseline"}, "contradicts planned_kind"),
        ({"kind": "oob_lcu"}, "planned_kind has no meaning"),
        ({"restart": "yes"}, "restart must be true or false"),
        ({"restart": False}, "restart cannot be false"),
        ({"lcu_kb": "KB5999002"}, "lcu_kb and lcu_build go together"),
        ({"confidence": "sure"}, "confidence must be one of"),
        ({"color": "red"}, "unknown key 'color'"),
        ({"kb": None}, "kb is missing"),
        ({"source": 7}, "source must be a list"),
        ({"kb": "KB5099536"}, "KB5099536 is already the release of 2026-07"),
    ],
)
def test_a_bad_entry_is_refused_by_name(tmp_path: Path, change: dict[str, Any], rule: str) -> None:
    """The error names the file, the entry and the rule."""
    path = overlay(tmp_path, {key: value for key, value in {**NEXT_BASELINE, **change}.items() if value is not None})
    with pytest.raises(CatalogError) as caught:
        load_catalog([path])
    assert rule in caught.value.rule
    assert caught.value.file == str(path)
    assert caught.value.entry
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[", "is not YAML or JSON"),
        ("- 1", "a mapping is expected"),
        ("line: ws2019\ngenerated: 2026-01-01", "line must be one of"),
        ("line: ws2025", "generated must be a date"),
        ("line: ws2025\ngenerated: 2026-01-01\nbase_build: 20348", "base_build of ws2025 is 26100"),
        ("line: ws2025\ngenerated: 2026-01-01\nreleases: 7", "releases must be a list"),
        ("line: ws2025\ngenerated: 2026-01-01\nreleases: [7]", "a mapping is expected"),
        ("line: ws2025\ngenerated: 2026-01-01\nhotpatch_ends: soon", "hotpatch_ends must be a date"),
        ("!!python/object/apply:os.system ['true']", "is not YAML or JSON"),
        ("\udcff", "is not YAML or JSON"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, text: str, rule: str) -> None:
    """A file that is not a catalog stops the run, whatever it is."""
    path = tmp_path / "bad.yml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CatalogError, match=rule):
        load_catalog([path])


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """An overlay that was asked for and is not there must not be passed over."""
    with pytest.raises(CatalogError, match="cannot be read"):
        load_catalog([tmp_path / "none.yml"])


def test_an_overlay_adds_and_replaces(tmp_path: Path, catalog: Catalog) -> None:
    """By line, month and KB; a folder counts as its files in order; JSON is YAML too."""
    replaced = {**NEXT_BASELINE, "month": "2026-09", "released": "2026-09-08", "kind": "unplanned_baseline", "planned_kind": "hotpatch"}
    replaced |= {"kb": "KB5122871", "build": "26100.33439", "note": "corrected"}
    overlay(tmp_path, NEXT_BASELINE, replaced)
    (tmp_path / "zz.json").write_text('{"line": "win11_24h2", "generated": "2026-12-10"}', encoding="utf-8")
    (tmp_path / "README.txt").write_text("no catalog", encoding="utf-8")
    merged = load_catalog([tmp_path])
    assert [Path(path).name for path in merged.overlays] == ["overlay.yml", "zz.json"]
    assert len(merged.releases("ws2025")) == len(catalog.releases("ws2025")) + 1
    found = merged.find("ws2025", "KB5122871")
    assert found is not None
    assert (str(found.build), found.note) == ("26100.33439", "corrected")
    assert merged.generated_for("win11_24h2") == date(2026, 12, 10)
    assert merged.generated == date(2026, 11, 22)
    assert catalog.find("ws2025", "KB5999001") is None


def test_a_month_is_one_thing(tmp_path: Path) -> None:
    """Two monthly releases in one month cannot both be true."""
    second = {**NEXT_BASELINE, "kb": "KB5999009", "build": "26100.33660"}
    with pytest.raises(CatalogError, match="a month has one baseline or one hotpatch"):
        load_catalog([overlay(tmp_path, NEXT_BASELINE, second)])
    with pytest.raises(CatalogError, match="appears twice"):
        load_catalog([overlay(tmp_path, NEXT_BASELINE, NEXT_BASELINE)])


def test_patch_tuesday_follows_the_clock_of_los_angeles() -> None:
    """Second Tuesday, 10:00: 17:00 UTC in summer, 18:00 in winter, and between the changes of either."""
    expected = {
        (2026, 1): "2026-01-13T18:00:00Z",
        (2026, 3): "2026-03-10T17:00:00Z",
        (2022, 3): "2022-03-08T18:00:00Z",
        (2026, 6): "2026-06-09T17:00:00Z",
        (2026, 11): "2026-11-10T18:00:00Z",
        (2025, 10): "2025-10-14T17:00:00Z",
    }
    assert {month: stamp(patch_tuesday(*month)) for month in expected} == expected


def test_the_month_turns_at_patch_tuesday() -> None:
    """Before it the month that counts is the one before, also across the year."""
    assert current_month(at("2026-06-09T16:59:59")) == "2026-05"
    assert current_month(at("2026-06-09T17:00:00")) == "2026-06"
    assert current_month(at("2026-01-02")) == "2025-12"
    assert stamp(next_patch_tuesday(at("2026-12-09"))) == "2027-01-12T18:00:00Z"


def test_the_built_in_data_agrees_with_patch_tuesday(catalog: Catalog) -> None:
    """Every monthly release came out on the second Tuesday: a check of data and code against each other."""
    for line in LINES:
        for release in catalog.releases(line):
            if release.is_monthly:
                year, month = int(release.month[:4]), int(release.month[5:])
                assert patch_tuesday(year, month) == release.available_at, release


def test_the_next_baseline_is_a_forecast(catalog: Catalog) -> None:
    """From the plan of later months, from announcements, and from the planned cadence after that; never from what came later."""
    view = catalog.view("ws2025", at("2026-05-20"))
    assert (view.next_planned_baseline().month, view.next_planned_baseline().confidence) == ("2026-07", "announced")
    assert catalog.view("ws2025", at("2026-09-20")).next_planned_baseline().month == "2026-10"
    december = catalog.view("ws2025", at("2026-12-09")).next_planned_baseline()
    assert (str(december.date), december.confidence) == ("2027-01-12", "planned_cadence")
