# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document itself: its parts, and the way there from text and back. Its text may be anything: a host has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .._values.moments import read_moment
from .._values.names import is_kb
from .._values.printable import SAID, clean
from .lease import Lease, read_lease

SCHEMA = "winops.hotpatch/memory/1"
# The same document in a later form is left alone.
_FAMILY = "winops.hotpatch/memory/"
# Bytes, and how many runs and other entries are kept.
LARGEST = 65536
NEWEST_RUNS = 24
_MOST = 200


class NewerMemoryError(ValueError):
    """The document is of a later release of this collection, which must not be written over."""


class NotAMemoryError(ValueError):
    """The text is no document of this kind; the message says why."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a host remembers.

    C(runs) are short run records, oldest first. C(denied) and C(exposure) are as in a run record, C(service) says by which run the host
    was taken out of service, C(hold) is an operator's word to jobs that are at work, C(lifted) are the denials and failures that a person
    has lifted, C(restart_journal) the restarts that nobody asked for here. C(machine) is the machine that remembers.
    """

    machine: Mapping[str, str | None] = field(default_factory=dict)
    lease: Lease | None = None
    service: Mapping[str, Any] | None = None
    hold: Mapping[str, Any] | None = None
    denied: tuple[Mapping[str, Any], ...] = ()
    exposure: Mapping[str, Any] | None = None
    lifted: tuple[Mapping[str, Any], ...] = ()
    runs: tuple[Mapping[str, Any], ...] = ()
    restart_journal: tuple[Mapping[str, Any], ...] = ()

    def with_run(self, run: Mapping[str, Any]) -> Memory:
        """Return this with RUN, a short run record, as the newest one or in the place of the one of the same name and time."""
        kept = [known for known in self.runs if _name_of(known) != _name_of(run)]
        return replace(self, runs=(*kept, run)[-NEWEST_RUNS:])

    def with_ends_of(self, other: Memory) -> Memory:
        """Return this with the runs that have ended by OTHER, in the place of those that are open here or are not known."""
        ended = {str(_name_of(run)): run for run in other.runs if run.get("finished_at") is not None}
        runs = [run if run.get("finished_at") is not None else ended.get(str(_name_of(run)), run) for run in self.runs]
        known = {str(_name_of(run)) for run in runs}
        return replace(self, runs=(*runs, *(run for name, run in ended.items() if name not in known))[-NEWEST_RUNS:])

    def without_ended(self, now: datetime) -> Memory:
        """Return this without denials and an exposure that have ended at NOW."""
        denied = tuple(entry for entry in self.denied if not _ended(entry.get("until"), now, end_of_day=True))
        exposure = None if self.exposure is None or _ended(self.exposure.get("until"), now) else self.exposure
        return replace(self, denied=denied, exposure=exposure)

    def text(self) -> str:
        """Return the document, at most LARGEST bytes of ASCII: the oldest restarts, then the oldest runs, are left out for that."""
        runs, journal = list(self.runs), list(self.restart_journal)
        while True:
            data = {
                "schema": SCHEMA,
                "machine": dict(self.machine),
                "lease": self.lease.to_dict() if self.lease else None,
                "service": self.service,
                "hold": self.hold,
                "denied": list(self.denied),
                "exposure": self.exposure,
                "lifted": list(self.lifted),
                "runs": runs,
                "restart_journal": journal,
            }
            text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=True)
            if len(text) <= LARGEST or not (journal or runs):
                return text
            # What a host has logged of its restarts is told once more at most, and what runs have done decides on others.
            del (journal or runs)[0]


def read_memory(text: str) -> Memory:
    """Return the memory in TEXT, without the parts of it that are odd.

    Raises NotAMemoryError for a text that is not such a document, NewerMemoryError for one of a later release.
    """
    if len(text) > LARGEST:
        raise NotAMemoryError("it is longer than any that this collection writes")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAMemoryError("it is not JSON") from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        if isinstance(schema, str) and schema.startswith(_FAMILY):
            raise NewerMemoryError(clean(schema))
        raise NotAMemoryError(f"it is not of schema {SCHEMA}")
    try:
        return Memory(
            machine=_texts(data.get("machine")),
            lease=read_lease(data.get("lease")),
            service=_object(data.get("service"), "service"),
            hold=_object(data.get("hold"), "hold"),
            denied=tuple(entry for entry in _list(data.get("denied"), "denied") if is_kb(str(entry.get("kb")))),
            exposure=_object(data.get("exposure"), "exposure"),
            lifted=tuple(entry for entry in _list(data.get("lifted"), "lifted") if is_kb(str(entry.get("kb")))),
            runs=_list(data.get("runs"), "runs")[-NEWEST_RUNS:],
            restart_journal=_journal(data.get("restart_journal")),
        )
    except (ValueError, OverflowError) as error:
        raise NotAMemoryError(clean(error)) from error


def is_of(memory: Memory, machine: Mapping[str, str | None]) -> bool:
    """Return False if MEMORY is of another machine than MACHINE: a clone's, or an image's. What one of them lacks says nothing."""
    pairs = ((memory.machine.get(name), machine.get(name)) for name in ("smbios_uuid", "machine_guid"))
    return all(one is None or other is None or one.casefold() == other.casefold() for one, other in pairs)


def _object(value: object, name: str) -> Mapping[str, Any] | None:
    if value is None or isinstance(value, dict):
        return value
    raise ValueError(f"{name} is not an object")


def _list(value: object, name: str) -> tuple[Mapping[str, Any], ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MOST or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{name} is not a list of objects")
    return tuple(value)


def _journal(value: object) -> tuple[Mapping[str, Any], ...]:
    """Return the entries in VALUE. A log decides on nothing: what is odd in it must not cost the denials beside it."""
    return tuple(item for item in value[-_MOST:] if isinstance(item, dict)) if isinstance(value, list) else ()


def _texts(value: object) -> dict[str, str | None]:
    if not isinstance(value, dict):
        return {}
    return {clean(key): clean(item, SAID) for key, item in value.items() if isinstance(item, str)}


def _name_of(run: Mapping[str, Any]) -> tuple[Any, Any]:
    return run.get("run_id"), run.get("started_at")


def _ended(until: object, now: datetime, *, end_of_day: bool = False) -> bool:
    ends = read_moment(until, end_of_day=end_of_day)
    return ends is not None and ends <= now


def newest_of(known: tuple[Mapping[str, Any], ...], more: list[dict[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return the denials KNOWN and MORE, one of each KB: the newer."""
    return tuple({str(entry.get("kb")): entry for entry in (*known, *more)}.values())
