# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last gate of each decision that acts: what is done on a host must be remembered there, and before it is done."""

from __future__ import annotations

from dataclasses import replace

from .decision import Decision, DecisionInput
from .refusals import Refusal


def if_remembered(case: DecisionInput, decision: Decision) -> Decision:
    """Return DECISION, or its refusal if it would act on a host whose memory cannot be written."""
    why = case.record.history.memory_unusable
    if why is None or not decision.action.acts:
        return decision
    reason = f"The memory of the host cannot be written: {why}. Without it no other run would know of this one."
    refused = case.refuse(Refusal.MEMORY_UNWRITABLE, reason, restart=decision.restart)
    return replace(refused, kb=decision.kb, build=decision.build, kind=decision.kind, month=decision.month, removal=decision.removal)
