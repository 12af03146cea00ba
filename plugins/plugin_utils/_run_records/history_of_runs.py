# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about a host that its earlier run records have and its observation cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .._decision.step import Action
from .._host.history import ActingRun, HostHistory, RunAtWork
from .._host.restart_journal import JournalEntry, joined, read_entries
from .._values.build import Build
from .._values.moments import read_moment
from .._values.names import is_kb
from .._values.outcome import Outcome
from .._values.printable import clean
from .process import is_gone, said
from .reading import is_open
from .restarts_of_runs import act_of, last_restart

# A record that still reads "interrupted" after this long belongs to a run that was cut off, not to one that is at work. So far may the
# clock of another controller be ahead, too.
LONGEST_RUN = timedelta(hours=6)
# A KB number or a date; the name of a run.
_WORD, _NAME = 40, 120


def context_of(
    records: Iterable[dict[str, Any]],
    now: datetime,
    path_of: Callable[[dict[str, Any]], Path] | None = None,
    lifted: Mapping[str, datetime] = MappingProxyType({}),
    clock: datetime | None = None,
) -> HostHistory:
    """Fold RECORDS of one host, oldest first, into the history that the record is made with. PATH_OF names the file of one.

    LIFTED says for a KB when a person has lifted what earlier runs say of it: its denial, and its failures. CLOCK is the time of the host:
    a denial and an exposure last until both are past their end.

    A denial counts until its date has passed, whenever its run began; a rollback counts until its exposure has ended or a later run
    installed again. Every run whose record is open is at work, whatever was recorded after it: that one was refused lifts no guard.
    """
    earliest = min(now, clock or now)
    acting: dict[str, Any] | None = None
    followed = False
    at_work: RunAtWork | None = None
    rolled_back: dict[str, Any] | None = None
    denied: dict[str, dict[str, Any]] = {}
    over: set[str] = set()
    failures: dict[str, int] = {}
    boot_time: datetime | None = None
    journals: list[tuple[JournalEntry, ...]] = []
    for data in records:
        journals.append(read_entries(data.get("restart_journal")))
        for entry in _dicts(data.get("denied")):
            # The last day counts.
            until = read_moment(entry.get("until"), end_of_day=True)
            if not isinstance(entry.get("kb"), str) or _is_lifted(lifted, entry["kb"], data):
                continue
            if until is not None and until <= earliest:
                over.add(entry["kb"])
            else:
                denied[entry["kb"]] = {"kb": clean(entry["kb"], _WORD), "until": _word(entry.get("until"))}
        started = read_moment(data.get("started_at"))
        if started is None or started - now > LONGEST_RUN:
            continue
        boot_time = read_moment(data.get("boot_time")) or boot_time
        outcome = Outcome.read(data.get("outcome"))
        _count_failures(failures, data, outcome, lifted)
        if _is_at_work(data, now - started):
            at_work = _told(data, started, path_of)
        if _has_acted(data, outcome):
            acting, followed = data, False
        elif outcome is Outcome.NONE:
            followed = True
        exposure = data.get("exposure")
        # Written before the act, so that a rollback which was cut off counts too. One that came to nothing has taken it back.
        if isinstance(exposure, dict):
            ends = read_moment(exposure.get("until"))
            if ends is None or ends > earliest:
                named = exposure.get("kbs")
                kbs = [clean(kb, _WORD) for kb in named if isinstance(kb, str)] if isinstance(named, list) else []
                rolled_back = {
                    "kb": kbs[0] if kbs else None,
                    "kbs": kbs,
                    "since": _word(exposure.get("since")),
                    "until": _word(exposure.get("until")),
                }
        elif outcome is Outcome.INSTALLED:
            rolled_back = None
    return HostHistory(
        last_outcome=Outcome.read(acting.get("outcome")) if acting else None,
        last_acting=_acting_run(acting) if acting else None,
        followed=followed,
        at_work=at_work,
        rolled_back=rolled_back,
        denied=list(denied.values()),
        denials_over=frozenset((over | set(lifted)) - set(denied)),
        failures=failures,
        last_restart=None if acting is None or followed else last_restart(acting),
        boot_time=boot_time,
        restart_journal=joined(*journals),
    )


def _is_at_work(data: dict[str, Any], age: timedelta) -> bool:
    """Return True for the record of a run that is changing the host now. One that was cut off has closed none."""
    return is_open(data) and age < LONGEST_RUN and not is_gone(data.get("controller"))


def _has_acted(data: dict[str, Any], outcome: Outcome | None) -> bool:
    """Return True unless the run left the host alone: it looked, was refused, or failed before it had decided anything."""
    if outcome is None or outcome.leaves_the_host_alone:
        return False
    decision = data.get("decision")
    if not isinstance(decision, dict):
        return outcome is not Outcome.FAILED
    action = decision.get("action")
    return not isinstance(action, str) or action not in set(Action) or Action(action).acts


def _told(data: dict[str, Any], started: datetime, path_of: Callable[[dict[str, Any]], Path] | None) -> RunAtWork:
    where = f" {clean(path_of(data), 300)}" if path_of else ""
    until = started + LONGEST_RUN
    return RunAtWork(
        f"The run {_name(data)} is at work on this host: it began {_began(data)}, and its record is still open."
        f" Unless it ends before, it counts until {until:%Y-%m-%d %H:%M} UTC.",
        f"Wait until that run has ended and run again. If it is known to be dead, move its record{where} out of the folder and run again;"
        " a run on the same controller sees by itself that its process is gone.",
    )


def _acting_run(data: dict[str, Any]) -> ActingRun:
    decision = data["decision"] if isinstance(data.get("decision"), dict) else {}
    action, kb = decision.get("action"), decision.get("kb")
    try:
        build = Build.parse(decision.get("build"))
    except ValueError:
        build = None
    known = isinstance(kb, str) and is_kb(kb)
    cut_off = data.get("outcome") in (Outcome.INTERRUPTED, Outcome.LOST)
    word = action if isinstance(action, str) else None
    return ActingRun(_name(data), _began(data), word, str(kb) if known else None, build, cut_off, act_of(data, _name(data), LONGEST_RUN))


def _name(data: dict[str, Any]) -> str:
    return clean(data.get("run_id"), _NAME)


def _began(data: dict[str, Any]) -> str:
    started, where = read_moment(data.get("started_at")), said(data.get("controller"))
    return clean(f"{started:%Y-%m-%d %H:%M} UTC{f' as {where}' if where else ''}" if started else "at an unknown time", _NAME)


def _is_lifted(lifted: Mapping[str, datetime], kb: str, data: dict[str, Any]) -> bool:
    began, at = read_moment(data.get("started_at")), lifted.get(kb)
    return at is not None and began is not None and began <= at


def _count_failures(failures: dict[str, int], data: dict[str, Any], outcome: Outcome | None, lifted: Mapping[str, datetime]) -> None:
    """Add to FAILURES the end of the run DATA, if it was to install an update; one that was installed starts anew."""
    decision = data.get("decision")
    kb = decision.get("kb") if isinstance(decision, dict) and decision.get("action") == "install" else None
    if not isinstance(kb, str) or _is_lifted(lifted, kb, data):
        return
    if outcome is Outcome.FAILED:
        failures[kb] = failures.get(kb, 0) + 1
    elif outcome is Outcome.INSTALLED:
        failures.pop(kb, None)


def _word(value: object) -> str | None:
    """Return a date of a record, fit for a message: anyone with access to the folder of records may have written it."""
    return clean(value, _WORD) if isinstance(value, str) else None


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
