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

Registry = dict[str, dict[str, Any]]
_STARTS = {"auto": 2, "manual": 3, "disabled": 4}
_LEVELS = {"critical": 1, "error": 2, "warning": 3}
_OPERATIONS = {"install": 1, "uninstall": 2}
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
        "registry": _registry(truth, description),
        "cim": _cim(truth, description, skew),
        "arc": None if truth.arc_status is None else {"status": truth.arc_status, "agentVersion": "1.50"},
        "tasks": {} if truth.monitor["service"] == "missing" else {hosts.MONITOR_TASK: "Ready"},
        "events": {"Application": [_event(event, skew) for event in truth.monitor["events"]]},
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
    _offers(made, truth, description, faults)
    for fault in faults.active():
        for probe, call in _CALLS.items():
            error = fault.probe_error(probe)
            if error:
                made["faults"][call] = {"hresult": error["hresult"], "message": error["message"]}
    return made


def _registry(truth: Truth, description: HostDescription) -> Registry:
    build, ubr = truth.build.split(".")
    client = truth.os["installation_type"] == "Client"
    control, services = hosts.CONTROL, hosts.SERVICES
    made: Registry = {
        hosts.WINDOWS: {
            "EditionID": truth.os["edition_id"],
            "InstallationType": truth.os["installation_type"],
            # As on a real machine: Windows 11 still calls itself Windows 10 here.
            "ProductName": "Windows 10 Enterprise" if client else str(truth.os["product_name"]).removeprefix("Microsoft "),
            "DisplayVersion": truth.os["display_version"],
            "CurrentBuild": build,
            "UBR": int(ubr),
        },
        hosts.ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": truth.os["architecture"].upper()},
        hosts.MEMORY: {},
        rf"{control}\SecureBoot\State": {"UEFISecureBootEnabled": int(description.secure_boot)},
        rf"{control}\ProductOptions": {
            "ProductType": "LanmanNT" if "domain_controller" in description.roles else "WinNT" if client else "ServerNT"
        },
        rf"{control}\Session Manager": {},
        rf"{control}\ComputerName\ComputerName": {"ComputerName": "OLDNAME"},
        rf"{control}\ComputerName\ActiveComputerName": {"ComputerName": "OLDNAME"},
        rf"{services}\wuauserv": {"Start": _STARTS[description.wuauserv]},
        rf"{services}\Netlogon": {"Start": 3},
        hosts.UPDATE_POLICY: {},
        rf"{hosts.UPDATE_POLICY}\AU": {},
    }
    if truth.vbs["configured"] is not None:
        made[rf"{control}\DeviceGuard"] = {"EnableVirtualizationBasedSecurity": truth.vbs["configured"]}
    if truth.arc_status is not None:
        made[rf"{services}\himds"] = {"Start": 2}
    if description.architecture == "arm64" and description.chpe_off:
        made[hosts.MEMORY]["HotPatchRestrictions"] = 1
    # The service of a cluster is there, and disabled, where the feature is installed on a host that is in no cluster.
    made[rf"{services}\ClusSvc"] = {"Start": 2 if "failover_cluster" in description.roles else 4}
    _enroll(made, truth, description)
    _redirect(made, description)
    _pend(made, truth)
    return {key: {name: value for name, value in values.items() if value is not None} for key, values in made.items()}


def _enroll(made: Registry, truth: Truth, description: HostDescription) -> None:
    asked, done = truth.enrollment != "not_enrolled", truth.enrollment == "enrolled"
    client, arc = truth.os["installation_type"] == "Client", description.platform == "arc"
    if done:
        made[hosts.MEMORY]["HotPatchTableSize"] = 4096
    if asked and not arc and not client:
        version = "10.0.20348.1129" if truth.line == "ws2022_azure" else "10.0.26100.1"
        key = rf"{hosts.WINDOWS}\Update\TargetingInfo\DynamicInstalled\Hotpatch.{truth.os['architecture']}"
        made[key] = {"Name": "Hotpatch Enrollment Package", "Version": version}
    if done and arc:
        made[rf"{hosts.ARC}\Windows\Licenses\Features\Hotpatch"] = {"Subscription": 1}
    if done and truth.line == "ws2025":
        made[r"SOFTWARE\Microsoft\Windows\Hotpatch\Environment"] = {"AllowRebootlessUpdates": 1}
    if done and client:
        made[hosts.DEVICE_POLICY] = {
            "AllowRebootlessUpdates": 1,
            "AllowRebootlessUpdates_ProviderSet": 1,
            "AllowRebootlessUpdates_WinningProvider": "B04F44A4-B696-4B56-934A-C11667E944E4",
        }
    # Microsoft's account of October 2025: enrollment through Azure Arc hung while this value stood.
    if arc and truth.enrollment == "stuck":
        made[rf"{hosts.WINDOWS}\Subscriptions"] = {"DeviceLicensingServiceCommandMutex": "1"}


def _redirect(made: Registry, description: HostDescription) -> None:
    if description.update_source != "windows_update":
        made[hosts.UPDATE_POLICY]["WUServer"] = "http://updates.example.test:8530"
        made[rf"{hosts.UPDATE_POLICY}\AU"]["UseWUServer"] = 1
    made[rf"{hosts.UPDATE_POLICY}\AU"]["NoAutoUpdate"] = description.no_auto_update
    if description.update_source == "configmgr":
        made[rf"{hosts.SERVICES}\CcmExec"] = {"Start": 2}


def _pend(made: Registry, truth: Truth) -> None:
    """Each cause where Windows keeps it."""
    sources = {cause["source"]: cause["detail"] for cause in truth.pending}
    if "component_based_servicing" in sources:
        made[rf"{hosts.CBS}\RebootPending"] = {}
    if "windows_update" in sources:
        made[rf"{hosts.AUTO_UPDATE}\RebootRequired"] = {}
    if "pending_file_rename" in sources:
        key = rf"{hosts.CONTROL}\Session Manager"
        made[key]["PendingFileRenameOperations"] = ["\\??\\" + str(sources["pending_file_rename"]), ""]
    if "pending_computer_rename" in sources:
        made[rf"{hosts.CONTROL}\ComputerName\ComputerName"] = {"ComputerName": "NEWNAME"}
    if "domain_join" in sources:
        made[rf"{hosts.SERVICES}\Netlogon"]["JoinDomain"] = "example.test"
    if "server_manager" in sources:
        made[r"SOFTWARE\Microsoft\ServerManager"] = {"CurrentRebootAttempts": 1}
    if "configmgr" in sources:
        made[rf"{hosts.SERVICES}\CcmExec"] = {"Start": 2}


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
        "Win32_ComputerSystem": [{"Manufacturer": maker, "Model": model}],
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
