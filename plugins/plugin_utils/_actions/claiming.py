# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of all runs that come to a host one acts on it: waiting for the others, claiming the host, and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from .._decision.decision import Decision, DecisionInput
from .._decision.refusals import Refusal
from .._decision.remembering import if_remembered
from .._observation.parsing import parse_observation
from .._policy.rules import Hold
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._values.outcome import Outcome
from .errors import ActionError, HostLostError
from .host import Host
from .host_memory import Change

# The facts that tell whether another run is at work on a host.
_AT_WORK = ["boot", "servicing"]
# Seconds by which a wait is longer than the claim that it is for.
_AFTER = 5
# So often a host is claimed anew where somebody else has written its memory in between without claiming it.
_TRIES = 3
_AGAIN_AND_AGAIN = "The memory of the host was written by others again and again while this run was to claim it."


def observe_when_free(
    host: Host, gather: list[str] | None = None, *, judge_last_run: bool = False, claim: Change | None = None
) -> tuple[Record, Any]:
    """Return what C(observe) of HOST returns, once no other run may be about to begin on it.

    The option C(busy_timeout) says for how many seconds at most that is waited for. CLAIM is made in the first call. Raises as C(observe)
    does.
    """
    left = float(host.options.args.get("busy_timeout") or 0)
    record, raw = host.observe(gather, judge_last_run=judge_last_run, claim=claim)
    while True:
        at_work, clock = record.history.at_work, host.past.memory.clock()
        if at_work is None or at_work.until is None or clock is None:
            return record, raw
        wait = (at_work.until - clock).total_seconds() + _AFTER
        if wait > left:
            return record, raw
        host.wait(wait)
        left -= wait
        record, raw = host.observe(gather, judge_last_run=judge_last_run)


def claim(host: Host, run: RunRecord, before: Record, decision: Decision) -> Decision | None:
    """Claim HOST for DECISION, made on the record BEFORE, and return None; or the refusal of RUN if another run is at work on it.

    Asked once the own record says that this run is at work: of two runs on one folder of records at least one sees the other then.
    Raises HostLostError when the host was lost.
    """
    memory = host.past.memory
    for _try in range(_TRIES):
        history = host.past.history(host.options.now, judge_last_run=False, seen=before.observation)
        if history.at_work is not None:
            return _refusal(host, before, decision, Refusal.BUSY, history.at_work.reason, history.at_work.remedy)
        if history.hold is not None and before.history.hold is None:
            return _refusal(host, before, decision, Refusal.HELD, _held(history.hold), None)
        if history.memory_unusable is not None:
            return if_remembered(_case(host, replace(before, history=history)), decision)
        if not memory.kept or (memory.is_held and not run.denied and not run.exposure):
            memory.acting = True
            return None
        host.look([], memory.claiming(run, f"{decision.action} {decision.kb or ''}".strip()))
        if memory.found is not None and memory.found.written:
            memory.acting = True
            return None
        if not memory.is_held:
            memory.forget_claim()
    return _refusal(host, before, decision, Refusal.BUSY, _AGAIN_AND_AGAIN, None)


def claim_for(host: Host, run: RunRecord, decided: Mapping[str, Any]) -> tuple[Refusal, str] | None:
    """Claim HOST for RUN before it is taken out of service for DECIDED, an earlier decision; return why that cannot be, or None.

    That it is out of service is written with the claim: before the first task that takes it out. Raises HostLostError.
    """
    memory = host.past.memory
    act = " ".join(str(decided[name]) for name in ("action", "kb") if decided.get(name)) or "a task"
    for attempt in range(_TRIES):
        # The first claim is made on what the decision was made on.
        if memory.found is None or attempt:
            seen = parse_observation(host.look(_AT_WORK))
            history = host.past.history(host.options.now, judge_last_run=False, seen=seen)
            if history.at_work is not None:
                return Refusal.BUSY, history.at_work.reason
            if history.hold is not None:
                return Refusal.HELD, _held(history.hold)
        host.look([], memory.claiming(run, act, decided, leaves_service=True))
        if memory.found is not None and memory.found.written:
            return None
        memory.forget_claim()
        if memory.found is not None and memory.found.unusable:
            return Refusal.MEMORY_UNWRITABLE, f"The memory of the host cannot be written: {memory.found.unusable}."
    return Refusal.BUSY, _AGAIN_AND_AGAIN


def end_claim(host: Host, *, in_service: bool) -> str | None:
    """Give HOST back, IN_SERVICE again or not; return a sentence where that could not be written. Raises LeaseLostError never."""
    memory = host.past.memory
    if memory.token is None:
        return None
    memory.acting = memory.lent = False
    return _write_the_end(host, memory.giving_back(in_service=in_service))


def claim_in_time(host: Host) -> None:
    """Claim HOST anew if the time in which this run had to begin its next act is nearly over. Raises LeaseLostError if it is too late."""
    if host.past.memory.is_late:
        host.look([])


def give_back(host: Host, run: RunRecord, outcome: Outcome, at: datetime) -> str | None:
    """Write into the memory of HOST how RUN has ended and give the host back; return a sentence where that could not be done.

    A caller that has lent its claim gives the host back itself.
    """
    memory = host.past.memory
    if not memory.kept or memory.token is None:
        return None
    memory.acting = False
    change = memory.closing(run, outcome, at, release=not memory.lent)
    if memory.lent:
        memory.keep_for_later(change)
        return None
    return _write_the_end(host, change)


def _write_the_end(host: Host, change: Change) -> str | None:
    memory, why = host.past.memory, ""
    for _try in range(_TRIES):
        try:
            host.look([], change)
        except (HostLostError, ActionError) as error:
            why = f": {error}"
            continue
        if memory.found is None or memory.found.written or not memory.is_held:
            memory.forget_claim()
            return None
        why = f": {memory.found.unusable}" if memory.found.unusable else ""
    why = why.rstrip(" .")
    return f"The end of this run could not be written into the memory of the host{why}. It is free for other runs when its claim ends."


def _held(hold: Hold) -> str:
    """Return the sentence on a HOLD that was written since the decision was made."""
    return f"The host is held by {hold.owner or 'somebody'} since this was decided: {hold.reason}."


def _refusal(host: Host, before: Record, decision: Decision, code: Refusal, reason: str, remedy: str | None) -> Decision:
    refusal = _case(host, before).refuse(code, reason, remedy=remedy, restart=decision.restart)
    return replace(refusal, kb=decision.kb, removal=decision.removal)


def _case(host: Host, before: Record) -> DecisionInput:
    given = host.options
    return DecisionInput(before, given.catalog, given.policy, given.restart_policy, given.intent, given.now, given.kb, False)
