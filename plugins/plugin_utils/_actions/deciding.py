# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a decision to what a module returns and a run record keeps."""

from __future__ import annotations

from .._decision.decision import Action, Decision
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._values.moments import iso
from .._values.outcome import Outcome
from .past import what_came_before
from .restarting import note_outlived

# The outcome of a run that stays away from the host.
OUTCOME_OF_STAYING = {Action.REFUSE: Outcome.REFUSED, Action.WAIT: Outcome.WAITING, Action.NONE: Outcome.NONE}
# The outcome in check mode of a run that would act.
WOULD = {Action.INSTALL: Outcome.WOULD_INSTALL, Action.REMOVE: Outcome.WOULD_ROLL_BACK, Action.RESTART: Outcome.WOULD_RESTART}


def note_decision(run: RunRecord, before: Record, decision: Decision) -> None:
    """Put what was seen and decided into RUN."""
    for text in what_came_before(before):
        run.note(text)
    run.before = before.to_dict()
    note_start(run, before)
    run.decision = decision.to_dict()
    run.line = before.line
    run.month = decision.month or (before.month.month if before.month else None)


def note_start(run: RunRecord, record: Record) -> None:
    """Put into RUN the start of Windows that RECORD saw, and the restarts since the last one that was known."""
    run.boot_time = iso(record.observation.boot_time) or run.boot_time
    run.restart_journal = [entry.to_dict() for entry in record.history.new_restarts] or run.restart_journal


def note_after(run: RunRecord, after: Record) -> None:
    """Put into RUN what was seen when its work was done."""
    run.after = after.to_dict()
    run.boot_time = iso(after.observation.boot_time) or run.boot_time
    note_outlived(run, after)


def sentence(decision: Decision) -> str:
    """Return DECISION as one line for people."""
    head = " ".join(filter(None, (decision.action, decision.code, decision.kb)))
    return f"{head}: {decision.reason}{f' {decision.remedy}' if decision.remedy else ''}"


def diff(before: Record, decision: Decision, after: Record | None = None) -> dict[str, str]:
    """Return the diff of a run: what is in force before, and after it (in check mode: what would be)."""
    new = _lines(after) if after else _expected(before, decision)
    return {"before_header": before.host, "after_header": before.host, "before": _lines(before), "after": new}


def _lines(record: Record) -> str:
    return f"state: {record.state}\nin force: {record.in_force.release_kb} ({record.in_force.build})\n"


def _expected(record: Record, decision: Decision) -> str:
    if decision.action is Action.INSTALL:
        return f"state: current\nin force: {decision.kb} ({decision.build})\n"
    if decision.removal and decision.action is Action.REMOVE:
        return f"state: rolled_back\nin force: {decision.removal.restore or 'the release below'}\n"
    return _lines(record)
