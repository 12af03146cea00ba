# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes one run of a rehearsal: the cycle as a process of its own, at the date of the run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ansible.utils.display import Display

from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._rehearsal.cycle_run import hosts_for, make_run
from ..plugin_utils._rehearsal.folder import Folder
from ..plugin_utils._rehearsal.specs import SPECS
from ..plugin_utils._values.plain import plain


class ActionModule(ReturningAction):
    """A run in which hosts fail is a run; one that comes to no end is an error."""

    _hotpatch_spec = SPECS["internal_rehearsal_run"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = self._hotpatch_validate()
        if self._task.check_mode:
            return {"changed": True, "hosts": [], "text": "not run in check mode"}
        folder = Folder(Path(str(args["out"])).absolute())
        hosts = hosts_for(folder, args["run"], [str(host) for host in args["hosts"]])
        if not hosts:
            return self._tell({"changed": False, "hosts": [], "text": "no host was left over, so there is nothing to do"})
        python = str(task_vars.get("ansible_playbook_python") or sys.executable)
        made = make_run(folder, plain(args["run"]), hosts, str(args["inventory"]), python, int(args["forks"]))
        if not made.ok:
            return {"changed": True, "failed": True, "msg": made.text, "log": made.log}
        return self._tell({"changed": True, "hosts": made.hosts, "text": made.text, "log": made.log, "seconds": round(made.seconds, 1)})

    def _tell(self, result: dict[str, Any]) -> dict[str, Any]:
        Display().display(f"  {result['text']}")
        return result
