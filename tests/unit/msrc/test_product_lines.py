# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The product lines of a document, and updates that several of them share."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.product_lines import fixed_build, line_of
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    HOTPATCH,
    NAMES,
    contributed,
    fix,
    month,
    on_day,
    release,
    rules,
    sample,
    vulnerability,
)


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
    rows = (
        fix("KB5990001", "12390", "26100.10100"),
        fix("KB5990002", "12390", "26100.10050", HOTPATCH),
        fix("KB5990001", "20438", "26200.10100"),
    )
    found = contributed(on_day("2027-01-12", "CVE-2027-00001", *rows))
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
