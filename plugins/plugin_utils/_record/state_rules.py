# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules by which a state follows from the answers about a host, in their order of precedence: the first that matches counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from .._host.checks.check import Result
from .._host.eligibility import EligibilityVerdict
from .._host.enrollment import EnrollmentVerdict
from .._host.health import HealthVerdict
from .._host.in_force import CONFIRMED, PROOF_NAMES
from .._host.pending_restart import Needed
from .._host.track import TrackVerdict
from .._values.patch_tuesday import next_patch_tuesday
from .record import NextStep, Record
from .state import State


def _day(moment: date | datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d}" if moment else None


def _unreachable(r: Record) -> NextStep | None:
    if r.reachable:
        return None
    return NextStep(
        "The host could not be contacted, so nothing newer than its last record is known.", "restore the connection and assess it again"
    )


def _stale(r: Record) -> NextStep | None:
    seen, limit = r.observation.observed_at, r.policy.observation_max_age_hours
    if seen is not None and limit is not None:
        age = r.now - seen
        if age > timedelta(hours=limit):
            return NextStep(
                f"The observation is of {seen:%Y-%m-%d %H:%M} UTC, older than the {limit} hours allowed.", "assess the host again"
            )
        if -age > timedelta(hours=limit):
            return NextStep(
                f"The clock of the host ({seen:%Y-%m-%d %H:%M} UTC) is ahead of {r.now:%Y-%m-%d %H:%M} UTC.", "set the clock of the host"
            )
    if r.view is None:
        return None
    days = r.policy.catalog_max_age_days
    if days is not None and (r.now.date() - r.generated).days > days:
        return NextStep(f"The catalog is of {r.generated}, older than the {days} days allowed.", "update the catalog")
    if r.view.is_stale:
        return NextStep(f"The catalog is of {r.generated} and cannot know the updates of {r.view.month}.", "update the catalog")
    return None


def _unknown(r: Record) -> NextStep | None:
    again = "remove the cause and assess the host again"
    verdict = r.eligibility.verdict
    if verdict is EligibilityVerdict.UNKNOWN:
        checks = r.eligibility.deciding(Result.UNKNOWN)
        return NextStep(checks[0].reason if checks else r.match.reason, (checks[0].remedy if checks else None) or again)
    if verdict is not EligibilityVerdict.ELIGIBLE:
        return None
    if r.enrollment.verdict is EnrollmentVerdict.UNKNOWN:
        return NextStep(r.enrollment.reason, r.enrollment.remedy or again)
    if not r.enrolled:
        return None
    question = r.view.open_question() if r.view else None
    if question is not None:
        reason = f"The kind of {question.kb} ({question.month}, {question.build}) is not settled, so what is to be installed is not known."
        return NextStep(reason, "put its kind into an overlay file (option catalog)")
    if r.month is None and r.view is not None:
        reason = f"The catalog (generated {r.generated}) has no release of {r.view.month} for {r.view.line}."
        return NextStep(reason, "add the month to an overlay file (option catalog)")
    if r.track.verdict is TrackVerdict.UNKNOWN:
        return NextStep(r.track.reason, "update the catalog or find out what was installed")
    if r.restart.needed is Needed.UNKNOWN:
        return NextStep(f"Whether a restart is pending is not known: {r.observation.error_of('pending')}.", again)
    return None


def _not_applicable(r: Record) -> NextStep | None:
    if r.eligibility.verdict is not EligibilityVerdict.NOT_APPLICABLE:
        return None
    failed = next((check for check in r.eligibility.deciding(Result.FAIL) if check.never), None)
    return NextStep(failed.reason if failed else r.match.reason, "keep to ordinary updates")


def _out_of_support(r: Record) -> NextStep | None:
    if r.view is None or r.view.hotpatch_ends is None or r.now.date() <= r.view.hotpatch_ends:
        return None
    return NextStep(f"Hotpatches for {r.view.line} ended on {r.view.hotpatch_ends}.", "move to a newer version or to ordinary updates")


def _opted_out(r: Record) -> NextStep | None:
    return NextStep("The owner has declared that this host must not be hotpatched.", "nothing") if r.policy.opted_out else None


def _held(r: Record) -> NextStep | None:
    hold = r.policy.hold_at(r.now)
    if hold is None:
        return None
    by = f" by {hold.owner}" if hold.owner else ""
    return NextStep(f"The host is held{by}: {hold.reason}.", "wait until the hold ends or lift it", _day(hold.until))


def _in_progress(r: Record) -> NextStep | None:
    if r.history.in_progress:
        return NextStep("A run is at work on this host.", "wait until it has finished")
    if r.observation.servicing and r.observation.servicing.in_progress:
        return NextStep("Windows is servicing itself now.", "wait until it has finished")
    return None


def _failed(r: Record) -> NextStep | None:
    if r.history.last_outcome is None or not r.history.last_outcome.needs_person:
        return None
    return NextStep(f"The last run ended as {r.history.last_outcome}.", "read its run record, remove the cause and run again")


def _rolled_back(r: Record) -> NextStep | None:
    gone = r.history.rolled_back
    if gone is None:
        return None
    until = str(gone["until"])[:10] if gone.get("until") else None
    return NextStep(
        f"{gone.get('kb') or 'An update'} was removed from this host; it is exposed and off the track.", "install the next baseline", until
    )


def _ineligible(r: Record) -> NextStep | None:
    if r.eligibility.verdict is not EligibilityVerdict.INELIGIBLE:
        return None
    failed = r.eligibility.deciding(Result.FAIL)
    names = ", ".join(check.id for check in failed)
    return NextStep(f"{len(failed)} prerequisite(s) fail ({names}): {failed[0].reason}", (failed[0].remedy or "see the checks").rstrip("."))


def _not_enrolled(r: Record) -> NextStep | None:
    if r.enrollment.verdict is not EnrollmentVerdict.NOT_ENROLLED:
        return None
    return NextStep(r.enrollment.reason, (r.enrollment.remedy or "enroll it").rstrip("."))


def _enrolling(r: Record) -> NextStep | None:
    return NextStep(r.enrollment.reason, "wait and assess again") if r.enrollment.verdict is EnrollmentVerdict.ENROLLING else None


def _enroll_stuck(r: Record) -> NextStep | None:
    if r.enrollment.verdict is not EnrollmentVerdict.STUCK:
        return None
    return NextStep(r.enrollment.reason, (r.enrollment.remedy or "check it in Azure").rstrip("."))


def _off_track(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.OFF or (r.policy.leave_track and r.newest_lcu and r.restart.needed is Needed.NO):
        return None
    return NextStep(r.track.reason, "wait for the baseline and install it then", _day(r.track.earliest_return))


def _baseline_due(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.BEHIND or r.track.expected is None or r.staged_kb == r.track.expected.kb:
        return None
    return NextStep(
        r.track.reason, f"install baseline {r.track.expected.kb} in a window that allows a restart", _day(r.track.expected.released)
    )


def _restart_pending(r: Record) -> NextStep | None:
    if r.restart.needed is not Needed.YES:
        return None
    what = f"{r.staged_kb} is installed and not in force" if r.staged_kb else f"A restart is pending ({r.restart.causes[0]})"
    return NextStep(f"{what} until the host restarts.", "restart the host in a window that allows it")


def _restart_pending_deferrable(r: Record) -> NextStep | None:
    """Only for a host that would be current otherwise: what is due or wrong must not hide behind a state of mere information."""
    if r.restart.needed is not Needed.DEFERRABLE or _hotpatch_due(r) or _unverified(r) or _degraded(r):
        return None
    when = r.restart.next.date if r.restart.next else None
    return NextStep(
        f"A restart is wanted ({r.restart.causes[0]}) for nothing that concerns security.", "let the next planned restart do it", _day(when)
    )


def _hotpatch_due(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.ON or r.target is None or r.in_target or r.withdrawn_in_force:
        return None
    return NextStep(f"{r.target} is released and not installed.", f"install {r.target.kb}", _day(r.target.released))


def _unverified(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.ON:
        return None
    if r.in_force.proof < CONFIRMED:
        reason = f"{r.in_force.release_kb} is in force by its build, but the proof stops at {PROOF_NAMES[r.in_force.proof]}."
        return NextStep(reason, "gather history, quick fixes and packages and assess again")
    if r.health.verdict is HealthVerdict.UNKNOWN:
        return NextStep(
            f"{r.in_force.release_kb} is in force, but its health is not known: {r.health.findings[0]}", "gather monitor and assess again"
        )
    return None


def _degraded(r: Record) -> NextStep | None:
    gone = r.withdrawn_in_force
    if gone is not None and r.track.verdict is TrackVerdict.ON:
        return NextStep(f"{gone} is in force and was withdrawn: {gone.withdrawn}.", "roll it back where the reason concerns this host")
    if r.track.verdict is not TrackVerdict.ON or r.health.verdict is not HealthVerdict.DEGRADED:
        return None
    return NextStep(
        f"{r.in_force.release_kb} is in force and its monitor reports trouble: {r.health.findings[0]}",
        "look into it; roll back if it stays",
    )


def _current(r: Record) -> NextStep | None:
    if (
        r.track.verdict is not TrackVerdict.ON
        or not r.in_target
        or r.health.verdict is not HealthVerdict.OK
        or r.restart.needed is not Needed.NO
    ):
        return None
    reason = f"{r.target} is in force and no restart is pending."
    return NextStep(reason, "nothing until the next Patch Tuesday", _day(next_patch_tuesday(r.now)))


def _current_lcu(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.OFF or not r.newest_lcu or r.restart.needed is not Needed.NO:
        return None
    reason = f"The host left the track by intent and has the newest cumulative update, {r.in_force.release_kb}."
    return NextStep(reason, "install the baseline that brings it back", _day(r.track.earliest_return))


RULES: Sequence[tuple[State, Callable[[Record], NextStep | None]]] = (
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
    (State.ENROLL_STUCK, _enroll_stuck),
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


def derive_state(record: Record) -> tuple[State, NextStep]:
    """Return the first state whose rule matches; where none does, the state is not known."""
    for state, rule in RULES:
        step = rule(record)
        if step is not None:
            return state, step
    return State.UNKNOWN, NextStep("What was observed fits no state.", "report this record")
