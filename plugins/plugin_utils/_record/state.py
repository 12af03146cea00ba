# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one word for a host, and how serious it is."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """The state of a host."""

    UNREACHABLE = "unreachable"
    STALE = "stale"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    OUT_OF_SUPPORT = "out_of_support"
    OPTED_OUT = "opted_out"
    HELD = "held"
    IN_PROGRESS = "in_progress"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    INELIGIBLE = "ineligible"
    NOT_ENROLLED = "not_enrolled"
    ENROLLING = "enrolling"
    ENROLL_STUCK = "enroll_stuck"
    OFF_TRACK = "off_track"
    BASELINE_DUE = "baseline_due"
    RESTART_PENDING = "restart_pending"
    RESTART_PENDING_DEFERRABLE = "restart_pending_deferrable"
    HOTPATCH_DUE = "hotpatch_due"
    UNVERIFIED = "unverified"
    DEGRADED = "degraded"
    CURRENT = "current"
    CURRENT_LCU = "current_lcu"


SEVERITY: dict[State, str] = {
    State.UNREACHABLE: "unknown",
    State.STALE: "unknown",
    State.UNKNOWN: "unknown",
    State.NOT_APPLICABLE: "info",
    State.OUT_OF_SUPPORT: "warn",
    State.OPTED_OUT: "info",
    State.HELD: "info",
    State.IN_PROGRESS: "info",
    State.FAILED: "bad",
    State.ROLLED_BACK: "bad",
    State.INELIGIBLE: "warn",
    State.NOT_ENROLLED: "warn",
    State.ENROLLING: "info",
    State.ENROLL_STUCK: "bad",
    State.OFF_TRACK: "warn",
    State.BASELINE_DUE: "warn",
    State.RESTART_PENDING: "warn",
    State.RESTART_PENDING_DEFERRABLE: "info",
    State.HOTPATCH_DUE: "warn",
    State.UNVERIFIED: "warn",
    State.DEGRADED: "bad",
    State.CURRENT: "good",
    State.CURRENT_LCU: "good",
}
