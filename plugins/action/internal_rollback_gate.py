# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Says whether a run may roll its hosts back by itself, once the results of a batch are known. Runs on the controller only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._decision.explanation import one_of_group, too_many_unhealthy
from ..plugin_utils._reports.run_account import current
from ..plugin_utils._values.plain import plain


class ActionModule(ReturningAction):
    """Counts the hosts of the play, of all its batches, on which an update of this run stands and a health task failed."""

    _requires_connection = False
    _hotpatch_spec = SPECS["internal_rollback_gate"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = plain(self._hotpatch_validate())
        # The variables of a host are put together anew each time that they are asked for, which is too long for a whole fleet.
        facts = task_vars["hostvars"]._variable_manager._nonpersistent_fact_cache
        unhealthy = sorted(host for host in args["hosts"] if _is_unhealthy(facts.get(host) or {}))
        reason = too_many_unhealthy(unhealthy, args["max"]) if len(unhealthy) > args["max"] else ""
        reason = reason or _together(str(task_vars.get("inventory_hostname")), unhealthy)
        return {"changed": False, "allowed": not reason, "unhealthy": len(unhealthy), "msg": reason}


def _together(host: str, unhealthy: Sequence[str]) -> str:
    """Return why HOST must not be rolled back, which restarts it, while the UNHEALTHY before it are, or others of its batch restart."""
    account = current()
    batch = account.batches[-1] if account.batches else []
    others = [*unhealthy[: unhealthy.index(host)]] if host in unhealthy else []
    others += [other for other in batch if other not in account.ahead.staying and other not in unhealthy]
    found = None if account.closed or not account.ahead.planned else account.ahead.beside(host, others)
    return one_of_group(found[0], found[1].text) if found else ""


def _is_unhealthy(facts: Mapping[str, Any]) -> bool:
    failure = facts.get("hotpatch_failure")
    return isinstance(failure, Mapping) and bool(failure.get("roll_back"))
