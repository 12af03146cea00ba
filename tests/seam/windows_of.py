# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows would answer on a simulated host: its state, written down as registry, CIM, COM and DISM have it.

The rehearsal goes from the same state to an observation by its own way. Nothing of that way is used here, else the test would compare
a thing with itself; only what Windows Update has on offer comes from the rehearsal's model of it.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.faults.active import Faults
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host import times
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host.model import HostDescription, Installed, Truth
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.windows import offers, packages
from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.hosts import date
from ansible_collections.winops.hotpatch.tests.seam.registry_of import registry_of

_LEVELS = {"critical": 1, "error": 2, "warning": 3}
_OPERATIONS = {"install": 1, "uninstall": 2}
_SYSTEM, _PLANNED = r"NT AUTHORITY\SYSTEM", "Operating System: Service pack (Planned)"
# Who restarts a host: process, reason, its code and user.
_ASKED = {
    "controller": (r"C:\Windows\system32\shutdown.exe (HOST)", "No title for this reason", "0x800000ff", r"REHEARSAL\administrator"),
    "event": (r"C:\Windows\System32\RuntimeBroker.exe (HOST)", "Other (Unplanned)", "0x0", r"REHEARSAL\operator"),
    "windows": (r"C:\Windows\system32\MoUsoCoreWorker.exe (HOST)", _PLANNED, "0x80020010", _SYSTEM),
}
_HARDWARE = {
    "azure": ("Microsoft Corporation", "Virtual Machine"),
    "azure_local": ("Microsoft Corporation", "Virtual Machine"),
    "client": ("LENOVO", "21CB"),
    "server": ("VMware, Inc.", "VMware20,1"),
}
SEARCH = "search IsInstalled=0 and DeploymentAction='Installation'"
DISABLED = "The service cannot be started, either because it is disabled or because it has no enabled devices associated with it."
# The call of Windows behind a probe that fails as a whole.
_CALLS = {"history": "history", "packages": "dism list", "offers": SEARCH, "disk": "cim Win32_LogicalDisk"}


def windows_of(truth: Truth, description: HostDescription) -> hosts.Host:
    """Return the host as the doubles of Windows need it."""
    # Looking is not kept in the state, so that its clock may stand where something last happened.
    truth.clock = max(truth.clock, description.now)
    faults = Faults(description.faults, truth)
    skew = sum(fault.skew() for fault in faults.active()) / 60
    made: hosts.Host = {
        "now": times.later(truth.clock, skew),
        "powershell": _powershell(truth, description),
        "administrator": description.administrator,
        # What PowerShell 7 asks of DISM it asks through this one.
        "windows_powershell": "answers" if description.powershell else None,
        "registry": registry_of(truth, description),
        "cim": _cim(truth, description, skew),
        "arc": None if truth.arc_status is None else {"status": truth.arc_status, "agentVersion": "1.50"},
        "tasks": {} if truth.monitor["service"] == "missing" else {hosts.MONITOR_TASK: "Ready"},
        "events": {"Application": [_event(event, skew) for event in truth.monitor["events"]], "System": _starts(truth, skew)},
        "processes": [],
        "search_result": 2,
        "history": [_history(entry, skew) for entry in truth.history],
        "packages": _packages(truth, skew),
        "package_files": {},
        "package_adds": {},
        "installer_busy": truth.servicing_busy,
        "faults": {},
        "offers": [],
    }
    _remember(made, truth, description, faults)
    _offers(made, truth, description, faults)
    for fault in faults.active():
        for probe, call in _CALLS.items():
            error = fault.probe_error(probe)
            if error:
                made["faults"][call] = {"hresult": error["hresult"], "message": error["message"]}
    return made


def _remember(made: hosts.Host, truth: Truth, description: HostDescription, faults: Faults) -> None:
    """Put the memory where it lies, closed to all but administrators."""
    made["icacls"] = "works"
    text = next((found for fault in faults.active() if (found := fault.memory_text()) is not None), truth.memory)
    if text is not None:
        made["memory"] = {"memory.json": text}
        if not description.administrator:
            made["faults"]["acl hotpatch"] = {"hresult": "0x80070005", "message": "Access is denied."}


def _powershell(truth: Truth, description: HostDescription) -> dict[str, str]:
    if description.powershell:
        return {"edition": "Core", "version": description.powershell}
    return {"edition": "Desktop", "version": f"5.1.{truth.build}"}


def _cim(truth: Truth, description: HostDescription, skew: float) -> dict[str, list[dict[str, Any]] | dict[str, Any]]:
    client = truth.os["installation_type"] == "Client"
    maker, model = _HARDWARE.get(description.platform, _HARDWARE["client" if client else "server"])
    fixes = ["KB5003508"] if truth.line == "ws2022_azure" and truth.enrollment == "enrolled" else []
    fixes += [entry.kb for entry in truth.installed if entry.state in ("Installed", "UninstallPending")]
    service = truth.monitor["service"]
    pending = any(cause["source"] == "configmgr" for cause in truth.pending)
    return {
        "Win32_OperatingSystem": [
            {
                "Caption": truth.os["product_name"],
                "OperatingSystemSKU": truth.os["sku"],
                "ProductType": truth.os["product_type"],
                "LastBootUpTime": date(times.later(truth.boots[-1]["at"], skew)),
            }
        ],
        "Win32_ComputerSystem": [{"Manufacturer": maker, "Model": model, "Domain": description.domain}],
        "Win32_ComputerSystemProduct": [{"UUID": truth.machine["smbios_uuid"]}],
        "Win32_SystemEnclosure": [{"SMBIOSAssetTag": hosts.AZURE_TAG if description.platform == "azure" else "No Asset Tag"}],
        "Win32_DeviceGuard": [{"VirtualizationBasedSecurityStatus": truth.vbs["status"]}],
        "Win32_LogicalDisk": [{"DeviceID": "C:", "FreeSpace": truth.free_bytes}],
        "Win32_QuickFixEngineering": [{"HotFixID": kb} for kb in fixes],
        "Win32_Service": []
        if service == "missing"
        else [{"Name": "hpatchmon", "State": "Running" if service == "running" else "Stopped", "StartMode": "Manual"}],
        "CCM_ClientUtilities.DetermineIfRebootPending": {"RebootPending": pending, "IsHardRebootPending": False},
    }


def _event(event: dict[str, Any], skew: float) -> dict[str, Any]:
    return {
        "TimeCreated": date(times.later(event["time"], skew)),
        "Level": _LEVELS[event["level"]],
        "Id": event["id"],
        "ProviderName": event["source"],
        "Message": event["message"],
    }


def _starts(truth: Truth, skew: float) -> list[dict[str, Any]]:
    """What the System log has of each start: who asked for it minutes before, or that there had been no shutdown."""
    found: list[dict[str, Any]] = []
    for boot in truth.boots:
        at, down = times.later(boot["at"], skew), times.later(boot["at"], skew - 5)
        if boot["requested_by"] in _ASKED:
            process, reason, code, user = _ASKED[boot["requested_by"]]
            comment = boot["cause"] if boot["requested_by"] == "controller" else ""
            found.append(hosts.asked(down, process, "HOST", reason, code, "restart", comment, user))
            found.append(hosts.logged(down, 109, "Microsoft-Windows-Kernel-Power", 6, 0, 0))
        found.append(hosts.start(at))
        if boot["requested_by"] == "power":
            found.append(hosts.logged(at, 41, "Microsoft-Windows-Kernel-Power", 0))
            found.append(hosts.logged(at, 6008, "EventLog"))
    return found


def _history(entry: dict[str, Any], skew: float) -> dict[str, Any]:
    return {
        "Title": entry["title"],
        "Date": date(times.later(entry["date"], skew), "utc_unspecified"),
        "Operation": _OPERATIONS[entry["operation"]],
        "ResultCode": entry["result_code"],
        "HResult": entry["hresult"],
    }


def _packages(truth: Truth, skew: float) -> list[dict[str, Any]]:
    stack = packages.servicing_stack(truth)
    made = [_package(stack["identity"], "Installed", "Update", times.later(stack["install_time"], skew), "")]
    for entry in truth.installed:
        kind = "SecurityUpdate" if entry.build else "Update"
        made.append(_package(_identity(entry, truth), entry.state, kind, times.later(entry.at, skew), f"Fix for {entry.kb}"))
    # What is on every machine and is not an update.
    made.append(_package("Microsoft-Windows-FodMetadata-Package~31bf3856ad364e35~amd64~~10.0.26100.1", "Installed", "Foundation", None, ""))
    return made


def _identity(entry: Installed, truth: Truth) -> str:
    return packages.identity(entry, truth.os["architecture"])


def _package(identity: str, state: str, kind: str, at: str | None, description: str) -> dict[str, Any]:
    return {
        "PackageName": identity,
        "PackageState": state,
        "ReleaseType": kind,
        "InstallTime": date(at or "1601-01-01T00:00:00Z", "local_unspecified"),
        "Description": description,
    }


def _offers(made: hosts.Host, truth: Truth, description: HostDescription, faults: Faults) -> None:
    if description.wuauserv == "disabled":
        made["faults"][SEARCH] = {"hresult": "0x80070422", "message": DISABLED}
        return
    for offer in offers.search(truth, description, faults):
        restart_check: dict[str, Any] | None = None
        if int(truth.os["build"]) >= 26100:
            restart_check = {"bootstrapper": offer.kind != "other", "answer": offer.restart}
            given = next((answer for fault in faults.active(offer.kb) if (answer := fault.restart_check()) is not None), None)
            if given is not None and given["hresult"] is None:
                restart_check = {"bootstrapper": True, "answer": given["answer"]}
            elif given is not None:
                restart_check["bootstrapper"] = True
                made["faults"][f"restart_check ask {offer.update_id}"] = {"hresult": given["hresult"], "message": given["message"]}
        made["offers"].append(
            {
                "id": offer.update_id,
                "title": offer.title,
                "kbs": [offer.kb[2:]],
                "categories": list(offer.categories),
                "size": offer.size_bytes,
                "reboot_behavior": offer.reboot_behavior,
                "restart_check": restart_check,
            }
        )
