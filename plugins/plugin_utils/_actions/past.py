# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the run records on the controller say of one host, for the run that is at work on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .._host.history import HostHistory
from .._host.restart_journal import joined, journal_of
from .._host.starts import starts_since
from .._observation.facts import Observation
from .._record.record import Record
from .._run_records.history_of_runs import context_of
from .._run_records.remembered import united
from .._run_records.run_record import RunRecord
from .._run_records.store import RunStore
from .._values.moments import iso
from .._values.outcome import Outcome
from .host_memory import HostMemory

# So many files, and so many restarts, are named in a result.
_MOST = 5


@dataclass(slots=True)
class Past:
    """The earlier runs on one host, as the records of this controller and the memory of the host have them.

    C(own) is the name that this run has claimed: the one record that is not of an earlier run.
    """

    store: RunStore | None = None
    host: str = ""
    own: str | None = None
    memory: HostMemory = field(default_factory=HostMemory)
    _passed_over: dict[str, None] = field(default_factory=dict)
    _read: list[dict[str, Any]] = field(default_factory=list)

    def history(self, now: datetime, *, judge_last_run: bool, seen: Observation | None = None) -> HostHistory:
        """Return the history of the host, which was SEEN just now. JUDGE_LAST_RUN says also how the last run ended. Raises RecordsError."""
        if seen is not None and seen.boot_time is not None:
            self.memory.boot_time = iso(seen.boot_time)
        self._read = united(self._earlier(), self.memory.memory, self.own)
        found = self.memory.into(context_of(self._read, now, self._path, self.memory.lifted(), self.memory.clock()), now, seen)
        found = _with_restarts(found, seen) if seen else found
        return found if judge_last_run else replace(found, last_outcome=None)

    def with_this(self, run: RunRecord, outcome: Outcome, now: datetime) -> HostHistory:
        """Return the history that the next run will find once RUN, this one, has ended with OUTCOME. No record is read again for it."""
        records = [*self._read, run.to_dict() | {"outcome": outcome.value}]
        return replace(context_of(records, now, self._path, self.memory.lifted(), self.memory.clock()), last_outcome=None, at_work=None)

    def passed_over(self, now: datetime | None = None) -> list[str]:
        """Return a sentence for each record that could not be read, or not all of it; of many of them the first ones.

        What the host remembers is told first where it was not believed, and its clock where it is far from NOW.
        """
        found = [*self.memory.problems(now), *self._passed_over]
        more = [f"There are {len(found) - _MOST} more such run records of {self.host}."] if len(found) > _MOST else []
        return found[:_MOST] + more

    def _earlier(self) -> list[dict[str, Any]]:
        if self.store is None:
            return []
        found = self.store.of_host(self.host)
        self._passed_over |= dict.fromkeys(found.passed_over)
        return [data for data in found.records if self.own is None or data.get("run_id") != self.own]

    def _path(self, data: dict[str, Any]) -> Any:
        return self.store.path(self.host, str(data.get("run_id"))) if self.store else ""


def _with_restarts(history: HostHistory, seen: Observation) -> HostHistory:
    """Return HISTORY with the restarts that were SEEN since the last start that it knows."""
    run = history.last_acting
    new = joined(journal_of(starts_since(seen, history.boot_time), run.act if run else None))
    return replace(history, new_restarts=new, restart_journal=joined(history.restart_journal, new))


def what_came_before(record: Record) -> list[str]:
    """Return the sentences about the host of RECORD that a person should read first: the last run that was cut off, and restarts since."""
    new = record.history.new_restarts
    many = [f"The host has restarted again and again: these are the last {_MOST} times, and restart_journal has more."]
    return [*_cut_off(record), *(many if len(new) > _MOST else []), *map(str, new[-_MOST:])]


def _cut_off(record: Record) -> list[str]:
    """Return the sentences about the last run, if it was cut off and nobody has finished its work since."""
    history = record.history
    run = history.last_acting
    if run is None or not run.cut_off or history.at_work is not None or history.followed:
        return []
    found = [f"This run follows the run {run.name}, which began {run.began} and was cut off."]
    if run.action == "install" and run.kb:
        if record.in_force.release_kb == run.kb:
            found.append(f"{run.kb} was installed by the run {run.name}, which was cut off: it is in force.")
        elif record.staged_kb == run.kb:
            found.append(f"{run.kb} was installed by the run {run.name}, which was cut off: it waits for a restart.")
    return found
