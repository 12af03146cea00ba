# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An earlier decision that binds: what was decided, and drained for, is what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._host.offers import Restart
from .._values.printable import clean
from .decision import Action, Decision
from .refusals import TEXTS, Refusal

# The actions of a decision that changes a host.
ACTING = frozenset(action.value for action in Action if action.acts)


# The reasons for which a host is not claimed.
_NOT_CLAIMED = (Refusal.BUSY, Refusal.MEMORY_UNWRITABLE)


def bound(decision: Decision, decided: Mapping[str, Any] | None) -> Decision:
    """Return DECISION, made now, or its refusal if it does more than DECIDED, an earlier one in its JSON-plain form, if there is one."""
    drifted = _drift(decided, decision) if decided else None
    if drifted is None:
        return decision
    # Where the host was not claimed, whoever tried says why.
    given = decided or {}
    code = next((code for code in _NOT_CLAIMED if given.get("code") == code.value), Refusal.PLAN_DRIFT)
    if code is not Refusal.PLAN_DRIFT and given.get("reason"):
        drifted = clean(given["reason"])
    return replace(
        decision,
        action=Action.REFUSE,
        code=code,
        restart_allowed=False,
        reason=drifted,
        remedy=TEXTS[code].remedy,
        until=None,
        steps=(),
    )


def _drift(decided: Mapping[str, Any], decision: Decision) -> str | None:
    """Return what DECISION would do beyond DECIDED; None if nothing.

    Less is no drift: not to act any more, or to do the same without the restart that was expected.
    """
    if not decision.action.acts:
        return None
    action, kb = str(decided.get("action")), decided.get("kb")
    if action not in ACTING:
        return f"It was decided to do nothing here ({clean(action)}), and now it would be to {_said(decision)}."
    if (action, kb) != (decision.action.value, decision.kb):
        return f"It was decided to {clean(' '.join(filter(None, (action, str(kb or '')))))}, and now it would be to {_said(decision)}."
    if decided.get("restart") == Restart.NO and decision.restart is not Restart.NO:
        sure = "restarts" if decision.restart is Restart.YES else "may restart"
        return f"It was decided to {_said(decision)} without a restart, and now that {sure} the host. {decision.reason}"
    before, now = _identities(decided.get("steps")), _identities(decision.to_dict()["steps"])
    if before != now:
        return f"{decision.kb} is another update than when it was decided: {clean(', '.join(sorted(now - before) or sorted(before)))}."
    return None


def _said(decision: Decision) -> str:
    return " ".join(filter(None, (decision.action.value, decision.kb)))


def _identities(steps: object) -> set[str]:
    """Return the updates and packages that STEPS are about."""
    found: set[str] = set()
    for step in steps if isinstance(steps, list) else []:
        if isinstance(step, Mapping):
            found |= {str(item) for item in [*(step.get("update_ids") or ()), step.get("package")] if item}
    return found
