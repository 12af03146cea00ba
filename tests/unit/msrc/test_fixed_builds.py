# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The builds that a document gives: those of another line, out of order, or two for one KB."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    HOTPATCH,
    LCU,
    SERVER,
    contributed,
    fix,
    month,
    release,
    rules,
    vulnerability,
)


def test_the_hotpatch_may_have_the_higher_build() -> None:
    found = contributed(month(main=(LCU, fix("KB5990002", SERVER, "20348.6001", HOTPATCH))))
    assert release(found, "ws2022_azure", "KB5990002")["build"] == "20348.6001"
    assert release(found, "ws2022_azure", "KB5990002")["lcu_build"] == "20348.6000"


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
