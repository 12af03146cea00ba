# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was seen of a host before the batches of its run were made, for the task that would ask the host the same again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._decision.decision import Decision
from .._decision.refusals import TEXTS, Refusal
from .._decision.step import Action
from .._record.record import Record
from .._reports.run_account import current
from .._rollout.may_restart import may_restart
from .errors import HostLostError
from .host import Host
from .specs import SPECS

# So many seconds what was seen is believed. A claim lasts as long, so nobody has done anything meanwhile that could be forgotten.
YOUNG = 600
_DRIFTED = (
    "When the batches of this run were made nothing was to restart this host, and so it may be together with hosts that it must not restart"
    " with. Now there is: {reason}"
)


def can_be_used_again(host: Host, record: Record) -> bool:
    """Return False if HOST has to be asked again in any case: another run is at work on it, or its memory cannot be relied on."""
    memory = host.past.memory
    sound = memory.found is not None and not memory.found.unusable and not memory.found.put_aside
    return record.history.at_work is None and (sound or not memory.kept)


def must_be_in_reach(host: Host) -> Mapping[str, Any] | None:
    """Return what the same run has seen of HOST just now, or None. Raises HostLostError where it could not be reached."""
    account = current()
    look = None if account.closed else account.ahead.looks.get(host.name)
    if look is None or not 0 <= time.monotonic() - float(look["at"]) <= YOUNG:
        return None
    if look.get("lost") is not None:
        raise HostLostError(str(look["lost"]))
    return look


def seen_ahead(host: Host) -> tuple[Record, Any] | None:
    """Return what C(observe) of HOST would return, from what the same run has seen of it just now; None if the host has to be asked.

    Raises HostLostError where it could not be reached: the run has gone on without it.
    """
    look, whole = must_be_in_reach(host), SPECS["host_info"]["argument_spec"]["gather"]["default"]
    if look is None or not look.get("usable") or list(host.options.args.get("gather") or []) != list(whole):
        return None
    return host.take_up(look["observation"], look["remembered"])


def as_batched(host: Host, decision: Decision) -> Decision:
    """Return DECISION, or its refusal: a host that was batched as one that does not restart must not restart after all."""
    account = current()
    batched = not account.closed and account.ahead.planned and host.name in account.ahead.groups
    if not batched or host.name not in account.ahead.staying or not may_restart(decision.to_dict()):
        return decision
    if not decision.action.acts:
        return decision
    reason = _DRIFTED.format(reason=decision.reason)
    remedy = TEXTS[Refusal.PLAN_DRIFT].remedy
    return replace(decision, action=Action.REFUSE, code=Refusal.PLAN_DRIFT, reason=reason, remedy=remedy, restart_allowed=False, steps=())
