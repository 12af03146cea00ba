# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of updates on a host: they come into force, replace each other, go, and are remembered."""

from __future__ import annotations

from ..faults.active import Faults
from ..host import times
from ..host.model import Installed, Truth
from .release_data import BASELINES, HOTPATCHES

HISTORY_LENGTH = 100


def remember(truth: Truth, kb: str, title: str, operation: str, result_code: int, hresult: int) -> None:
    """One line of Windows Update's history, newest first."""
    truth.history.insert(
        0,
        {
            "kb": kb,
            "title": title,
            "date": truth.clock,
            "operation": operation,
            "result_code": result_code,
            "hresult": signed(hresult),
        },
    )
    del truth.history[HISTORY_LENGTH:]


def come_into_force(truth: Truth, faults: Faults, entry: Installed) -> None:
    """The update replaces what it supersedes, and the build moves. A hotpatch leaves its baseline in force beneath it."""
    entry.state = "Installed"
    if entry.build is not None:
        for other in truth.installed:
            replaced = other is not entry and other.build is not None and other.state == "Installed"
            if replaced and (entry.kind not in HOTPATCHES or other.kind in HOTPATCHES):
                other.state, other.superseded_by = "Superseded", entry.kb
        kept = next((fault for fault in faults.active(entry.kb) if fault.keeps_build()), None)
        if kept is None:
            truth.build = entry.build
        else:
            faults.met(kept)
    for fault in faults.active(entry.kb):
        if fault.breaks_health():
            faults.met(fault)
            break_monitor(truth, entry.kb)


def break_monitor(truth: Truth, kb: str) -> None:
    """The monitor stops and says so in the log."""
    truth.monitor["service"], truth.monitor["broken_by"] = "stopped", kb
    truth.monitor["events"].append(
        {
            "time": truth.clock,
            "level": "error",
            "id": 107,
            "source": "Microsoft-Windows-Hotpatch-Monitor",
            "message": f"The hotpatch monitor found a problem after {kb}.",
        }
    )


def removable(truth: Truth, entry: Installed) -> bool:
    """Only the newest update with a build can be removed, and never one that is replaced."""
    if entry.build is None:
        return entry.in_force
    newest = [other for other in truth.installed if other.build is not None and other.present]
    return bool(newest) and newest[-1] is entry and entry.state == "Installed"


def start_removal(truth: Truth, entry: Installed) -> None:
    """Removing takes a moment, its effect a restart; what never came into force goes at once."""
    truth.clock = times.later(truth.clock, 3)
    truth.counters["uninstalls"] += 1
    remember(truth, entry.kb, entry.title, "uninstall", 2, 0)
    if entry.state == "InstallPending":
        truth.installed.remove(entry)
    else:
        entry.state = "UninstallPending"
    truth.add_pending("component_based_servicing")


def finish_removal(truth: Truth, entry: Installed) -> None:
    """A hotpatch takes the older ones of its cycle with it, so that the host is at its baseline; others give back what they replaced."""
    truth.installed.remove(entry)
    for other in list(truth.installed):
        if other.superseded_by == entry.kb:
            if entry.kind in HOTPATCHES:
                truth.installed.remove(other)
            else:
                other.state, other.superseded_by = "Installed", None
    if entry.kind in HOTPATCHES:
        _drop_older_hotpatches(truth)
    in_force = [other for other in truth.installed if other.build is not None and other.in_force]
    truth.build = str(in_force[-1].build) if in_force else f"{truth.os['build']}.{truth.os['media_ubr']}"


def _drop_older_hotpatches(truth: Truth) -> None:
    last = max((number for number, other in enumerate(truth.installed) if other.kind in BASELINES), default=-1)
    truth.installed[last + 1 :] = [other for other in truth.installed[last + 1 :] if other.kind not in HOTPATCHES]


def signed(hresult: int) -> int:
    return hresult - (1 << 32) if hresult & 0x80000000 else hresult
