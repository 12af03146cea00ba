# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Says what failed in a run of a role, how the host ended, and what is left to a person. Runs on the controller only."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._decision.failure import (
    FailedRun,
    FailedTask,
    ResumeAfterFailure,
    not_confirmed,
    not_drained,
    rollback_failed,
    update_failed,
    work_of,
)
from ..plugin_utils._values.plain import plain
from ..plugin_utils._values.printable import MESSAGE, clean


class ActionModule(ReturningAction):
    """Results of tasks in, sentences out."""

    _requires_connection = False
    _hotpatch_spec = SPECS["internal_explain_failure"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = plain(self._hotpatch_validate())
        kb = clean(args["kb"]) if args["kb"] else None
        run = FailedRun(
            host=clean(task_vars.get("inventory_hostname", "unknown")),
            work=work_of("rollback" if args["stage"] == "rollback" else args["action"], kb),
            kb=kb,
            result=args["result"],
            task=FailedTask(clean(args["task"]), args["task_action"], args["reason"]),
            resume_after_failure=ResumeAfterFailure(args["resume_after_failure"]),
            resumes=args["resumes"],
        )
        if args["stage"] == "unverified":
            failure = not_confirmed(run)
            return failure.to_dict() | {"failed": True, "changed": False, "msg": failure.message}
        if args["stage"] == "drain":
            failure = not_drained(run)
        elif args["stage"] == "update":
            failure = update_failed(run, args["rollback"], clean(args["kept"], MESSAGE))
        else:
            failure = rollback_failed(run)
        # What handlers listen for: what became of an update that this run put on the host is settled.
        return failure.to_dict() | {"changed": args["stage"] == "update" and failure.installed and bool(args["rollback"])}
