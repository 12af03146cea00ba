# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run records in the short form that a host remembers, and what a host remembers beside the records of this controller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._host.restart_journal import joined, read_entries
from .._memory.memory import Memory
from .._values.moments import read_moment
from .._values.outcome import Outcome
from .reading import is_open, order_of
from .run_record import RunRecord

# The parts of a run record that a later run, on any controller, needs.
_KEPT = (
    "run_id",
    "started_at",
    "finished_at",
    "intent",
    "outcome",
    "line",
    "month",
    "installed",
    "removed",
    "restarts",
    "boot_time",
    "controller",
)
_OF_DECISION = ("action", "code", "kb", "build", "restart_allowed")
_PSEUDO = "(memory)"


def short(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return RUN, a run record in its JSON-plain form, as a host remembers it."""
    decision = run.get("decision")
    found = {name: run.get(name) for name in _KEPT}
    found["decision"] = {name: decision.get(name) for name in _OF_DECISION} if isinstance(decision, Mapping) else None
    return found | {name: run[name] for name in ("denied", "exposure") if run.get(name)}


def with_journal(memory: Memory, run: RunRecord) -> Memory:
    """Return MEMORY with the restarts that RUN knows of among those that it has: from earlier records, and its own."""
    known = (run.before or {}).get("restart_journal")
    found = joined(read_entries(memory.restart_journal), read_entries(known), read_entries(run.restart_journal))
    return replace(memory, restart_journal=tuple(entry.to_dict() for entry in found))


def united(records: Iterable[dict[str, Any]], memory: Memory, own: str | None) -> list[dict[str, Any]]:
    """Return RECORDS of one host and what its MEMORY has besides, oldest first. OWN is the name of the run that asks.

    A run that is in both counts by its record, unless that was never closed and the memory was. Whether a run is at work says the lease
    of the memory, not an entry of it that is still open.
    """
    found = {_name_of(data): data for data in records}
    for entry in [*_lasting(memory), *memory.runs]:
        data = dict(entry)
        name = _name_of(data)
        if own is not None and data.get("run_id") == own:
            continue
        if data.get("finished_at") is None:
            data["finished_at"] = data.get("started_at")
        known = found.get(name)
        if known is None or (is_open(known) and Outcome.read(data.get("outcome")) not in (None, Outcome.INTERRUPTED)):
            found[name] = data
    return sorted(found.values(), key=order_of)


def _lasting(memory: Memory) -> list[dict[str, Any]]:
    """Return what outlives the runs that it comes from, such as denials, as a record of a run that left the host alone."""
    if not memory.denied and memory.exposure is None and not memory.restart_journal:
        return []
    since = (memory.exposure or {}).get("since") or min((str(entry.get("since") or "") for entry in memory.denied), default="")
    began = since if read_moment(since) is not None else "2000-01-01T00:00:00Z"
    pseudo = {"run_id": _PSEUDO, "started_at": began, "outcome": Outcome.REFUSED.value, "decision": None}
    lasting = {"denied": [dict(entry) for entry in memory.denied], "exposure": memory.exposure}
    return [pseudo | lasting | {"restart_journal": [dict(entry) for entry in memory.restart_journal]}]


def _name_of(data: Mapping[str, Any]) -> tuple[str, str]:
    return str(data.get("run_id")), str(data.get("started_at"))
