# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts that one host reported, as typed values. A section that is None is not known; nothing may be concluded from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .._values.build import Build


@dataclass(frozen=True, slots=True)
class Os:
    """Edition, build and architecture."""

    edition_id: str | None
    installation_type: str | None
    product_name: str | None
    display_version: str | None
    sku: int | None
    product_type: int | None
    build: int | None
    ubr: int | None
    architecture: str | None

    @property
    def full_build(self) -> Build | None:
        """Build and revision, where both are known."""
        return None if self.build is None or self.ubr is None else Build(self.build, self.ubr)


@dataclass(frozen=True, slots=True)
class Arc:
    """The Azure Connected Machine agent."""

    installed: bool | None
    status: str | None
    agent_version: str | None


@dataclass(frozen=True, slots=True)
class Platform:
    """The platform of the host."""

    azure_vm: bool | None
    arc: Arc | None
    manufacturer: str | None
    model: str | None


@dataclass(frozen=True, slots=True)
class Vbs:
    """Virtualization-based security: what is set, and whether it runs (2)."""

    configured: int | None
    status: int | None


@dataclass(frozen=True, slots=True)
class SecureBoot:
    """Secure Boot."""

    enabled: bool | None


@dataclass(frozen=True, slots=True)
class Chpe:
    """Compiled hybrid PE of Arm64; 1 means off."""

    hotpatch_restrictions: int | None


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """The newest event in which the device management tells of the hotpatch policy."""

    time: datetime | None
    id: int | None
    message: str | None


@dataclass(frozen=True, slots=True)
class EnrollmentMarkers:
    """The marks that enrollment leaves on a host."""

    dynamic_installed_name: str | None
    dynamic_installed_version: str | None
    hotpatch_table_size: int | None
    enrollment_package_kb5003508: bool | None
    arc_subscription: int | None
    environment_allow_rebootless: int | None
    policy_allow_rebootless: int | None
    policy_provider_set: int | None
    policy_winning_provider: str | None
    policy_report: PolicyReport | None
    licensing_mutex: bool | None


@dataclass(frozen=True, slots=True)
class UpdateSource:
    """The system that decides on the updates of this host."""

    wu_server: str | None
    use_wu_server: int | None
    no_auto_update: int | None
    defer_quality_days: int | None
    service_start: str | None
    configmgr_client: bool | None


@dataclass(frozen=True, slots=True)
class PendingCause:
    """One reason why a restart is wanted."""

    source: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the update history."""

    kb: str | None
    title: str | None
    date: datetime | None
    operation: str | None
    result_code: int | None
    hresult: int | None


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the component store."""

    identity: str
    state: str | None
    release_type: str | None
    install_time: datetime | None
    kb: str | None


@dataclass(frozen=True, slots=True)
class RestartCheck:
    """The answer of the restart check to one update."""

    asked: bool
    answer: bool | None
    hresult: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One update that the host would install now."""

    update_id: str | None
    kbs: tuple[str, ...]
    title: str | None
    categories: tuple[str, ...]
    size_bytes: int | None
    reboot_behavior: int | None
    restart_check: RestartCheck | None


@dataclass(frozen=True, slots=True)
class MonitorEvent:
    """One event of the hotpatch monitor."""

    time: datetime | None
    level: str
    id: int | None
    source: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Monitor:
    """The hotpatch monitor."""

    service: str | None
    task: str | None
    events: tuple[MonitorEvent, ...] | None


@dataclass(frozen=True, slots=True)
class Disk:
    """Free space."""

    system_free_bytes: int | None


@dataclass(frozen=True, slots=True)
class Servicing:
    """The state of servicing at this moment."""

    in_progress: bool | None
    asked: str | None


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles of the host that matter for the order of restarts."""

    failover_cluster: bool | None
    domain_controller: bool | None


@dataclass(frozen=True, slots=True)
class ProbeError:
    """A probe that failed, or whose answer cannot be used."""

    probe: str
    hresult: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything that one host reported, at one time."""

    observed_at: datetime | None
    os: Os | None
    boot_time: datetime | None
    platform: Platform | None
    vbs: Vbs | None
    secure_boot: SecureBoot | None
    chpe: Chpe | None
    enrollment: EnrollmentMarkers | None
    update_source: UpdateSource | None
    pending: tuple[PendingCause, ...] | None
    history: tuple[HistoryEntry, ...] | None
    quick_fixes: tuple[str, ...] | None
    packages: tuple[Package, ...] | None
    offers: tuple[Offer, ...] | None
    monitor: Monitor | None
    disk: Disk | None
    servicing: Servicing | None
    roles: Roles | None
    errors: tuple[ProbeError, ...]

    def error_of(self, *probes: str) -> str:
        """Return why PROBES gave nothing, as the end of a sentence."""
        found = [error for error in self.errors if error.probe in probes]
        if not found:
            return "it was not gathered"
        told = (f"probe {error.probe} failed: {' '.join(filter(None, (error.hresult, error.message)))}" for error in found[:3])
        return "; ".join(text.rstrip(".") for text in told)
