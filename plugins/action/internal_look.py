# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at one host before the batches of a run are made. What goes wrong is a result as well: the host takes part all the same."""

from __future__ import annotations

import time
from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.claiming import observe_when_free
from ..plugin_utils._actions.deciding import can_be_used_again, decide_as
from ..plugin_utils._actions.errors import HostLostError
from ..plugin_utils._actions.host import Host
from ..plugin_utils._actions.options import Options
from ..plugin_utils._actions.returning import failure_of
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._run_records.run_record import RunRecord


class ActionModule(HotpatchAction):
    """The same round trip as that of C(host_info), whose result a task of the role goes on from."""

    _hotpatch_spec = SPECS["internal_look"]

    def _hotpatch_keeps_record(self, options: Options) -> bool:
        return False

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module, and return as an answer that there is none."""
        try:
            result = super()._hotpatch_do(task_vars)
        except Exception as error:
            result = self._hotpatch_advise(failure_of(error), error)
            result.pop("exception", None)
            if isinstance(error, HostLostError):
                result["lost"] = str(error)
        # The role says them again, of the same host.
        result.pop("warnings", None)
        if result.get("failed") or result.get("unreachable"):
            lost = result.pop("lost", None)
            return {"changed": False, "at": time.monotonic(), "lost": lost, "failure": result, "msg": result.get("msg", "")}
        return result

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        record, observation = observe_when_free(host, judge_last_run=True)
        decision = decide_as(record, host.options)
        return {
            "changed": False,
            "at": time.monotonic(),
            "observation": observation,
            "record": record.to_dict(),
            "decision": decision.to_dict(),
            "remembered": host.past.memory.handed_on(),
            "usable": can_be_used_again(host, record),
            "msg": f"{decision.action} {decision.kb or ''}".strip(),
        }
