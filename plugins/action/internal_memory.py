# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Claims a host before it is taken out of service, and gives it back; both are one write."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.base import HotpatchAction
from ..plugin_utils._actions.claiming import claim_for, end_claim
from ..plugin_utils._actions.host import Host
from ..plugin_utils._actions.options import Options
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._run_records.run_record import RunRecord


class ActionModule(HotpatchAction):
    """The role's part in the claim of its run."""

    _hotpatch_spec = SPECS["internal_memory"]

    def _hotpatch_keeps_record(self, options: Options) -> bool:
        return False

    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        args, memory = host.options.args, host.past.memory
        why, code = None, None
        if not self._task.check_mode and memory.kept:
            if args["do"] == "claim":
                code, why = claim_for(host, run, args["decided"] or {}) or (None, None)
            else:
                why = end_claim(host, in_service=bool(args["in_service"]))
        done = "The host is claimed." if args["do"] == "claim" else "The host is given back."
        claimed = memory.is_held or self._task.check_mode
        result = {"changed": False, "claimed": claimed, "remembered": memory.handed_on(), "msg": why or done, "code": code}
        return result | ({"warnings": [why]} if why and args["do"] == "give_back" else {})
