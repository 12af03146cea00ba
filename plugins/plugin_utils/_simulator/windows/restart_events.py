# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of the System log about the starts of a host, and about who asked for them."""

from __future__ import annotations

from typing import Any

from ..host import times
from ..host.model import Truth
from .restart import MINUTES

_SYSTEM = "NT AUTHORITY\\SYSTEM"
# Process, user, reason and code of event 1074, by who asked. The comment of the controller is its own.
_ASKED = {
    "controller": ("C:\\Windows\\system32\\shutdown.exe (HOST)", "REHEARSAL\\administrator", "No title for this reason", "0x800000ff"),
    "windows": ("C:\\Windows\\system32\\MoUsoCoreWorker.exe (HOST)", _SYSTEM, "Operating System: Service pack (Planned)", "0x80020010"),
    "update": ("C:\\Windows\\servicing\\TrustedInstaller.exe (HOST)", _SYSTEM, "Operating System: Upgrade (Planned)", "0x80020003"),
    "event": ("C:\\Windows\\System32\\RuntimeBroker.exe (HOST)", "REHEARSAL\\operator", "Other (Unplanned)", "0x0"),
}
_NOTHING = dict.fromkeys(("process", "user", "reason", "reason_code", "comment", "bug_check"))


def logged(truth: Truth) -> list[dict[str, Any]]:
    """The events, newest first."""
    found: list[dict[str, Any]] = []
    for boot in truth.boots:
        asked = _ASKED.get(boot["requested_by"])
        if asked is not None:
            process, user, reason, code = asked
            comment = boot["cause"] if boot["requested_by"] == "controller" else None
            said = {"process": process, "user": user, "reason": reason, "reason_code": code, "comment": comment}
            down = times.later(boot["at"], 1 - MINUTES)
            found += [_event(1074, down, **said), _event(109, down)]
        found.append(_event(12, boot["at"]))
        if boot["requested_by"] == "power":
            found += [_event(41, boot["at"], bug_check=0), _event(6008, boot["at"])]
    return found[::-1][:60]


def _event(number: int, at: str, **said: Any) -> dict[str, Any]:
    return {"time": at, "id": number, **_NOTHING, **said}
