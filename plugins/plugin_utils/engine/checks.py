# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks that make a host eligible. To add one, write a function and name it in CHECKS at the end of this file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .observation_types import Observation
from .product_line import Applies, LineFinding, is_azure_edition

_DOC_SERVER = "learn.microsoft.com/windows-server/get-started/enable-hotpatch-azure-arc-enabled-servers"
_DOC_CLIENT = "learn.microsoft.com/intune/device-updates/windows/hotpatch"
_DOC_HOTPATCH = "learn.microsoft.com/windows-server/get-started/hotpatch"
_GIB = 1024**3
# Windows 11 cumulative updates of 2026 are about 5 GB to download and need room to unpack.
MINIMUM_FREE_BYTES = 8 * _GIB


class Result(StrEnum):
    """The outcome of one check."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not_needed"


class Weight(StrEnum):
    """What a check means for the verdict."""

    PREREQUISITE = "prerequisite"  # a failure makes the host ineligible, an unknown makes the verdict unknown
    IF_KNOWN = "if_known"  # a failure makes the host ineligible, an unknown is only reported
    REPORT = "report"  # only reported here: the decision has its own rule for it


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its outcome."""

    id: str
    result: Result
    observed: str | None
    required: str
    reason: str
    remedy: str | None = None
    needs_restart: bool = False
    source: str | None = None
    weight: Weight = Weight.PREREQUISITE
    never: bool = field(default=False)  # no remedy exists: this Windows can never hotpatch

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "id": self.id,
            "result": self.result.value,
            "observed": self.observed,
            "required": self.required,
            "reason": self.reason,
            "remedy": self.remedy,
            "needs_restart": self.needs_restart,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What a check may look at. C(hotpatch_seen) is an installed hotpatch: the proof that settles disputed editions."""

    observation: Observation
    finding: LineFinding
    hotpatch_seen: str | None

    @property
    def line(self) -> str:
        """The product line; empty where there is none."""
        return self.finding.line or ""

    @property
    def is_client(self) -> bool:
        """Whether the line is one of clients."""
        return self.line.startswith("win11")


def os_release(given: CheckInput) -> Check:
    """The version of Windows has hotpatches."""
    os = given.observation.os
    seen = None if os is None else f"build {os.build}, {os.edition_id}"
    required = "Windows Server 2022 Datacenter: Azure Edition, Windows Server 2025, Windows 11 24H2 or 25H2"
    applies = given.finding.applies
    result = {Applies.YES: Result.PASS, Applies.NO: Result.FAIL, Applies.UNKNOWN: Result.UNKNOWN}[applies]
    remedy = None if applies is Applies.YES else "Keep to ordinary updates, or move to a version of Windows that hotpatches."
    return Check("os_release", result, seen, required, given.finding.reason, remedy, source=_DOC_HOTPATCH, never=True)


def edition(given: CheckInput) -> Check:
    """The edition has hotpatches."""
    os = given.observation.os
    name = os.edition_id if os else None
    sku = os.sku if os else None
    if given.is_client:
        return _client_edition(name, given.hotpatch_seen)
    required = "Standard, Datacenter or Datacenter: Azure Edition" if given.line == "ws2025" else "Datacenter: Azure Edition"
    if given.line == "ws2022_azure":
        return Check(
            "edition", Result.PASS, name, required, f"EditionID {name}, SKU {sku} is Datacenter: Azure Edition.", source=_DOC_HOTPATCH
        )
    if not given.line or os is None:
        return Check(
            "edition", Result.NOT_NEEDED, name, required, "The version of Windows has no hotpatches, so its edition does not matter."
        )
    if sku in (79, 80) or (name or "").lower().startswith(("serverstandardeval", "serverdatacentereval")):
        reason = f"EditionID {name}, SKU {sku} is an evaluation copy, which is not licensed for hotpatches."
        return Check(
            "edition", Result.FAIL, name, required, reason, "Convert it to a licensed edition (DISM /Set-Edition).", True, _DOC_SERVER
        )
    if name is None and sku is None:
        return Check(
            "edition", Result.UNKNOWN, None, required, f"The edition could not be read: {given.observation.error_of('os')}.", "Gather os."
        )
    azure = is_azure_edition(os)
    known = (name or "").lower().startswith(("serverdatacenter", "serverstandard")) or (name is None and sku in (7, 8, 12, 13))
    if azure is None:
        reason = f"EditionID {name} and SKU {sku} contradict each other."
        return Check("edition", Result.UNKNOWN, name, required, reason, "Read both again; report it if it stays so.", source=_DOC_SERVER)
    platform = given.observation.platform
    if not azure and platform and platform.azure_vm:
        reason = f"On an Azure VM only Datacenter: Azure Edition hotpatches; this is {name}."
        remedy = "Redeploy from a Datacenter: Azure Edition image."
        return Check("edition", Result.FAIL, name, "Datacenter: Azure Edition", reason, remedy, True, _DOC_HOTPATCH)
    if azure or known:
        return Check("edition", Result.PASS, name, required, f"EditionID {name} hotpatches.", source=_DOC_SERVER)
    return Check("edition", Result.FAIL, name, required, f"EditionID {name}, SKU {sku} is not among the editions that hotpatch.", None, False,
                 _DOC_SERVER, never=True)  # fmt: skip


def _client_edition(name: str | None, hotpatch_seen: str | None) -> Check:
    required = "Enterprise, Education, IoT Enterprise or multi-session; Pro only with a licence that brings hotpatches"
    lower = (name or "").lower()
    if not lower:
        return Check("edition", Result.UNKNOWN, None, required, "EditionID could not be read.", "Gather os.", source=_DOC_CLIENT)
    if lower.startswith(("core", "cloudedition", "starter")):
        reason = f"EditionID {name} (Home or SE) never gets hotpatches."
        return Check(
            "edition", Result.FAIL, name, required, reason, "Move to Enterprise or keep to ordinary updates.", True, _DOC_CLIENT, never=True
        )
    if lower.startswith(("enterprise", "education", "iotenterprise", "serverrdsh")):
        return Check("edition", Result.PASS, name, required, f"EditionID {name} hotpatches.", source=_DOC_CLIENT)
    if hotpatch_seen:
        return Check(
            "edition", Result.PASS, name, required, f"EditionID {name} hotpatches here: {hotpatch_seen} is installed.", source=_DOC_CLIENT
        )
    reason = f"Whether EditionID {name} gets hotpatches depends on its licence, and no hotpatch is installed that would prove it."
    return Check("edition", Result.UNKNOWN, name, required, reason, "Confirm the licence (Windows E3/E5, Business Premium) or move to Enterprise.",
                 source=_DOC_CLIENT)  # fmt: skip


def architecture(given: CheckInput) -> Check:
    """The processor architecture has hotpatches."""
    os = given.observation.os
    seen = os.architecture if os else None
    allowed = ("amd64", "arm64") if given.is_client else ("amd64",)
    required = " or ".join(allowed)
    if seen is None:
        return Check("architecture", Result.UNKNOWN, None, required, "The architecture could not be read.", "Gather os.")
    if seen in allowed:
        return Check("architecture", Result.PASS, seen, required, f"Architecture {seen} hotpatches.")
    return Check(
        "architecture", Result.FAIL, seen, required, f"Architecture {seen} gets no hotpatches on this line.", source=_DOC_CLIENT, never=True
    )


def build_floor(given: CheckInput) -> Check:
    """The build is not older than the first that hotpatches."""
    os = given.observation.os
    floor = {"ws2025": 1742, "win11_24h2": 4929 if os and os.architecture == "arm64" else 2033}.get(given.line)
    if floor is None:
        return Check("build_floor", Result.NOT_NEEDED, None, "no minimum", "Every build of this line hotpatches.")
    build = os.full_build if os else None
    required = f"26100.{floor} or later"
    if build is None:
        return Check("build_floor", Result.UNKNOWN, None, required, "The revision (UBR) could not be read.", "Gather os.")
    if build.revision >= floor:
        return Check(
            "build_floor", Result.PASS, str(build), required, f"Build {build} is not below the first that hotpatches.", source=_DOC_SERVER
        )
    reason = f"Build {build} is below 26100.{floor}, the first that hotpatches."
    return Check("build_floor", Result.FAIL, str(build), required, reason, "Install the current baseline and restart.", True, _DOC_SERVER)


def vbs_running(given: CheckInput) -> Check:
    """Virtualization-based security runs; that it is configured is not enough."""
    vbs = given.observation.vbs
    status = vbs.status if vbs else None
    required = "VirtualizationBasedSecurityStatus 2 (running)"
    if status == 2:
        return Check("vbs_running", Result.PASS, "2", required, "Virtualization-based security is running (status 2).", source=_DOC_SERVER)
    if status is None:
        reason = f"The status of virtualization-based security is not known: {given.observation.error_of('vbs')}."
        return Check(
            "vbs_running", Result.UNKNOWN, None, required, reason, "Gather vbs; Win32_DeviceGuard must be readable.", source=_DOC_SERVER
        )
    if status == 1:
        reason = "Virtualization-based security is enabled but not running (status 1)."
        remedy = (
            "Restart; if it stays so, enable virtualization extensions and Secure Boot in the firmware or the hypervisor (Generation 2 VM)."
        )
    else:
        reason = "Virtualization-based security is not enabled (status 0)."
        remedy = "Set DeviceGuard EnableVirtualizationBasedSecurity to 1 (winops.hotpatch.enrollment does) and restart."
    return Check("vbs_running", Result.FAIL, str(status), required, reason, remedy, True, _DOC_SERVER)


def secure_boot(given: CheckInput) -> Check:
    """Secure Boot is on, where Microsoft asks for it."""
    section = given.observation.secure_boot
    enabled = section.enabled if section else None
    seen = None if enabled is None else ("on" if enabled else "off")
    if given.line != "ws2025":
        return Check(
            "secure_boot",
            Result.NOT_NEEDED,
            seen,
            "no requirement of its own",
            "This line asks for running VBS only.",
            weight=Weight.REPORT,
        )
    if enabled is None:
        reason = f"Secure Boot could not be read: {given.observation.error_of('secure_boot')}."
        return Check("secure_boot", Result.UNKNOWN, None, "on", reason, "Gather secure_boot.", source=_DOC_SERVER, weight=Weight.IF_KNOWN)
    if enabled:
        return Check("secure_boot", Result.PASS, seen, "on", "Secure Boot is on.", source=_DOC_SERVER, weight=Weight.IF_KNOWN)
    remedy = "Enable Secure Boot in the firmware (UEFI; on Hyper-V a Generation 2 VM) and restart."
    return Check("secure_boot", Result.FAIL, seen, "on", "Secure Boot is off.", remedy, True, _DOC_SERVER, Weight.IF_KNOWN)


def chpe_disabled(given: CheckInput) -> Check:
    """On Arm64, compiled hybrid PE is off."""
    os = given.observation.os
    required = "HotPatchRestrictions 1 on Arm64"
    if os and os.architecture != "arm64":
        return Check("chpe_disabled", Result.NOT_NEEDED, None, required, f"Architecture {os.architecture} has no CHPE.")
    if given.observation.chpe is None:
        reason = f"The state of CHPE is not known: {given.observation.error_of('chpe')}."
        return Check("chpe_disabled", Result.UNKNOWN, None, required, reason, "Gather chpe.", source=_DOC_CLIENT)
    value = given.observation.chpe.hotpatch_restrictions
    if value == 1:
        return Check("chpe_disabled", Result.PASS, "1", required, "CHPE is off (HotPatchRestrictions 1).", source=_DOC_CLIENT)
    reason = f"CHPE is on (HotPatchRestrictions {'absent' if value is None else value}), so hotpatches would apply incompletely."
    remedy = "Set Memory Management HotPatchRestrictions to 1 and restart; 32-bit programs may become slower."
    return Check("chpe_disabled", Result.FAIL, None if value is None else str(value), required, reason, remedy, True, _DOC_CLIENT)


def arc_connected(given: CheckInput) -> Check:
    """A server that hotpatches through Azure Arc is connected to it."""
    os, platform = given.observation.os, given.observation.platform
    required = "Azure Arc agent Connected"
    if given.line != "ws2025" or (os is not None and is_azure_edition(os)):
        return Check("arc_connected", Result.NOT_NEEDED, None, required, "This host does not hotpatch through Azure Arc.")
    if platform is None or platform.arc is None or platform.arc.installed is None:
        reason = f"Whether the Azure Arc agent is connected is not known: {given.observation.error_of('platform')}."
        return Check("arc_connected", Result.UNKNOWN, None, required, reason, "Gather platform.", source=_DOC_SERVER)
    if platform.azure_vm:
        return Check("arc_connected", Result.NOT_NEEDED, None, required, "An Azure VM does not hotpatch through Azure Arc.")
    if not platform.arc.installed:
        remedy = "Connect the server with azcmagent connect, then enable Hotpatch for it."
        return Check(
            "arc_connected", Result.FAIL, "not installed", required, "The Azure Arc agent is not installed.", remedy, False, _DOC_SERVER
        )
    status = platform.arc.status
    if status is None:
        return Check(
            "arc_connected",
            Result.UNKNOWN,
            None,
            required,
            "The Azure Arc agent gave no status.",
            "Run azcmagent show.",
            source=_DOC_SERVER,
        )
    if status.lower() == "connected":
        return Check("arc_connected", Result.PASS, status, required, "The Azure Arc agent is connected.", source=_DOC_SERVER)
    remedy = "Run azcmagent check and reconnect; the hotpatch licence needs dls.microsoft.com."
    return Check("arc_connected", Result.FAIL, status, required, f"The Azure Arc agent is {status}.", remedy, False, _DOC_SERVER)


def policy_allows(given: CheckInput) -> Check:
    """No policy forbids hotpatches on a client."""
    markers = given.observation.enrolment
    value = markers.policy_allow_rebootless if markers else None
    required = "AllowRebootlessUpdates 1"
    seen = None if value is None else str(value)
    if not given.is_client:
        return Check("policy_allows", Result.NOT_NEEDED, seen, required, "Servers have no such policy.", weight=Weight.REPORT)
    if value == 1:
        return Check(
            "policy_allows", Result.PASS, seen, required, "The policy allows hotpatches.", source=_DOC_CLIENT, weight=Weight.REPORT
        )
    result = Result.UNKNOWN if markers is None else Result.FAIL
    reason = "The policy could not be read." if markers is None else f"AllowRebootlessUpdates is {'not set' if value is None else value}."
    remedy = "Allow hotpatch in the Windows quality update policy (Intune, Windows Autopatch)."
    return Check("policy_allows", result, seen, required, reason, remedy, False, _DOC_CLIENT, Weight.REPORT)


def update_source(given: CheckInput) -> Check:
    """Updates come from Windows Update, and not from WSUS or Configuration Manager."""
    source = given.observation.update_source
    required = "Windows Update"
    if source is None:
        reason = f"The update source is not known: {given.observation.error_of('update_source')}."
        return Check("update_source", Result.UNKNOWN, None, required, reason, "Gather update_source.", weight=Weight.REPORT)
    manager = managed_by(given.observation)
    if manager is None:
        return Check("update_source", Result.PASS, "Windows Update", required, "Updates come from Windows Update.", weight=Weight.REPORT)
    remedy = "Take the host out of it for quality updates, or set policy.allow_managed once hotpatches are approved there."
    return Check("update_source", Result.FAIL, manager, required, f"Updates are decided by {manager}.", remedy, weight=Weight.REPORT)


def managed_by(observation: Observation) -> str | None:
    """Return the name of the system that decides on updates, or None where Windows Update does."""
    source = observation.update_source
    if source is None:
        return None
    if source.configmgr_client:
        return "Configuration Manager"
    if source.use_wu_server == 1:
        return f"WSUS ({source.wu_server or 'server not named'})"
    return None


def update_service(given: CheckInput) -> Check:
    """The Windows Update service can start."""
    source = given.observation.update_source
    start = source.service_start if source else None
    required = "start type other than disabled"
    if start is None:
        reason = "The start type of wuauserv is not known."
        return Check("update_service", Result.UNKNOWN, None, required, reason, "Gather update_source.", weight=Weight.IF_KNOWN)
    if start.lower() == "disabled":
        reason = "The Windows Update service (wuauserv) is disabled, so nothing can be installed (0x80070422)."
        return Check("update_service", Result.FAIL, start, required, reason, "Set wuauserv to manual.", weight=Weight.IF_KNOWN)
    return Check("update_service", Result.PASS, start, required, f"The Windows Update service starts ({start}).", weight=Weight.IF_KNOWN)


def disk_free(given: CheckInput) -> Check:
    """The system drive has room for a cumulative update."""
    disk = given.observation.disk
    free = disk.system_free_bytes if disk else None
    required = f"{MINIMUM_FREE_BYTES // _GIB} GiB free on the system drive"
    if free is None:
        return Check("disk_free", Result.UNKNOWN, None, required, "The free space is not known.", "Gather disk.", weight=Weight.IF_KNOWN)
    seen = f"{free / _GIB:.1f} GiB"
    if free >= MINIMUM_FREE_BYTES:
        return Check("disk_free", Result.PASS, seen, required, f"{seen} are free.", weight=Weight.IF_KNOWN)
    remedy = "Free space on the system drive (DISM /Online /Cleanup-Image /StartComponentCleanup)."
    return Check("disk_free", Result.FAIL, seen, required, f"Only {seen} are free.", remedy, weight=Weight.IF_KNOWN)


def servicing_idle(given: CheckInput) -> Check:
    """Windows is not servicing itself right now."""
    servicing = given.observation.servicing
    busy = servicing.in_progress if servicing else None
    if busy is None:
        return Check(
            "servicing_idle",
            Result.UNKNOWN,
            None,
            "idle",
            "Whether servicing runs is not known.",
            "Gather servicing.",
            weight=Weight.REPORT,
        )
    if busy:
        return Check(
            "servicing_idle", Result.FAIL, "in progress", "idle", "Windows is servicing itself now.", "Wait.", weight=Weight.REPORT
        )
    return Check("servicing_idle", Result.PASS, "idle", "idle", "Nothing is being serviced.", weight=Weight.REPORT)


CHECKS: Sequence[Callable[[CheckInput], Check]] = (
    os_release,
    edition,
    architecture,
    build_floor,
    vbs_running,
    secure_boot,
    chpe_disabled,
    arc_connected,
    policy_allows,
    update_source,
    update_service,
    disk_free,
    servicing_idle,
)
