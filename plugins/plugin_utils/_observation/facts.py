# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts that one host reported, as typed values: the one source of their shape.

The parser is made from these classes, and so are the JSON schema and the documentation of C(host_info). A section that is None is not
known; nothing may be concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from .._values.build import Build
from .shape import Hresult, Kb, LongText, Rule
from .update_facts import HistoryEntry, Monitor, Offer, Package, PendingCause, Servicing, UpdateSource

SCHEMA = "winops.hotpatch/observation/1"


_ADMINISTRATOR = "True if the account that it ran as is SYSTEM or an administrator with all rights."


@dataclass(frozen=True, slots=True)
class PowerShell:
    """The PowerShell that answered."""

    edition: Annotated[str | None, "Desktop for Windows PowerShell, Core for PowerShell 7.", Rule(words=("Desktop", "Core"))]
    version: Annotated[str | None, "Its version."]
    administrator: Annotated[bool | None, _ADMINISTRATOR, Rule(newer=True)]


@dataclass(frozen=True, slots=True)
class Os:
    """Edition, build and architecture."""

    edition_id: Annotated[str | None, "The edition, as the registry names it."]
    installation_type: Annotated[str | None, "The kind of installation, such as Server, Server Core or Client."]
    product_name: Annotated[str | None, "The name of the product."]
    display_version: Annotated[str | None, "The version, as Microsoft names it."]
    sku: Annotated[int | None, "The SKU number of the edition."]
    product_type: Annotated[Literal[1, 2, 3] | None, "1 client, 2 domain controller, 3 server."]
    build: Annotated[int | None, "The build, without its revision."]
    ubr: Annotated[int | None, "The revision of the build."]
    architecture: Annotated[Literal["amd64", "arm64", "x86"] | None, "The architecture of the machine, not of an emulated process."]

    @property
    def full_build(self) -> Build | None:
        """Build and revision, where both are known."""
        return None if self.build is None or self.ubr is None else Build(self.build, self.ubr)


@dataclass(frozen=True, slots=True)
class Arc:
    """The Azure Connected Machine agent."""

    installed: Annotated[bool | None, "True if the agent is installed.", Rule(always=True)]
    status: Annotated[str | None, "The status of the connection, as the agent names it."]
    agent_version: Annotated[str | None, "The version of the agent."]


@dataclass(frozen=True, slots=True)
class Platform:
    """Azure VM or not, the state of the Azure Arc agent, manufacturer and model."""

    azure_vm: Annotated[bool | None, "True if the host is a virtual machine in Azure."]
    arc: Arc | None
    manufacturer: Annotated[str | None, "The manufacturer of the machine."]
    model: Annotated[str | None, "The model of the machine."]


@dataclass(frozen=True, slots=True)
class Vbs:
    """Virtualization-based security."""

    configured: Annotated[int | None, "The value in the registry; 1 means on."]
    status: Annotated[Literal[0, 1, 2] | None, "0 not enabled, 1 enabled but not running, 2 running."]


@dataclass(frozen=True, slots=True)
class SecureBoot:
    """The state of Secure Boot."""

    enabled: Annotated[bool | None, "True if Secure Boot is on."]


@dataclass(frozen=True, slots=True)
class Chpe:
    """Compiled hybrid PE, which matters on Arm64 only."""

    hotpatch_restrictions: Annotated[int | None, "The value C(HotPatchRestrictions); 1 means that compiled hybrid PE is off."]


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """The newest event in which the device management tells of the policy C(AllowRebootlessUpdates)."""

    time: Annotated[datetime | None, "The time of the event."]
    id: Annotated[int | None, "The number of the event."]
    message: Annotated[LongText | None, "The text of the event."]


_MUTEX = "True if C(DeviceLicensingServiceCommandMutex) is set, which Microsoft's remedy for the enrollment fault of October 2025 removes."


@dataclass(frozen=True, slots=True)
class EnrollmentMarkers:
    """Every marker of enrollment that is known, one by one. None of them alone proves enrollment."""

    dynamic_installed_name: Annotated[str | None, "The name of the enrollment in the registry, below C(DynamicInstalled)."]
    dynamic_installed_version: Annotated[str | None, "The version of that enrollment."]
    hotpatch_table_size: Annotated[int | None, "The value C(HotPatchTableSize) of the memory management."]
    enrollment_package_kb5003508: Annotated[bool | None, "True if KB5003508 is installed, which enrolls Windows Server 2022."]
    arc_subscription: Annotated[int | None, "1 if the Azure Arc license includes hotpatching."]
    environment_allow_rebootless: Annotated[int | None, "The value C(AllowRebootlessUpdates) of the hotpatch environment."]
    policy_allow_rebootless: Annotated[int | None, "The value C(AllowRebootlessUpdates) of the device management."]
    policy_provider_set: Annotated[int | None, "1 if a provider of the device management has set that value."]
    policy_winning_provider: Annotated[str | None, "The provider of the device management that decides."]
    policy_report: PolicyReport | None
    licensing_mutex: Annotated[bool | None, _MUTEX]


@dataclass(frozen=True, slots=True)
class Disk:
    """Free space."""

    system_free_bytes: Annotated[int | None, "Free space of the system drive."]


_CLUSTER = "The name of that cluster, which is not known while the service of the cluster does not run."
_DIRECTORY = "The name of the directory service of a domain controller, which has its site in it."
_NETLOGON = "The site of a domain controller as Net Logon has it."


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles of the host that matter for the order of restarts, and the names of what it shares them with."""

    failover_cluster: Annotated[bool | None, "True if the host is a node of a failover cluster."]
    cluster_name: Annotated[str | None, _CLUSTER, Rule(newer=True)]
    domain_controller: Annotated[bool | None, "True if the host is a domain controller."]
    domain: Annotated[str | None, "The domain of a domain controller.", Rule(newer=True)]
    directory_name: Annotated[LongText | None, _DIRECTORY, Rule(newer=True)]
    netlogon_site: Annotated[str | None, _NETLOGON, Rule(newer=True)]


_STARTS = "12 Windows started, 41 and 6008 it had not been shut down before, 109 it is shut down in order, 1074 somebody asked for that."


@dataclass(frozen=True, slots=True)
class RestartEvent:
    """One event of the System log about a start of Windows or its end."""

    time: Annotated[datetime, "The time of the event."]
    id: Annotated[Literal[12, 41, 109, 1074, 6008], _STARTS]
    process: Annotated[str | None, "The process that asked for it, with the name of the host behind it."]
    user: Annotated[str | None, "The user in whose name it asked."]
    reason: Annotated[str | None, "The reason that was given, in the language of the host."]
    reason_code: Annotated[str | None, "The same as a number, in hexadecimal digits."]
    comment: Annotated[LongText | None, "The comment that was given."]
    bug_check: Annotated[int | None, "The code of the bug check that ended Windows before, 0 without one."]


@dataclass(frozen=True, slots=True)
class ProbeError:
    """A probe that failed, or whose answer cannot be used."""

    probe: Annotated[str, "The name of the probe.", Rule(otherwise="unknown")]
    hresult: Annotated[Hresult | None, "The HRESULT of the failure."]
    message: Annotated[LongText | None, "The text of the failure."]


_RESTARTS = "What the System log of the last hundred days says about starts of Windows, newest first, sixty events at most."
_ERRORS = "The probes that failed. If the section of a probe named here is not null, it is incomplete."


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything that one host reported, at one time."""

    observed_at: Annotated[datetime | None, "The time of the observation, by the clock of the host.", Rule(always=True)]
    powershell: Annotated[PowerShell | None, Rule(newer=True)]
    os: Os | None
    boot_time: Annotated[datetime | None, "The last start of Windows."]
    platform: Platform | None
    vbs: Vbs | None
    secure_boot: SecureBoot | None
    chpe: Chpe | None
    enrollment: EnrollmentMarkers | None
    update_source: UpdateSource | None
    pending: Annotated[tuple[PendingCause, ...] | None, "The causes of a pending restart.", Rule(inside="causes")]
    history: Annotated[tuple[HistoryEntry, ...] | None, "The last hundred entries of the update history, newest first.", Rule(most=100)]
    quick_fixes: Annotated[tuple[Kb, ...] | None, "The KB numbers that Windows lists as installed."]
    packages: Annotated[tuple[Package, ...] | None, "The servicing packages of updates, as DISM lists them."]
    offers: Annotated[tuple[Offer, ...] | None, "The updates on offer."]
    monitor: Monitor | None
    disk: Disk | None
    servicing: Servicing | None
    roles: Roles | None
    restarts: Annotated[tuple[RestartEvent, ...] | None, _RESTARTS, Rule(most=60, newer=True)]
    errors: Annotated[tuple[ProbeError, ...], _ERRORS]

    def error_of(self, *probes: str) -> str:
        """Return why PROBES gave nothing, as the end of a sentence."""
        found = [error for error in self.errors if error.probe in probes]
        if not found:
            return "it was not gathered"
        told = (f"probe {error.probe} failed: {' '.join(filter(None, (error.hresult, error.message)))}" for error in found[:3])
        return "; ".join(text.rstrip(".") for text in told)
