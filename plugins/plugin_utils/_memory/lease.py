# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The claim of one run to act on a host, and the rule by which another run may take it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from .._values.moments import read_moment
from .._values.plain_fields import PlainFields
from .._values.printable import clean

# The holder begins its next act within this time of its last call, or claims the host anew.
START_WITHIN = timedelta(minutes=10)
# A claim that begins further in the future was written by a clock that is wrong.
_LATEST_START = timedelta(hours=1)
_WORD = 120


@dataclass(frozen=True, slots=True)
class Lease(PlainFields):
    """The claim of the run C(run_id). Its times are those of the host's clock, C(token) is random, C(controller) is where the run is."""

    token: str
    run_id: str
    act: str
    since: datetime
    start_by: datetime
    controller: Mapping[str, Any] = field(default_factory=dict)

    def renewed(self, clock: datetime) -> Lease:
        """Return the claim as of CLOCK, of the host: from there on the holder has as much time again."""
        return replace(self, start_by=clock + START_WITHIN)


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of the host that a claim is judged by, and whether the process of its holder is known to have ended."""

    clock: datetime
    installing: bool | None
    started: datetime | None
    holder_gone: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A host that another run holds: a sentence on it, the remedy, and the time of the host after which it may be free."""

    reason: str
    remedy: str
    until: datetime | None


def held(lease: Lease, seen: Seen) -> Claimed | None:
    """Return why the host of LEASE must be left to its holder, or None where another run may take it over.

    Its holder has begun nothing, or has ended what it began, if the time is over in which it had to begin and the update client answers
    that it is idle, or the host has started since. What cannot be read is not idle.
    """
    who = f"The run {lease.run_id} holds this host for {lease.act} since {lease.since:%Y-%m-%d %H:%M} UTC, by the clock of the host"
    waits = seen.clock < lease.start_by <= seen.clock + _LATEST_START and not seen.holder_gone
    if waits:
        reason = f"{who}: until {lease.start_by:%H:%M} UTC it may begin."
        return Claimed(reason, "Run again after that time; a run that is cut off holds the host no longer.", lease.start_by)
    if seen.installing is False or (seen.started is not None and seen.started > lease.since):
        return None
    doing = "Windows is installing" if seen.installing else "it could not be read whether Windows is installing"
    remedy = (
        "Wait until Windows has finished and run again, whether that run lives or not. If its update client never answers, restart the host"
        " by hand."
    )
    return Claimed(f"{who}, and {doing}.", remedy, None)


def read_lease(data: object) -> Lease | None:
    """Return the claim in DATA, of a document that anyone may have written; None where there is none. Raises ValueError for half of one."""
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise ValueError("lease is not an object")
    texts = {name: data.get(name) for name in ("token", "run_id", "act")}
    since, start_by = read_moment(data.get("since")), read_moment(data.get("start_by"))
    if not all(isinstance(value, str) and value for value in texts.values()) or since is None or start_by is None:
        raise ValueError("lease lacks a part")
    controller = data.get("controller")
    known = {name: clean(value, _WORD) for name, value in texts.items()}
    return Lease(**known, since=since, start_by=start_by, controller=controller if isinstance(controller, Mapping) else {})
