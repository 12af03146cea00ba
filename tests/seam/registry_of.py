# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the registry of Windows would hold on a simulated host; see windows_of.py."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.answers.observation import directory_name
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host.model import HostDescription, Truth
from ansible_collections.winops.hotpatch.tests.payload import hosts

Registry = dict[str, dict[str, Any]]
_STARTS = {"auto": 2, "manual": 3, "disabled": 4}


def registry_of(truth: Truth, description: HostDescription) -> Registry:
    """Return the keys with their values."""
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
        hosts.CRYPTOGRAPHY: {"MachineGuid": truth.machine["machine_guid"]},
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
    if description.cluster:
        made["Cluster"] = {"ClusterName": description.cluster}
    if "domain_controller" in description.roles and description.site:
        made[rf"{services}\NTDS\Parameters"] = {"Machine DN Name": directory_name(description.host, description.site)}
        made[rf"{services}\Netlogon\Parameters"] = {"DynamicSiteName": description.site}
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
