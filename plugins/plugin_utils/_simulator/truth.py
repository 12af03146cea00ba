# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of one simulated host: what is true of it, whoever looks. One JSON file a host, written in one step."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import packages

SCHEMA = "winops.hotpatch/truth/1"


# What Windows keeps beside the mere fact.
_DETAILS = {
    "pending_file_rename": "C:\\Windows\\Temp\\update.tmp",
    "pending_computer_rename": "OLDNAME to NEWNAME",
    "domain_join": "JoinDomain",
}


class TruthError(Exception):
    """The file that holds a host's state cannot be used."""


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
    enrolment: str
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
    counters: dict[str, int] = field(default_factory=lambda: {"installs": 0, "restarts": 0, "uninstalls": 0})
    faults_met: dict[str, int] = field(default_factory=dict)

    @property
    def boot_time(self) -> str:
        """When Windows last started."""
        return str(self.boots[-1]["at"])

    def add_pending(self, *sources: str, detail: str | None = None) -> None:
        """Notes what waits for a restart, each once."""
        for source in sources:
            if not any(cause["source"] == source for cause in self.pending):
                self.pending.append({"source": source, "detail": detail or _DETAILS.get(source)})

    @property
    def update_waits_for_restart(self) -> bool:
        """What the update client itself calls a required restart."""
        return any(cause["source"] == "windows_update" for cause in self.pending)

    def dump(self) -> bytes:
        """The file's content: the same state always gives the same bytes."""
        found: dict[str, Any] = {"schema": SCHEMA, **asdict(self)}
        found["installed"] = [asdict(entry) | {"in_force": entry.in_force} for entry in self.installed]
        found["packages"] = packages.listed(self)
        return (json.dumps(found, indent=1, sort_keys=True) + "\n").encode()


def load(path: Path) -> Truth | None:
    """The host's state, or None where it never appeared. A file that is no truth file raises TruthError."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TruthError(f"The state of the simulated host cannot be read: {error}. Check hotpatch_rehearsal_truth.") from error
    try:
        found = json.loads(text)
        if found.pop("schema") != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        found.pop("packages")
        for entry in found["installed"]:
            entry.pop("in_force")
        found["installed"] = [Installed(**entry) for entry in found["installed"]]
        return Truth(**found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TruthError(f"{path} is no state of a simulated host ({error}). Remove it, and the host starts anew.") from error


def save(path: Path, truth: Truth) -> None:
    """Replaces the file as a whole, so that a controller that dies leaves the old state or the new one."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(truth.dump())
        part.replace(path)
    except OSError as error:
        raise TruthError(f"The state of the simulated host cannot be written: {error}. Check hotpatch_rehearsal_truth.") from error
