# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removes a hotpatch or baseline, puts the last good baseline back, and says until when the host is exposed."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..plugin_utils._actions.carrying_out import Work
from ..plugin_utils._actions.change import ChangeAction, Verdict
from ..plugin_utils._actions.deciding import as_batched, must_be_in_reach
from ..plugin_utils._actions.host import Host
from ..plugin_utils._actions.options import Options, date_or_moment
from ..plugin_utils._actions.removing import left_over, remember, take_back
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._decision.binding import bound
from ..plugin_utils._decision.decision import Action, Decision, Removal
from ..plugin_utils._decision.explanation import NOTHING_DONE, explain_rollback
from ..plugin_utils._decision.removal import decide_removal
from ..plugin_utils._record.record import Record
from ..plugin_utils._reports.run_account import current
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.outcome import Outcome
from ..plugin_utils._values.printable import MESSAGE, clean


class ActionModule(ChangeAction):
    """Remove, restart, restore: a planned restart."""

    _hotpatch_spec = SPECS["rollback"]

    def _hotpatch_explain(self, failure: dict[str, Any]) -> dict[str, Any]:
        return {"explanation": explain_rollback(Outcome.FAILED, failure["msg"], {}, "") if self._hotpatch_decided else NOTHING_DONE}

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        if current().playbook == "rollback":
            must_be_in_reach(host)
        result = super()._hotpatch_run(host, run)
        told = explain_rollback(Outcome(result["outcome"]), result["msg"], result["decision"], str(host.options.restart_policy))
        return result | {"explanation": told}

    def _hotpatch_decide(self, host: Host, run: RunRecord, before: Record) -> Decision:
        given = host.options
        found = decide_removal(
            before,
            given.catalog,
            given.policy,
            given.restart_policy,
            given.now,
            given.kb,
            deny_until=_day(given),
            restore_baseline=bool(given.args["restore_baseline"]),
            asked=given.asked,
        )
        decision = bound(found, given.args.get("decided"))
        if current().playbook == "rollback":
            decision = as_batched(host, decision)
        if decision.removal is not None and decision.action is not Action.REFUSE:
            remember(run, decision.removal)
        return decision

    def _hotpatch_settled(self, before: Record, after: Record, decision: Decision, work: Work) -> bool:
        return not work.ok or not left_over(after, decision.removal or Removal())

    def _hotpatch_judge(self, host: Host, run: RunRecord, before: Record, after: Record, decision: Decision, work: Work) -> Verdict:
        left = left_over(after, decision.removal or Removal())
        for text in left:
            run.note(text)
        if not work.ok and decision.removal is not None:
            take_back(run, after, decision.removal)
        outcome = Outcome.ROLLED_BACK if work.ok and not left else Outcome.FAILED
        if work.ok and work.put_off is not None:
            outcome = Outcome.WAITING
        message = self._hotpatch_say(decision, outcome)
        if outcome in (Outcome.FAILED, Outcome.WAITING):
            message = clean(f"{outcome}: {' '.join(filter(None, (work.problem, _why(work), *left)))}", MESSAGE)
        details = {
            "removed": run.removed,
            "exposure": run.exposure,
            "restart_put_off": work.put_off.code if work.put_off else None,
        }
        return Verdict(outcome, message, outcome is Outcome.FAILED, work.changed or work.restarted, details)

    def _hotpatch_open(self, host: Host) -> RunRecord:
        run = super()._hotpatch_open(host)
        run.intent = "rollback"
        if host.options.args.get("reason"):
            run.note(f"Reason: {host.options.args['reason']}")
        return run

    def _hotpatch_say(self, decision: Decision, outcome: Outcome) -> str:
        return " ".join(filter(None, (f"{outcome}: {decision.reason}", decision.remedy)))

    def _hotpatch_nothing(self, decision: Decision, outcome: Outcome) -> dict[str, Any]:
        would = list(decision.removal.packages) if decision.removal and outcome is Outcome.WOULD_ROLL_BACK else []
        return {"removed": would, "exposure": None, "restart_put_off": None}


def _why(work: Work) -> str:
    return f"The restart was put off. {work.put_off.reason} {work.put_off.remedy}" if work.put_off else ""


def _day(options: Options) -> date | None:
    value = options.args.get("deny_until")
    return date_or_moment("deny_until", value).date() if value else None
