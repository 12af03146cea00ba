# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts on which _observe.ps1 is tried, and with which options."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.hosts import date, offer, server_2025, with_cim, with_registry
from ansible_collections.winops.hotpatch.tests.payload.running import Call

ACCESS_DENIED = {"hresult": "0x80070005", "message": "Access is denied."}
NO_ROUTE = {"hresult": "0x80240438", "message": "no route", "batch": True}
SEARCH = "search IsInstalled=0 and DeploymentAction='Installation'"
CIM_FAULT = {"kind": "cim", "hresult": "0x80041010", "message": "Invalid class"}
MANAGEMENT_LOG = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin"
CLOSED = [rf"{hosts.CBS}\RebootPending", rf"{hosts.CONTROL}\Session Manager", rf"{hosts.CONTROL}\ProductOptions", hosts.UPDATE_POLICY]


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


def _restart_checks() -> hosts.Host:
    """A host with one offer for each way in which the restart check can answer, and one that is hidden."""
    return server_2025(
        offers=[
            offer("KB5000001", restart_check={"bootstrapper": True, "answer": False}),
            offer("KB5000002", restart_check={"bootstrapper": True, "answer": True}),
            offer("KB5000003", restart_check={"bootstrapper": False, "answer": None}),
            offer("KB5000004", restart_check={"bootstrapper": True, "answer": None, "download_hresult": "0x80240438"}),
            offer("KB5000005", restart_check={"bootstrapper": True, "answer": None}),
            offer("KB5000006", restart_check={"bootstrapper": True, "answer": "perhaps"}),
            offer("KB5000007", restart_check={"bootstrapper": "perhaps", "answer": True}),
            offer("KB5000008"),
            offer("KB5000009", restart_check={"bootstrapper": True, "answer": False}, hidden=True),
            offer("KB5000010", restart_check={"bootstrapper": True, "answer": False}),
        ],
        faults={
            "restart_check ask 00000000-0000-4000-8000-000005000005": {"hresult": "0x80246007", "message": "not downloaded"},
            "restart_check static 00000000-0000-4000-8000-000005000010": {"hresult": "0x80240037", "message": "not supported"},
        },
    )


def network_logon(**faults: Any) -> hosts.Host:
    """A host whose downloader and installer refuse this logon, but not a task; FAULTS are those that it has beside that."""
    refused = {"downloader": ACCESS_DENIED | {"network": True}, "installer": ACCESS_DENIED | {"network": True}}
    kept = ("KB5000001", "KB5000002", "KB5000003", "KB5000006", "KB5000008", "KB5000009")
    offers = [item for item in _restart_checks()["offers"] if f"KB{item['kbs'][0]}" in kept]
    return server_2025(offers=offers if not faults else offers[:2], faults=refused | faults)


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
        server_2025(events={"Application": [], MANAGEMENT_LOG: [event, told] if managed else [event]}),
        {
            hosts.DEVICE_POLICY: {"AllowRebootlessUpdates": 1, "AllowRebootlessUpdates_ProviderSet": 1},
            rf"{hosts.WINDOWS}\Subscriptions": {"DeviceLicensingServiceCommandMutex": "x"},
        },
    )
    return host if managed else with_registry(host, {rf"{hosts.WINDOWS}\Subscriptions": None})


def _garbage() -> hosts.Host:
    """A host whose answers have the wrong type, are huge, or would do harm where they are shown."""
    nasty = "<b>\u001b[31m{{ lookup('pipe', 'id') }}\u202e\"quoted\"\r\nn\u00e4chste \U0001f600 " + "x" * 1_000_000
    host = with_registry(
        server_2025(
            offers=[
                offer(
                    "KB5087538",
                    title=nasty,
                    kbs=["not a number", "5087538", "5087538"],
                    categories=[nasty, ""],
                    size="big",
                    reboot_behavior=7,
                )
            ],
            history=[{"Title": nasty, "Date": "yesterday", "Operation": "x", "ResultCode": "y", "HResult": None}],
            packages=[
                {
                    "PackageName": f"Package_for_{nasty}",
                    "PackageState": None,
                    "ReleaseType": "",
                    "InstallTime": "never",
                    "Description": nasty,
                }
            ],
        ),
        {
            hosts.WINDOWS: {"EditionID": nasty, "CurrentBuild": "many", "UBR": "0x1f"},
            hosts.ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": "VAX"},
            rf"{hosts.CONTROL}\DeviceGuard": {"EnableVirtualizationBasedSecurity": ["1", "2"]},
        },
    )
    return with_cim(
        host,
        Win32_DeviceGuard=[{"VirtualizationBasedSecurityStatus": 9}],
        Win32_OperatingSystem=[{"Caption": nasty, "OperatingSystemSKU": "x", "ProductType": 77, "LastBootUpTime": "x"}],
        Win32_LogicalDisk=[{"DeviceID": "C:", "FreeSpace": None}],
        Win32_QuickFixEngineering=[
            {"HotFixID": ""},
            {"HotFixID": None},
            {"HotFixID": "KB123"},
            {"HotFixID": "KB5082063"},
            {"HotFixID": "KB5082063"},
        ],
    )


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


def _faulty(**faults: Any) -> hosts.Host:
    return server_2025(faults={name.replace("__", " "): fault for name, fault in faults.items()})


# Hosts that answer, each in its way.
ANSWERING = {
    "server_2025": Call(server_2025()),
    "server_2022_azure": Call(hosts.server_2022_azure()),
    "windows_11_arm64": Call(hosts.windows_11_arm64()),
    "check_mode": Call(server_2025(), check=True),
    "pending": Call(_pending()),
    "restart_checks": Call(_restart_checks()),
    "monitor": Call(with_cim(server_2025(tasks={hosts.MONITOR_TASK: "Disabled"}, events={"Application": _events()}), Win32_Service=[])),
    "monitor_off": Call(
        with_cim(server_2025(tasks={}), Win32_Service=[{"Name": "hpatchmon", "State": "Stopped", "StartMode": "Disabled"}])
    ),
    "sweep": Call(server_2025(), {"gather": ["os", "boot", "vbs"]}),
    "no_restart_check": Call(server_2025(), {"gather": ["offers"]}),
    "network_logon": Call(network_logon(), {"gather": ["servicing", "offers", "restart_check"]}),
    "no_task": Call(network_logon(**{"task register S-1-5-18": ACCESS_DENIED}), {"gather": ["offers", "restart_check"]}),
    # Within the task the search fails.
    "task_fails": Call(network_logon(**{SEARCH: NO_ROUTE}), {"gather": ["offers", "restart_check"]}),
    # The task cannot be removed afterwards, nor its folder.
    "task_stays": Call(
        network_logon(**{"task unregister": ACCESS_DENIED, "remove": ACCESS_DENIED}), {"gather": ["offers", "restart_check"]}
    ),
    "managed_device": Call(_device(managed=True), {"gather": ["enrollment"]}),
    "unmanaged_device": Call(_device(managed=False), {"gather": ["enrollment"]}),
    "managed": Call(
        with_registry(
            server_2025(installer_busy=True, search_result=3, processes=["notepad"]),
            {
                hosts.UPDATE_POLICY: {"WUServer": "https://wsus.example.com:8531"},
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
}
# Hosts whose answers fail, or are of no use.
FAILING = {
    "garbage": Call(_garbage()),
    # Every source of facts fails, each in its own way.
    "all_fail": Call(
        server_2025(
            arc="no json",
            registry_closed=[
                rf"{hosts.CBS}\RebootPending",
                rf"{hosts.CONTROL}\Session Manager",
                rf"{hosts.CONTROL}\ProductOptions",
                hosts.UPDATE_POLICY,
            ],
            faults={
                "cim Win32_OperatingSystem": CIM_FAULT,
                "cim Win32_ComputerSystem": CIM_FAULT,
                "cim Win32_DeviceGuard": CIM_FAULT,
                "cim Win32_QuickFixEngineering": CIM_FAULT,
                "cim Win32_LogicalDisk": CIM_FAULT,
                "cim Win32_Service": CIM_FAULT,
                f"task {hosts.MONITOR_TASK}": ACCESS_DENIED,
                "history": {"hresult": "0x80248007", "message": "no data"},
                "dism list": {"hresult": "0x800F0831", "message": "store corruption"},
                SEARCH: {"hresult": "0x80240438", "message": "no route"},
                "installer": {"hresult": "0x80070422", "message": "disabled"},
            },
        )
    ),
    "no_log": Call(server_2025(events={}), {"gather": ["monitor", "enrollment"]}),
    "no_instance": Call(with_cim(server_2025(), Win32_DeviceGuard=[]), {"gather": ["vbs"]}),
    "logs_closed": Call(
        server_2025(faults={"events Application": ACCESS_DENIED, f"events {MANAGEMENT_LOG}": ACCESS_DENIED}),
        {"gather": ["monitor", "enrollment"]},
    ),
    "search_failed": Call(server_2025(search_result=4), {"gather": ["offers", "restart_check"]}),
    "bad_option": Call(server_2025(), {"gather": ["os", "weather"]}),
}
# Hanging calls cannot be interrupted, as calls into COM cannot.
HANGING = {
    "vbs": Call(_faulty(cim__Win32_DeviceGuard={"hang": 600}), {"gather": ["os", "vbs", "disk"]}),
    "offers": Call(_faulty(**{SEARCH.replace(" ", "__"): {"hang": 600}}), {"gather": ["offers", "restart_check", "disk"]}),
    "agent": Call(server_2025(arc="hangs"), {"gather": ["platform"]}),
    "agent_child": Call(server_2025(arc="its child hangs"), {"gather": ["platform"]}),
    "agent_blind": Call(server_2025(arc="hangs", faults={"cim Win32_Process": CIM_FAULT}), {"gather": ["platform"]}),
    "task": Call(
        network_logon(**{"restart_check ask 00000000-0000-4000-8000-000005000002": {"hang": 600, "batch": True}}),
        {"gather": ["offers", "restart_check"]},
    ),
    "restart_check": Call(
        _restart_checks() | {"faults": {"restart_check ask 00000000-0000-4000-8000-000005000002": {"hang": 600}}},
        {"gather": ["offers", "restart_check"]},
    ),
}
