# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing packages by their identity and putting the last good baseline back: the steps of a rollback."""

from __future__ import annotations

from dataclasses import dataclass, field

from .._decision.decision import Decision, DecisionInput
from .._decision.host_gates import not_held
from .._decision.removal import RollbackPlan
from .._policy.policy import Intent
from .._record.record import Record
from .._values.printable import clean
from .base import HotpatchAction
from .options import Options


@dataclass(frozen=True, slots=True)
class Removed:
    """The identities that were removed, and the error if one was not."""

    identities: list[str] = field(default_factory=list)
    message: str = ""

    @property
    def ok(self) -> bool:
        """True if all of them went."""
        return not self.message


def veto_of(record: Record, options: Options) -> Decision | None:
    """Return why a rollback may not restart or touch this host now, or None. A rollback always needs a restart."""
    case = DecisionInput(record, options.catalog, options.policy, options.restart_policy, Intent.AUTO, options.now, None, False)
    return not_held(case) or case.restart_veto(None)


def remove(action: HotpatchAction, plan: RollbackPlan) -> Removed:
    """Remove the identities of PLAN, newest first; stop at the first that does not go."""
    gone: list[str] = []
    for identity in plan.remove:
        result = action._hotpatch_module("winops.hotpatch.package", {"state": "absent", "identity": identity})
        if result.get("failed"):
            why = clean(result.get("msg") or result.get("message") or "DISM gave no reason")
            return Removed(gone, f"{clean(identity)} could not be removed: {why}.")
        gone.append(identity)
    return Removed(gone)


def what_is_left(after: Record, plan: RollbackPlan) -> list[str]:
    """Return what the host still has that should be gone, and what it lacks that should be back."""
    left: list[str] = []
    state = after.to_dict()["in_force"]
    if state.get("release_kb") in plan.removed_kbs:
        left.append(f"{state['release_kb']} is still in force ({state.get('build')}).")
    if str(after.restart.needed) == "yes":
        left.append(f"A restart is still pending: {after.restart.causes[0]}.")
    if plan.restore is not None:
        build = after.in_force.build
        if build is None:
            left.append("The build of the host is not known.")
        elif build < plan.restore.build:
            left.append(f"The host is on {build}, below the last good baseline {plan.restore}. Install that baseline by hand.")
    return left
