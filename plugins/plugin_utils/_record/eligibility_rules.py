# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""States of hosts that are not hotpatched, because of their Windows, their enrollment or their owner.

Each function is the rule of the state that it is named after: it returns the reason and the next step where the state holds, else None.
"""

from __future__ import annotations

from .._host.checks.check import Result
from .._host.eligibility import EligibilityVerdict
from .._host.enrollment import EnrollmentVerdict
from .._values.moments import day_text
from .record import NextStep, Record


def not_applicable(r: Record) -> NextStep | None:
    if r.eligibility.verdict is not EligibilityVerdict.NOT_APPLICABLE:
        return None
    failed = next((check for check in r.eligibility.deciding(Result.FAIL) if check.never), None)
    return NextStep(failed.reason if failed else r.match.reason, "keep to ordinary updates")


def out_of_support(r: Record) -> NextStep | None:
    if r.view is None or r.view.hotpatch_ends is None or r.now.date() <= r.view.hotpatch_ends:
        return None
    return NextStep(f"Hotpatches for {r.view.line} ended on {r.view.hotpatch_ends}.", "move to a newer version or to ordinary updates")


def opted_out(r: Record) -> NextStep | None:
    return NextStep("The owner has declared that this host must not be hotpatched.", "nothing") if r.policy.opted_out else None


def held(r: Record) -> NextStep | None:
    # By the clock of the controller or by that of the host.
    moments = (r.now, r.observation.observed_at or r.now)
    hold = next(filter(None, map(r.policy.hold_at, moments)), None)
    if hold is None:
        return None
    by = f" by {hold.owner}" if hold.owner else ""
    when = day_text(hold.until.day) if hold.until else None
    return NextStep(f"The host is held{by} ({hold.layer}): {hold.reason.rstrip('.')}.", "wait until the hold ends or lift it", when)


def ineligible(r: Record) -> NextStep | None:
    if r.eligibility.verdict is not EligibilityVerdict.INELIGIBLE:
        return None
    failed = r.eligibility.deciding(Result.FAIL)
    names = ", ".join(check.id for check in failed)
    return NextStep(f"{len(failed)} prerequisite(s) fail ({names}): {failed[0].reason}", (failed[0].remedy or "see the checks").rstrip("."))


def not_enrolled(r: Record) -> NextStep | None:
    if r.enrollment.verdict is not EnrollmentVerdict.NOT_ENROLLED:
        return None
    return NextStep(r.enrollment.reason, (r.enrollment.remedy or "enroll it").rstrip("."))


def enrolling(r: Record) -> NextStep | None:
    return NextStep(r.enrollment.reason, "wait and assess again") if r.enrollment.verdict is EnrollmentVerdict.ENROLLING else None


def enroll_stuck(r: Record) -> NextStep | None:
    if r.enrollment.verdict is not EnrollmentVerdict.STUCK:
        return None
    return NextStep(r.enrollment.reason, (r.enrollment.remedy or "check it in Azure").rstrip("."))
