# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts whose PowerShell 7 came as an MSIX package: DISM fails in it, at once or after a while. Windows PowerShell answers, or not."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.hosts import BASELINE, Host, server_2025
from ansible_collections.winops.hotpatch.tests.payload.package_cases import (
    CAB,
    FIRST,
    HOTPATCH,
    MSU,
    WUSA,
    file_host,
    two_packages,
    unlisted,
)

SHELL = {"edition": "Core", "version": "7.7.0"}
UNREGISTERED = {"hresult": "0x80040154", "message": "Class not registered", "edition": "Core"}
SLOW = UNREGISTERED | {"hang": 60}
CALLS = (
    "list",
    f"list {BASELINE}",
    f"list {HOTPATCH}",
    f"remove {HOTPATCH}",
    *(f"{what} {name}" for what in ("file", "add") for name in (MSU, FIRST, CAB)),
)
# The limits of the payloads, cut short, and yet long enough for two shells to start on a busy machine. SLOW is longer.
OBSERVE_LIMITS = {"packages": 15, "other": 15}
QUERY_LIMITS = {"question": 15}
LIMITS = {"question": 15, "change": 15}
NOT_TOLD = {f"dism list {HOTPATCH}": {"hresult": "0x800F080A", "message": "odd"}}
BLIND = {"gather": ["os", "packages", "quick_fixes"]}


def msix(host: Host, windows_powershell: str | None = "answers", fault: dict[str, Any] | None = None) -> Host:
    """HOST with a PowerShell 7 in which DISM fails, unless otherwise said because its class is not registered."""
    host["powershell"], host["windows_powershell"] = SHELL, windows_powershell
    host["faults"] = host["faults"] | {f"dism {call}": fault or UNREGISTERED for call in CALLS}
    return host


def msi(host: Host, windows_powershell: str | None) -> Host:
    """HOST with a PowerShell 7 in which DISM works."""
    host["powershell"], host["windows_powershell"] = SHELL, windows_powershell
    return host


def always(host: Host, faults: dict[str, Any]) -> Host:
    """HOST with faults that Windows has in every PowerShell."""
    host["faults"] = host["faults"] | faults
    return host


def queries() -> dict[str, Call]:
    """All that package_info.ps1 is asked for."""
    return {
        "answers": Call(msix(two_packages("InstallPending"))),
        "slow": Call(msix(two_packages("InstallPending"), fault=SLOW)),
        "not there": Call(msix(two_packages(), None)),
        "babbles": Call(msix(two_packages(), "says Access to this program is not allowed.")),
        "answers too little": Call(msix(two_packages(), "says []")),
        "hangs": Call(msix(two_packages(), "hangs")),
        "msi": Call(msi(two_packages("InstallPending"), None)),
        "denied": Call(
            always(msi(two_packages(), "answers"), {"dism list": {"hresult": "0x800702E4", "message": "Die Datei ben\u00f6tigt Rechte"}})
        ),
        "not told": Call(always(msi(two_packages(), "answers"), NOT_TOLD)),
        "class gone": Call(always(msi(two_packages(), None), {f"dism list {HOTPATCH}": UNREGISTERED})),
    }


def observations() -> dict[str, Call]:
    """What internal_observe.ps1 is asked for: a slow DISM without Windows PowerShell takes the whole limit of the probe."""
    return {
        "answers": Call(msix(two_packages()), BLIND),
        "not there": Call(msix(two_packages(), None), BLIND),
        "slow": Call(msix(two_packages(), None, SLOW), BLIND),
        "hangs": Call(msix(two_packages(), "hangs"), BLIND),
        "not told": Call(always(two_packages(), NOT_TOLD), BLIND),
        "not told through windows powershell": Call(always(msi(two_packages(), "answers"), NOT_TOLD), BLIND),
    }


def fixtures() -> dict[str, Call]:
    """What field_probe.ps1 is asked for."""
    asked = {"dest": "x"}
    return {
        "answers": Call(msix(two_packages()), asked),
        "not there": Call(msix(two_packages(), None), asked),
        "not told": Call(always(two_packages(), NOT_TOLD), asked),
    }


def changes(files: dict[str, tuple[str, str]]) -> dict[str, Call]:
    """All that package.ps1 is asked for."""
    present = {"state": "present", "path": files[MSU][0]}
    absent = {"state": "absent", "identity": HOTPATCH}
    by_number = {"state": "absent", "kb": "KB5087538"}
    failing = {f"dism remove {HOTPATCH}": {"hresult": "0x800F0825", "message": "x"}}
    return {
        "absent": Call(msix(two_packages()), absent),
        "absent by number": Call(msix(two_packages(), fault=SLOW), by_number),
        "absent in check mode": Call(msix(two_packages()), absent, check=True),
        "absent, permanent": Call(msi(two_packages(faults=failing), "answers"), absent),
        "absent, not there": Call(msix(two_packages(), None), absent),
        "absent by number, not there": Call(msix(unlisted(3010), None), WUSA),
        "absent by number, not told": Call(always(msi(two_packages(), "answers"), NOT_TOLD), by_number),
        "absent by number, not told in 5.1": Call(always(two_packages(), NOT_TOLD), by_number),
        "absent, says nothing": Call(msix(two_packages(), f"says nothing after dism remove {HOTPATCH}"), absent),
        "absent at once, says nothing": Call(
            msix(two_packages(removes_at_once=True), f"says nothing after dism remove {HOTPATCH}"), absent
        ),
        "absent, hangs": Call(msix(two_packages(), f"hangs after dism remove {HOTPATCH}"), absent),
        "absent, hangs undone": Call(always(msi(two_packages(), "answers"), {f"dism remove {HOTPATCH}": {"hang": 60}}), absent),
        "absent, blind after": Call(
            always(
                msi(two_packages(), f"says nothing after dism remove {HOTPATCH}"),
                {"dism list": {"hresult": "0x800F0831", "message": "store", "after": "dism remove"}},
            ),
            absent,
        ),
        "absent, class gone": Call(always(msi(two_packages(), None), {f"dism remove {HOTPATCH}": UNREGISTERED}), absent),
        "present": Call(msix(file_host()), present),
        "present in check mode": Call(msix(file_host()), present, check=True),
        "present, says nothing": Call(msix(file_host(), f"says nothing after dism add {MSU}"), present),
        "present, not there": Call(msix(file_host(), None), present),
        "present already": Call(
            msix(server_2025(package_files={MSU: {"PackageName": "x", "PackageState": "Installed", "Applicable": True}})), present
        ),
    }
