# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is taken over of a document's CVEs."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    LCU,
    MONTH,
    PATCH,
    contributed,
    document,
    fix,
    month,
    threat,
    vulnerability,
)


def test_two_updates_fix_one_cve_of_one_product_at_two_builds() -> None:
    (cve,) = [row for row in contributed(month()).cves if row["cve"] == "CVE-2026-90001"]
    assert cve["fixes"] == [
        {"line": "ws2022_azure", "kb": "KB5990001", "build": "20348.6000", "carrier": "lcu"},
        {"line": "ws2022_azure", "kb": "KB5990002", "build": "20348.5950", "carrier": "hotpatch"},
    ]


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
