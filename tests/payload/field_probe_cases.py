# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts on which field_probe.ps1 is tried."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.host_info_cases import ANSWERING, MANAGEMENT_LOG
from ansible_collections.winops.hotpatch.tests.payload.host_info_failure_cases import CIM_FAULT
from ansible_collections.winops.hotpatch.tests.payload.hosts import date, server_2025, with_cim, with_registry
from ansible_collections.winops.hotpatch.tests.payload.restart_check_cases import ACCESS_DENIED, SEARCH

# What tells whose host it is, in all the places where Windows has it.
SECRETS = (
    "SRV-GEHEIM",
    "corp.example.com",
    "j.doe",
    "10.20.30.40",
    "fe80::1234:5678:9abc:def0",
    "00-15-5D-01-02-03",
    "S-1-5-21-1111111111-222222222-333333333-1001",
    "wsus.corp.example.com",
    "B04F44A4-B696-4B56-934A-C11667E944E4",
    "ASSET-4711",
    "fileserver01",
)


# Those of them that the host gives of itself, by which the controller knows them; the rest it has to find by their form.
NAMES = ("SRV-GEHEIM", "corp.example.com")


def _named() -> hosts.Host:
    """A host that names itself, its domain, its users and its addresses wherever it can."""
    message = (
        r"Hotpatch of SRV-GEHEIM.corp.example.com failed for CORP\j.doe (S-1-5-21-1111111111-222222222-333333333-1001)"
        r" from 10.20.30.40, fe80::1234:5678:9abc:def0, 00-15-5D-01-02-03, \\fileserver01\share,"
        r" C:\Users\j.doe\a, j.doe@corp.example.com, B04F44A4-B696-4B56-934A-C11667E944E4"
    )
    event = {
        "TimeCreated": date("2026-05-01T00:00:00Z"),
        "Level": 2,
        "Id": 107,
        "ProviderName": "Hotpatch Monitor",
        "Message": message,
    }
    restart = hosts.asked(
        "2026-05-02T00:00:00Z",
        r"C:\Windows\system32\shutdown.exe (SRV-GEHEIM)",
        "SRV-GEHEIM",
        "Other (Planned)",
        "0x80000000",
        "restart",
        "j.doe patches the server",
        r"CORP\j.doe",
    )
    other = {**event, "ProviderName": "SQL", "Message": "nothing"}
    host = with_registry(
        server_2025(
            arc={"status": "Connected", "agentVersion": "1.50", "resourceName": "SRV-GEHEIM", "subscriptionId": "ASSET-4711"},
            events={
                "Application": [event, other],
                "System": [event, restart],
                MANAGEMENT_LOG: [{**event, "Message": "AllowRebootlessUpdates 1"}],
            },
        ),
        {
            hosts.UPDATE_POLICY: {"WUServer": "http://svc:S3/cr@t@wsus.corp.example.com:8530"},
            rf"{hosts.CONTROL}\ComputerName\ComputerName": {"ComputerName": "SRV-GEHEIM2"},
            rf"{hosts.CONTROL}\ComputerName\ActiveComputerName": {"ComputerName": "SRV-GEHEIM"},
            rf"{hosts.CONTROL}\Session Manager": {"PendingFileRenameOperations": ["\\??\\C:\\Users\\j.doe\\a.dll", ""]},
            rf"{hosts.SERVICES}\Netlogon": {"JoinDomain": "corp.example.com"},
            r"SOFTWARE\Microsoft\Windows\Hotpatch\Environment": {"Unheard": "of"},
            hosts.DEVICE_POLICY: {"AllowRebootlessUpdates_WinningProvider": "B04F44A4-B696-4B56-934A-C11667E944E4"},
        },
    )
    return with_cim(
        host,
        Win32_SystemEnclosure=[{"SMBIOSAssetTag": "ASSET-4711", "SerialNumber": "ASSET-4711"}],
        Win32_ComputerSystem=[{"Manufacturer": "VMware, Inc.", "Model": "VMware20,1", "Name": "SRV-GEHEIM", "Domain": "corp.example.com"}],
    )


def _odd() -> hosts.Host:
    """A host with a date that is none, and a value of a kind that JSON has not."""
    host = with_registry(server_2025(), {r"SOFTWARE\Microsoft\Windows\Hotpatch\Environment": {"Blob": {"a": 1}}})
    host["packages"][0]["InstallTime"] = date("1601-01-01T00:00:00Z", "local_unspecified")
    return host


def _fails() -> hosts.Host:
    faults: dict[str, Any] = {
        "cim Win32_DeviceGuard": CIM_FAULT,
        "events Application": ACCESS_DENIED,
        "history": ACCESS_DENIED,
        "dism list": ACCESS_DENIED,
        SEARCH: ACCESS_DENIED,
        "task \\Microsoft\\Windows\\Hotpatch\\": ACCESS_DENIED,
    }
    return server_2025(faults=faults, arc="no json", registry_closed=[hosts.UPDATE_POLICY])


def _empty() -> hosts.Host:
    host = server_2025(
        arc=None,
        events={"Application": [], "System": []},
        history=[],
        offers=[],
        packages=[],
        tasks={hosts.MONITOR_TASK: "Ready", "\\Other\\task": "Ready"},
    )
    return with_registry(host, {rf"{hosts.SERVICES}\himds": None})


CASES = {
    "server_2025": Call(server_2025(), {"dest": "x"}),
    "server_2022_azure": Call(hosts.server_2022_azure(), {"dest": "x"}),
    "windows_11_arm64": Call(hosts.windows_11_arm64(), {"dest": "x"}),
    "pending": Call(ANSWERING["pending"].host, {"dest": "x"}),
    "named": Call(_named(), {"dest": "x"}),
    "restart_check": Call(ANSWERING["restart_checks"].host, {"dest": "x", "restart_check": True}),
    "odd": Call(_odd(), {"dest": "x"}),
    "fails": Call(_fails(), {"dest": "x"}),
    "empty": Call(_empty(), {"dest": "x"}),
}
# Those of which the fixture gives the same observation, and the sections in which something had to be taken out.
WHOLE: dict[str, set[str]] = {
    "server_2025": set(),
    "server_2022_azure": set(),
    "windows_11_arm64": {"enrollment"},
    "named": {"monitor", "update_source", "pending", "enrollment", "restarts"},
    "empty": set(),
}
HANGING = {"cim": Call(server_2025(faults={"cim Win32_DeviceGuard": {"hang": 600}}), {"dest": "x"})}
