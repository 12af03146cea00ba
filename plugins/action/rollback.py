# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removes a hotpatch or baseline, puts the last good baseline back, and says until when the host is exposed."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..plugin_utils._actions.argument_spec import ROLLBACK
from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.installing import install_offered
from ..plugin_utils._actions.options import Options, date_or_moment
from ..plugin_utils._actions.removing import remove, veto_of, what_is_left
from ..plugin_utils._actions.restarting import restart
from ..plugin_utils._decision.explanation import explain_rollback
from ..plugin_utils._decision.removal import RollbackPlan, plan_rollback
from ..plugin_utils._record.record import Record
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.printable import MESSAGE, clean


class ActionModule(HotpatchAction):
    """A planned restart: observe, plan, remove, restart, restore, observe again."""

    _hotpatch_spec = ROLLBACK

    def _hotpatch_explain(self, failure: dict[str, Any]) -> dict[str, Any]:
        return {"explanation": explain_rollback("failed", failure["msg"], {}, "")}

    def _hotpatch_run(self, options: Options) -> dict[str, Any]:
        result = self._hotpatch_roll_back(options)
        result["explanation"] = explain_rollback(result["outcome"], result["msg"], result["decision"], str(options.restart_policy))
        return result

    def _hotpatch_roll_back(self, options: Options) -> dict[str, Any]:
        run = self._hotpatch_begin(options)
        run.intent = "rollback"
        if options.args.get("reason"):
            run.note(f"Reason: {options.args['reason']}")
        before, _raw = self._hotpatch_observe(options)
        plan = plan_rollback(before, options.catalog, options.now, options.kb, _day(options), bool(options.args["restore_baseline"]))
        run.before = before.to_dict()
        run.line = before.line
        run.decision = plan.to_dict()
        if plan.action != "remove":
            outcome = "refused" if plan.action == "refuse" else "none"
            return self._hotpatch_stay(options, run, before, plan.to_dict(), outcome)
        veto = veto_of(before, options)
        if veto is not None:
            refusal = {**plan.to_dict(), **{key: veto.to_dict()[key] for key in ("action", "code", "reason", "remedy")}}
            refusal["reason"] = f"A rollback of {plan.kb} is a planned restart. {refusal['reason']}"
            run.decision = refusal
            return self._hotpatch_stay(options, run, before, refusal, "refused")
        if self._task.check_mode:
            self._hotpatch_finish(run, "would_roll_back")
            result = _result(before, plan.to_dict(), "would_roll_back")
            return result | {
                "changed": True,
                "removed": list(plan.remove),
                "diff": {"before": _in_force(before), "after": f"in force: {plan.restore or 'what is below'}\n"},
            }
        run.save()
        return self._hotpatch_act(options, run, before, plan)

    def _hotpatch_stay(self, options: Options, run: RunRecord, before: Record, decision: dict[str, Any], outcome: str) -> dict[str, Any]:
        result = _result(before, decision, outcome)
        result["run_record"] = self._hotpatch_finish(run, outcome)
        if outcome == "refused" and options.args["on_refusal"] == "fail":
            result["failed"] = True
        return result

    def _hotpatch_act(self, options: Options, run: RunRecord, before: Record, plan: RollbackPlan) -> dict[str, Any]:
        removed = remove(self, plan)
        run.removed += removed.identities
        run.note(removed.message)
        if removed.identities:
            run.exposure = plan.to_dict()["exposure"]
            run.denied = plan.to_dict()["deny"]
        run.save()
        restarted = False
        if removed.identities:
            restarted = self._hotpatch_restart(options, run, f"the rollback of {plan.kb}")
        if removed.ok and plan.restore_needed and plan.restore is not None:
            installed = install_offered(self, plan.restore.kb, "default")
            run.installed += installed.kbs
            if installed.ok:
                restarted = self._hotpatch_restart(options, run, f"the baseline {plan.restore.kb}")
            else:
                run.note(installed.message)
        after, _raw = self._hotpatch_observe(options, fresh=True)
        run.after = after.to_dict()
        left = what_is_left(after, plan)
        for message in left:
            run.note(message)
        outcome = "rolled_back" if removed.ok and not left else "failed"
        result = _result(before, plan.to_dict(), outcome, after)
        result |= {
            "changed": bool(removed.identities),
            "removed": removed.identities,
            "exposure": run.exposure,
            "restarted": restarted,
            "diff": {"before": _in_force(before), "after": _in_force(after)},
            "run_record": self._hotpatch_finish(run, outcome),
        }
        if outcome == "failed":
            result["failed"] = True
            result["msg"] = clean(f"The rollback of {plan.kb} did not end well. {' '.join([removed.message, *left])}", MESSAGE)
        return result

    def _hotpatch_restart(self, options: Options, run: RunRecord, cause: str) -> bool:
        done = restart(self, run, allowed=True, cause=cause, timeout=int(options.args["restart_timeout"]))
        run.note(done.message)
        return done.done


def _day(options: Options) -> date | None:
    value = options.args.get("deny_until")
    return date_or_moment("deny_until", value).date() if value else None


def _in_force(record: Record) -> str:
    state = record.to_dict()["in_force"]
    return f"in force: {state.get('release_kb')} ({state.get('build')})\n"


def _result(before: Record, decision: dict[str, Any], outcome: str, after: Record | None = None) -> dict[str, Any]:
    return {
        "changed": False,
        "outcome": outcome,
        "decision": decision,
        "before": before.to_dict(),
        "after": after.to_dict() if after else None,
        "removed": [],
        "exposure": None,
        "restarted": False,
        "run_record": None,
        "msg": f"{outcome}: {decision.get('reason') or ''} {decision.get('remedy') or ''}".strip(),
    }
