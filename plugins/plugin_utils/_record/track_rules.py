# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""States of hosts that are hotpatched: on or off the track, current, behind, or waiting for a restart.

Each function is the rule of the state that it is named after: it returns the reason and the next step where the state holds, else None.
"""

from __future__ import annotations

from .._host.health import HealthVerdict
from .._host.in_force import CONFIRMED, PROOF_NAMES
from .._host.pending_restart import Needed, outlived
from .._host.track import TrackVerdict
from .._values.moments import day_text
from .._values.patch_tuesday import next_patch_tuesday
from .record import NextStep, Record


def off_track(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.OFF or (r.policy.leave_track and r.newest_lcu and r.restart.needed is Needed.NO):
        return None
    return NextStep(r.track.reason, "wait for the baseline and install it then", day_text(r.track.earliest_return))


def baseline_due(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.BEHIND or r.track.expected is None or r.staged_kb == r.track.expected.kb:
        return None
    return NextStep(
        r.track.reason, f"install baseline {r.track.expected.kb} in a window that allows a restart", day_text(r.track.expected.released)
    )


def restart_pending(r: Record) -> NextStep | None:
    if r.restart.needed is not Needed.YES:
        return None
    stuck = outlived(r.observation, r.restart, r.history.last_restart)
    if stuck:
        reason = f"A restart is said to be pending ({stuck[0]}), and the last restart did not settle it."
        return NextStep(reason, "find out what keeps asking for it; another restart does not help")
    what = f"{r.staged_kb} is installed and not in force" if r.staged_kb else f"A restart is pending ({r.restart.causes[0]})"
    return NextStep(f"{what} until the host restarts.", "restart the host in a window that allows it")


def restart_pending_deferrable(r: Record) -> NextStep | None:
    """Only for a host that would be current otherwise: what is due or wrong must not hide behind a state of mere information."""
    if r.restart.needed is not Needed.DEFERRABLE or hotpatch_due(r) or unverified(r) or degraded(r):
        return None
    when = r.restart.next.date if r.restart.next else None
    return NextStep(
        f"A restart is wanted ({r.restart.causes[0]}) for something other than security.",
        "let the next planned restart do it",
        day_text(when),
    )


def hotpatch_due(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.ON or r.target is None or r.in_target or r.withdrawn_in_force:
        return None
    return NextStep(f"{r.target} is released and not installed.", f"install {r.target.kb}", day_text(r.target.released))


def unverified(r: Record) -> NextStep | None:
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


def degraded(r: Record) -> NextStep | None:
    gone = r.withdrawn_in_force
    if gone is not None and r.track.verdict is TrackVerdict.ON:
        return NextStep(f"{gone} is in force and was withdrawn: {gone.withdrawn}.", "roll it back where the reason concerns this host")
    if r.track.verdict is not TrackVerdict.ON or r.health.verdict is not HealthVerdict.DEGRADED:
        return None
    return NextStep(
        f"{r.in_force.release_kb} is in force and its monitor reports trouble: {r.health.findings[0]}",
        "look into it; roll back if it stays",
    )


def current(r: Record) -> NextStep | None:
    if (
        r.track.verdict is not TrackVerdict.ON
        or not r.in_target
        or r.health.verdict is not HealthVerdict.OK
        or r.restart.needed is not Needed.NO
    ):
        return None
    reason = f"{r.target} is in force and no restart is pending."
    return NextStep(reason, "nothing until the next Patch Tuesday", day_text(next_patch_tuesday(r.now)))


def current_lcu(r: Record) -> NextStep | None:
    if r.track.verdict is not TrackVerdict.OFF or not r.newest_lcu or r.restart.needed is not Needed.NO:
        return None
    reason = f"The host left the track by intent and has the newest cumulative update, {r.in_force.release_kb}."
    return NextStep(reason, "install the baseline that brings it back", day_text(r.track.earliest_return))
