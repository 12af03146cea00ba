# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports what one host is, on which track, what is in force, what would be done; changes nothing."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.deciding import OUTCOME_OF_ACTION, OUTCOME_OF_DUE, note_decision, sentence
from ..plugin_utils._actions.options import Options
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._decision.decide import decide


class ActionModule(HotpatchAction):
    """One round trip: observation, record, decision."""

    _hotpatch_spec = SPECS["host_info"]

    def _hotpatch_is_run(self, options: Options) -> bool:
        return bool(options.args.get("keep_record"))

    def _hotpatch_run(self, options: Options) -> dict[str, Any]:
        run = self._hotpatch_begin(options)
        if not options.args.get("keep_record"):
            run.store = None
        record, observation = self._hotpatch_observe(options, list(options.args["gather"]))
        decision = decide(record, options.catalog, options.policy, options.restart_policy, options.intent, options.now, kb=options.kb)
        note_decision(run, record, decision)
        path = self._hotpatch_finish(run, (OUTCOME_OF_ACTION | OUTCOME_OF_DUE)[str(decision.action)])
        return {
            "changed": False,
            "record": record.to_dict(),
            "decision": decision.to_dict(),
            "observation": observation,
            "run_record": path,
            "msg": sentence(decision),
        }
