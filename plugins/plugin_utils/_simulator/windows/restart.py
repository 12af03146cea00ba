# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A restart: the boot time moves, and what waited for it comes into force, is undone or is gone."""

from __future__ import annotations

from ..faults.active import Faults
from ..host import times
from ..host.model import Truth
from . import servicing

MINUTES = 6
ROLLED_BACK = 0x800F0922


def restart(truth: Truth, faults: Faults, cause: str, requested_by: str, kb: str | None) -> None:
    """Restarts the host. `requested_by` is controller, windows, update, event or power."""
    truth.clock = times.later(truth.clock, MINUTES)
    truth.boots.append({"at": truth.clock, "cause": cause, "requested_by": requested_by, "kb": kb})
    truth.counters["restarts"] += 1
    truth.pending = [cause for cause in truth.pending if any(fault.keeps_pending(cause["source"]) for fault in faults.active())]
    truth.monitor["events"] = []
    for entry in list(truth.installed):
        if entry.state == "UninstallPending":
            servicing.finish_removal(truth, entry)
        elif entry.state == "InstallPending":
            undone = next((fault for fault in faults.active(entry.kb) if fault.rolls_back()), None)
            if undone is None:
                servicing.come_into_force(truth, faults, entry)
                continue
            faults.met(undone)
            truth.installed.remove(entry)
            servicing.remember(truth, entry.kb, entry.title, "install", 4, ROLLED_BACK)
    _start_monitor(truth)
    for fault in faults.active(kb):
        if fault.down_for_minutes():
            faults.met(fault)
            truth.down_until = times.later(truth.clock, fault.down_for_minutes())


def waiting_kb(truth: Truth) -> str | None:
    """The update that waits for a restart."""
    return next((entry.kb for entry in truth.installed if entry.state in ("InstallPending", "UninstallPending")), None)


def _start_monitor(truth: Truth) -> None:
    broken_by = truth.monitor["broken_by"]
    if broken_by is None or truth.monitor["events"]:
        return
    if any(entry.kb == broken_by and entry.in_force for entry in truth.installed):
        servicing.break_monitor(truth, broken_by)
    else:
        truth.monitor["service"], truth.monitor["broken_by"] = "running", None
