# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Product lines, checks and enrollment."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.checks.every_check import CHECKS
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import LINES, Raw, change, host, record_of

NOW = "2026-08-20"
LATEST = {
    "ws2022_azure": ("KB5099540", "KB5120229"),
    "ws2025": ("KB5099536", "KB5120228"),
    "win11_24h2": ("KB5101650", "KB5120994"),
    "win11_25h2": ("KB5101650", "KB5120994"),
}
GOOD: dict[str, Raw] = {line: host(line, *kbs, now=NOW) for line, kbs in LATEST.items()}
BASELINE: dict[str, Raw] = {line: host(line, kbs[0], now=NOW) for line, kbs in LATEST.items()}


@pytest.mark.parametrize("line", LINES)
def test_a_good_host_passes(line: str) -> None:
    """Every check passes or is not needed, each says why, and the host is current."""
    data = record_of(GOOD[line], NOW).to_dict()
    assert (data["state"], data["os"]["product_line"], data["eligibility"]["verdict"]) == ("current", line, "eligible")
    checks = data["eligibility"]["checks"]
    assert {check["result"] for check in checks} == {"pass", "not_needed"}
    assert all(check["reason"].endswith(".") and check["required"] for check in checks)
    assert [check["id"] for check in checks] == [check.__name__ for check in CHECKS]


@pytest.mark.parametrize(
    ("line", "changes", "verdict"),
    [
        # Two lines on build 26100, told apart by the kind of Windows.
        ("ws2025", {"os__product_type": 2}, "eligible"),
        ("ws2025", {"os__product_type": 1}, "unknown"),
        ("ws2025", {"os__product_type": None, "os__installation_type": None}, "unknown"),
        ("ws2025", {"os__installation_type": "Server Core", "os__edition_id": "ServerDatacenterCor"}, "eligible"),
        ("win11_24h2", {"os__product_type": 3, "os__edition_id": "ServerRdsh", "os__sku": 175}, "eligible"),
        # Windows Server 2022 in its Azure Edition only.
        ("ws2022_azure", {"os__edition_id": "ServerDatacenter", "os__sku": 8}, "not_applicable"),
        ("ws2022_azure", {"os__edition_id": "ServerAzureStackHCICor", "os__sku": 406}, "not_applicable"),
        ("ws2022_azure", {"os__edition_id": "ServerTurbineCor", "os__sku": 408}, "eligible"),
        ("ws2022_azure", {"os__edition_id": "ServerDatacenter"}, "unknown"),
        ("ws2022_azure", {"os__edition_id": None, "os__sku": None}, "unknown"),
        # Versions without hotpatches, and those of which nothing is known.
        ("ws2025", {"os__build": 17763}, "not_applicable"),
        ("ws2025", {"os__build": 25398}, "not_applicable"),
        ("ws2025", {"os__build": 29000}, "unknown"),
        ("win11_24h2", {"os__build": 22631}, "not_applicable"),
        ("win11_24h2", {"os__build": 28000}, "not_applicable"),
        ("win11_24h2", {"os__build": 26300}, "unknown"),
        # Editions.
        ("win11_24h2", {"os__edition_id": "Core"}, "not_applicable"),
        ("win11_24h2", {"os__edition_id": "Professional"}, "eligible"),
        ("ws2025", {"os__edition_id": "ServerStandardEval", "os__sku": 79}, "ineligible"),
        ("ws2025", {"os__edition_id": "ServerSolution", "os__sku": 50}, "not_applicable"),
        ("ws2025", {"platform__azure_vm": True}, "ineligible"),
        ("ws2025", {"os__edition_id": "ServerTurbine", "os__sku": 407, "platform": None}, "eligible"),
        ("ws2025", {"os__edition_id": "ServerTurbine"}, "unknown"),
        # Architecture and CHPE.
        ("win11_25h2", {"os__architecture": "arm64", "chpe__hotpatch_restrictions": 1}, "eligible"),
        ("win11_25h2", {"os__architecture": "arm64"}, "ineligible"),
        ("win11_25h2", {"os__architecture": "arm64", "chpe": None}, "unknown"),
        ("win11_25h2", {"os__architecture": "x86"}, "not_applicable"),
        ("ws2025", {"os__architecture": "arm64"}, "not_applicable"),
        # What hotpatches run on.
        ("ws2025", {"vbs__status": 0}, "ineligible"),
        ("ws2025", {"vbs__status": 1}, "ineligible"),
        ("ws2025", {"vbs__status": None}, "unknown"),
        ("ws2025", {"secure_boot__enabled": False}, "ineligible"),
        ("ws2025", {"secure_boot": None}, "eligible"),
        ("win11_25h2", {"secure_boot__enabled": False}, "eligible"),
        ("ws2025", {"platform__arc": {"installed": True, "status": "Disconnected", "agent_version": None}}, "ineligible"),
        ("ws2025", {"platform__arc": {"installed": False, "status": None, "agent_version": None}}, "ineligible"),
        ("ws2025", {"platform": None}, "unknown"),
        ("ws2025", {"disk__system_free_bytes": 1024}, "ineligible"),
        ("ws2025", {"disk": None}, "eligible"),
        ("ws2025", {"update_source__service_start": "disabled"}, "ineligible"),
        ("ws2025", {"update_source__use_wu_server": 1}, "eligible"),
        ("ws2025", {"os__ubr": 1000}, "ineligible"),
    ],
)
def test_verdicts(line: str, changes: dict[str, Any], verdict: str) -> None:
    """One change to a good host and what becomes of it; what fails has a remedy, what is unknown as well."""
    record = record_of(change(GOOD[line], **changes), NOW)
    assert record.eligibility.verdict.value == verdict
    for check in record.eligibility.checks:
        if check.result.value in ("fail", "unknown"):
            assert check.remedy
            assert check.remedy.endswith((".", ")."))


def test_pro_is_unknown_until_a_hotpatch_proves_it() -> None:
    """The license decides, and only an installed hotpatch shows it."""
    pro = change(BASELINE["win11_24h2"], os__edition_id="Professional")
    assert record_of(pro, NOW).state.value == "unknown"


NONE: dict[str, Any] = {
    "enrollment__dynamic_installed_name": None,
    "enrollment__arc_subscription": None,
    "enrollment__environment_allow_rebootless": None,
    "enrollment__policy_allow_rebootless": None,
}


@pytest.mark.parametrize(
    ("line", "changes", "verdict"),
    [
        *[(line, {}, "enrolled") for line in LINES],
        *[(line, NONE, "not_enrolled") for line in LINES],
        *[(line, {"enrollment": None}, "unknown") for line in LINES],
        ("ws2022_azure", {"enrollment__hotpatch_table_size": None}, "enrolling"),
        ("ws2022_azure", {"enrollment__hotpatch_table_size": 0}, "enrolling"),
        ("ws2022_azure", {**NONE, "enrollment__arc_subscription": 1}, "not_enrolled"),
        ("ws2025", {"enrollment__arc_subscription": None}, "enrolled"),
        ("ws2025", {"enrollment__environment_allow_rebootless": None}, "enrolled"),
        ("ws2025", {"enrollment__arc_subscription": 0, "enrollment__environment_allow_rebootless": 0}, "not_enrolled"),
        ("ws2025", {**NONE, "enrollment__policy_allow_rebootless": 1}, "not_enrolled"),
        ("win11_25h2", {"enrollment__policy_allow_rebootless": 0}, "not_enrolled"),
    ],
)
def test_enrollment(line: str, changes: dict[str, Any], verdict: str) -> None:
    """The marks differ by line; those of another line prove nothing. Judged on the bare baseline."""
    found = record_of(change(BASELINE[line], **changes), NOW).enrollment
    assert found.verdict.value == verdict
    assert found.reason.endswith(".")
    assert (found.evidence != ()) == (verdict == "enrolled")


@pytest.mark.parametrize("line", LINES)
def test_an_installed_hotpatch_of_this_cycle_proves_enrollment(line: str) -> None:
    """Marks or not: who got the hotpatch is enrolled. One of an older cycle says nothing about today."""
    record = record_of(change(GOOD[line], **NONE), NOW)
    assert record.enrollment.verdict.value == "enrolled"
    old = record_of(change(GOOD[line], **NONE), "2026-09-09")
    assert old.enrollment.verdict.value == "not_enrolled"
