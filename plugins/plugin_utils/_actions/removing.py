# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing one package by its identity, and looking at what is left of it after the restart."""

from __future__ import annotations

from .._decision.decision import Removal
from .._host.installed import is_installed, is_of
from .._host.pending_restart import Needed
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._values.printable import clean
from .host import Host


def remove(host: Host, identity: str) -> str:
    """Remove the package IDENTITY and return why it did not go; nothing if it went."""
    result = host.module("winops.hotpatch.package", {"state": "absent", "identity": identity})
    if not result.get("failed"):
        return ""
    why = clean(result.get("msg") or result.get("message") or "DISM gave no reason")
    return f"{clean(identity)} could not be removed: {why}."


def left_over(after: Record, removal: Removal) -> list[str]:
    """Return a sentence for each part of the removal that the host does not confirm."""
    left: list[str] = []
    in_force = after.in_force
    if in_force.release_kb in removal.kbs:
        left.append(f"{in_force.release_kb} is still in force ({in_force.build}).")
    if after.restart.needed is Needed.YES:
        left.append(f"A restart is still pending: {after.restart.causes[0]}.")
    if removal.restore is not None:
        if in_force.build is None:
            left.append("The build of the host is not known.")
        elif in_force.build < removal.restore.build:
            left.append(f"The host is on {in_force.build}, below the last good baseline {removal.restore}. Install that baseline by hand.")
    return left


def remember(run: RunRecord, removal: Removal) -> None:
    """Put into RUN what the host must not forget: the denial of what REMOVAL takes off, and the exposure. Before the act."""
    shown = removal.to_dict()
    run.exposure, run.denied = shown["exposure"], shown["deny"]


def take_back(run: RunRecord, after: Record, removal: Removal) -> None:
    """Take out of RUN what has not happened: the host refused to remove an update, and it is installed all the same."""
    view = after.view
    there = set()
    for kb in removal.kbs:
        release = view.by_kb(kb) if view else None
        packages = [package for package in after.observation.packages or () if release and is_of(package, kb, release.builds)]
        # What DISM has removed in this run is on its way out, whatever is shown of it.
        if any(is_installed(package) and package.identity not in run.removed for package in packages):
            there.add(kb)
    run.denied = [entry for entry in run.denied if entry["kb"] not in there]
    kbs = [kb for kb in removal.kbs if kb not in there]
    run.exposure = {**run.exposure, "kbs": kbs} if run.exposure and kbs else None
