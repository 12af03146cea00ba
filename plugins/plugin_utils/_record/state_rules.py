# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules by which a state follows from the answers about a host, in their order of precedence: the first that matches counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import eligibility_rules, knowledge_rules, run_rules, track_rules
from .record import NextStep, Record
from .state import State

RULES: Sequence[tuple[State, Callable[[Record], NextStep | None]]] = (
    (State.UNREACHABLE, knowledge_rules.unreachable),
    (State.STALE, knowledge_rules.stale),
    (State.UNKNOWN, knowledge_rules.unknown),
    (State.NOT_APPLICABLE, eligibility_rules.not_applicable),
    (State.OUT_OF_SUPPORT, eligibility_rules.out_of_support),
    (State.OPTED_OUT, eligibility_rules.opted_out),
    (State.HELD, eligibility_rules.held),
    (State.IN_PROGRESS, run_rules.in_progress),
    (State.FAILED, run_rules.failed),
    (State.ROLLED_BACK, run_rules.rolled_back),
    (State.INELIGIBLE, eligibility_rules.ineligible),
    (State.NOT_ENROLLED, eligibility_rules.not_enrolled),
    (State.ENROLLING, eligibility_rules.enrolling),
    (State.ENROLL_STUCK, eligibility_rules.enroll_stuck),
    (State.OFF_TRACK, track_rules.off_track),
    (State.BASELINE_DUE, track_rules.baseline_due),
    (State.RESTART_PENDING, track_rules.restart_pending),
    (State.RESTART_PENDING_DEFERRABLE, track_rules.restart_pending_deferrable),
    (State.HOTPATCH_DUE, track_rules.hotpatch_due),
    (State.UNVERIFIED, track_rules.unverified),
    (State.DEGRADED, track_rules.degraded),
    (State.CURRENT, track_rules.current),
    (State.CURRENT_LCU, track_rules.current_lcu),
)


def derive_state(record: Record) -> tuple[State, NextStep]:
    """Return the first state whose rule matches; where none does, the state is not known."""
    for state, rule in RULES:
        step = rule(record)
        if step is not None:
            return state, step
    return State.UNKNOWN, NextStep("The observation fits no state.", "report this record")
