# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlays: both forms, what wins, what a field came from, and what is kept besides releases."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, CatalogError, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES, Denial, Kind, Release
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.vulnerabilities import Cve, Discrepancy, Document, Fix
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import NEXT_BASELINE

FORMAT = "winops.hotpatch/catalog/1"
AUGUST = {"month": "2026-08", "kb": "KB5120228"}
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes an overlay of Windows Server 2025 with the entries given and returns its path."""
    count = 0

    def _write(*entries: dict[str, Any], **more: Any) -> str:
        nonlocal count
        count += 1
        path = tmp_path / f"{count}.yml"
        path.write_text(yaml.safe_dump({"line": "ws2025", "generated": "2026-11-22", "releases": list(entries), **more}), encoding="utf-8")
        return str(path)

    return _write


def august(catalog: Catalog) -> Release:
    found = catalog.find("ws2025", AUGUST["kb"])
    assert found is not None
    return found


def test_an_entry_corrects_the_fields_that_it_names(write: Write, catalog: Catalog) -> None:
    """The rest stays what it was, and each field says where it came from."""
    first = write({**AUGUST, "build": "26100.33223", "confidence": "documented"})
    second = write({**AUGUST, "build": "26100.33224"})
    merged = load_catalog([first, second])
    before, after = august(catalog), august(merged)
    assert (str(after.build), after.confidence) == ("26100.33224", "documented")
    assert before.confidence == "seen"
    assert (after.released, after.kind, after.lcu_kb, after.source) == (before.released, before.kind, before.lcu_kb, before.source)
    origin = merged.origin("ws2025", **AUGUST)
    assert (origin["build"], origin["confidence"], origin["released"], origin["month"]) == (second, first, "built-in", second)
    assert set(catalog.origin("ws2025", **AUGUST).values()) == {"built-in"}
    assert merged.origin("ws2025", "2026-08", "KB5999001") == merged.origin("ws2019", **AUGUST) == {}


def test_null_clears_a_field(write: Write, catalog: Catalog) -> None:
    assert august(catalog).lcu_kb is not None
    merged = load_catalog([write({**AUGUST, "lcu_kb": None, "lcu_build": None})])
    assert (august(merged).lcu_kb, august(merged).lcu_build) == (None, None)
    assert "lcu_kb" not in merged.origin("ws2025", **AUGUST)
    with pytest.raises(CatalogError, match="restart is missing: a release of kind hotpatch needs it"):
        load_catalog([write({**AUGUST, "restart": None})])
    with pytest.raises(CatalogError, match="kind is missing: null clears a field, and this one is needed"):
        load_catalog([write({**AUGUST, "kind": None})])


def test_an_entry_that_corrects_nothing_must_be_complete(write: Write) -> None:
    path = write({"month": "2026-08", "kb": "KB5120229", "note": "mistyped"})
    with pytest.raises(CatalogError) as caught:
        load_catalog([path])
    assert caught.value.entry == "releases[1] 2026-08 KB5120229"
    assert caught.value.rule == (
        "released, kind, build, restart are missing: nothing earlier has KB5120229 of 2026-08 for ws2025, "
        "so there is nothing to correct, only to add"
    )


def test_both_forms_say_the_same(tmp_path: Path, write: Write) -> None:
    """The many-line form with one line is the one-line form; as YAML and as JSON."""
    one = load_catalog([write(NEXT_BASELINE)])
    many = {"format": FORMAT, "generated": "2026-11-22", "lines": {"ws2025": {"releases": [NEXT_BASELINE]}}}
    for name, text in (("many.json", json.dumps(many, indent="\t")), ("many.yml", yaml.safe_dump(many))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        other = load_catalog([tmp_path / name])
        assert other.releases("ws2025") == one.releases("ws2025")
        assert other.origin("ws2025", "2026-10", "KB5999001")["build"] == str(tmp_path / name)


def test_the_order_decides(tmp_path: Path, write: Write) -> None:
    """Files in the order given, a folder by the names of its files; the last one wins."""
    one, two = write({**AUGUST, "note": "one"}), write({**AUGUST, "note": "two"})
    assert august(load_catalog([one, two])).note == "two"
    assert august(load_catalog([two, one])).note == "one"
    assert august(load_catalog([tmp_path])).note == "two"
    assert [Path(path).name for path in load_catalog([tmp_path]).overlays] == ["1.yml", "2.yml"]


def test_each_source_carries_its_date(tmp_path: Path) -> None:
    """A line is as fresh as the newest file that speaks of it; a line of its own date overrules the date of the file."""
    path = tmp_path / "many.yml"
    lines = {"ws2025": {"generated": "2026-12-09"}, "win11_24h2": {}}
    path.write_text(yaml.safe_dump({"format": FORMAT, "generated": "2026-12-01", "lines": lines}), encoding="utf-8")
    merged = load_catalog([path])
    assert [source.path for source in merged.sources] == ["built-in", str(path)]
    assert merged.sources[0].generated == dict.fromkeys(LINES, date(2026, 11, 22))
    assert merged.sources[1].generated == {"ws2025": date(2026, 12, 9), "win11_24h2": date(2026, 12, 1)}
    assert [merged.generated_for(line) for line in LINES] == [date(2026, 11, 22), date(2026, 12, 9), date(2026, 12, 1), date(2026, 11, 22)]
    assert merged.generated == date(2026, 11, 22)


def test_an_older_overlay_makes_nothing_older(write: Write, catalog: Catalog) -> None:
    assert load_catalog([write(generated="2026-01-01")]).generated_for("ws2025") == catalog.generated_for("ws2025")


def test_a_withdrawn_release_stays_visible_with_its_reason(write: Write) -> None:
    gone = write({**AUGUST, "withdrawn": True, "reason": "Microsoft pulled it."})
    back = write({**AUGUST, "withdrawn": False})
    assert august(load_catalog([gone])).withdrawn == "Microsoft pulled it."
    merged = load_catalog([gone, back])
    assert august(merged).withdrawn is None
    assert "reason" not in merged.origin("ws2025", **AUGUST)


def test_what_took_the_place_of_a_withdrawn_release_may_follow_it(write: Write) -> None:
    """Two hotpatches of a month cannot both be, but one of them may be withdrawn."""
    gone = {**AUGUST, "withdrawn": True, "reason": "Pulled."}
    anew = {**AUGUST, "kb": "KB5999001", "released": "2026-08-13", "kind": "hotpatch", "planned_kind": "hotpatch", "restart": False}
    anew |= {"build": "26100.33230", "note": "It took the place of KB5120228."}
    merged = load_catalog([write(gone, anew)])
    assert [release.kb for release in merged.releases("ws2025") if release.month == "2026-08"][:2] == ["KB5120228", "KB5999001"]
    with pytest.raises(CatalogError, match="a month has one baseline or one hotpatch"):
        load_catalog([write(anew)])


def test_a_denial_is_set_corrected_and_lifted(write: Write) -> None:
    denied = write({**AUGUST, "denied": True, "reason": "Breaks RDS.", "denied_until": "2026-09-08"})
    longer = write({**AUGUST, "denied_until": "2026-10-13", "denied_except": ["db1", "db2"]})
    lifted = write({**AUGUST, "denied": False})
    assert august(load_catalog([denied])).denial == Denial("Breaks RDS.", date(2026, 9, 8), ())
    assert august(load_catalog([denied, longer])).denial == Denial("Breaks RDS.", date(2026, 10, 13), ("db1", "db2"))
    merged = load_catalog([denied, longer, lifted])
    assert august(merged).denial is None
    assert merged.origin("ws2025", **AUGUST)["denied"] == lifted
    assert {"reason", "denied_until", "denied_except"}.isdisjoint(merged.origin("ws2025", **AUGUST))
    again = write({**AUGUST, "denied": True, "reason": "Breaks it again."})
    assert august(load_catalog([denied, longer, lifted, again])).denial == Denial("Breaks it again.", None, ())


def test_an_open_kind_is_settled_by_a_later_overlay(write: Write) -> None:
    unsettled = {key: NEXT_BASELINE[key] for key in ("month", "released", "kb", "build")} | {"kind": "unknown"}
    opened = load_catalog([write(unsettled)])
    release = opened.find("ws2025", "KB5999001")
    assert release is not None
    assert (release.kind, release.planned_kind, release.restart, release.is_settled) == (Kind.UNKNOWN, None, None, False)
    settled = {"month": "2026-10", "kb": "KB5999001", "kind": "baseline", "planned_kind": "baseline"}
    with pytest.raises(CatalogError, match="restart is missing"):
        load_catalog([write(unsettled), write(settled)])
    found = load_catalog([write(unsettled), write({**settled, "restart": True})]).find("ws2025", "KB5999001")
    assert found is not None
    assert (found.kind, found.restart) == (Kind.BASELINE, True)


def test_announcements_components_and_the_end_are_taken_over(write: Write, catalog: Catalog) -> None:
    more = {
        "announced": [
            {"month": "2026-12", "planned_kind": "hotpatch"},
            {"month": "2026-11", "planned_kind": "baseline", "note": "changed"},
        ],
        "component_updates": [{"kb": "KB5999003", "title": "PowerShell"}],
        "hotpatch_ends": "2029-10-09",
    }
    merged = load_catalog([write(**more), write()])
    planned = {item.month: item.planned_kind.value for item in merged.lines["ws2025"].announced}
    assert planned == {"2026-10": "baseline", "2026-11": "baseline", "2026-12": "hotpatch"}
    assert merged.find_component("KB5999003") is not None
    assert catalog.find_component("KB5999003") is None
    assert merged.lines["ws2025"].hotpatch_ends == date(2029, 10, 9)


def test_cves_documents_and_findings_are_kept(tmp_path: Path) -> None:
    """Typed, sorted, and a later file replaces what an earlier one said of the same thing."""
    document = {"id": "2026-Oct", "title": "October", "revision": "1.0", "revised": "2026-10-13", "sha256": "0f" * 32}
    fix = {"line": "ws2025", "kb": "KB5999001", "build": None, "carrier": "lcu"}
    cve = {"cve": "CVE-2026-2222", "month": "2026-10", "title": "Late", "severity": "Critical", "exploited": None, "fixes": [fix]}
    finding = {"month": "2026-10", "line": None, "kb": None, "rule": "no_hotpatch", "message": "None listed.", "decision": "Left open."}
    first = {"documents": [document], "cves": [cve, {**cve, "cve": "CVE-2026-1111", "title": "Early"}], "findings": [finding]}
    second = {
        "documents": [{**document, "revision": "2.0"}, {**document, "id": "2026-Aug"}],
        "cves": [{**cve, "title": "Later", "exploited": True}],
    }
    for name, part in (("1.json", first), ("2.json", second)):
        (tmp_path / name).write_text(json.dumps({"format": FORMAT, "generated": "2026-10-14", **part}), encoding="utf-8")
    merged = load_catalog([tmp_path])
    assert [(item.id, item.revision) for item in merged.documents] == [("2026-Aug", "1.0"), ("2026-Oct", "2.0")]
    assert merged.documents[1] == Document("2026-Oct", "October", "2.0", date(2026, 10, 13), "0f" * 32)
    fixes = (Fix("ws2025", "KB5999001", None, "lcu"),)
    assert merged.cves == (
        Cve("CVE-2026-1111", "2026-10", "Early", "Critical", None, fixes),
        Cve("CVE-2026-2222", "2026-10", "Later", "Critical", True, fixes),
    )
    assert merged.findings == (Discrepancy("2026-10", None, None, "no_hotpatch", "None listed.", "Left open."),)


def test_a_catalog_on_disk_does_not_change_the_built_in_one(write: Write, catalog: Catalog) -> None:
    """The built-in data is read once a process, so an overlay must not leave traces in it."""
    load_catalog([write(NEXT_BASELINE, {**AUGUST, "denied": True, "reason": "For this test."})])
    assert load_catalog() == catalog
    assert load_catalog().find("ws2025", "KB5999001") is None
