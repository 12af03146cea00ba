# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""States of hosts of which too little is known to judge them.

Each function is the rule of the state that it is named after: it returns the reason and the next step where the state holds, else None.
"""

from __future__ import annotations

from datetime import timedelta

from .._host.checks.check import Result
from .._host.eligibility import EligibilityVerdict
from .._host.enrollment import EnrollmentVerdict
from .._host.pending_restart import Needed
from .._host.track import TrackVerdict
from .record import NextStep, Record


def unreachable(r: Record) -> NextStep | None:
    if r.reachable:
        return None
    return NextStep(
        "The host could not be contacted, so nothing newer than its last record is known.", "restore the connection and assess it again"
    )


def stale(r: Record) -> NextStep | None:
    seen, limit = r.observation.observed_at, r.policy.observation_age
    if seen is not None and limit is not None:
        age = r.now - seen
        if age > timedelta(hours=limit.value):
            return NextStep(
                f"The observation is dated {seen:%Y-%m-%d %H:%M} UTC, older than the {limit.value} hours that {limit.layer} allows.",
                "assess the host again",
            )
        if -age > timedelta(hours=limit.value):
            return NextStep(
                f"The clock of the host ({seen:%Y-%m-%d %H:%M} UTC) is ahead of {r.now:%Y-%m-%d %H:%M} UTC.", "set the clock of the host"
            )
    if r.view is None:
        return None
    oldest = r.policy.catalog_age
    if oldest is not None and (r.now.date() - r.generated).days > oldest.value:
        reason = f"The catalog is dated {r.generated}, older than the {oldest.value} days that {oldest.layer} allows."
        return NextStep(reason, "update the catalog")
    if r.view.is_stale:
        return NextStep(f"The catalog is dated {r.generated} and cannot know the updates of {r.view.month}.", "update the catalog")
    return None


def unknown(r: Record) -> NextStep | None:
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
        reason = f"The kind of {question.kb} ({question.month}, {question.build}) is not settled, so it is not known what to install."
        return NextStep(reason, "put its kind into an overlay file (option catalog)")
    if r.month is None and r.view is not None:
        reason = f"The catalog (generated {r.generated}) has no release of {r.view.month} for {r.view.line}."
        return NextStep(reason, "add the month to an overlay file (option catalog)")
    if r.track.verdict is TrackVerdict.UNKNOWN:
        return NextStep(r.track.reason, "update the catalog or find out what was installed")
    if r.restart.needed is Needed.UNKNOWN:
        return NextStep(f"It is not known whether a restart is pending: {r.observation.error_of('pending')}.", again)
    return None
