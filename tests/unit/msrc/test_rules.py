# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each rule on what a document says, with a document that needs it."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.planned_cadence import kind_by_cadence
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.packages import Label, label_of
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.product_lines import fixed_build, line_of
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    MONTH,
    NAMES,
    Data,
    blind,
    contributed,
    document,
    fix,
    release,
    rules,
    sample,
    threat,
    vulnerability,
)

SERVER = "11923 11924"
HOTPATCH = "Security Hotpatch Update"
LCU = fix("KB5990001", SERVER, "20348.6000", supersedes="5989999")
PATCH = fix("KB5990002", SERVER, "20348.5950", HOTPATCH)


def month(*extra: Data, main: tuple[Data, ...] = (LCU, PATCH), **more: str) -> Data:
    """December 2026 with the month's updates in three CVEs."""
    usual = [vulnerability(f"CVE-2026-9000{number}", *main) for number in range(3)]
    return document(*usual, *extra, **more)


def test_a_hotpatch_month_of_a_month_that_the_catalog_has_not() -> None:
    found = contributed(month())
    assert found.releases == {
        "ws2022_azure": [
            {
                "month": "2026-12",
                "kb": "KB5990002",
                "released": "2026-12-08",
                "kind": "hotpatch",
                "planned_kind": "hotpatch",
                "build": "20348.5950",
                "lcu_kb": "KB5990001",
                "lcu_build": "20348.6000",
                "restart": False,
                "confidence": "documented",
                "source": ["MSRC CVRF 2026-Dec"],
            }
        ]
    }


def test_restart_required_of_a_hotpatch_is_not_believed() -> None:
    found = contributed(month())
    assert release(found, "ws2022_azure", "KB5990002")["restart"] is False
    assert "restart_not_believed" in rules(found, "KB5990002")
    assert "restart_not_believed" not in rules(found, "KB5990001")
    honest = contributed(month(main=(LCU, fix("KB5990002", SERVER, "20348.5950", HOTPATCH, restart="No"))))
    assert "restart_not_believed" not in rules(honest)


@pytest.mark.parametrize(
    "subtype",
    ["Security Hotpatch Update", "Security HotPatch Update", "SecurityHotpatchUpdate", "AzureHotpatch", " security  hotpatch update "],
)
def test_every_spelling_of_the_subtype_is_a_hotpatch(subtype: str) -> None:
    assert label_of(subtype) is Label.HOTPATCH
    found = contributed(month(main=(LCU, fix("KB5990002", SERVER, "20348.5950", subtype))))
    assert release(found, "ws2022_azure", "KB5990002")["kind"] == "hotpatch"


def test_a_subtype_that_is_neither_cumulative_nor_hotpatch_is_a_component() -> None:
    assert label_of("Security Update") is label_of("Monthly Rollup") is label_of("") is Label.CUMULATIVE
    for subtype in ("Standalone Security Update", "Security Only", "ServicingStackUpdate"):
        assert label_of(subtype) is Label.COMPONENT


def test_the_hotpatch_may_have_the_higher_build() -> None:
    found = contributed(month(main=(LCU, fix("KB5990002", SERVER, "20348.6001", HOTPATCH))))
    assert release(found, "ws2022_azure", "KB5990002")["build"] == "20348.6001"
    assert release(found, "ws2022_azure", "KB5990002")["lcu_build"] == "20348.6000"


def test_two_updates_fix_one_cve_of_one_product_at_two_builds() -> None:
    (cve,) = [row for row in contributed(month()).cves if row["cve"] == "CVE-2026-90001"]
    assert cve["fixes"] == [
        {"line": "ws2022_azure", "kb": "KB5990001", "build": "20348.6000", "carrier": "lcu"},
        {"line": "ws2022_azure", "kb": "KB5990002", "build": "20348.5950", "carrier": "hotpatch"},
    ]


def test_a_planned_hotpatch_without_a_hotpatch_is_unknown_and_not_an_unplanned_baseline() -> None:
    found = contributed(month(main=(LCU,)))
    entry = release(found, "ws2022_azure", "KB5990001")
    assert (entry["kind"], entry["planned_kind"], entry["restart"]) == ("unknown", "hotpatch", None)
    assert "does not settle the kind" in entry["note"]
    (finding,) = [row for row in found.findings if row["rule"] == "planned_hotpatch_not_found"]
    assert "overlay of your own" in finding["decision"]


def test_where_the_catalog_has_settled_the_kind_it_is_kept() -> None:
    found = contributed(sample("2026-Jun"))
    for line, kb in (("ws2022_azure", "KB5094128"), ("ws2025", "KB5094125"), ("win11_24h2", "KB5094126"), ("win11_25h2", "KB5094126")):
        assert "kind" not in release(found, line, kb)
        assert "planned_hotpatch_not_found" in rules(found, kb)


def test_a_planned_baseline_with_an_lcu_and_no_hotpatch_is_the_baseline() -> None:
    data = document(
        vulnerability("CVE-2027-00001", fix("KB5990001", SERVER, "20348.6000"), revisions="1.0 2027-01-12"),
        month="2027-Jan",
        day="2027-01-12",
        revised="2027-01-12T18:00:00",
    )
    entry = release(contributed(data), "ws2022_azure", "KB5990001")
    assert (entry["kind"], entry["planned_kind"], entry["restart"]) == ("baseline", "baseline", True)


def test_a_hotpatch_in_a_month_planned_as_a_baseline_is_what_its_subtype_says() -> None:
    data = document(
        vulnerability("CVE-2027-00001", LCU, PATCH, revisions="1.0 2027-01-12"),
        month="2027-Jan",
        day="2027-01-12",
        revised="2027-01-12T18:00:00",
    )
    entry = release(contributed(data), "ws2022_azure", "KB5990002")
    assert (entry["kind"], entry["planned_kind"]) == ("hotpatch", "baseline")


def test_a_hotpatch_filed_as_a_plain_security_update_leaves_the_month_unknown() -> None:
    found = contributed(month(main=(LCU, fix("KB5990002", SERVER, "20348.5950"))))
    assert {row["kb"]: row["kind"] for row in found.releases["ws2022_azure"]} == {"KB5990001": "unknown", "KB5990002": "unknown"}
    assert rules(found) >= {"two_updates_for_one_product"}


def test_a_hotpatch_that_one_line_files_as_plain_is_known_by_the_row_of_another() -> None:
    lcu, patch = ("KB5990001", "26100.40000"), ("KB5990002", "26100.39900")
    found = contributed(
        month(
            main=(
                fix(lcu[0], "12436", lcu[1]),
                fix(patch[0], "12436", patch[1]),
                fix("KB5990003", "12390", "26100.10100"),
                fix(patch[0], "12390", "26100.10050", HOTPATCH),
            )
        )
    )
    assert release(found, "ws2025", "KB5990002")["kind"] == "hotpatch"
    assert release(found, "win11_24h2", "KB5990002")["kind"] == "hotpatch"


def test_a_known_hotpatch_filed_as_plain_is_said_and_kept() -> None:
    data = document(
        vulnerability(
            "CVE-2026-50472",
            fix("KB5120242", SERVER, "20348.5499", supersedes="5082142"),
            fix("KB5120229", SERVER, "20348.5440"),
            revisions="1.0 2026-08-11",
        ),
        month="2026-Aug",
        day="2026-08-11",
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


def test_a_build_of_another_line_is_not_used() -> None:
    # As KB5084597 of March 2026: 26100 on a 25H2 product, beside a row with the right build.
    main = (
        fix("KB5990001", "20437 20438", "26200.10100"),
        fix("KB5990002", "20437", "26100.10050", HOTPATCH),
        fix("KB5990002", "20438", "26200.10050", HOTPATCH),
    )
    found = contributed(month(main=main))
    assert release(found, "win11_25h2", "KB5990002")["build"] == "26200.10050"
    assert "build_of_another_line" in rules(found, "KB5990002")


def test_without_a_build_of_its_line_nothing_is_taken_over() -> None:
    main = (fix("KB5990001", "20438", "26200.10100"), fix("KB5990002", "20438", "=0.0.26200.10050", HOTPATCH))
    found = contributed(month(main=main))
    assert all(row["kb"] != "KB5990002" for row in found.releases.get("win11_25h2", []))
    (fixed,) = {row["build"] for cve in found.cves for row in cve["fixes"] if row["kb"] == "KB5990002"}
    assert fixed is None


def test_a_build_that_breaks_the_order_of_the_track_is_not_taken_over() -> None:
    found = contributed(month(main=(LCU, fix("KB5990002", SERVER, "20348.595", HOTPATCH))))
    assert found.releases == {}
    assert "build_out_of_order" in rules(found, "KB5990002")


def test_two_builds_for_one_kb_are_said_and_the_usual_one_is_used() -> None:
    odd = vulnerability("CVE-2026-91000", LCU, fix("KB5990002", SERVER, "20348.5951", HOTPATCH))
    found = contributed(month(odd))
    assert release(found, "ws2022_azure", "KB5990002")["build"] == "20348.5950"
    assert "two_builds_for_one_kb" in rules(found, "KB5990002")


def test_azure_edition_is_found_under_windows_server_2022_and_no_other_product_is() -> None:
    assert {key: line_of(name) for key, name in NAMES.items()} == {
        "11923": "ws2022_azure",
        "11924": "ws2022_azure",
        "12244": None,
        "12436": "ws2025",
        "12437": "ws2025",
        "12389": "win11_24h2",
        "12390": "win11_24h2",
        "20437": "win11_25h2",
        "20438": "win11_25h2",
        "10378": None,
    }
    assert str(fixed_build("ws2025", "10.0.26100.32995")) == "26100.32995"
    assert fixed_build("ws2025", "10.0.26200.8655") is None
    assert fixed_build("ws2025", "26100.32995") is None


def test_a_line_whose_products_the_document_does_not_list_gets_nothing_from_a_line_that_shares_its_updates() -> None:
    main = (fix("KB5990001", "12390", "26100.10100"), fix("KB5990002", "12390", "26100.10050", HOTPATCH))
    found = contributed(month(main=main))
    assert set(found.releases) == {"win11_24h2"}
    missing = {row["line"] for row in found.findings if row["rule"] == "line_without_product"}
    assert missing == {"win11_25h2", "ws2022_azure", "ws2025"}


def test_a_shared_kb_is_a_release_of_each_line_with_the_build_of_that_line() -> None:
    main = (
        fix("KB5990001", "12390", "26100.10100"),
        fix("KB5990002", "12390", "26100.10050", HOTPATCH),
        fix("KB5990001", "20438", "26200.10100"),
        fix("KB5990002", "20438", "26200.10050", HOTPATCH),
    )
    found = contributed(month(main=main))
    assert release(found, "win11_24h2", "KB5990002")["build"] == "26100.10050"
    assert release(found, "win11_25h2", "KB5990002")["build"] == "26200.10050"


def test_a_kb_means_the_same_on_every_line_or_nothing_is_settled() -> None:
    client = fix("KB5990001", "12390", "26100.10100"), fix("KB5990002", "12390", "26100.10050", HOTPATCH)
    newer = fix("KB5990001", "20438", "26200.10100"), fix("KB5990002", "20438", "26200.10050", HOTPATCH)
    out_of_band = fix("KB5990003", "12390", "26100.10052", HOTPATCH), fix("KB5990003", "20438", "26200.10052", HOTPATCH)
    found = contributed(
        month(
            vulnerability("CVE-2026-91000", *out_of_band[:1], revisions="1.0 2026-12-08 2.0 2026-12-14"),
            vulnerability("CVE-2026-91001", *out_of_band[1:], revisions="1.0 2026-12-08 2.0 2026-12-16"),
            main=client + newer,
        )
    )
    assert {release(found, line, "KB5990003")["released"] for line in ("win11_24h2", "win11_25h2")} == {"2026-12-16"}
    assert "release_days_differ_between_lines" in rules(found, "KB5990003")


def test_a_kb_that_is_a_baseline_here_and_beside_a_hotpatch_there_is_unknown() -> None:
    january = {"month": "2027-Jan", "day": "2027-01-12", "revised": "2027-01-12T18:00:00"}
    rows = (
        fix("KB5990001", "12390", "26100.10100"),
        fix("KB5990002", "12390", "26100.10050", HOTPATCH),
        fix("KB5990001", "20438", "26200.10100"),
    )
    found = contributed(document(vulnerability("CVE-2027-00001", *rows, revisions="1.0 2027-01-12"), **january))
    assert release(found, "win11_24h2", "KB5990002")["kind"] == "hotpatch"
    assert release(found, "win11_25h2", "KB5990001")["kind"] == "unknown"
    assert "lcu_of_another_line" in rules(found, "KB5990001")


def test_kinds_that_differ_between_lines_are_not_settled() -> None:
    rows = (
        fix("KB5990001", "12390", "26100.10100"),
        fix("KB5990002", "12390", "26100.10050", HOTPATCH),
        fix("KB5990004", "20438", "26200.10040"),
        fix("KB5990003", "20438", "26200.10045", HOTPATCH),
    )
    late = vulnerability("CVE-2026-91000", fix("KB5990002", "20438", "26200.10050", HOTPATCH), revisions="1.0 2026-12-08 2.0 2026-12-08")
    later = vulnerability("CVE-2026-91000", fix("KB5990002", "20438", "26200.10050", HOTPATCH), revisions="1.0 2026-12-08 2.0 2026-12-14")
    assert set(contributed(month(late, main=rows)).releases["win11_25h2"][0]["kb"].split()) == {"KB5990003"}
    found = contributed(month(later, main=rows))
    assert {release(found, line, "KB5990002")["kind"] for line in ("win11_24h2", "win11_25h2")} == {"unknown"}
    assert {release(found, line, "KB5990002")["restart"] for line in ("win11_24h2", "win11_25h2")} == {None}
    assert rules(found, "KB5990002") >= {"kinds_differ_between_lines", "release_days_differ_between_lines"}


def test_a_hotpatch_that_is_not_listed_for_all_products_is_said() -> None:
    assert "hotpatch_not_for_all_products" in rules(contributed(sample("2025-May")), "KB5058500")


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
    data = document(
        vulnerability("CVE-2024-21338", fix("KB5034770", SERVER, "20348.2322"), revisions="1.0 2024-02-13"),
        month="2024-Feb",
        day="2024-02-13",
    )
    found = contributed(data)
    assert found.releases == {}
    assert rules(found) >= {"hotpatch_missing_in_document"}
    assert [row["kind"] for row in contributed(data, blind()).releases["ws2022_azure"]] == ["unknown"]


def test_a_wrong_build_of_a_known_update_does_not_change_the_catalog() -> None:
    # June 2022: the document has 20348.770 for the LCU, Microsoft's release information 20348.768.
    data = document(
        vulnerability(
            "CVE-2022-21123",
            fix("KB5014678", SERVER, "20348.770"),
            fix("KB5014677", SERVER, "20348.770", HOTPATCH),
            revisions="1.0 2022-06-14",
        ),
        month="2022-Jun",
        day="2022-06-14",
    )
    found = contributed(data)
    entry = release(found, "ws2022_azure", "KB5014677")
    assert "lcu_build" not in entry
    assert entry["build"] == "20348.770"
    assert rules(found, "KB5014678") == {"build_contradicts_catalog"}


def test_another_monthly_update_than_the_catalog_has_is_not_taken_over() -> None:
    data = document(
        vulnerability(
            "CVE-2026-50472",
            fix("KB5120242", SERVER, "20348.5499"),
            fix("KB5999999", SERVER, "20348.5441", HOTPATCH),
            revisions="1.0 2026-08-11",
        ),
        month="2026-Aug",
        day="2026-08-11",
    )
    found = contributed(data)
    assert all(row["kb"] != "KB5999999" for row in found.releases.get("ws2022_azure", []))
    assert "month_contradicts_catalog" in rules(found, "KB5999999")


def test_rows_that_contradict_each_other_on_one_kb_leave_it_unknown() -> None:
    main = (LCU, fix("KB5990002", SERVER, "20348.5950", HOTPATCH), fix("KB5990002", SERVER, "20348.5950", "Security Only"))
    found = contributed(month(main=main))
    assert release(found, "ws2022_azure", "KB5990002")["kind"] == "unknown"
    assert "subtypes_contradict" in rules(found, "KB5990002")


def test_a_month_before_the_line_was_hotpatched_has_fixes_and_no_releases() -> None:
    data = document(
        vulnerability("CVE-2021-41333", fix("KB5008223", SERVER, "20348.405"), revisions="1.0 2021-12-14"),
        month="2021-Dec",
        day="2021-12-14",
    )
    found = contributed(data)
    assert found.releases == {}
    assert found.findings == []
    assert found.cves[0]["fixes"] == [{"line": "ws2022_azure", "kb": "KB5008223", "build": "20348.405", "carrier": "lcu"}]
    assert kind_by_cadence("ws2022_azure", "2021-12") is None


@pytest.mark.parametrize(
    ("name", "kind"), [("2026-12", "hotpatch"), ("2027-01", "baseline"), ("2027-04", "baseline"), ("2026-11", "hotpatch")]
)
def test_the_calendar_says_what_a_month_was_planned_as(name: str, kind: str) -> None:
    for line in ("ws2022_azure", "ws2025", "win11_24h2", "win11_25h2"):
        assert kind_by_cadence(line, name) == kind


def test_severity_and_exploitation_are_those_of_the_lines() -> None:
    threats = (
        threat(3, "Important", "11923"),
        threat(3, "Moderate", "11924"),
        threat(3, "Critical", "12244"),
        threat(1, "Publicly Disclosed:No;Exploited:Yes;Latest Software Release:Exploitation Detected"),
        threat(0, "Remote Code Execution", "11923"),
    )
    (cve,) = contributed(document(vulnerability("CVE-2026-90001", LCU, PATCH, threats=threats))).cves
    assert (cve["severity"], cve["exploited"], cve["title"], cve["month"]) == ("Important", True, "Title of CVE-2026-90001", "2026-12")
    (silent,) = contributed(document(vulnerability("CVE-2026-90001", LCU, PATCH))).cves
    assert (silent["severity"], silent["exploited"]) == (None, None)


def test_an_advisory_is_no_cve() -> None:
    found = contributed(document(vulnerability("ADV220005", LCU, PATCH), vulnerability("CVE-2026-90001", LCU, PATCH)))
    assert [row["cve"] for row in found.cves] == ["CVE-2026-90001"]


def test_an_early_document_without_windows_holds_nothing() -> None:
    found = contributed(document(vulnerability("CVE-2026-90001", fix("KB5990001", "99999", "20348.6000")), month=MONTH))
    assert (found.releases, found.components, found.cves, found.findings) == ({}, {}, [], [])
