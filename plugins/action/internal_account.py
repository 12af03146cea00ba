# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at the budget of a run before hosts begin, notes who has given up, and names those that fail it. Runs on the controller only."""

from __future__ import annotations

from typing import Any

from ..plugin_utils._actions.errors import ActionError
from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._inputs.host_patterns import exact_patterns
from ..plugin_utils._reports.run_account import RunAccount, current, note_limits
from ..plugin_utils._values.plain import plain

NO_ACCOUNT = (
    "Nothing is known of the hosts of this run: ansible-core has not loaded the callback winops_hotpatch_hosts, which lies in the folder"
    " callback_plugins beside the playbooks of this collection. Run the playbooks where they are, like winops.hotpatch.cycle."
)

NOT_PLANNED = (
    "The hosts that Ansible begins with are none of the batches of this run, and nothing is done on them: hosts that must not restart"
    " together could be among them. Report this with the inventory, and name fewer hosts in hotpatch_hosts until then."
)


class ActionModule(ReturningAction):
    """The account is kept by the callback beside the playbooks, which hears every result; this is a question to it."""

    _requires_connection = False
    _hotpatch_spec = SPECS["internal_account"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = plain(self._hotpatch_validate())
        step, account = args["step"], current()
        if args["batch"]:
            # Up to 2.18 ansible-core resolves a name like a template on its way into an option.
            args["batch"] = [str(host) for host in plain(task_vars.get("ansible_play_batch")) or args["batch"]]
        if step == "give_up":
            return {"changed": False, "step": step}
        if step == "look" and account.closed and not args["batch"]:
            # A play of others follows, with a role of this collection and what the playbook before has left.
            return {"changed": False, "step": step, "spent": False}
        if not account.hosts:
            raise ActionError(NO_ACCOUNT)
        if step == "look" and not account.ahead.is_planned(args["batch"]):
            raise ActionError(NOT_PLANNED)
        return {"changed": False, "step": step, **(_look(account, args) if step == "look" else _close(account))}


def _look(account: RunAccount, args: dict[str, Any]) -> dict[str, Any]:
    limits = {"max_fail_percentage": args["max_fail_percentage"], "rollback_max": args["rollback_max"], "batch": args["batch"]}
    note_limits(account, limits)
    reason = account.spent()
    held = {} if reason else account.held_beside(args["batch"])
    return {**limits, "spent": reason is not None, "held": held, "msg": reason or "The budget is not spent."}


def _close(account: RunAccount) -> dict[str, Any]:
    failed = account.to_fail()
    # Ansible ends everything that follows where all hosts of a play have failed, so one that has not is in it too.
    others = [host for host in account.hosts if host not in failed][:1]
    return {
        "failed_hosts": failed,
        "members": exact_patterns([*failed, *others]),
        **account.figures(),
        "msg": f"{len(account.hosts)} hosts, {len(failed)} of them fail the run.",
    }
