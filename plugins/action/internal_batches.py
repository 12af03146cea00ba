# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Says which hosts are looked at before a run begins, and which go together then. Runs on the controller only."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._inputs.host_patterns import exact_patterns
from ..plugin_utils._inputs.input_kinds import flat
from ..plugin_utils._reports.run_account import current
from ..plugin_utils._values.plain import plain
from ..plugin_utils._values.scalars import is_blank


class ActionModule(ReturningAction):
    """The callback beside the playbooks hears what the looks return; this is a question to the account that it keeps."""

    _requires_connection = False
    _hotpatch_spec = SPECS["internal_batches"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = plain(self._hotpatch_validate())
        account, serial = current(), [size for size in flat(args["serial"]) if not is_blank(size)]
        ahead = account.ahead
        if args["step"] == "begin":
            looks = list(ahead.to_look_at) if ahead.is_needed else []
            hosts = "all" if is_blank(args["hosts"]) else args["hosts"]
            plays = {"look_at": exact_patterns(looks), "hosts": hosts, "serial": serial or ["100%"]}
            return {"changed": False, "step": args["step"], "plays": plays, "msg": f"{len(looks)} hosts are looked at first."}
        refused = ahead.make(account.hosts, serial)
        sizes = [len(batch) for batch in ahead.planned]
        names = [host for batch in ahead.planned for host in batch]
        plays = {"look_at": [], "hosts": exact_patterns(names), "serial": sizes or ["100%"]}
        msg = f"{len(names)} hosts in {len(sizes)} batches."
        return {"changed": False, "step": args["step"], "plays": plays, "sizes": serial, "refused": refused, "msg": msg}
