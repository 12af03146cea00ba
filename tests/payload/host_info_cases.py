# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts that answer to internal_observe.ps1, and with which options they are asked."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts, restart_check_cases
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.hosts import date, offer, server_2025, with_cim, with_registry
from ansible_collections.winops.hotpatch.tests.payload.roles import role_cases

MANAGEMENT_LOG = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin"


def _pending() -> hosts.Host:
    """A host on which everything waits for a restart that can."""
    host = with_registry(
        server_2025(),
        {
            rf"{hosts.CBS}\RebootPending": {},
            rf"{hosts.AUTO_UPDATE}\RebootRequired": {},
            rf"{hosts.CONTROL}\Session Manager": {
                "PendingFileRenameOperations": ["\\??\\C:\\Temp\\a.dll", "", "\\??\\C:\\b", "!\\??\\C:\\c"]
            },
            rf"{hosts.CONTROL}\ComputerName\ComputerName": {"ComputerName": "WEB02"},
            rf"{hosts.SERVICES}\Netlogon": {"JoinDomain": "example.com"},
            r"SOFTWARE\Microsoft\ServerManager": {"CurrentRebootAttempts": 1},
            rf"{hosts.SERVICES}\CcmExec": {"Start": 2},
        },
    )
    host["cim"]["CCM_ClientUtilities.DetermineIfRebootPending"] = {"RebootPending": True, "IsHardRebootPending": False}
    return host


def _device(*, managed: bool) -> hosts.Host:
    """A host with a log of the device management, in which the hotpatch policy is named or not."""
    event = {"TimeCreated": date("2026-05-01T00:00:00Z"), "Id": 813, "Message": "MDM PolicyManager: something else", "Level": 4}
    told = {
        "TimeCreated": date("2026-05-02T00:00:00Z"),
        "Id": 814,
        "Message": '{"Orchestrator":{"UpdatePolicy":{"Update/AllowRebootlessUpdates":true}}}\r\nisEnrolled: 1',
        "Level": 4,
    }
    host = with_registry(
        server_2025(events={"Application": [], "System": [], MANAGEMENT_LOG: [event, told] if managed else [event]}),
        {
            hosts.DEVICE_POLICY: {"AllowRebootlessUpdates": 1, "AllowRebootlessUpdates_ProviderSet": 1},
            rf"{hosts.WINDOWS}\Subscriptions": {"DeviceLicensingServiceCommandMutex": "x"},
        },
    )
    return host if managed else with_registry(host, {rf"{hosts.WINDOWS}\Subscriptions": None})


def _events() -> list[dict[str, Any]]:
    """More complaints of the monitor than are reported, and entries that are none of ours."""
    ours = {
        "TimeCreated": date("2026-05-01T00:00:00Z"),
        "Level": 2,
        "Id": 107,
        "ProviderName": "Hotpatch Monitor",
        "Message": "VBS\nstopped",
    }
    return [
        {**ours, "TimeCreated": date("2026-05-02T00:00:00Z"), "Level": 3, "ProviderName": "hpatchmon"},
        *({**ours, "Id": number} for number in range(60)),
        {**ours, "ProviderName": "SQL", "Message": "nothing of ours", "TimeCreated": date("2026-05-03T00:00:00Z")},
        {**ours, "TimeCreated": date("2026-04-01T00:00:00Z")},
    ]


def _starts() -> list[dict[str, Any]]:
    """Starts and ends of all kinds, more of them than are reported, and events of others with the same numbers."""
    power = {"ProviderName": "Microsoft-Windows-Kernel-Power", "Properties": [{"Value": 159}]}
    return [
        *(hosts.start(f"2026-03-{day:02}T{hour:02}:00:00Z") for day in range(1, 31) for hour in (1, 13)),
        {"TimeCreated": date("2026-04-01T01:00:00Z"), "Id": 41, **power},
        {"TimeCreated": date("2026-04-01T01:00:01Z"), "Id": 6008, "ProviderName": "EventLog", "Properties": []},
        {"TimeCreated": date("2026-04-14T20:06:01Z"), "Id": 109, **power},
        {"TimeCreated": date("2026-05-01T00:00:00Z"), "Id": 12, "ProviderName": "BTHUSB", "Properties": []},
        {"TimeCreated": date("2025-12-01T00:00:00Z"), "Id": 41, **power},
        hosts.asked("2026-04-02T00:00:00Z", "wininit.exe (WEB01)"),
        hosts.asked("2026-04-03T00:00:00Z", "x" * 5000, None, "Betriebssystem:\r\nUpgrade", 7, None, "{{ lookup('pipe', 'id') }}", ""),
        {"TimeCreated": "never", "Id": 1074, "ProviderName": "User32", "Properties": []},
        {"TimeCreated": date("2026-04-04T00:00:00Z"), "Id": 1074, "ProviderName": "User32", "Properties": []},
        {"TimeCreated": date("2026-04-05T00:00:00Z"), "Id": 1074, "ProviderName": "User32"},
    ]


# What is reported of the restart that server_2025 was asked for.
ASKED = {
    "process": "C:\\Windows\\system32\\shutdown.exe (WEB01)",
    "user": "EXAMPLE\\operator",
    "reason": "No title for this reason could be found",
    "reason_code": "0x800000ff",
    "comment": "winops.hotpatch: KB5082063",
}


def logged(time: str, number: int, **said: Any) -> dict[str, Any]:
    """What is reported of such an event."""
    nothing = dict.fromkeys(("process", "user", "reason", "reason_code", "comment", "bug_check"))
    return {"time": time, "id": number, **nothing, **said}


# Hosts that answer, each in its way.
ANSWERING = {
    "server_2025": Call(server_2025()),
    "server_2022_azure": Call(hosts.server_2022_azure()),
    "windows_11_arm64": Call(hosts.windows_11_arm64()),
    "check_mode": Call(server_2025(), check=True),
    "pending": Call(_pending()),
    "monitor": Call(
        with_cim(server_2025(tasks={hosts.MONITOR_TASK: "Disabled"}, events={"Application": _events(), "System": []}), Win32_Service=[])
    ),
    "restarts": Call(server_2025(events={"Application": [], "System": _starts()}), {"gather": ["restarts"]}),
    "monitor_off": Call(
        with_cim(server_2025(tasks={}), Win32_Service=[{"Name": "hpatchmon", "State": "Stopped", "StartMode": "Disabled"}])
    ),
    "sweep": Call(server_2025(), {"gather": ["os", "boot", "vbs"]}),
    "managed_device": Call(_device(managed=True), {"gather": ["enrollment"]}),
    "unmanaged_device": Call(_device(managed=False), {"gather": ["enrollment"]}),
    "managed": Call(
        with_registry(
            server_2025(installer_busy=True, search_result=3, processes=["notepad"]),
            {
                hosts.UPDATE_POLICY: {"WUServer": "https://svc:S3/cr@t@wsus.example.com:8531"},
                rf"{hosts.UPDATE_POLICY}\AU": {"UseWUServer": 1, "NoAutoUpdate": 1},
                rf"{hosts.SERVICES}\wuauserv": {"Start": 4},
                rf"{hosts.SERVICES}\ClusSvc": {"Start": 2},
                rf"{hosts.CONTROL}\ProductOptions": {"ProductType": "LanmanNT"},
                rf"{hosts.CONTROL}\SecureBoot\State": None,
            },
        )
    ),
    "monitor_stopped": Call(
        with_cim(server_2025(), Win32_Service=[{"Name": "hpatchmon", "State": "Stopped", "StartMode": "Manual"}]), {"gather": ["monitor"]}
    ),
    "wusa_runs": Call(server_2025(processes=["wusa"]), {"gather": ["servicing"]}),
    "odd_updates": Call(
        server_2025(
            history=[
                {"Title": "x (KB5082063)", "Date": date("2026-04-14T19:58:00Z"), "Operation": 2, "ResultCode": 2, "HResult": 0},
                {"Title": "y", "Date": date("2026-04-13T19:58:00Z"), "Operation": 3, "ResultCode": 2, "HResult": 0},
            ],
            offers=[offer("KB5087538", kbs=[]), offer("KB5087539", kbs=[], title="without a number"), offer("KB5087540", kbs=None)],
            faults={f"dism list {hosts.BASELINE}": {"hresult": "0x80070490", "message": "not found"}},
        ),
        {"gather": ["history", "offers", "packages"]},
    ),
    "no_history": Call(server_2025(history=[], offers=[], packages=[]), {"gather": ["history", "offers", "packages"]}),
    **restart_check_cases.CASES,
    **role_cases.CASES,
}
