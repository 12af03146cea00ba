# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts on which internal_observe.ps1 gets no answer, or one that is of no use."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.host_info_cases import MANAGEMENT_LOG
from ansible_collections.winops.hotpatch.tests.payload.hosts import offer, server_2025, with_cim, with_registry
from ansible_collections.winops.hotpatch.tests.payload.restart_check_cases import ACCESS_DENIED, SEARCH, network_logon, restart_checks

CIM_FAULT = {"kind": "cim", "hresult": "0x80041010", "message": "Invalid class"}
CLOSED = [rf"{hosts.CBS}\RebootPending", rf"{hosts.CONTROL}\Session Manager", rf"{hosts.CONTROL}\ProductOptions", hosts.UPDATE_POLICY]


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


def _faulty(**faults: Any) -> hosts.Host:
    return server_2025(faults={name.replace("__", " "): fault for name, fault in faults.items()})


# Hosts whose answers fail, or are of no use.
FAILING = {
    "garbage": Call(_garbage()),
    # Every source of facts fails, each in its own way.
    "all_fail": Call(
        server_2025(
            arc="no json",
            registry_closed=CLOSED,
            faults={
                "cim Win32_OperatingSystem": CIM_FAULT,
                "cim Win32_ComputerSystem": CIM_FAULT,
                "cim Win32_DeviceGuard": CIM_FAULT,
                "cim Win32_QuickFixEngineering": CIM_FAULT,
                "cim Win32_LogicalDisk": CIM_FAULT,
                "cim Win32_Service": CIM_FAULT,
                "events System": ACCESS_DENIED,
                f"task {hosts.MONITOR_TASK}": ACCESS_DENIED,
                "history": {"hresult": "0x80248007", "message": "no data"},
                "dism list": {"hresult": "0x800F0831", "message": "store corruption"},
                SEARCH: {"hresult": "0x80240438", "message": "no route"},
                "installer": {"hresult": "0x80070422", "message": "disabled"},
            },
        )
    ),
    "no_log": Call(server_2025(events={}), {"gather": ["monitor", "enrollment", "restarts"]}),
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
        restart_checks() | {"faults": {"restart_check ask 00000000-0000-4000-8000-000005000002": {"hang": 600}}},
        {"gather": ["offers", "restart_check"]},
    ),
}
