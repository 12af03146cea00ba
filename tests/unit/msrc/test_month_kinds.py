# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind of a month's updates, as the document and the calendar settle it or leave it open."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.planned_cadence import kind_by_cadence
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.packages import Label, label_of
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    HOTPATCH,
    LCU,
    PATCH,
    SERVER,
    contributed,
    fix,
    month,
    on_day,
    release,
    rules,
)


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


def test_a_planned_hotpatch_without_a_hotpatch_is_unknown_and_not_an_unplanned_baseline() -> None:
    found = contributed(month(main=(LCU,)))
    entry = release(found, "ws2022_azure", "KB5990001")
    assert (entry["kind"], entry["planned_kind"], entry["restart"]) == ("unknown", "hotpatch", None)
    assert "does not settle the kind" in entry["note"]
    (finding,) = [row for row in found.findings if row["rule"] == "planned_hotpatch_not_found"]
    assert "overlay of your own" in finding["decision"]


def test_a_planned_baseline_with_an_lcu_and_no_hotpatch_is_the_baseline() -> None:
    data = on_day("2027-01-12", "CVE-2027-00001", fix("KB5990001", SERVER, "20348.6000"))
    entry = release(contributed(data), "ws2022_azure", "KB5990001")
    assert (entry["kind"], entry["planned_kind"], entry["restart"]) == ("baseline", "baseline", True)


def test_a_hotpatch_in_a_month_planned_as_a_baseline_is_what_its_subtype_says() -> None:
    data = on_day("2027-01-12", "CVE-2027-00001", LCU, PATCH)
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


def test_rows_that_contradict_each_other_on_one_kb_leave_it_unknown() -> None:
    main = (LCU, fix("KB5990002", SERVER, "20348.5950", HOTPATCH), fix("KB5990002", SERVER, "20348.5950", "Security Only"))
    found = contributed(month(main=main))
    assert release(found, "ws2022_azure", "KB5990002")["kind"] == "unknown"
    assert "subtypes_contradict" in rules(found, "KB5990002")


def test_a_month_before_the_line_was_hotpatched_has_fixes_and_no_releases() -> None:
    data = on_day("2021-12-14", "CVE-2021-41333", fix("KB5008223", SERVER, "20348.405"))
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
