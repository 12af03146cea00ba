# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of one host as the run that is at work on it reads and writes it: each write is a claim that nobody else wrote meanwhile."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from .._host.history import HostHistory, RunAtWork
from .._memory.found import Found, read_answer
from .._memory.lease import START_WITHIN, Lease, Seen, held
from .._memory.memory import Memory, newest_of
from .._observation.facts import Observation
from .._run_records.memory_file import MemoryFile
from .._run_records.process import is_gone, playbook_process, this_process
from .._run_records.remembered import short, with_journal
from .._run_records.run_record import RunRecord
from .._values.moments import iso, read_moment
from .._values.outcome import Outcome
from .._values.printable import clean
from .errors import LeaseLostError
from .written_hold import hold_of

# Left of the time of a claim, an act is begun on it; otherwise the host is claimed anew.
_TO_SPARE = timedelta(minutes=2)
# Clocks that are further apart are told.
_APART = timedelta(minutes=5)
_WORD = 120
Change = Callable[[Memory], Memory]


@dataclass(slots=True)
class HostMemory:
    """What the host remembers, as it was found last. C(kept) is False where there is no memory, and nothing is asked then. C(file) is
    where it is beside the run records, as nothing may be written on hosts. C(boot_time) is the start of Windows that this run has seen.

    C(token) is that of the own lease, C(lent) says that it is the caller's, who gives the host back, C(acting) that something is being done
    in its name.
    """

    kept: bool = False
    file: MemoryFile | None = None
    found: Found | None = None
    token: str | None = None
    lent: bool = False
    acting: bool = False
    boot_time: str | None = None
    # What the memory was before this module changed it. Seconds of the monotonic clock: when the last answer came, when the last request
    # went out, and when the one did that renewed the claim.
    _before: Memory | None = None
    _answered: float = 0.0
    _asked: float = 0.0
    _renewed: float = 0.0

    @property
    def memory(self) -> Memory:
        """The memory as it was found last, empty if nothing was."""
        return self.found.memory if self.found else Memory()

    @property
    def lease(self) -> Lease | None:
        """The claim that stands in the memory."""
        return self.memory.lease

    @property
    def is_held(self) -> bool:
        """True if the host was last seen claimed by this run. Where nothing is kept nobody else can have claimed it either."""
        return not self.kept or (self.token is not None and self.lease is not None and self.lease.token == self.token)

    @property
    def is_late(self) -> bool:
        """True if the time in which an act may begin is nearly over."""
        return self.kept and self.token is not None and time.monotonic() - self._renewed > (START_WITHIN - _TO_SPARE).total_seconds()

    def clock(self) -> datetime | None:
        """Return the time of the host by now: its last one and the time that has passed here since."""
        if self.found is None or self.found.clock is None:
            return None
        return self.found.clock + timedelta(seconds=int(time.monotonic() - self._answered))

    def request(self, change: Change | None = None) -> dict[str, Any] | None:
        """Return what the memory is asked: to be read, and written as CHANGE says if it is still what was found. None: nothing."""
        self._asked = time.monotonic()
        if not self.kept:
            return None
        if (change := change or (self._renewal if self.token else None)) is None or self.found is None or self.found.unusable:
            return {}
        return {"expect": self.found.revision, "document": change(self.memory).text()}

    def take(self, answer: object) -> None:
        """Keep ANSWER, what the payload, or the file, says of the memory."""
        if not self.kept:
            return
        known, self.found, self._answered = self.memory, read_answer(answer), time.monotonic()
        if self.found.written:
            # The claim counts from the time that was in it.
            self._renewed = self._asked
        elif self.is_held:
            # A person, or a module of this run whose result was lost, has written meanwhile: that stands.
            self.found = replace(self.found, memory=self.memory.with_ends_of(known))

    def hand_over(self, given: Mapping[str, Any] | None) -> None:
        """Go on from what a caller of this run has found: GIVEN is what C(handed_on) returned there."""
        if not self.kept or not given:
            return
        answer = {name: given.get(name) for name in ("document", "revision", "clock", "machine")} | {"writable": True}
        since, now = read_moment(given.get("seen_at")), datetime.now(UTC)
        self.found, self._answered = read_answer(answer), time.monotonic() - max((now - (since or now)).total_seconds(), 0)
        self._renewed, token = self._answered, given.get("token")
        self.token, self.lent = (str(token), True) if token else (None, False)
        self.boot_time = iso(read_moment(given.get("boot_time")))

    def handed_on(self) -> dict[str, Any]:
        """Return what the next module of the same run has to know, JSON-plain."""
        found = self.found or Found()
        document = self.memory.text() if self.found and not found.put_aside else None
        return {
            "document": document,
            "revision": found.revision,
            "clock": iso(found.clock),
            "seen_at": iso(datetime.now(UTC) - timedelta(seconds=time.monotonic() - self._answered)) if self.found else None,
            "machine": dict(self.memory.machine),
            "token": self.token,
            "boot_time": self.boot_time,
            "unusable": found.unusable,
        }

    def claiming(self, run: RunRecord, act: str, decided: Mapping[str, Any] | None = None, *, leaves_service: bool = False) -> Change:
        """Return the change that claims the host for ACT of RUN, and keeps what must not be forgotten if the run ends in the middle.

        DECIDED is the decision that the run was begun for, where it has none of its own yet. LEAVES_SERVICE notes that the host is to be
        taken out of service, which is done before the run has anything of its own to note.
        """
        if self.token is None:
            self.token = secrets.token_hex(16)
        token, clock = self.token, self.clock() or run.started_at
        known = {"boot_time": run.boot_time or self.boot_time}
        told = short(run.to_dict() | known | ({"decision": dict(decided)} if decided else {}))

        def change(memory: Memory) -> Memory:
            self._before = self._before or memory
            since = memory.lease.since if memory.lease and memory.lease.token == token else clock
            # Each task of a role has a process of its own: a claim that outlives this one is not proved dead by its end.
            process = playbook_process() if leaves_service or self.lent else this_process()
            lease = Lease(token, run.run_id, clean(act, _WORD), since, clock + START_WITHIN, process)
            denied, exposure = newest_of(memory.denied, run.denied), run.exposure or memory.exposure
            found = replace(with_journal(memory, run), lease=lease, denied=denied, exposure=exposure)
            if not leaves_service:
                return found.without_ended(clock).with_run(told)
            return replace(found, service=memory.service or {"run_id": run.run_id, "since": iso(clock)})

        return change

    def closing(self, run: RunRecord, outcome: Outcome, at: datetime, *, release: bool) -> Change:
        """Return the change that writes how RUN has ended, with OUTCOME at AT, and gives the host back with RELEASE."""
        ended = run.to_dict() | {"outcome": outcome.value, "finished_at": iso(at)}

        def change(memory: Memory) -> Memory:
            before, kbs = self._before or memory, {entry.get("kb") for entry in memory.denied}
            # What a person has lifted meanwhile is not denied anew.
            denied = tuple(entry for entry in before.denied if entry.get("kb") in kbs)
            exposure = run.exposure or (None if outcome is Outcome.INSTALLED else before.exposure)
            found = replace(with_journal(memory, run), denied=newest_of(denied, run.denied), exposure=exposure)
            found = found.without_ended(self.clock() or at).with_run(short(ended))
            return replace(found, lease=None) if release else found

        return change

    def giving_back(self, *, in_service: bool) -> Change:
        """Return the change that ends the claim of this run, and notes that the host is IN_SERVICE again."""

        def change(memory: Memory) -> Memory:
            return replace(memory, lease=None, service=None if in_service else memory.service)

        return change

    def _renewal(self, memory: Memory) -> Memory:
        clock = self.clock()
        return replace(memory, lease=memory.lease.renewed(clock)) if memory.lease and clock else memory

    def must_be_held(self, host: str) -> None:
        """Raise LeaseLostError if this run acts on HOST and somebody else has claimed it; forget a claim that nothing was done in yet.

        In one that was lent something was: its caller has taken the host out of service, and whoever came may have brought it back.
        """
        if self.token is None or self.is_held or self.found is None or (self.lease is None and self.found.unusable):
            return
        if self.acting or self.lent:
            who = f"the run {self.lease.run_id} has taken it over" if self.lease else "its claim was ended"
            raise LeaseLostError(
                f"Nothing more is done on {host}: {who}. Run again when that has ended: the next run looks at the host first."
            )
        self.forget_claim()

    def keep_for_later(self, change: Change) -> None:
        """Put CHANGE into what is handed on, for the caller to write."""
        if self.found is not None:
            self.found = replace(self.found, memory=change(self.memory))

    def forget_claim(self) -> None:
        """Know that the host is no longer claimed by this run."""
        self.token, self.lent, self.acting, self._before = None, False, False, None

    def into(self, history: HostHistory, now: datetime, seen: Observation | None) -> HostHistory:
        """Return HISTORY with what only the memory says: who holds the host, the word of an operator, and whether it is in service."""
        if not self.kept or self.found is None:
            return history
        service, clock = self.memory.service, self.found.clock or now
        return replace(
            history,
            at_work=self._at_work(seen, clock) or history.at_work,
            hold=hold_of(self.memory.hold, min(now, clock)),
            out_of_service=clean(service.get("run_id"), _WORD) if service else None,
            memory_unusable=self.found.unusable,
        )

    def lifted(self) -> dict[str, datetime]:
        """Return for each KB when a person has lifted what earlier runs say of it."""
        found = ((str(entry.get("kb")), read_moment(entry.get("at"))) for entry in self.memory.lifted)
        return {kb: at for kb, at in found if at is not None}

    def problems(self, now: datetime | None = None) -> list[str]:
        """Return a sentence where the memory of the host was not believed, and where its clock is not that of the controller, NOW."""
        if self.found is None:
            return []
        told, clock = [], self.clock()
        if self.found.put_aside is not None:
            told.append(f"The memory of the host was put aside, because {self.found.put_aside}: denials and holds in it do not count.")
        if now is not None and clock is not None and abs(now - clock) > _APART:
            told.append(
                f"The clock of the host says {clock:%Y-%m-%d %H:%M} UTC and that of the controller {now:%Y-%m-%d %H:%M} UTC. Denials,"
                " holds and freezes count by either, windows have to be open by both."
            )
        return told

    def _at_work(self, seen: Observation | None, clock: datetime) -> RunAtWork | None:
        lease = self.lease
        if lease is None or lease.token == self.token:
            return None
        servicing = seen.servicing if seen else None
        facts = Seen(clock, servicing.in_progress if servicing else None, seen.boot_time if seen else None, is_gone(lease.controller))
        found = held(lease, facts)
        return RunAtWork(found.reason, found.remedy, found.until) if found else None
