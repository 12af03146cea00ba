# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each probe in turn throws, hangs, or gets garbage from Windows. One entry a probe says where, and what else it takes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.hosts import Host, server_2025
from ansible_collections.winops.hotpatch.tests.payload.restart_check_cases import SEARCH

OFFER = "00000000-0000-4000-8000-000005087423"
WINDOWS = rf"HKLM:\{hosts.WINDOWS}"
CONTROL = rf"HKLM:\{hosts.CONTROL}"
LICENSE = rf"{hosts.ARC}\Windows\Licenses\Features\Hotpatch"

# What Windows may hand out where it should not.
GARBAGE: dict[str, Any] = {
    "wrong_type": {"a": 1},
    "empty": "",
    "huge": "x" * 1_000_000,
    "non_ascii": "n\u00e4chste \u66f4\u65b0 \U0001f600\u202e",
    "quotes": "\"quoted\" 'single' `back` {{ lookup('pipe', 'id') }} <b>",
    "newlines": "one\r\ntwo\n\u001b[31mthree\u0000",
}
FAULT = {"hresult": "0x8007000E", "message": "Not enough memory resources are available to complete this operation."}


@dataclass(frozen=True)
class Probe:
    """Where a probe can be struck: the call of Windows, and the value that it reads. SHARED are other sections that read the same."""

    section: str
    call: str
    spoil: Callable[[Host, Any], None]
    shared: tuple[str, ...] = ()


def _registry(key: str, *names: str) -> Callable[[Host, Any], None]:
    def spoil(host: Host, value: Any) -> None:
        host["registry"].setdefault(key, {}).update(dict.fromkeys(names, value))

    return spoil


def _cim(name: str, *properties: str) -> Callable[[Host, Any], None]:
    def spoil(host: Host, value: Any) -> None:
        host["cim"][name][0].update(dict.fromkeys(properties, value))

    return spoil


def _first(section: str, *keys: str) -> Callable[[Host, Any], None]:
    def spoil(host: Host, value: Any) -> None:
        host[section][0].update(dict.fromkeys(keys, value))

    return spoil


def _restart_check(host: Host, value: Any) -> None:
    host["offers"][0]["restart_check"] = {"bootstrapper": True, "answer": value}


def _logged(*keys: str) -> Callable[[Host, Any], None]:
    def spoil(host: Host, value: Any) -> None:
        for event in host["events"]["System"]:
            event.update(dict.fromkeys(keys, value))

    return spoil


def _busy(host: Host, value: Any) -> None:
    host["installer_busy"] = value


PROBES = {
    "os": Probe("os", rf"registry {WINDOWS} EditionID", _registry(hosts.WINDOWS, "EditionID", "CurrentBuild", "UBR", "DisplayVersion")),
    "boot": Probe(
        "boot_time",
        "cim Win32_OperatingSystem LastBootUpTime",
        _cim("Win32_OperatingSystem", "LastBootUpTime"),
        ("monitor",),
    ),
    "platform": Probe("platform", "cim Win32_ComputerSystem", _cim("Win32_ComputerSystem", "Manufacturer", "Model")),
    "vbs": Probe("vbs", "cim Win32_DeviceGuard", _cim("Win32_DeviceGuard", "VirtualizationBasedSecurityStatus")),
    "secure_boot": Probe(
        "secure_boot",
        rf"registry {CONTROL}\SecureBoot\State UEFISecureBootEnabled",
        _registry(rf"{hosts.CONTROL}\SecureBoot\State", "UEFISecureBootEnabled"),
    ),
    "chpe": Probe("chpe", rf"registry HKLM:\{hosts.MEMORY} HotPatchRestrictions", _registry(hosts.MEMORY, "HotPatchRestrictions")),
    "enrollment": Probe("enrollment", rf"registry HKLM:\{LICENSE} Subscription", _registry(LICENSE, "Subscription")),
    "update_source": Probe("update_source", rf"registry HKLM:\{hosts.UPDATE_POLICY} WUServer", _registry(hosts.UPDATE_POLICY, "WUServer")),
    "pending": Probe(
        "pending",
        rf"registry {CONTROL}\Session Manager PendingFileRenameOperations",
        _registry(rf"{hosts.CONTROL}\Session Manager", "PendingFileRenameOperations"),
    ),
    "history": Probe("history", "history", _first("history", "Title", "Date", "Operation", "ResultCode", "HResult")),
    "quick_fixes": Probe("quick_fixes", "cim Win32_QuickFixEngineering", _cim("Win32_QuickFixEngineering", "HotFixID"), ("enrollment",)),
    "packages": Probe("packages", "dism list", _first("packages", "PackageState", "ReleaseType", "InstallTime", "Description")),
    "offers": Probe("offers", SEARCH, _first("offers", "title", "size", "reboot_behavior")),
    "restart_check": Probe("offers", f"restart_check ask {OFFER}", _restart_check),
    "monitor": Probe("monitor", rf"task {hosts.MONITOR_TASK}", _cim("Win32_Service", "State", "StartMode")),
    "disk": Probe("disk", "cim Win32_LogicalDisk", _cim("Win32_LogicalDisk", "FreeSpace")),
    "servicing": Probe("servicing", "installer", _busy),
    "restarts": Probe("restarts", "events System", _logged("TimeCreated", "Properties")),
    "roles": Probe(
        "roles",
        rf"registry {CONTROL}\ProductOptions ProductType",
        _registry(rf"{hosts.CONTROL}\ProductOptions", "ProductType"),
    ),
}


def good_host() -> Host:
    """A host on which all is well, and this month's hotpatch is on offer."""
    return server_2025(
        offers=[
            hosts.offer(
                "KB5087423",
                restart_check={"bootstrapper": True, "answer": False},
                title="2026-05 Security Update (KB5087423) (26100.32772)",
                reboot_behavior=0,
            )
        ]
    )


def cases() -> dict[str, Call]:
    """One host for each probe and fault, and the good one."""
    made = {"good": Call(good_host())}
    for name, probe in PROBES.items():
        for fault, given in {"throws": FAULT, "hangs": {"hang": 900}}.items():
            host = good_host()
            host["faults"][probe.call] = given
            made[f"{name} {fault}"] = Call(host)
        for fault, value in GARBAGE.items():
            host = good_host()
            probe.spoil(host, value)
            made[f"{name} {fault}"] = Call(host)
    return made


CASES = cases()
LIMITS = {"offers": 5, "packages": 5, "history": 5, "restart_check_each": 5, "restart_check": 10, "other": 5}
