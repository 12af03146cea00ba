# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explanations for a host on which the run failed: the update that was removed or stays, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._values.outcome import Outcome
from .._values.printable import clean
from .refusals import Refusal

NOTHING_INSTALLED = "Nothing was installed, so nothing was rolled back. Run again once the cause is gone."
NOTHING_DONE = "Nothing was done on this host. Run again once the cause is gone."
STAYS = "The update stays installed: tasks that did not run prove no harm. Remove the cause, then check the health of the host."
NOT_KNOWN = "It is not known how far the update came, so nothing was rolled back. Run again: the next run looks at the host first."
# A rollback that is refused for one of these goes through in a maintenance window; the others have a remedy of their own.
# So many hosts are named in a sentence.
_NAMED = 5
_RESTARTS = frozenset({Refusal.RESTART_NOT_ALLOWED, Refusal.FROZEN, Refusal.OUTSIDE_WINDOW})


def explain_rollback(outcome: Outcome, message: str, decision: dict[str, Any], restart_policy: str) -> str:
    """Return a sentence about an update whose rollback ended with OUTCOME.

    MESSAGE is the message of the rollback, DECISION its decision in the JSON-plain form, and RESTART_POLICY that of the run.
    """
    said = message.removeprefix(f"{outcome}: ")
    if outcome is Outcome.ROLLED_BACK:
        return f"It was rolled back: {said} Find the cause before you allow the update again."
    if outcome is Outcome.WOULD_ROLL_BACK:
        return f"It would be rolled back: {said}"
    if outcome is Outcome.NONE:
        return f"There was nothing left to roll back: {said}"
    if outcome is Outcome.WAITING:
        return f"Its packages are removed, and it goes with the next restart: {said}"
    if outcome is Outcome.REFUSED and decision.get("code") in _RESTARTS:
        return (
            f"It is still installed: removing it needs a restart, which this run (restart policy {restart_policy}) does not allow. {said}"
            " In a maintenance window, run winops.hotpatch.rollback on this host with hotpatch_restart_policy=allowed."
        )
    if outcome is Outcome.REFUSED:
        return f"It is still installed: {said} Run winops.hotpatch.rollback on this host once that is resolved."
    return f"The rollback failed: {said} Check this host by hand before you install anything else on it."


def one_of_group(other: str, group: str) -> str:
    """Return the reason for which a run takes nothing off a host: OTHER, of the same GROUP, restarts in the same batch."""
    return (
        f"It is still installed: taking it off restarts the host, and {clean(other)} of the same group ({clean(group)}) restarts as well."
        " Once that one is in service, run winops.hotpatch.rollback on this host by name."
    )


def too_many_unhealthy(hosts: Sequence[str], most: int) -> str:
    """Return the reason for which a run takes nothing off HOSTS, whose health tasks failed and which are more than MOST."""
    more = len(hosts) - _NAMED
    named = ", ".join(clean(host) for host in hosts[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    count = f"{len(hosts)} host{'' if len(hosts) == 1 else 's'}"
    return (
        f"It is still installed: the health tasks failed on {count} of this run ({named}), more than hotpatch_rollback_max ({most}) allows."
        " So many point to what the tasks ask rather than to the update: look at that first. If it is the update, run"
        " winops.hotpatch.rollback on the hosts by name."
    )
