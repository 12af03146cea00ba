# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports what one host is, on which track, what is in force, what would be done; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.claiming import observe_when_free
from ..plugin_utils._actions.deciding import OUTCOME_OF_STAYING, as_batched, decide_as, note_decision, seen_ahead, sentence
from ..plugin_utils._actions.host import Host
from ..plugin_utils._actions.options import Options
from ..plugin_utils._actions.past import what_came_before
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._decision.decision import Decision
from ..plugin_utils._run_records.run_record import RunRecord
from ..plugin_utils._values.outcome import Outcome

# The tasks of this role carry out what is decided here.
_ACTING_ROLE = "winops.hotpatch.internal_apply"


class ActionModule(HotpatchAction):
    """One round trip: observation, record, decision."""

    _hotpatch_spec = SPECS["host_info"]

    def _hotpatch_keeps_record(self, options: Options) -> bool:
        return bool(options.args["keep_record"]) and super()._hotpatch_keeps_record(options)

    def _hotpatch_only_asks(self, options: Options, task_vars: Mapping[str, Any]) -> bool:
        return task_vars.get("ansible_role_name") != _ACTING_ROLE or super()._hotpatch_only_asks(options, task_vars)

    def _hotpatch_refused(self, decision: Decision) -> dict[str, Any]:
        return {"decision": decision.to_dict()}

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        given = host.options
        # How the last run ended is part of the answer; what makes it good does not judge the host by that.
        # A host that another run holds is waited for.
        found = seen_ahead(host) if given.args["keep_record"] else None
        record, observation = found or observe_when_free(host, list(given.args["gather"]), judge_last_run=True)
        decision = as_batched(host, decide_as(record, given))
        note_decision(run, record, decision)
        path = run.finish(OUTCOME_OF_STAYING.get(decision.action, Outcome.DUE), host.now())
        return {
            "changed": False,
            "record": record.to_dict(),
            "decision": decision.to_dict(),
            "observation": observation,
            "remembered": host.past.memory.handed_on(),
            "run_record": str(path) if path else None,
            "msg": " ".join([sentence(decision), *what_came_before(record)]),
        }
