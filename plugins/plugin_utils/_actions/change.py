# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The template of the actions that change a host: observe, decide, then stay, say or act, and look at what came of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._decision.decision import Action, Decision
from .._decision.explanation import NOTHING_DONE
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._values.moments import iso
from .._values.outcome import Outcome
from .base import HotpatchAction
from .carrying_out import Work, carry_out
from .claiming import claim, give_back, observe_when_free
from .deciding import OUTCOME_OF_STAYING, WOULD, diff, note_after, note_decision
from .host import Host
from .host_memory import Change
from .settling import settle
from .verifying import note_restarts


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of an action on its work: the outcome, the sentence for people, and the keys that it returns besides the common ones."""

    outcome: Outcome
    message: str
    failed: bool
    changed: bool
    details: dict[str, Any] = field(default_factory=dict)


class ChangeAction(HotpatchAction):
    """An action that changes a host. A subclass gives its verbs: to decide, to judge, and to say."""

    @abstractmethod
    def _hotpatch_decide(self, host: Host, run: RunRecord, before: Record) -> Decision:
        """Return the decision for HOST, whose record is BEFORE. Nothing is changed yet."""

    @abstractmethod
    def _hotpatch_judge(self, host: Host, run: RunRecord, before: Record, after: Record, decision: Decision, work: Work) -> Verdict:
        """Return the verdict on WORK, from the record AFTER it alone and not from earlier runs."""

    @abstractmethod
    def _hotpatch_settled(self, before: Record, after: Record, decision: Decision, work: Work) -> bool:
        """Return False while the record AFTER the work lacks, or contradicts, something that may still come."""

    @abstractmethod
    def _hotpatch_say(self, decision: Decision, outcome: Outcome) -> str:
        """Return the sentence for a run that has changed nothing."""

    @abstractmethod
    def _hotpatch_nothing(self, decision: Decision, outcome: Outcome) -> dict[str, Any]:
        """Return the keys that this action returns besides the common ones, for a run that has changed nothing."""

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        before, _raw = observe_when_free(host, claim=self._hotpatch_early_claim(host, run))
        decision = _without_leave(self._hotpatch_decide(host, run, before), host.options.args.get("decided"))
        note_decision(run, before, decision)
        if not decision.action.acts:
            return self._hotpatch_stay(host, run, before, decision)
        if self._task.check_mode:
            outcome = WOULD[decision.action]
            run.finish(outcome, host.now())
            result = self._hotpatch_result(before, decision, outcome) | {"changed": True, "diff": diff(before, decision)}
            return result | {"remembered": host.past.memory.handed_on()}
        run.save()
        refused = claim(host, run, before, decision)
        if refused is not None:
            note_decision(run, before, refused)
            return self._hotpatch_stay(host, run, before, refused)
        work = carry_out(host, run, before, decision)
        after = settle(
            host,
            lambda seen: work.put_off is not None or self._hotpatch_settled(before, seen, decision, work),
            restarted=work.restarted,
        )
        note_after(run, after)
        note_restarts(run, before, after, allowed=decision.restart_allowed)
        verdict = self._hotpatch_judge(host, run, before, after, decision, work)
        after = host.with_past(after, run, verdict.outcome)
        run.after = after.to_dict()
        path = run.finish(verdict.outcome, host.now())
        not_written = give_back(host, run, verdict.outcome, host.now())
        result = self._hotpatch_result(before, decision, verdict.outcome) | {
            "changed": verdict.changed,
            "after": after.to_dict(),
            "restarted": work.restarted,
            "diff": diff(before, decision, after),
            "run_record": str(path) if path else None,
            "msg": verdict.message,
            # What follows in the same run is decided by the time that it is then, also where the run is one for another date.
            "remembered": host.past.memory.handed_on() | {"moment": iso(host.moment(before, after.observation))},
            **({"warnings": [not_written]} if not_written else {}),
            **verdict.details,
        }
        return result | ({"failed": True} if verdict.failed else {})

    def _hotpatch_early_claim(self, host: Host, run: RunRecord) -> Change | None:
        """Return the claim that is made before HOST is observed, in the same round trip, or None."""
        return None

    def _hotpatch_refused(self, decision: Decision) -> dict[str, Any]:
        return {"outcome": Outcome.REFUSED.value, "decision": decision.to_dict(), "explanation": NOTHING_DONE}

    def _hotpatch_stay(self, host: Host, run: RunRecord, before: Record, decision: Decision) -> dict[str, Any]:
        outcome = OUTCOME_OF_STAYING[decision.action]
        path = run.finish(outcome, host.now())
        give_back(host, run, outcome, host.now())
        result = self._hotpatch_result(before, decision, outcome) | {"run_record": str(path) if path else None}
        result["remembered"] = host.past.memory.handed_on()
        refused = outcome is Outcome.REFUSED and host.options.args["on_refusal"] == "fail"
        return result | ({"failed": True} if refused else {})

    def _hotpatch_result(self, before: Record, decision: Decision, outcome: Outcome) -> dict[str, Any]:
        """Return the result of a run that has changed nothing."""
        return {
            "changed": False,
            "outcome": outcome.value,
            "decision": decision.to_dict(),
            "before": before.to_dict(),
            "after": None,
            "restarted": False,
            "run_record": None,
            "msg": self._hotpatch_say(decision, outcome),
            **self._hotpatch_nothing(decision, outcome),
        }


def _without_leave(decision: Decision, decided: Mapping[str, Any] | None) -> Decision:
    """Return DECISION without leave to restart where DECIDED says that the host has drain tasks and was not drained.

    It is in the record from the beginning: where the run is lost, the next one knows it from there.
    """
    undrained = bool((decided or {}).get("undrained")) and all(step.action is not Action.RESTART for step in decision.steps)
    return replace(decision, restart_allowed=False) if undrained else decision
