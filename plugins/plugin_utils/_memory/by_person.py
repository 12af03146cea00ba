# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person changes in the memory of a host, and the memory as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from .._values.moments import utc_text
from .._values.printable import SAID, clean
from .memory import Memory

# So many runs are shown, the newest.
_SHOWN_RUNS = 3
# So many lifts, with so many characters of who and why, always find room in the document.
_MOST_LIFTED = 20
OWNER, REASON = 80, 200


class Deed(StrEnum):
    """The deed of a person on the memory of a host."""

    SHOW = "show"
    LIFT = "lift"
    HOLD = "hold"
    RELEASE = "release"
    END_CLAIM = "end_claim"
    IN_SERVICE = "in_service"
    FORGET = "forget"

    @property
    def needs_owner(self) -> bool:
        """True if it loosens or stops something, so that somebody has to answer for it."""
        return self is not Deed.SHOW


@dataclass(frozen=True, slots=True)
class Person:
    """Who does it, and why. C(until) is the end of a hold."""

    owner: str
    reason: str
    at: datetime
    until: str | None = None


def changed(memory: Memory, deed: Deed, by: Person, kb: str | None = None) -> Memory:
    """Return MEMORY after DEED of a person; the same one where there is nothing to change. Raises ValueError for a lift without KB."""
    signed = {"owner": by.owner, "reason": by.reason, "at": utc_text(by.at)}
    if deed is Deed.LIFT:
        if kb is None:
            raise ValueError("a lift names the update")
        denied = tuple(entry for entry in memory.denied if entry.get("kb") != kb)
        lifted = tuple(entry for entry in memory.lifted if entry.get("kb") != kb)
        return replace(memory, denied=denied, lifted=(*lifted, {"kb": kb, **signed})[-_MOST_LIFTED:])
    if deed is Deed.HOLD:
        return replace(memory, hold={**signed, "until": by.until})
    if deed is Deed.RELEASE:
        return replace(memory, hold=None)
    if deed is Deed.END_CLAIM:
        return replace(memory, lease=None)
    if deed is Deed.IN_SERVICE:
        return replace(memory, service=None)
    return Memory(machine=memory.machine) if deed is Deed.FORGET else memory


def lines(memory: Memory) -> list[str]:
    """Return MEMORY as a person reads it, one thing a line."""
    found = []
    lease = memory.lease
    if lease:
        since, until = utc_text(lease.since), utc_text(lease.start_by)
        found.append(f"claimed by the run {lease.run_id} for {lease.act} since {since}; it may begin until {until}")
    if memory.service:
        found.append(f"out of service since {_word(memory.service, 'since')} by the run {_word(memory.service, 'run_id')}")
    if memory.hold:
        until = f" until {_word(memory.hold, 'until')}" if memory.hold.get("until") else ""
        found.append(f"held{until} by {_word(memory.hold, 'owner')}: {_word(memory.hold, 'reason')}")
    for entry in memory.denied:
        until = f" until {_word(entry, 'until')}" if entry.get("until") else ""
        found.append(f"{_word(entry, 'kb')} is denied{until}")
    found += [
        f"{_word(entry, 'kb')} was lifted by {_word(entry, 'owner')} at {_word(entry, 'at')}: {_word(entry, 'reason')}"
        for entry in memory.lifted
    ]
    if memory.exposure:
        found.append(f"exposed since {_word(memory.exposure, 'since')} until {_word(memory.exposure, 'until')}")
    for run in memory.runs[-_SHOWN_RUNS:]:
        decision = run.get("decision")
        what = " ".join(_word(decision, name) for name in ("action", "kb") if decision.get(name)) if isinstance(decision, Mapping) else ""
        found.append(f"run {_word(run, 'run_id')} of {_word(run, 'started_at')}: {' '.join(filter(None, (what, _word(run, 'outcome'))))}")
    return found or ["nothing is remembered"]


def _word(data: Mapping[str, Any], name: str) -> str:
    return clean(data.get(name) if data.get(name) is not None else "unknown", SAID)
