# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""States of hosts that a run is at work on, or has left behind.

Each function is the rule of the state that it is named after: it returns the reason and the next step where the state holds, else None.
"""

from __future__ import annotations

from collections.abc import Iterable

from .._host.installed import goes_with_restart
from .._host.pending_restart import Needed
from .record import NextStep, Record


def in_progress(r: Record) -> NextStep | None:
    if r.history.at_work is not None:
        return NextStep(r.history.at_work.reason, "wait until it has finished")
    if r.observation.servicing and r.observation.servicing.in_progress:
        return NextStep("Windows is servicing itself now.", "wait until it has finished")
    return None


def failed(r: Record) -> NextStep | None:
    history = r.history
    wanted = [release.kb for release in (r.track.expected, r.target) if release is not None and r.in_force.release_kb != release.kb]
    for kb in wanted:
        if history.gave_up(kb):
            step = f"read its run records, remove the cause and name the update once: module update with kb={kb}"
            return NextStep(f"{kb} has failed on this host in {history.failures[kb]} runs and is not tried again by itself.", step)
    if history.last_outcome is None or not history.last_outcome.needs_person or _made_good(r):
        return None
    which = f"The last run that acted on this host, {history.last_acting.name}," if history.last_acting else "The last run"
    return NextStep(f"{which} ended as {history.last_outcome}.", "read its run record, remove the cause and run again")


def _made_good(r: Record) -> bool:
    """Return True if the host shows by itself that what the last run was about to do has been done since."""
    run = r.history.last_acting
    if run is None or r.restart.needed is not Needed.NO:
        return False
    if run.action == "restart" and run.build is None:
        return True
    build = r.in_force.build
    return run.action in ("install", "restart") and run.build is not None and build is not None and build >= run.build


def rolled_back(r: Record) -> NextStep | None:
    gone = r.history.rolled_back
    if gone is None or _still_in_force(r, gone.get("kbs") or ()):
        return None
    until = str(gone["until"])[:10] if gone.get("until") else None
    return NextStep(
        f"{gone.get('kb') or 'An update'} was removed from this host; it is exposed and off the track.", "install the next baseline", until
    )


def _still_in_force(r: Record, kbs: Iterable[str]) -> bool:
    """True if one of KBS is in force and does not wait for a restart to go: the rollback was cut off before it, or it was put back."""
    release = r.identity.on if r.identity else None
    if release is None or release.kb not in kbs:
        return False
    return not goes_with_restart(r.observation, release.kb, release.builds)
