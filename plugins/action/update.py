# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installs this month's hotpatch or baseline, proves what happened, and restarts only where the run allows it."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.argument_spec import UPDATE
from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.deciding import OUTCOME_OF_ACTION, WOULD, acts, diff, note_decision, sentence
from ..plugin_utils._actions.installing import Installed, install_file, install_offered
from ..plugin_utils._actions.options import OptionError, Options
from ..plugin_utils._actions.restarting import restart
from ..plugin_utils._actions.verifying import OUTCOME_OF_VERDICT, note_verification
from ..plugin_utils._decision.conclusion import conclude
from ..plugin_utils._decision.decide import Decision, decide
from ..plugin_utils._decision.explanation import NOT_KNOWN, NOTHING_INSTALLED
from ..plugin_utils._decision.verification import verify
from ..plugin_utils._record.record import Record
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.printable import MESSAGE, clean


class ActionModule(HotpatchAction):
    """Observe, decide, install, restart if allowed, observe again, verify."""

    _hotpatch_spec = UPDATE

    def _hotpatch_check(self, options: Options) -> None:
        args = options.args
        if args.get("source") and not args.get("kb"):
            raise OptionError("kb: missing. source installs a file, so name the KB that it holds, to be checked against the catalog.")
        for name in ("sha256", "prerequisites"):
            if args.get(name) and not args.get("source"):
                raise OptionError(f"{name}: given without source. It belongs to a file; give source too, or leave it out.")

    def _hotpatch_explain(self, failure: dict[str, Any]) -> dict[str, Any]:
        return {"explanation": NOT_KNOWN}

    def _hotpatch_run(self, options: Options) -> dict[str, Any]:
        run = self._hotpatch_begin(options)
        before, _raw = self._hotpatch_observe(options)
        offline = bool(options.args.get("source"))
        decision = decide(
            before, options.catalog, options.policy, options.restart_policy, options.intent, options.now, kb=options.kb, offline=offline
        )
        note_decision(run, before, decision)
        if not acts(decision):
            return self._hotpatch_stay(options, run, before, decision)
        if self._task.check_mode:
            return self._hotpatch_would(run, before, decision)
        run.save()
        return self._hotpatch_act(options, run, before, decision)

    def _hotpatch_stay(self, options: Options, run: RunRecord, before: Record, decision: Decision) -> dict[str, Any]:
        refused = str(decision.action) == "refuse"
        result = _result(before, decision, OUTCOME_OF_ACTION[str(decision.action)])
        result["run_record"] = self._hotpatch_finish(run, result["outcome"])
        if refused and options.args["on_refusal"] == "fail":
            result["failed"] = True
        return result

    def _hotpatch_would(self, run: RunRecord, before: Record, decision: Decision) -> dict[str, Any]:
        result = _result(before, decision, WOULD[str(decision.action)])
        result["changed"] = True
        result["diff"] = diff(before, decision)
        self._hotpatch_finish(run, result["outcome"])
        return result

    def _hotpatch_act(self, options: Options, run: RunRecord, before: Record, decision: Decision) -> dict[str, Any]:
        installed = Installed(True, False)
        if str(decision.action) == "install":
            installed = self._hotpatch_install(options, run, str(decision.kb))
        restarted = False
        if installed.ok and _needs_restart(decision, installed):
            if decision.restart_allowed and str(decision.restart) != "no":
                outcome = restart(
                    self,
                    run,
                    allowed=decision.restart_allowed,
                    cause=decision.kb or "a pending restart",
                    timeout=int(options.args["restart_timeout"]),
                )
                restarted = outcome.done
                run.note(outcome.message)
            else:
                # Nobody has taken the host out of service for it, so it waits even where restarts are allowed.
                run.note(f"{decision.kb} asks for a restart that was not expected; the host was not restarted.")
        after, _raw = self._hotpatch_observe(options, fresh=True)
        verification = verify(before, after, decision, restart_allowed=decision.restart_allowed, restarted_by_run=restarted)
        note_verification(run, after, verification, self._hotpatch_now())
        outcome_name = OUTCOME_OF_VERDICT[str(verification.verdict)] if installed.ok else "failed"
        if outcome_name == "installed" and str(decision.action) == "restart":
            outcome_name = "restarted"
        changed = installed.changed or restarted
        conclusion = conclude(self._hotpatch_host, decision, verification, changed=changed, ok=installed.ok)
        for text in filter(None, (conclusion.reason, conclusion.remedy)):
            run.note(text)
        result = _result(before, decision, outcome_name, after=after)
        result |= {
            "changed": changed,
            "conclusion": conclusion.to_dict(),
            "explanation": conclusion.explanation,
            "diff": diff(before, decision, after),
            "restarted": restarted,
            "restarts_not_allowed": verification.restarts_not_allowed,
            "verification": verification.to_dict(),
            "win_updates": installed.details,
            "run_record": self._hotpatch_finish(run, outcome_name),
        }
        if outcome_name == "failed" or verification.restarts_not_allowed:
            result["failed"] = True
        if outcome_name in ("failed", "unverified") or verification.restarts_not_allowed:
            result["msg"] = clean(f"{outcome_name}: {' '.join(run.messages)}", MESSAGE)
        else:
            result["msg"] = f"{outcome_name}: {decision.kb or 'restart'}, verified. {after.summary}"
        return result

    def _hotpatch_install(self, options: Options, run: RunRecord, kb: str) -> Installed:
        if options.args.get("source"):
            installed = install_file(self, kb, options.args)
        else:
            installed = install_offered(self, kb, str(options.args["server_selection"]))
        run.installed += installed.kbs
        run.note(installed.message)
        # The observation that follows can be lost; what was installed must stand in the record by then.
        run.save()
        return installed


def _needs_restart(decision: Decision, installed: Installed) -> bool:
    if str(decision.action) == "restart" or str(decision.restart) == "yes":
        return True
    return bool(installed.details.get("reboot_required") or installed.details.get("restart_needed"))


def _result(before: Record, decision: Decision, outcome: str, after: Record | None = None) -> dict[str, Any]:
    return {
        "changed": False,
        "outcome": outcome,
        "decision": decision.to_dict(),
        "before": before.to_dict(),
        "after": after.to_dict() if after else None,
        "verification": None,
        "conclusion": None,
        "explanation": NOTHING_INSTALLED,
        "restarted": False,
        "restarts_not_allowed": 0,
        "run_record": None,
        "msg": sentence(decision),
    }
