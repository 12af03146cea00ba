# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installs this month's hotpatch or baseline, proves what happened, and restarts only where the run allows it."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.carrying_out import Work
from ..plugin_utils._actions.change import ChangeAction, Verdict
from ..plugin_utils._actions.deciding import sentence
from ..plugin_utils._actions.host import Host
from ..plugin_utils._actions.host_memory import Change
from ..plugin_utils._actions.options import OptionError, Options
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._actions.verifying import outcome_of
from ..plugin_utils._decision.binding import ACTING, bound
from ..plugin_utils._decision.conclusion import conclude
from ..plugin_utils._decision.decide import decide
from ..plugin_utils._decision.decision import Decision
from ..plugin_utils._decision.explanation import NOT_KNOWN, NOTHING_DONE, NOTHING_INSTALLED
from ..plugin_utils._decision.verification import VerificationVerdict, verify
from ..plugin_utils._record.record import Record
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.outcome import Outcome
from ..plugin_utils._values.printable import MESSAGE, clean


class ActionModule(ChangeAction):
    """Install or restart, and prove it."""

    _hotpatch_spec = SPECS["update"]

    def _hotpatch_check(self, options: Options) -> None:
        # Core's validator cannot say this of an option that has a default.
        if options.args.get("prerequisites") and not options.args.get("source"):
            raise OptionError("prerequisites: given without source. They belong to a file; give source too, or leave them out.")

    def _hotpatch_explain(self, failure: dict[str, Any]) -> dict[str, Any]:
        return {"explanation": NOT_KNOWN if self._hotpatch_decided else NOTHING_DONE}

    def _hotpatch_early_claim(self, host: Host, run: RunRecord) -> Change | None:
        memory, decided = host.past.memory, host.options.args.get("decided") or {}
        action = str(decided.get("action"))
        if memory.found is None or memory.token is not None or self._task.check_mode or action not in ACTING:
            return None
        told = {**decided, "restart_allowed": False} if decided.get("undrained") else decided
        return memory.claiming(run, f"{action} {decided.get('kb') or ''}".strip(), told)

    def _hotpatch_decide(self, host: Host, run: RunRecord, before: Record) -> Decision:
        given = host.options
        rules = (given.catalog, given.policy, given.restart_policy, given.intent, given.now, given.kb)
        found = decide(before, *rules, offline=bool(given.args.get("source")), asked=given.asked)
        return bound(found, given.args.get("decided"))

    def _hotpatch_settled(self, before: Record, after: Record, decision: Decision, work: Work) -> bool:
        found = verify(before, after, decision, restart_allowed=decision.restart_allowed, restarted_by_run=work.restarted)
        if not work.ok:
            return all(finding.result != "unknown" for finding in found.findings)
        return found.verdict in (VerificationVerdict.VERIFIED, VerificationVerdict.ROLLED_BACK)

    def _hotpatch_judge(self, host: Host, run: RunRecord, before: Record, after: Record, decision: Decision, work: Work) -> Verdict:
        verification = verify(before, after, decision, restart_allowed=decision.restart_allowed, restarted_by_run=work.restarted)
        run.verification = verification.to_dict()
        outcome = outcome_of(decision, verification, ok=work.ok)
        if work.put_off is not None and outcome is Outcome.UNVERIFIED and verification.waits and not verification.restarts_not_allowed:
            outcome = Outcome.WAITING
        changed = work.changed or work.restarted
        conclusion = conclude(host.name, decision, verification, changed=changed, ok=work.ok)
        for text in filter(None, (conclusion.reason, conclusion.remedy)):
            run.note(text)
        unwanted = verification.restarts_not_allowed
        message = f"{outcome}: {decision.kb or 'restart'}, verified. {after.summary}"
        if unwanted or outcome in (Outcome.FAILED, Outcome.UNVERIFIED, Outcome.WAITING):
            message = clean(f"{outcome}: {' '.join(run.messages)}", MESSAGE)
        details = {
            "conclusion": conclusion.to_dict(),
            "explanation": conclusion.explanation,
            "restart_put_off": work.put_off.code if work.put_off else None,
            "restarts_not_allowed": unwanted,
            "verification": verification.to_dict(),
            "win_updates": work.details,
        }
        return Verdict(outcome, message, outcome is Outcome.FAILED or bool(unwanted), changed, details)

    def _hotpatch_say(self, decision: Decision, outcome: Outcome) -> str:
        return sentence(decision)

    def _hotpatch_nothing(self, decision: Decision, outcome: Outcome) -> dict[str, Any]:
        return {
            "verification": None,
            "conclusion": None,
            "explanation": NOTHING_INSTALLED,
            "restart_put_off": None,
            "restarts_not_allowed": 0,
        }
