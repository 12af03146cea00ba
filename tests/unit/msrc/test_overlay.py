# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of an overlay: which revision of a document counts, and what is kept of the others."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.overlay import lay_over, read_overlay, render
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    Data,
    blind,
    contributed,
    december,
    document,
    fix,
    sample,
    vulnerability,
)

OLD, NEW = december("KB5990002", "9", "2026-12-10T08:00:00"), december("KB5990003", "12", "2026-12-20T08:00:00")


def kbs(data: Data) -> list[str]:
    return [row["kb"] for row in data["lines"]["ws2022_azure"]["releases"]]


def test_the_newest_revision_counts_in_whatever_order() -> None:
    old, new = contributed(OLD), contributed(NEW)
    forward, _dummy = lay_over(lay_over(None, [old])[0], [new])
    backward, taken = lay_over(lay_over(None, [new])[0], [old])
    together, _dummy = lay_over(None, [old, new])
    assert render(forward) == render(backward) == render(together)
    assert kbs(forward) == ["KB5990003"]
    assert taken == []
    assert {row["kb"] for row in forward["findings"]} <= {"KB5990003", None}
    assert [fix["kb"] for fix in forward["cves"][0]["fixes"]] == ["KB5990001", "KB5990003"]


def test_of_one_day_the_higher_number_counts_and_it_is_a_number() -> None:
    nine, ten = december("KB5990002", "9", "2026-12-10T08:00:00"), december("KB5990003", "10", "2026-12-10T07:00:00")
    for order in ([nine, ten], [ten, nine]):
        assert kbs(lay_over(None, [contributed(item) for item in order])[0]) == ["KB5990003"]


def test_a_month_that_lost_its_release_loses_it_in_the_overlay_too() -> None:
    later = document(vulnerability("CVE-2026-90002", fix("KB5990001", "99999")), number="20", revised="2026-12-24T08:00:00")
    before, _dummy = lay_over(None, [contributed(OLD), contributed(sample("2026-Aug"))])
    after, _dummy = lay_over(before, [contributed(later)])
    assert kbs(after) == ["KB5120229"]
    assert {row["month"] for row in after["cves"]} == {"2026-08"}
    assert [row["id"] for row in after["documents"]] == ["2026-Aug", "2026-Dec"]


def test_a_part_document_of_a_month_stands_beside_the_whole_one() -> None:
    part = document(
        vulnerability("CVE-2026-80000", fix("KB5990001", "11923", "20348.6000")),
        month="2026-Dec-B",
        number="99",
        revised="2026-12-30T08:00:00",
    )
    whole = contributed(NEW, blind())
    for order in ([whole, contributed(part, blind())], [contributed(part, blind()), whole]):
        data, _dummy = lay_over(None, order)
        assert [row["cve"] for row in data["cves"]] == ["CVE-2026-80000", "CVE-2026-90001"]
        assert [row["id"] for row in data["documents"]] == ["2026-Dec", "2026-Dec-B"]


def test_ids_are_written_alike() -> None:
    shouted = december("KB5990002", "9", "2026-12-10T08:00:00", month="2026-DEC")
    assert [row["id"] for row in lay_over(None, [contributed(shouted), contributed(NEW)])[0]["documents"]] == ["2026-Dec"]


def test_one_kb_in_two_months_is_one_release() -> None:
    next_month = document(
        vulnerability("CVE-2027-00001", fix("KB5990001", "11923", "20348.6000"), revisions="1.0 2027-01-12"),
        month="2027-Jan",
        day="2027-01-12",
        revised="2027-01-12T18:00:00",
    )
    this_month = document(vulnerability("CVE-2026-90001", fix("KB5990001", "11923", "20348.6000")))
    for order in ([next_month, this_month], [this_month, next_month]):
        data, _dummy = lay_over(None, [contributed(item) for item in order])
        rows = data["lines"]["ws2022_azure"]["releases"]
        # The kind is settled in one of the two and unknown in the other.
        assert [(row["month"], row["kind"]) for row in rows] == [("2027-01", "baseline")]


def test_the_date_of_the_data_is_no_later_than_the_month_of_the_document() -> None:
    # A document of February 2022 that was revised in 2026 says nothing of the months between.
    assert lay_over(None, [contributed(sample("2022-Feb"))])[0]["generated"] == "2022-02-28"
    both, _dummy = lay_over(None, [contributed(sample("2022-Feb")), contributed(sample("2026-Aug"))])
    assert both["generated"] == "2026-08-20"
    assert {line["generated"] for line in both["lines"].values()} == {"2026-08-20"}


def test_the_form_of_the_file() -> None:
    data = json.loads(render(lay_over(None, [contributed(OLD), contributed(sample("2025-Dec"), blind())])[0]))
    assert set(data) == {"format", "generated", "lines", "documents", "cves", "findings"}
    assert data["format"] == "winops.hotpatch/catalog/1"
    for line in data["lines"].values():
        assert set(line) == {"generated", "releases", "announced", "component_updates", "hotpatch_ends"}
    known = {"month", "released", "kind", "planned_kind", "kb", "build", "lcu_kb", "lcu_build", "restart", "confidence", "source", "note"}
    for line in data["lines"].values():
        assert all(set(row) <= known for row in line["releases"])
        assert all(set(row) <= {"kb", "title", "build", "after", "cvrf_subtype", "source"} for row in line["component_updates"])
    assert all(set(row) == {"month", "line", "kb", "rule", "message", "decision"} for row in data["findings"])
    assert all(set(row) == {"cve", "month", "title", "severity", "exploited", "fixes"} for row in data["cves"])
    assert all(set(row) == {"line", "kb", "build", "carrier"} for cve in data["cves"] for row in cve["fixes"])
    assert all(set(row) == {"id", "title", "revision", "revised", "sha256"} for row in data["documents"])


def test_there_is_no_overlay_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_overlay(tmp_path / "msrc.json") is None
