# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that happen on a host by themselves when time moves on. To add one, write a function and enter it in DOINGS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..faults.active import Faults
from ..host import values
from ..host.machine import machine_of
from ..host.model import HostDescription, Truth
from ..host.problems import DescriptionError
from . import install, offers, restart

# Who restarts a host.
_CAUSES = {"event": "somebody restarted the host", "windows": "Windows restarted by itself", "power": "the host lost its power"}
Doing = Callable[[Truth, HostDescription, Faults, Mapping[str, Any]], None]


def _install(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    """Somebody or Windows itself installs an update, whether or not it is on offer; with `restart`, Windows restarts too."""
    offer = offers.of_release(truth, description, event["kb"])
    if offer is None:
        offer = next((found for found in offers.search(truth, description, faults) if found.kb == event["kb"]), None)
    if offer is None or not install.applies(truth, description, offer):
        return
    outcome = install.install(truth, description, faults, offer)
    if outcome.restart_needed and event.get("restart"):
        _restart(truth, description, faults, {**event, "by": "windows"})


def _restart(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    by = event.get("by", "event")
    restart.restart(truth, faults, _CAUSES[by], by, restart.waiting_kb(truth))


def _enroll(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    stuck = any(fault.enrollment_sticks() for fault in faults.active())
    truth.enrollment = "stuck" if stuck else "enrolled"


def _unenroll(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.enrollment = "not_enrolled"


def _vbs_stop(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.vbs["status"] = 1


def _vbs_start(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.vbs.update(configured=1, status=2)


def _monitor_stop(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.monitor["service"] = "stopped"


def _monitor_start(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.monitor.update(service="running", broken_by=None)


def _busy(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.servicing_busy = True


def _idle(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.servicing_busy = False


def _pending(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.add_pending(event.get("source", "component_based_servicing"))


def _arc_status(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    truth.arc_status = event.get("status", "Disconnected")


def _clone(truth: Truth, description: HostDescription, faults: Faults, event: Mapping[str, Any]) -> None:
    """Another machine takes the place of this one, made from its image: everything on the disk is as it was."""
    truth.machine = machine_of(f"{truth.host}/{event['at']}")


DOINGS: dict[str, Doing] = {
    "install": _install,
    "restart": _restart,
    "enroll": _enroll,
    "unenroll": _unenroll,
    "vbs_stop": _vbs_stop,
    "vbs_start": _vbs_start,
    "monitor_stop": _monitor_stop,
    "monitor_start": _monitor_start,
    "busy": _busy,
    "idle": _idle,
    "pending": _pending,
    "arc_status": _arc_status,
    "clone": _clone,
}
_MAPPING = values.mapping(
    {
        "at": values.moment,
        "do": values.choice(*DOINGS),
        "kb": values.kb,
        "restart": values.boolean,
        "by": values.choice(*_CAUSES),
        "source": values.choice(
            "component_based_servicing",
            "windows_update",
            "pending_file_rename",
            "pending_computer_rename",
            "domain_join",
            "server_manager",
            "configmgr",
        ),
        "status": values.choice("Connected", "Disconnected", "Expired"),
    },
    required=("at", "do"),
)


def EVENT(variable: str, value: Any) -> dict[str, Any]:  # noqa: N802 - a check, like those made in host_description
    """The check of one entry of the inventory's list of events."""
    found: dict[str, Any] = _MAPPING(variable, value)
    if found["do"] == "install" and "kb" not in found:
        raise DescriptionError(f"{variable}.kb", None, "The event installs something. Add kb.")
    return found


def happen(truth: Truth, description: HostDescription, faults: Faults, until: str) -> bool:
    """Lets all happen that is due by then, in order, each once. True where anything did."""
    due = []
    for number, event in enumerate(description.events):
        key = f"{number}:{event['at']}:{event['do']}"
        if event["at"] <= until and key not in truth.events_done:
            due.append((event["at"], number, key, event))
    for at, _number, key, event in sorted(due, key=lambda entry: entry[:2]):
        truth.clock = max(truth.clock, at)
        DOINGS[event["do"]](truth, description, faults, event)
        truth.events_done.append(key)
    return bool(due)
