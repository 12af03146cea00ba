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

MEANING: dict[State, str] = {
    State.UNREACHABLE: "The host could not be contacted; nothing newer than its last record is known.",
    State.STALE: "The observation or the catalog is older than allowed.",
    State.UNKNOWN: "A fact that is needed could not be read, so no state is claimed.",
    State.NOT_APPLICABLE: "This Windows can never hotpatch; ordinary updates are its correct path.",
    State.OUT_OF_SUPPORT: "Hotpatch support for this Windows has ended.",
    State.OPTED_OUT: "The owner has declared that the host must not be hotpatched.",
    State.HELD: "An operator holds the host: reason, owner and end are in the record.",
    State.IN_PROGRESS: "A run, or Windows itself, is servicing the host now.",
    State.FAILED: "The last run ended in an error that needs a person.",
    State.ROLLED_BACK: "An update was removed; the host is exposed and off the track until the date given.",
    State.INELIGIBLE: "It could hotpatch, but prerequisites fail; each has a remedy.",
    State.NOT_ENROLLED: "Every prerequisite passes and nobody has enrolled it.",
    State.ENROLLING: "Enrollment was asked for and is not confirmed yet.",
    State.ENROLL_STUCK: "Enrollment has been pending for longer than it should.",
    State.OFF_TRACK: "Enrolled, but an update outside the track is installed: restarts every month until the next baseline.",
    State.BASELINE_DUE: "The cycle's baseline is out and not installed.",
    State.RESTART_PENDING: "An update is installed and not in force until a restart.",
    State.RESTART_PENDING_DEFERRABLE: "A restart is wanted for something other than security; it may wait.",
    State.HOTPATCH_DUE: "On the baseline; this month's hotpatch is out and not installed.",
    State.UNVERIFIED: "Installed, but not confirmed.",
    State.DEGRADED: "On the right build, but the hotpatch monitor reports trouble.",
    State.CURRENT: "On the baseline, newest hotpatch in force, nothing pending.",
    State.CURRENT_LCU: "Off the track by choice, and fully patched by ordinary updates.",
}
