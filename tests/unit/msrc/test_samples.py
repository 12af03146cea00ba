# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The excerpts of real documents: every row of the catalog that they show is found again, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.overlay import lay_over, render
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    SAMPLE_FILES,
    SAMPLES,
    as_xml,
    blind,
    built_in,
    contributed,
    read,
    sample,
)

# What the documents show of each line, held against the excerpts by hand: month, KB, what the document alone makes of it.
SHOWN = {
    "ws2022_azure": {
        ("2022-02", "KB5010456", "hotpatch"),
        ("2023-09", "KB5030325", "hotpatch"),
        ("2025-05", "KB5058500", "hotpatch"),
        ("2025-10", "KB5070884", "unknown"),
        ("2025-12", "KB5071413", "hotpatch"),
        ("2026-03", "KB5078737", "hotpatch"),
        ("2026-06", "KB5094128", "unknown"),
        ("2026-08", "KB5120229", "hotpatch"),
    },
    "ws2025": {
        ("2025-05", "KB5058497", "hotpatch"),
        ("2025-10", "KB5070881", "unknown"),
        ("2025-12", "KB5072014", "hotpatch"),
        ("2026-03", "KB5078736", "hotpatch"),
        ("2026-06", "KB5094125", "unknown"),
        ("2026-08", "KB5120228", "hotpatch"),
    },
    "win11_24h2": {
        ("2025-05", "KB5058497", "hotpatch"),
        ("2025-05", "KB5061258", "oob_hotpatch"),
        ("2025-12", "KB5072014", "hotpatch"),
        ("2026-03", "KB5079420", "hotpatch"),
        ("2026-03", "KB5084597", "oob_hotpatch"),
        ("2026-06", "KB5094126", "unknown"),
        ("2026-08", "KB5120994", "hotpatch"),
    },
    "win11_25h2": {
        ("2025-12", "KB5072014", "hotpatch"),
        ("2026-03", "KB5079420", "hotpatch"),
        ("2026-03", "KB5084597", "oob_hotpatch"),
        ("2026-06", "KB5094126", "unknown"),
        ("2026-08", "KB5120994", "hotpatch"),
    },
}


def test_without_the_catalog_the_documents_alone_show_their_releases() -> None:
    data, _dummy = lay_over(None, [contributed(sample(path.stem), blind()) for path in SAMPLE_FILES])
    found = {name: {(row["month"], row["kb"], row["kind"]) for row in line["releases"]} for name, line in data["lines"].items()}
    assert found == SHOWN


def test_what_the_documents_show_is_in_the_catalog_with_the_same_day_build_and_lcu() -> None:
    catalog, checked = built_in(), 0
    data, _dummy = lay_over(None, [contributed(sample(path.stem), blind()) for path in SAMPLE_FILES])
    for name, line in data["lines"].items():
        for row in line["releases"]:
            known = catalog.find(name, row["kb"])
            assert known is not None
            assert row["month"] == known.month
            assert row["build"] == str(known.build)
            # The document dates an out-of-band update by the revision that added it, which may be a day late.
            assert known.released.isoformat() <= row["released"]
            if row["kind"] != "unknown":
                lcu = None if known.lcu_build is None or known.kind == "oob_hotpatch" else str(known.lcu_build)
                assert (row["kind"], row.get("lcu_build"), row["released"]) == (known.kind, lcu, known.released.isoformat())
                assert row["restart"] is known.restart
            checked += 1
    assert checked == sum(map(len, SHOWN.values()))


def test_over_the_catalog_nothing_is_new_and_no_kind_of_the_catalog_is_changed() -> None:
    catalog = built_in()
    data, _dummy = lay_over(None, [contributed(sample(path.stem)) for path in SAMPLE_FILES])
    for name, line in data["lines"].items():
        # KB5070892 and KB5070893 are releases in the catalog and components in the document, so the entries name them too.
        assert {row["kb"] for row in line["releases"]} - {"KB5070892", "KB5070893"} == {kb for _month, kb, _kind in SHOWN[name]}
        assert line["component_updates"] == []
        for row in line["releases"]:
            known = catalog.find(name, row["kb"])
            assert known is not None
            assert "source" not in row
            assert row.get("kind", known.kind) == known.kind
            assert row.get("build", str(known.build)) == str(known.build)


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.stem)
def test_both_forms_of_a_document_are_read_alike(path: Path) -> None:
    from_json = read(path.read_bytes(), "x")
    from_xml = read(as_xml(json.loads(path.read_text())), "x")
    assert from_json.sha256 != from_xml.sha256
    assert repr(from_json).replace(from_json.sha256, "") == repr(from_xml).replace(from_xml.sha256, "")
    assert from_json.vulnerabilities


def test_the_order_of_the_documents_and_a_second_import_change_no_byte() -> None:
    all_of_them = [contributed(sample(path.stem)) for path in SAMPLE_FILES]
    at_once = render(lay_over(None, all_of_them)[0])
    assert render(lay_over(None, all_of_them[::-1])[0]) == at_once
    one_by_one = None
    for item in [*all_of_them[3:], *all_of_them[:3]]:
        one_by_one, _dummy = lay_over(one_by_one, [item])
    assert one_by_one is not None
    assert render(one_by_one) == at_once
    again, _dummy = lay_over(json.loads(at_once), all_of_them)
    assert render(again) == at_once
    assert at_once.endswith("}\n")


def test_the_excerpts_are_those_that_the_read_me_lists() -> None:
    listed = {word for word in (SAMPLES / "README.md").read_text().split() if word.endswith(".json")}
    assert listed == {path.name for path in SAMPLE_FILES}
