# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of a document beside the month's own: component updates, those of other months, and those that came out of band."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    HOTPATCH,
    LCU,
    PATCH,
    SERVER,
    contributed,
    fix,
    month,
    release,
    rules,
    vulnerability,
)


def test_extra_packages_of_a_hotpatch_month_are_components() -> None:
    extra = vulnerability(
        "CVE-2026-91000",
        LCU,
        PATCH,
        # As KB5123303 of August 2026: a plain Security Update with the build of the LCU; as KB5074204: with that of the hotpatch.
        fix("KB5990010", SERVER, "20348.6000"),
        fix("KB5990011", SERVER, "20348.5950"),
        fix("KB5990012", SERVER, "20348.6000", "Standalone Security Update"),
        # .NET hangs on a product of its own.
        fix("KB5990013", "10378", "=4.8.4700"),
    )
    found = contributed(month(extra))
    assert [row["kb"] for row in found.components["ws2022_azure"]] == ["KB5990010", "KB5990011", "KB5990012"]
    assert [row["kb"] for row in found.releases["ws2022_azure"]] == ["KB5990002"]
    assert "extra_package" in rules(found, "KB5990010") & rules(found, "KB5990011")
    (cve,) = [row for row in found.cves if row["cve"] == "CVE-2026-91000"]
    assert {row["kb"]: row["carrier"] for row in cve["fixes"]} == {
        "KB5990001": "lcu",
        "KB5990002": "hotpatch",
        "KB5990010": "component",
        "KB5990011": "component",
        "KB5990012": "component",
    }


def test_a_plain_update_beside_the_lcu_in_one_cve_with_a_build_of_its_own_is_no_release() -> None:
    found = contributed(month(vulnerability("CVE-2026-91000", LCU, PATCH, fix("KB5990010", SERVER, "20348.5100"))))
    assert [row["kb"] for row in found.releases["ws2022_azure"]] == ["KB5990002"]
    assert found.components == {}
    assert rules(found, "KB5990010") == {"extra_package_not_settled"}


def test_a_second_hotpatch_of_the_day_is_a_component() -> None:
    extra = vulnerability("CVE-2026-91000", LCU, PATCH, fix("KB5990010", SERVER, "20348.5959", HOTPATCH))
    found = contributed(month(extra))
    assert [row["kb"] for row in found.components["ws2022_azure"]] == ["KB5990010"]
    assert "second_hotpatch_of_a_day" in rules(found, "KB5990010")


def test_the_hotpatch_of_an_earlier_month_beside_the_lcu_of_this_one_is_no_release() -> None:
    # As KB5078737 of March in the document of May 2026.
    extra = vulnerability("CVE-2026-91000", LCU, fix("KB5980000", SERVER, "20348.5900", HOTPATCH))
    found = contributed(month(extra))
    assert [row["kb"] for row in found.releases["ws2022_azure"]] == ["KB5990002"]
    assert found.components == {}
    assert "release_of_another_month" in rules(found, "KB5980000")


def test_updates_that_a_later_revision_added_in_another_month_are_no_releases_of_this_one() -> None:
    # As KB5026370 and KB5026456 of May 2023 in the document of July 2022.
    late = vulnerability(
        "CVE-2026-91000",
        fix("KB5995001", SERVER, "20348.7000", supersedes="5990001"),
        fix("KB5995002", SERVER, "20348.6990", HOTPATCH),
        revisions="1.0 2026-12-08 2.0 2027-05-11",
    )
    found = contributed(month(late))
    assert [row["kb"] for row in found.releases["ws2022_azure"]] == ["KB5990002"]
    assert rules(found, "KB5995001") == {"release_of_another_month"}
    assert "release_of_another_month" in rules(found, "KB5995002")


def test_updates_of_an_earlier_month_are_not_taken_for_those_of_this_month() -> None:
    # As KB5065306 of September in the document of October 2025, which is in CVEs of the release day too.
    early = vulnerability("CVE-2026-91000", fix("KB5980001", SERVER, "20348.5910"), fix("KB5980002", SERVER, "20348.5900", HOTPATCH))
    found = contributed(month(early, main=(LCU,)))
    assert {row["kb"]: row["kind"] for row in found.releases["ws2022_azure"]} == {"KB5990001": "unknown"}


def test_an_out_of_band_hotpatch_is_dated_by_the_revision_that_added_it() -> None:
    late = vulnerability(
        "CVE-2026-91000", LCU, fix("KB5990020", SERVER, "20348.5955", HOTPATCH), revisions="1.0 2026-12-08 1.1 2026-12-09 2.0 2026-12-14"
    )
    entry = release(contributed(month(late)), "ws2022_azure", "KB5990020")
    assert (entry["kind"], entry["released"], entry["restart"]) == ("oob_hotpatch", "2026-12-14", False)
    assert "planned_kind" not in entry


def test_an_out_of_band_hotpatch_of_two_possible_days_takes_the_later_and_says_so() -> None:
    late = vulnerability(
        "CVE-2026-91000", LCU, fix("KB5990020", SERVER, "20348.5955", HOTPATCH), revisions="1.0 2026-12-08 2.0 2026-12-14 3.0 2026-12-16"
    )
    found = contributed(month(late))
    assert release(found, "ws2022_azure", "KB5990020")["released"] == "2026-12-16"
    assert "release_day_not_settled" in rules(found, "KB5990020")


def test_an_out_of_band_update_is_an_lcu_if_it_supersedes_the_lcu_and_unknown_otherwise() -> None:
    later = "1.0 2026-12-08 2.0 2026-12-14"
    known = vulnerability("CVE-2026-91000", fix("KB5990020", SERVER, "20348.6010", supersedes="5990001"), revisions=later)
    open_kind = vulnerability("CVE-2026-91000", fix("KB5990020", SERVER, "20348.6010"), revisions=later)
    settled = release(contributed(month(known)), "ws2022_azure", "KB5990020")
    assert (settled["kind"], settled["restart"]) == ("oob_lcu", True)
    unsettled = release(contributed(month(open_kind)), "ws2022_azure", "KB5990020")
    assert (unsettled["kind"], unsettled["restart"]) == ("unknown", None)
    assert "out_of_band_not_settled" in rules(contributed(month(open_kind)), "KB5990020")
