# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decision of a run on one host: at most one update or one restart, or the reason for doing nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .._catalog.catalog import Catalog
from .._policy.policy import Intent, Policy, RestartPolicy
from .._record.record import Record
from .decision import Action, Decision, DecisionInput, Target
from .host_gates import HOST_GATES, catalog_fresh, catalog_young, no_restart_pending
from .install_gates import decide_install
from .other_numbers import installed_as, with_other_number
from .remembering import if_remembered
from .targets import choose_target, describe_withdrawal, named_target

__all__ = ["Action", "Decision", "Target", "decide"]


def decide(
    record: Record,
    catalog: Catalog,
    policy: Policy,
    restart_policy: RestartPolicy,
    intent: Intent,
    now: datetime,
    kb: str | None = None,
    *,
    offline: bool = False,
    asked: bool = False,
) -> Decision:
    """Return the decision of a run with these rules on the host of RECORD at NOW.

    KB names one update and overrides INTENT. OFFLINE says that the package is at hand, so it need not be offered, ASKED that
    nothing is done and NOW is the moment that is asked about. Raises KbError.
    """
    case = DecisionInput(record, catalog, policy, restart_policy, intent, now, installed_as(catalog, kb), offline, asked=asked)
    return with_other_number(if_remembered(case, _decide(case)), kb, case.kb)


def _decide(case: DecisionInput) -> Decision:
    for gate in HOST_GATES:
        stopped = gate(case)
        if stopped is not None:
            return stopped
    chosen: Target | Decision
    if case.kb is None:
        stopped = catalog_young(case) or catalog_fresh(case) or no_restart_pending(case)
        chosen = stopped or choose_target(case)
    else:
        stopped = catalog_young(case) or no_restart_pending(case)
        chosen = stopped or named_target(case, case.kb)
    if isinstance(chosen, Decision):
        return chosen
    return _with_withdrawal(case, chosen, decide_install(case, chosen))


def _with_withdrawal(case: DecisionInput, target: Target, decision: Decision) -> Decision:
    """Return DECISION, with a note in its reason if a newer release was withdrawn."""
    view = case.record.view
    gone = view.withdrawn_after(target.release) if view and target.release and case.kb is None else None
    return decision if gone is None else replace(decision, reason=f"{decision.reason} {describe_withdrawal(gone)}.")
