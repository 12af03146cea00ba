# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about a host that its earlier run records have and its observation cannot show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from .._host.history import HostHistory
from .._values.moments import read_moment
from .._values.outcome import Outcome
from .._values.printable import clean

# A record that still reads "interrupted" after this long belongs to a run that was cut off, not to one that is at work.
LONGEST_RUN = timedelta(hours=6)
# A KB number or a date.
_WORD = 40


def context_of(records: Iterable[dict[str, Any]], now: datetime) -> HostHistory:
    """Fold RECORDS of one host, oldest first, into the history that the record is made with.

    A denial counts until its date has passed; a rollback counts until its exposure has ended or a later run installed again.
    """
    last_outcome: Outcome | None = None
    last_started: datetime | None = None
    last_finished: datetime | None = None
    rolled_back: dict[str, Any] | None = None
    denied: dict[str, dict[str, Any]] = {}
    over: set[str] = set()
    failures: dict[str, int] = {}
    for data in records:
        started = read_moment(data.get("started_at"))
        if started is None or started > now:
            continue
        outcome = last_outcome = Outcome.read(data.get("outcome"))
        last_started = started
        last_finished = read_moment(data.get("finished_at"))
        _count_failures(failures, data, outcome)
        for entry in _dicts(data.get("denied")):
            until = read_moment(entry.get("until"))
            if not isinstance(entry.get("kb"), str):
                continue
            if until is not None and until <= now:
                over.add(entry["kb"])
            else:
                denied[entry["kb"]] = {"kb": clean(entry["kb"], _WORD), "until": _word(entry.get("until"))}
        exposure = data.get("exposure")
        # Written before the act, so that a rollback which was cut off counts too. One that came to nothing has taken it back.
        if isinstance(exposure, dict):
            ends = read_moment(exposure.get("until"))
            if ends is None or ends > now:
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
        last_outcome=last_outcome,
        last_finished_at=last_finished,
        in_progress=last_outcome is Outcome.INTERRUPTED and last_started is not None and now - last_started < LONGEST_RUN,
        rolled_back=rolled_back,
        denied=list(denied.values()),
        denials_over=frozenset(over - set(denied)),
        failures=failures,
    )


def _count_failures(failures: dict[str, int], data: dict[str, Any], outcome: Outcome | None) -> None:
    """Add to FAILURES the end of the run DATA, if it was to install an update; one that was installed starts anew."""
    decision = data.get("decision")
    kb = decision.get("kb") if isinstance(decision, dict) and decision.get("action") == "install" else None
    if not isinstance(kb, str):
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
