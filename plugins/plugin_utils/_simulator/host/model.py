# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of the model of Windows: the description of a host, and the facts about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .machine import machine_of

# What Windows keeps beside the mere fact.
_DETAILS = {
    "pending_file_rename": "C:\\Windows\\Temp\\update.tmp",
    "pending_computer_rename": "OLDNAME to NEWNAME",
    "domain_join": "JoinDomain",
}


@dataclass
class Installed:
    """One update on the host. `state` is the package's: Installed, InstallPending, UninstallPending or Superseded."""

    kb: str
    kind: str
    build: str | None
    at: str
    state: str
    title: str
    superseded_by: str | None = None

    @property
    def in_force(self) -> bool:
        """An update that waits for its restart is not in force yet; one that waits for its removal still is."""
        return self.state in ("Installed", "UninstallPending")

    @property
    def present(self) -> bool:
        """On the host, in force or replaced by a newer one."""
        return self.state != "InstallPending"


@dataclass
class Truth:
    """Everything that can change on a host."""

    host: str
    line: str
    os: dict[str, Any]
    build: str
    clock: str
    fleet_now: str
    enrollment: str
    arc_status: str | None
    vbs: dict[str, Any]
    monitor: dict[str, Any]
    servicing_busy: bool
    free_bytes: int
    boots: list[dict[str, Any]] = field(default_factory=list)
    installed: list[Installed] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)
    downloaded: list[str] = field(default_factory=list)
    events_done: list[str] = field(default_factory=list)
    down_until: str | None = None
    # An installation that takes its time: the KBs, when it ends, and once it has ended how.
    under_way: dict[str, Any] | None = None
    # The time of the controller, in seconds, at which the host first saw the fleet's present time: from there its clock runs.
    seen_at: float | None = None
    counters: dict[str, int] = field(default_factory=lambda: {"installs": 0, "restarts": 0, "uninstalls": 0})
    faults_met: dict[str, int] = field(default_factory=dict)
    # The document that the product keeps on the host, as it was written.
    memory: str | None = None
    machine: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A state of an earlier release has none.
        self.machine = self.machine or machine_of(self.host)

    @property
    def boot_time(self) -> str:
        """The last start of Windows, in UTC."""
        return str(self.boots[-1]["at"])

    def add_pending(self, *sources: str, detail: str | None = None) -> None:
        """Note an update that waits for a restart, each once."""
        for source in sources:
            if not any(cause["source"] == source for cause in self.pending):
                self.pending.append({"source": source, "detail": detail or _DETAILS.get(source)})

    @property
    def update_waits_for_restart(self) -> bool:
        """The answer of the update client to RebootRequired."""
        return any(cause["source"] == "windows_update" for cause in self.pending)


@dataclass(frozen=True)
class HostDescription:
    """One host as its inventory describes it. What can change in a host's life is its state at the first appearance."""

    host: str
    truth: Path
    calls: Path
    now: str
    line: str
    os: dict[str, Any]
    architecture: str
    platform: str
    arc_status: str | None
    enrollment: str
    vbs_configured: int | None
    vbs_status: int
    secure_boot: bool
    chpe_off: bool
    start_kb: str | None
    start_extra: list[str]
    update_source: str
    wsus_approved: list[str]
    no_auto_update: int | None
    wuauserv: str
    free_bytes: int
    pending: list[str]
    servicing_busy: bool
    roles: list[str]
    monitor: str
    monitor_errors: list[dict[str, Any]]
    powershell: str | None
    administrator: bool
    cluster: str | None = None
    domain: str | None = None
    site: str | None = None
    offers_extra: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    speed: int = 0

    @property
    def client(self) -> bool:
        """True for Windows 11."""
        return self.os.get("installation_type") == "Client"

    @property
    def has_restart_check(self) -> bool:
        """Windows Update can tell beforehand whether an update restarts this host from build 26100 on."""
        return int(self.os["build"]) >= 26100
