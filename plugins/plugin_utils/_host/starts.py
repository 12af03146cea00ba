# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The starts of Windows, as the host has logged them, and who brought each about.

Event 12 of Kernel-General stands at each start, 1074 of User32 before it where somebody asked for the restart, 41 of Kernel-Power and 6008
of EventLog after it where Windows had not been shut down. The reason codes are those of Microsoft's page "System Shutdown Reason Codes".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .._observation.facts import Observation, RestartEvent
from .._values.plain_fields import PlainFields
from .._values.printable import SAID, clean
from .boot import BOOT_TOLERANCE, boot_differs

# The comment of every restart that this collection asks for begins so.
COMMENT = "winops.hotpatch:"
_STARTED, _UNCLEAN, _IN_ORDER, _ASKED = 12, (41, 6008), 109, 1074
# Windows logs within this time after its start that it had not been shut down.
_SOON = timedelta(minutes=10)
# SHTDN_REASON_MAJOR_OPERATINGSYSTEM with one of the minor reasons that stand for updates: installation, upgrade, service pack, hotfix,
# security fix, and the removal of each of the last three.
_OF_WINDOWS = 0x0002
_OF_UPDATES = frozenset({0x02, 0x03, 0x10, 0x11, 0x12, 0x16, 0x17, 0x18})
# Programs of Windows that install updates, wherever they are.
_UPDATERS = frozenset({"trustedinstaller.exe", "tiworker.exe", "mousocoreworker.exe", "usoclient.exe", "wuauclt.exe", "wusa.exe"})


class StartedBy(StrEnum):
    """The part that brought a restart about. C(unknown): Windows has logged nothing about it."""

    PRODUCT = "winops.hotpatch"
    UPDATES = "updates"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Start(PlainFields):
    """One start of Windows, in UTC by the clock of the host, and its cause in words, without a full stop."""

    at: datetime
    by: StartedBy
    cause: str


def starts_since(observation: Observation, since: datetime | None) -> tuple[Start, ...]:
    """Return the starts after SINCE, the start that was known before, oldest first; none where one of the two is not known.

    The last start counts also where the log of the host says nothing of it.
    """
    newest = observation.boot_time
    if since is None or newest is None or not boot_differs(since, newest):
        return ()
    if newest < since:
        return (Start(newest, StartedBy.UNKNOWN, "the clock of the host was set back, so its log cannot be read in order"),)
    events = sorted(observation.restarts or (), key=lambda event: event.time)
    # Times are subtracted and never added to: a host may say that it is the last day of the calendar.
    known = [event.time for event in events if event.id == _STARTED]
    logged = [time for time in known if time - since > BOOT_TOLERANCE and newest - time > BOOT_TOLERANCE]
    moments = [since, *logged, newest]
    return tuple(_start(observation, events, moments, place) for place in range(1, len(moments)))


def _start(observation: Observation, events: Sequence[RestartEvent], moments: Sequence[datetime], place: int) -> Start:
    before, at = moments[place - 1], moments[place]
    if observation.restarts is None:
        return Start(at, StartedBy.UNKNOWN, f"its cause is not known: {observation.error_of('restarts')}")
    asked = [event for event in events if event.id == _ASKED and event.time > before and event.time - at <= BOOT_TOLERANCE]
    if asked:
        return Start(at, _who(asked[-1]), _asked(asked[-1]))
    unclean = [event for event in events if event.id in _UNCLEAN and -BOOT_TOLERANCE <= event.time - at <= _SOON]
    if unclean:
        return Start(at, StartedBy.OTHER, _unclean(unclean))
    if any(event.id == _IN_ORDER and before < event.time <= at for event in events):
        return Start(at, StartedBy.UNKNOWN, "Windows was shut down in order, and who asked for it is not logged (event 109)")
    return Start(at, StartedBy.UNKNOWN, "Windows has logged no cause")


def _who(event: RestartEvent) -> StartedBy:
    if (event.comment or "").startswith(COMMENT):
        return StartedBy.PRODUCT
    try:
        code = int(event.reason_code or "", 16)
    except ValueError:
        code = 0
    of_updates = code >> 16 & 0xFF == _OF_WINDOWS and code & 0xFFFF in _OF_UPDATES
    return StartedBy.UPDATES if of_updates or _program(event).casefold() in _UPDATERS else StartedBy.OTHER


def _asked(event: RestartEvent) -> str:
    who = _program(event) or "a program that is not named"
    user = f" as {event.user}" if event.user else ""
    why = ", ".join(text for text in (event.reason, event.comment) if text)
    return clean(f"{who} asked for it{user}{f' ({why})' if why else ''} (event 1074)", SAID)


def _program(event: RestartEvent) -> str:
    """Return the name of the program: the event has its path, and behind that the name of the host."""
    return (event.process or "").rpartition("\\")[2].partition(" (")[0].strip()


def _unclean(events: Iterable[RestartEvent]) -> str:
    code = next((event.bug_check for event in events if event.bug_check), None)
    if code is not None:
        return f"Windows stopped with bug check 0x{code & 0xFFFFFFFF:X} (event 41)"
    return "Windows had not been shut down: it lost its power, was reset or hung (event 41 or 6008)"
