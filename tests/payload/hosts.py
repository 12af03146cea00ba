# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as the doubles need them: one plain JSON object each, with what Windows would answer to the payloads."""

from __future__ import annotations

import copy
from typing import Any

Host = dict[str, Any]

WINDOWS = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
CONTROL = r"SYSTEM\CurrentControlSet\Control"
SERVICES = r"SYSTEM\CurrentControlSet\Services"
MEMORY = rf"{CONTROL}\Session Manager\Memory Management"
ENVIRONMENT = rf"{CONTROL}\Session Manager\Environment"
UPDATE_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate"
DEVICE_POLICY = r"SOFTWARE\Microsoft\PolicyManager\current\device\Update"
CBS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"
AUTO_UPDATE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update"
ARC = r"SOFTWARE\Microsoft\Azure Connected Machine Agent"
CRYPTOGRAPHY = r"SOFTWARE\Microsoft\Cryptography"
AZURE_TAG = "7783-7084-3265-9085-8269-3286-77"
MONITOR_TASK = "\\Microsoft\\Windows\\Hotpatch\\Monitoring"
BASELINE = "Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.32690.1.8"


def date(text: str, kind: str = "local") -> dict[str, str]:
    """A date as Windows hands it out: C(local), C(local_unspecified), or C(utc_unspecified)."""
    return {"date": text, "kind": kind}


def offer(kb: str, restart_check: dict[str, Any] | None = None, **over: Any) -> dict[str, Any]:
    """An update on offer. Without RESTART_CHECK the update client has no such interface."""
    return {
        "id": f"00000000-0000-4000-8000-0000{kb[2:].zfill(8)}",
        "title": f"2026-05 Security Update ({kb}) (26100.32860)",
        "kbs": [kb[2:]],
        "categories": ["Security Updates"],
        "size": 734003200,
        "reboot_behavior": 2,
        "restart_check": restart_check,
    } | over


def logged(text: str, number: int, provider: str, *values: Any) -> dict[str, Any]:
    """An event of the System log."""
    words = {"Level": 4, "Message": "A start or an end of Windows.", "Properties": [{"Value": value} for value in values]}
    return {"TimeCreated": date(text), "Id": number, "ProviderName": provider, **words}


def start(text: str) -> dict[str, Any]:
    """The event of a start of Windows."""
    return logged(text, 12, "Microsoft-Windows-Kernel-General")


def asked(text: str, *values: Any) -> dict[str, Any]:
    """The event in which somebody asks for a restart. VALUES stand in the place of its own."""
    process, reason = "C:\\Windows\\system32\\shutdown.exe (WEB01)", "No title for this reason could be found"
    ours = (process, "WEB01", reason, "0x800000ff", "restart", "winops.hotpatch: KB5082063", "EXAMPLE\\operator")
    return logged(text, 1074, "User32", *(values or ours))


def server_2025(**over: Any) -> Host:
    """A Windows Server 2025 under Azure Arc, enrolled, on its baseline, with a hotpatch on offer. OVER replaces whole keys."""
    host: Host = {
        "now": "2026-05-12T18:00:00Z",
        "powershell": {"edition": "Desktop", "version": "5.1.26100.32690"},
        "registry": {
            WINDOWS: {
                "EditionID": "ServerDatacenter",
                "InstallationType": "Server",
                "ProductName": "Windows Server 2025 Datacenter",
                "DisplayVersion": "24H2",
                "CurrentBuild": "26100",
                "UBR": 32690,
            },
            ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": "AMD64"},
            MEMORY: {"HotPatchTableSize": 4096},
            rf"{CONTROL}\DeviceGuard": {"EnableVirtualizationBasedSecurity": 1},
            rf"{CONTROL}\SecureBoot\State": {"UEFISecureBootEnabled": 1},
            rf"{CONTROL}\ProductOptions": {"ProductType": "ServerNT"},
            rf"{CONTROL}\Session Manager": {},
            rf"{CONTROL}\ComputerName\ComputerName": {"ComputerName": "WEB01"},
            rf"{CONTROL}\ComputerName\ActiveComputerName": {"ComputerName": "WEB01"},
            rf"{SERVICES}\wuauserv": {"Start": 3},
            rf"{SERVICES}\himds": {"Start": 2},
            rf"{SERVICES}\Netlogon": {"Start": 2},
            rf"{ARC}\Windows\Licenses\Features\Hotpatch": {"Subscription": 1},
            r"SOFTWARE\Microsoft\Windows\Hotpatch\Environment": {"AllowRebootlessUpdates": 1},
            CRYPTOGRAPHY: {"MachineGuid": "0f7e7a0e-1d2c-4b8e-9a53-0a3a4a6d2f11"},
        },
        "cim": {
            "Win32_OperatingSystem": [
                {
                    "Caption": "Microsoft Windows Server 2025 Datacenter",
                    "OperatingSystemSKU": 8,
                    "ProductType": 3,
                    "LastBootUpTime": date("2026-04-14T20:11:00Z"),
                }
            ],
            "Win32_ComputerSystem": [{"Manufacturer": "VMware, Inc.", "Model": "VMware20,1", "Domain": "corp.example.com"}],
            "Win32_ComputerSystemProduct": [{"UUID": "4C4C4544-0042-3510-8053-B4C04F4E3632"}],
            "Win32_SystemEnclosure": [{"SMBIOSAssetTag": "No Asset Tag"}],
            "Win32_DeviceGuard": [{"VirtualizationBasedSecurityStatus": 2}],
            "Win32_LogicalDisk": [{"DeviceID": "C:", "FreeSpace": 30000000000}],
            "Win32_QuickFixEngineering": [{"HotFixID": "KB5082063"}, {"HotFixID": "File 1"}],
            "Win32_Service": [{"Name": "hpatchmon", "State": "Running", "StartMode": "Manual"}],
        },
        "arc": {"status": "Connected", "agentVersion": "1.50"},
        "tasks": {MONITOR_TASK: "Ready"},
        "events": {"Application": [], "System": [start("2026-04-14T20:11:00Z"), asked("2026-04-14T20:06:00Z")]},
        "processes": [],
        "search_result": 2,
        "history": [
            {
                "Title": "2026-04 Security Update (KB5082063) (26100.32690)",
                "Date": date("2026-04-14T19:58:00Z", "utc_unspecified"),
                "Operation": 1,
                "ResultCode": 2,
                "HResult": 0,
            }
        ],
        "packages": [
            {
                "PackageName": BASELINE,
                "PackageState": "Installed",
                "ReleaseType": "SecurityUpdate",
                "InstallTime": date("2026-04-14T19:58:00Z", "local_unspecified"),
                "Description": "Fix for KB5082063",
            },
            {
                "PackageName": "Microsoft-Windows-FodMetadata-Package~31bf3856ad364e35~amd64~~10.0.26100.1",
                "PackageState": "Installed",
                "ReleaseType": "Foundation",
                "InstallTime": date("1601-01-01T00:00:00Z", "local_unspecified"),
                "Description": "",
            },
        ],
        "package_files": {},
        "package_adds": {},
        "offers": [offer("KB5087538", restart_check={"bootstrapper": True, "answer": False})],
        "faults": {},
    }
    host.update(copy.deepcopy(over))
    return host


def with_registry(host: Host, values: dict[str, dict[str, Any] | None]) -> Host:
    """HOST with VALUES merged into its registry; a key that is None goes away."""
    made = copy.deepcopy(host)
    for key, entries in values.items():
        if entries is None:
            made["registry"].pop(key, None)
        else:
            made["registry"].setdefault(key, {}).update(entries)
    return made


def with_cim(host: Host, **classes: list[dict[str, Any]]) -> Host:
    """HOST with other instances of the CIM classes that are named."""
    made = copy.deepcopy(host)
    made["cim"].update(copy.deepcopy(classes))
    return made


def server_2022_azure() -> Host:
    """A Windows Server 2022 Datacenter: Azure Edition in Azure, whose update client has no restart check."""
    host = server_2025(offers=[offer("KB5078763", title="2026-02 Security Update (KB5078763) (20348.4755)")])
    host = with_registry(
        host,
        {
            WINDOWS: {
                "EditionID": "ServerTurbine",
                "ProductName": "Windows Server 2022 Datacenter Azure Edition",
                "DisplayVersion": "21H2",
                "CurrentBuild": "20348",
                "UBR": 4648,
            },
            rf"{SERVICES}\himds": None,
            rf"{ARC}\Windows\Licenses\Features\Hotpatch": None,
            r"SOFTWARE\Microsoft\Windows\Hotpatch\Environment": None,
            rf"{WINDOWS}\Update\TargetingInfo\DynamicInstalled\Hotpatch.amd64": {
                "Name": "Hotpatch Enrollment Package",
                "Version": "10.0.20348.1129",
            },
        },
    )
    return with_cim(
        host,
        Win32_OperatingSystem=[
            {
                "Caption": "Microsoft Windows Server 2022 Datacenter Azure Edition",
                "OperatingSystemSKU": 407,
                "ProductType": 3,
                "LastBootUpTime": date("2026-01-13T20:11:00Z"),
            }
        ],
        Win32_SystemEnclosure=[{"SMBIOSAssetTag": AZURE_TAG}],
        Win32_QuickFixEngineering=[{"HotFixID": "KB5003508"}, {"HotFixID": "KB5073457"}],
    )


def windows_11_arm64() -> Host:
    """A Windows 11 Enterprise on Arm64 with CHPE off, managed by Intune."""
    host = server_2025(offers=[offer("KB5089466", restart_check={"bootstrapper": True, "answer": False})])
    host = with_registry(
        host,
        {
            WINDOWS: {
                "EditionID": "Enterprise",
                "InstallationType": "Client",
                "ProductName": "Windows 10 Enterprise",
                "DisplayVersion": "25H2",
                "CurrentBuild": "26200",
                "UBR": 8246,
            },
            ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": "ARM64"},
            MEMORY: {"HotPatchRestrictions": 1},
            DEVICE_POLICY: {
                "AllowRebootlessUpdates": 1,
                "AllowRebootlessUpdates_WinningProvider": "B04F44A4-B696-4B56-934A-C11667E944E4",
                "DeferQualityUpdatesPeriodInDays": 2,
            },
            rf"{CONTROL}\ProductOptions": {"ProductType": "WinNT"},
            rf"{SERVICES}\himds": None,
        },
    )
    return with_cim(
        host,
        Win32_OperatingSystem=[
            {
                "Caption": "Microsoft Windows 11 Enterprise",
                "OperatingSystemSKU": 4,
                "ProductType": 1,
                "LastBootUpTime": date("2026-04-15T06:30:00Z"),
            }
        ],
    )
