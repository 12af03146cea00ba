# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what was seen to a decision, also what was seen before the batches of the run, and to what a module returns and a record keeps."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._decision.decide import decide
from .._decision.decision import Action, Decision
from .._decision.refusals import TEXTS, Refusal
from .._decision.removal import decide_removal
from .._record.record import Record
from .._reports.run_account import current
from .._rollout.may_restart import may_restart
from .._run_records.run_record import RunRecord
from .._values.moments import iso
from .._values.outcome import Outcome
from .errors import HostLostError
from .host import Host
from .options import Options
from .past import what_came_before
from .restarting import note_outlived
from .specs import SPECS

# So many seconds what was seen is believed. A claim lasts as long, so nobody has done anything meanwhile that could be forgotten.
YOUNG = 600
_DRIFTED = (
    "When the batches of this run were made nothing was to restart this host, and so it may be together with hosts that it must not restart"
    " with. Now there is: {reason}"
)
# The outcome of a run that stays away from the host.
OUTCOME_OF_STAYING = {Action.REFUSE: Outcome.REFUSED, Action.WAIT: Outcome.WAITING, Action.NONE: Outcome.NONE}
# The outcome in check mode of a run that would act.
WOULD = {Action.INSTALL: Outcome.WOULD_INSTALL, Action.REMOVE: Outcome.WOULD_ROLL_BACK, Action.RESTART: Outcome.WOULD_RESTART}


def decide_as(record: Record, given: Options) -> Decision:
    """Return the decision on RECORD that the module named by the option C(decide) of GIVEN would take with the same options."""
    if given.args["decide"] == "rollback":
        return decide_removal(record, given.catalog, given.policy, given.restart_policy, given.now, given.kb, asked=given.asked)
    return decide(record, given.catalog, given.policy, given.restart_policy, given.intent, given.now, given.kb, asked=given.asked)


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


def can_be_used_again(host: Host, record: Record) -> bool:
    """Return False if HOST has to be asked again in any case: another run is at work on it, or its memory cannot be relied on."""
    memory = host.past.memory
    sound = memory.found is not None and not memory.found.unusable and not memory.found.put_aside
    return record.history.at_work is None and (sound or not memory.kept)


def must_be_in_reach(host: Host) -> Mapping[str, Any] | None:
    """Return what the same run has seen of HOST just now, or None. Raises HostLostError where it could not be reached."""
    account = current()
    look = None if account.closed else account.ahead.looks.get(host.name)
    if look is None or not 0 <= time.monotonic() - float(look["at"]) <= YOUNG:
        return None
    if look.get("lost") is not None:
        raise HostLostError(str(look["lost"]))
    return look


def seen_ahead(host: Host) -> tuple[Record, Any] | None:
    """Return what C(observe) of HOST would return, from what the same run has seen of it just now; None if the host has to be asked.

    Raises HostLostError where it could not be reached: the run has gone on without it.
    """
    look, whole = must_be_in_reach(host), SPECS["host_info"]["argument_spec"]["gather"]["default"]
    if look is None or not look.get("usable") or list(host.options.args.get("gather") or []) != list(whole):
        return None
    return host.take_up(look["observation"], look["remembered"])


def as_batched(host: Host, decision: Decision) -> Decision:
    """Return DECISION, or its refusal: a host that was batched as one that does not restart must not restart after all."""
    account = current()
    batched = not account.closed and account.ahead.planned and host.name in account.ahead.groups
    if not batched or host.name not in account.ahead.staying or not may_restart(decision.to_dict()):
        return decision
    if not decision.action.acts:
        return decision
    reason = _DRIFTED.format(reason=decision.reason)
    remedy = TEXTS[Refusal.PLAN_DRIFT].remedy
    return replace(decision, action=Action.REFUSE, code=Refusal.PLAN_DRIFT, reason=reason, remedy=remedy, restart_allowed=False, steps=())
