# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one word for a host. The rules stand in the order in which they win; the first that matches is the state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from .._host.checks.check import Result
from .._host.eligibility import EligibilityVerdict
from .._host.enrollment import EnrolmentVerdict
from .._host.health import HealthVerdict
from .._host.in_force import CONFIRMED, PROOF_NAMES
from .._host.pending_restart import Needed
from .._host.track import TrackVerdict
from .._values.patch_tuesday import next_patch_tuesday
from .axes import Axes, Finding

# What a run that ended without a result leaves behind; a person has to look.
FAILED_OUTCOMES = ("failed", "lost", "interrupted")


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
    ENROL_STUCK = "enrol_stuck"
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
    State.ENROL_STUCK: "bad",
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


def _day(moment: date | datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d}" if moment else None


def _unreachable(a: Axes) -> Finding | None:
    if a.reachable:
        return None
    return Finding(
        "The host could not be contacted, so nothing newer than its last record is known.", "restore the connection and assess it again"
    )


def _stale(a: Axes) -> Finding | None:
    seen, limit = a.observation.observed_at, a.policy.max_observation_age
    if seen is not None and limit is not None:
        age = a.now - seen
        if age > timedelta(seconds=limit):
            return Finding(
                f"The observation is of {seen:%Y-%m-%d %H:%M} UTC, older than the {limit} seconds allowed.", "assess the host again"
            )
        if -age > timedelta(seconds=limit):
            return Finding(
                f"The clock of the host ({seen:%Y-%m-%d %H:%M} UTC) is ahead of {a.now:%Y-%m-%d %H:%M} UTC.", "set the clock of the host"
            )
    if a.view is None:
        return None
    days = a.policy.catalog_max_age
    if days is not None and (a.now.date() - a.generated).days > days:
        return Finding(f"The catalog is of {a.generated}, older than the {days} days allowed.", "update the catalog")
    if a.view.is_stale:
        return Finding(f"The catalog is of {a.generated} and cannot know the updates of {a.view.month}.", "update the catalog")
    return None


def _unknown(a: Axes) -> Finding | None:
    again = "remove the cause and assess the host again"
    verdict = a.eligibility.verdict
    if verdict is EligibilityVerdict.UNKNOWN:
        checks = a.eligibility.deciding(Result.UNKNOWN)
        return Finding(checks[0].reason if checks else a.finding.reason, (checks[0].remedy if checks else None) or again)
    if verdict is not EligibilityVerdict.ELIGIBLE:
        return None
    if a.enrolment.verdict is EnrolmentVerdict.UNKNOWN:
        return Finding(a.enrolment.reason, a.enrolment.remedy or again)
    if not a.enrolled:
        return None
    question = a.view.open_question() if a.view else None
    if question is not None:
        reason = f"The kind of {question.kb} ({question.month}, {question.build}) is not settled, so what is to be installed is not known."
        return Finding(reason, "put its kind into an overlay file (option catalog)")
    if a.month is None and a.view is not None:
        reason = f"The catalog (generated {a.generated}) has no release of {a.view.month} for {a.view.line}."
        return Finding(reason, "add the month to an overlay file (option catalog)")
    if a.track.verdict is TrackVerdict.UNKNOWN:
        return Finding(a.track.reason, "update the catalog or find out what was installed")
    if a.restart.needed is Needed.UNKNOWN:
        return Finding(f"Whether a restart is pending is not known: {a.observation.error_of('pending')}.", again)
    return None


def _not_applicable(a: Axes) -> Finding | None:
    if a.eligibility.verdict is not EligibilityVerdict.NOT_APPLICABLE:
        return None
    failed = next((check for check in a.eligibility.deciding(Result.FAIL) if check.never), None)
    return Finding(failed.reason if failed else a.finding.reason, "keep to ordinary updates")


def _out_of_support(a: Axes) -> Finding | None:
    if a.view is None or a.view.hotpatch_ends is None or a.now.date() <= a.view.hotpatch_ends:
        return None
    return Finding(f"Hotpatches for {a.view.line} ended on {a.view.hotpatch_ends}.", "move to a newer version or to ordinary updates")


def _opted_out(a: Axes) -> Finding | None:
    return Finding("The owner has declared that this host must not be hotpatched.", "nothing") if a.policy.opted_out else None


def _held(a: Axes) -> Finding | None:
    hold = a.policy.hold_at(a.now)
    if hold is None:
        return None
    by = f" by {hold.owner}" if hold.owner else ""
    return Finding(f"The host is held{by}: {hold.reason}.", "wait until the hold ends or lift it", _day(hold.until))


def _in_progress(a: Axes) -> Finding | None:
    if a.context.in_progress:
        return Finding("A run is at work on this host.", "wait until it has finished")
    if a.observation.servicing and a.observation.servicing.in_progress:
        return Finding("Windows is servicing itself now.", "wait until it has finished")
    return None


def _failed(a: Axes) -> Finding | None:
    if a.context.last_outcome not in FAILED_OUTCOMES:
        return None
    return Finding(f"The last run ended as {a.context.last_outcome}.", "read its run record, remove the cause and run again")


def _rolled_back(a: Axes) -> Finding | None:
    gone = a.context.rolled_back
    if gone is None:
        return None
    until = str(gone["until"])[:10] if gone.get("until") else None
    return Finding(
        f"{gone.get('kb') or 'An update'} was removed from this host; it is exposed and off the track.", "install the next baseline", until
    )


def _ineligible(a: Axes) -> Finding | None:
    if a.eligibility.verdict is not EligibilityVerdict.INELIGIBLE:
        return None
    failed = a.eligibility.deciding(Result.FAIL)
    names = ", ".join(check.id for check in failed)
    return Finding(f"{len(failed)} prerequisite(s) fail ({names}): {failed[0].reason}", (failed[0].remedy or "see the checks").rstrip("."))


def _not_enrolled(a: Axes) -> Finding | None:
    if a.enrolment.verdict is not EnrolmentVerdict.NOT_ENROLLED:
        return None
    return Finding(a.enrolment.reason, (a.enrolment.remedy or "enrol it").rstrip("."))


def _enrolling(a: Axes) -> Finding | None:
    return Finding(a.enrolment.reason, "wait and assess again") if a.enrolment.verdict is EnrolmentVerdict.ENROLLING else None


def _enrol_stuck(a: Axes) -> Finding | None:
    if a.enrolment.verdict is not EnrolmentVerdict.STUCK:
        return None
    return Finding(a.enrolment.reason, (a.enrolment.remedy or "check it in Azure").rstrip("."))


def _off_track(a: Axes) -> Finding | None:
    if a.track.verdict is not TrackVerdict.OFF or (a.policy.leave_track and a.newest_lcu and a.restart.needed is Needed.NO):
        return None
    return Finding(a.track.reason, "wait for the baseline and install it then", _day(a.track.earliest_return))


def _baseline_due(a: Axes) -> Finding | None:
    if a.track.verdict is not TrackVerdict.BEHIND or a.track.expected is None or a.waiting == a.track.expected.kb:
        return None
    return Finding(
        a.track.reason, f"install baseline {a.track.expected.kb} in a window that allows a restart", _day(a.track.expected.released)
    )


def _restart_pending(a: Axes) -> Finding | None:
    if a.restart.needed is not Needed.YES:
        return None
    what = f"{a.waiting} is installed and not in force" if a.waiting else f"A restart is pending ({a.restart.causes[0]})"
    return Finding(f"{what} until the host restarts.", "restart the host in a window that allows it")


def _restart_pending_deferrable(a: Axes) -> Finding | None:
    """Only for a host that would be current otherwise: what is due or wrong must not hide behind a state of mere information."""
    if a.restart.needed is not Needed.DEFERRABLE or _hotpatch_due(a) or _unverified(a) or _degraded(a):
        return None
    when = a.restart.next.date if a.restart.next else None
    return Finding(
        f"A restart is wanted ({a.restart.causes[0]}) for nothing that concerns security.", "let the next planned restart do it", _day(when)
    )


def _hotpatch_due(a: Axes) -> Finding | None:
    if a.track.verdict is not TrackVerdict.ON or a.target is None or a.in_target or a.withdrawn_in_force:
        return None
    return Finding(f"{a.target} is released and not installed.", f"install {a.target.kb}", _day(a.target.released))


def _unverified(a: Axes) -> Finding | None:
    if a.track.verdict is not TrackVerdict.ON:
        return None
    if a.in_force.proof < CONFIRMED:
        reason = f"{a.in_force.release_kb} is in force by its build, but the proof stops at {PROOF_NAMES[a.in_force.proof]}."
        return Finding(reason, "gather history, quick fixes and packages and assess again")
    if a.health.verdict is HealthVerdict.UNKNOWN:
        return Finding(
            f"{a.in_force.release_kb} is in force, but its health is not known: {a.health.findings[0]}", "gather monitor and assess again"
        )
    return None


def _degraded(a: Axes) -> Finding | None:
    gone = a.withdrawn_in_force
    if gone is not None and a.track.verdict is TrackVerdict.ON:
        return Finding(f"{gone} is in force and was withdrawn: {gone.withdrawn}.", "roll it back where the reason concerns this host")
    if a.track.verdict is not TrackVerdict.ON or a.health.verdict is not HealthVerdict.DEGRADED:
        return None
    return Finding(
        f"{a.in_force.release_kb} is in force and its monitor reports trouble: {a.health.findings[0]}",
        "look into it; roll back if it stays",
    )


def _current(a: Axes) -> Finding | None:
    if (
        a.track.verdict is not TrackVerdict.ON
        or not a.in_target
        or a.health.verdict is not HealthVerdict.OK
        or a.restart.needed is not Needed.NO
    ):
        return None
    reason = f"{a.target} is in force and no restart is pending."
    return Finding(reason, "nothing until the next Patch Tuesday", _day(next_patch_tuesday(a.now)))


def _current_lcu(a: Axes) -> Finding | None:
    if a.track.verdict is not TrackVerdict.OFF or not a.newest_lcu or a.restart.needed is not Needed.NO:
        return None
    reason = f"The host left the track by intent and has the newest cumulative update, {a.in_force.release_kb}."
    return Finding(reason, "install the baseline that brings it back", _day(a.track.earliest_return))


RULES: Sequence[tuple[State, Callable[[Axes], Finding | None]]] = (
    (State.UNREACHABLE, _unreachable),
    (State.STALE, _stale),
    (State.UNKNOWN, _unknown),
    (State.NOT_APPLICABLE, _not_applicable),
    (State.OUT_OF_SUPPORT, _out_of_support),
    (State.OPTED_OUT, _opted_out),
    (State.HELD, _held),
    (State.IN_PROGRESS, _in_progress),
    (State.FAILED, _failed),
    (State.ROLLED_BACK, _rolled_back),
    (State.INELIGIBLE, _ineligible),
    (State.NOT_ENROLLED, _not_enrolled),
    (State.ENROLLING, _enrolling),
    (State.ENROL_STUCK, _enrol_stuck),
    (State.OFF_TRACK, _off_track),
    (State.BASELINE_DUE, _baseline_due),
    (State.RESTART_PENDING, _restart_pending),
    (State.RESTART_PENDING_DEFERRABLE, _restart_pending_deferrable),
    (State.HOTPATCH_DUE, _hotpatch_due),
    (State.UNVERIFIED, _unverified),
    (State.DEGRADED, _degraded),
    (State.CURRENT, _current),
    (State.CURRENT_LCU, _current_lcu),
)


def derive_state(axes: Axes) -> tuple[State, Finding]:
    """Return the first state whose rule matches; where none does, the state is not known."""
    for state, rule in RULES:
        finding = rule(axes)
        if finding is not None:
            return state, finding
    return State.UNKNOWN, Finding("What was observed fits no state.", "report this record")
