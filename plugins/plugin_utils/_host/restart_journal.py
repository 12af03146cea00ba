# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The restart journal: each restart that this collection did not ask for, with its cause, and the act that brought it about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .._values.moments import read_moment
from .._values.plain_fields import PlainFields
from .._values.printable import SAID, clean
from .boot import BOOT_TOLERANCE
from .starts import Start, StartedBy

# So many are remembered, the newest.
MOST = 24
_WORD = 120


class RestartKind(StrEnum):
    """The part of this collection in a restart that it did not ask for.

    C(not_allowed) and C(allowed): what it did on the host brought it about, without or with leave. C(foreign): others did.
    """

    NOT_ALLOWED = "not_allowed"
    ALLOWED = "allowed"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class JournalEntry(PlainFields):
    """One restart, in UTC by the clock of the host, and the run that brought it about, if one did."""

    at: datetime
    kind: RestartKind
    cause: str
    run_id: str | None = None

    def __str__(self) -> str:
        shares = {
            RestartKind.FOREIGN: "not by this collection",
            RestartKind.ALLOWED: "by itself, where restarts were allowed",
            RestartKind.NOT_ALLOWED: "although no restart was allowed",
        }
        during = f" in the run {self.run_id}" if self.run_id else ""
        return f"The host restarted at {self.at:%Y-%m-%d %H:%M} UTC{during}, {shares[self.kind]}: {self.cause.rstrip('.')}."


@dataclass(frozen=True, slots=True)
class Act:
    """The last thing that a run did on the host, as far as it bears on restarts.

    C(restart_allowed) says that the host was given leave to restart, C(asked) how many restarts were asked for that nobody has seen since.
    C(left_open) says that the act may still restart the host, and C(until) up to when a restart that nobody explains is put down to it.
    """

    run_id: str | None
    restart_allowed: bool
    asked: int = 0
    left_open: bool = True
    until: datetime | None = None


def journal_of(starts: Iterable[Start], act: Act | None) -> tuple[JournalEntry, ...]:
    """Return an entry for each of STARTS, oldest first, that was not asked for. ACT is the last one before them."""
    found, asked = [], act.asked if act else 0
    for start in starts:
        if start.by is StartedBy.PRODUCT or (start.by is StartedBy.UNKNOWN and asked > 0):
            asked -= 1
            continue
        kind, run_id = RestartKind.FOREIGN, None
        if act is not None and _brought_about(start, act):
            kind, run_id = RestartKind.ALLOWED if act.restart_allowed else RestartKind.NOT_ALLOWED, act.run_id
        found.append(JournalEntry(start.at, kind, start.cause, run_id))
    return tuple(found)


def _brought_about(start: Start, act: Act) -> bool:
    if start.by is StartedBy.UNKNOWN:
        return act.left_open and act.until is not None and start.at <= act.until
    return start.by is StartedBy.UPDATES and act.left_open


def read_entries(value: object) -> tuple[JournalEntry, ...]:
    """Return the entries in VALUE, of a run record or of what a host remembers; what is odd in it is left out."""
    return tuple(entry for entry in map(_read, value) if entry) if isinstance(value, list | tuple) else ()


def _read(value: Any) -> JournalEntry | None:
    at = read_moment(value.get("at")) if isinstance(value, Mapping) else None
    if at is None or str(value.get("kind")) not in set(RestartKind):
        return None
    run_id = value.get("run_id")
    return JournalEntry(at, RestartKind(str(value["kind"])), clean(value.get("cause"), SAID), clean(run_id, _WORD) if run_id else None)


def joined(*journals: Iterable[JournalEntry]) -> tuple[JournalEntry, ...]:
    """Return JOURNALS as one, oldest first, each restart once and as it was told last; of many of them the newest."""
    found: list[JournalEntry] = []
    for entry in (entry for journal in journals for entry in journal):
        found = [known for known in found if abs(known.at - entry.at) > BOOT_TOLERANCE]
        found.append(entry)
    return tuple(sorted(found, key=lambda entry: entry.at)[-MOST:])
