# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing one package by its identity, and looking at what is left of it after the restart."""

from __future__ import annotations

from .._decision.decision import Removal
from .._host.pending_restart import Needed
from .._record.record import Record
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
