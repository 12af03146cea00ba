# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The KBs that a host shows as installed, each with its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .._observation.facts import Observation
from .._observation.update_facts import HistoryEntry, Package
from .._values.build import Build

SUCCEEDED = (2, 3)
FAILED = (4, 5)
_INSTALLED_STATES = ("installed", "superseded")
_PENDING_STATES = ("installpending", "uninstallpending", "install pending", "uninstall pending")


def state_of(package: Package) -> str:
    """Return the state of PACKAGE in lower case."""
    return (package.state or "").strip().lower()


def is_installed(package: Package) -> bool:
    """True if PACKAGE is in the store and counts (an older one is shown as superseded)."""
    return state_of(package) in _INSTALLED_STATES


def is_pending(package: Package) -> bool:
    """True if PACKAGE waits for a restart."""
    return state_of(package) in _PENDING_STATES


def is_removal_pending(package: Package) -> bool:
    """True if the removal of PACKAGE waits for a restart."""
    return state_of(package).startswith("uninstall")


def is_install_pending(package: Package) -> bool:
    """True if PACKAGE comes into force with a restart."""
    return is_pending(package) and not is_removal_pending(package)


def goes_with_restart(observation: Observation, kb: str, builds: tuple[Build, ...]) -> bool:
    """True if a package of KB waits for the restart that removes it."""
    return any(is_removal_pending(package) and is_of(package, kb, builds) for package in observation.packages or ())


def is_cumulative(package: Package) -> bool:
    """True if PACKAGE is that of a cumulative update of Windows itself, as its name says."""
    return package.identity.lower().startswith("package_for_rollupfix~")


def is_of(package: Package, kb: str, builds: tuple[Build, ...]) -> bool:
    """True if PACKAGE is the cumulative package of KB: by the KB it names, else by the build in its identity."""
    if package.kb is not None:
        return package.kb == kb
    name = package.identity.lower()
    return is_cumulative(package) and any(f"~~{build}." in name for build in builds)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The KBs that history, quick fixes and packages show. C(known) is False where not one of the three could be read."""

    installed: frozenset[str]
    since: dict[str, datetime]
    known: bool

    def has(self, kb: str | None) -> bool:
        """True if KB is shown as installed."""
        return kb is not None and kb in self.installed


def newest_entry(observation: Observation, kb: str) -> HistoryEntry | None:
    """Return the newest line of the history about KB. The history comes newest first; dates win where both have one."""
    found: HistoryEntry | None = None
    for entry in observation.history or ():
        if entry.kb == kb and (found is None or (entry.date and found.date and entry.date > found.date)):
            found = entry
    return found


def read_evidence(observation: Observation) -> Evidence:
    """Return the updates that OBSERVATION shows as installed. A later removal in the history counts against an earlier installation."""
    installed: set[str] = set()
    removed: set[str] = set()
    since: dict[str, datetime] = {}
    for kb in {entry.kb for entry in observation.history or () if entry.kb}:
        entry = newest_entry(observation, kb)
        if entry is None or entry.result_code not in SUCCEEDED:
            entry = _last_success(observation, kb)
        if entry is None:
            continue
        if entry.operation == "install":
            installed.add(kb)
            if entry.date:
                since[kb] = entry.date
        elif entry.operation == "uninstall":
            removed.add(kb)
    for package in observation.packages or ():
        if package.kb and is_installed(package):
            installed.add(package.kb)
            removed.discard(package.kb)
            if package.install_time:
                since.setdefault(package.kb, package.install_time)
    installed.update(kb for kb in observation.quick_fixes or () if kb not in removed)
    known = observation.history is not None or observation.packages is not None or observation.quick_fixes is not None
    return Evidence(frozenset(installed), since, known)


def _last_success(observation: Observation, kb: str) -> HistoryEntry | None:
    found: HistoryEntry | None = None
    for entry in observation.history or ():
        if entry.kb == kb and entry.result_code in SUCCEEDED and (found is None or (entry.date and found.date and entry.date > found.date)):
            found = entry
    return found
