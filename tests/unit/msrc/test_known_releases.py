# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a document contradicts the catalog, the catalog is kept and the contradiction is said."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    HOTPATCH,
    SERVER,
    blind,
    contributed,
    document,
    fix,
    on_day,
    release,
    rules,
    sample,
    vulnerability,
)


def test_where_the_catalog_has_settled_the_kind_it_is_kept() -> None:
    found = contributed(sample("2026-Jun"))
    for line, kb in (("ws2022_azure", "KB5094128"), ("ws2025", "KB5094125"), ("win11_24h2", "KB5094126"), ("win11_25h2", "KB5094126")):
        assert "kind" not in release(found, line, kb)
        assert "planned_hotpatch_not_found" in rules(found, kb)


def test_a_known_hotpatch_filed_as_plain_is_said_and_kept() -> None:
    data = on_day(
        "2026-08-11", "CVE-2026-50472", fix("KB5120242", SERVER, "20348.5499", supersedes="5082142"), fix("KB5120229", SERVER, "20348.5440")
    )
    found = contributed(data)
    assert release(found, "ws2022_azure", "KB5120229") == {
        "month": "2026-08",
        "kb": "KB5120229",
        "released": "2026-08-11",
        "build": "20348.5440",
        "planned_kind": "hotpatch",
    }
    assert "two_updates_for_one_product" in rules(found, "KB5120229")
    assert {row["kb"]: row["carrier"] for row in found.cves[0]["fixes"]} == {"KB5120242": "lcu", "KB5120229": "hotpatch"}


def test_a_kb_that_the_catalog_has_on_other_lines_only_is_left_out() -> None:
    # As KB5094126, an update of Windows 11, on Windows Server 2025 in one CVE of June 2026.
    data = document(
        vulnerability("CVE-2026-00001", fix("KB5094125", "12436 12437", "26100.32995"), revisions="1.0 2026-06-09"),
        vulnerability("CVE-2025-10263", fix("KB5094126", "12436 12390", "26100.8655"), revisions="1.0 2026-06-09"),
        month="2026-Jun",
        day="2026-06-09",
    )
    found = contributed(data)
    assert {row["kb"] for row in found.releases["ws2025"]} == {"KB5094125"}
    assert "kb_of_another_line" in rules(found, "KB5094126")
    assert {(row["line"], row["kb"]) for cve in found.cves for row in cve["fixes"]} == {
        ("ws2025", "KB5094125"),
        ("win11_24h2", "KB5094126"),
    }


def test_a_hotpatch_that_the_document_forgot_stays_in_the_catalog() -> None:
    # February 2024: KB5034860 is in Microsoft's release notes and in no row of the document.
    data = on_day("2024-02-13", "CVE-2024-21338", fix("KB5034770", SERVER, "20348.2322"))
    found = contributed(data)
    assert found.releases == {}
    assert rules(found) >= {"hotpatch_missing_in_document"}
    assert [row["kind"] for row in contributed(data, blind()).releases["ws2022_azure"]] == ["unknown"]


def test_a_wrong_build_of_a_known_update_does_not_change_the_catalog() -> None:
    # June 2022: the document has 20348.770 for the LCU, Microsoft's release information 20348.768.
    data = on_day("2022-06-14", "CVE-2022-21123", fix("KB5014678", SERVER, "20348.770"), fix("KB5014677", SERVER, "20348.770", HOTPATCH))
    found = contributed(data)
    entry = release(found, "ws2022_azure", "KB5014677")
    assert "lcu_build" not in entry
    assert entry["build"] == "20348.770"
    assert rules(found, "KB5014678") == {"build_contradicts_catalog"}


def test_another_monthly_update_than_the_catalog_has_is_not_taken_over() -> None:
    data = on_day("2026-08-11", "CVE-2026-50472", fix("KB5120242", SERVER, "20348.5499"), fix("KB5999999", SERVER, "20348.5441", HOTPATCH))
    found = contributed(data)
    assert all(row["kb"] != "KB5999999" for row in found.releases.get("ws2022_azure", []))
    assert "month_contradicts_catalog" in rules(found, "KB5999999")
