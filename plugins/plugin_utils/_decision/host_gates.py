# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reasons for which a host is not touched, whatever the update. They are asked in this order; the first answer counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from .._host.checks.check import Result
from .._host.eligibility import EligibilityVerdict
from .._host.enrollment import EnrollmentVerdict
from .._host.offers import Restart
from .._host.pending_restart import Needed, outlived
from .._host.product_line import Applies
from .._host.update_source import managed_by
from .._policy.rules import Forbids
from .decision import Action, Decision, DecisionInput
from .refusals import Refusal
from .rights import without_rights
from .staged import staged_refusal

_REQUIRED_PROBES = ("os", "pending", "servicing", "update_source")


def host_known(case: DecisionInput) -> Decision | None:
    """The host answered, lately, and with all that a decision needs."""
    record = case.record
    seen = record.observation
    if not record.history.reachable or (seen.os is None and seen.observed_at is None):
        reason = f"The host {record.host} gave no usable answer: {seen.error_of('schema', 'os')}."
        return case.refuse(Refusal.UNKNOWN_HOST, reason)
    limit = case.policy.observation_age
    if limit is not None and (seen.observed_at is None or abs(case.now - seen.observed_at) > timedelta(hours=limit.value)):
        when = f"{seen.observed_at:%Y-%m-%d %H:%M} UTC" if seen.observed_at else "an unknown time"
        reason = f"The observation is dated {when} by the clock of the host,"
        reason += f" further from now than the {limit.value} hours that {limit.layer} allows."
        return case.refuse(Refusal.UNKNOWN_HOST, reason, remedy="Observe the host again, and check its clock.")
    if record.match.applies is Applies.NO:
        return None
    if record.match.applies is Applies.UNKNOWN:
        return case.refuse(Refusal.UNKNOWN_HOST, record.match.reason)
    if record.eligibility.verdict is EligibilityVerdict.NOT_APPLICABLE:
        return None
    if seen.os is None or seen.pending is None or seen.servicing is None or seen.update_source is None:
        missing = [name for name in _REQUIRED_PROBES if getattr(seen, name) is None]
        reason = f"Not known about the host: {', '.join(missing)}; {seen.error_of(*missing)}."
        return case.refuse(Refusal.UNKNOWN_HOST, reason)
    if seen.servicing.in_progress is None:
        return case.refuse(Refusal.UNKNOWN_HOST, "It could not be read whether Windows is servicing itself.")
    return None


def not_held(case: DecisionInput) -> Decision | None:
    """No operator holds the host."""
    hold, clock = case.by_either(case.policy.hold_at)
    hold = hold or case.record.history.hold
    if hold is None:
        return None
    by = f" by {hold.owner}" if hold.owner else ""
    until = f" until {hold.until.text}" if hold.until else ""
    reason = f"The host is held{by}{until}{clock} ({hold.layer}): {hold.reason.rstrip('.')}."
    return case.refuse(Refusal.HELD, reason, until=hold.until.day if hold.until else None)


def not_frozen(case: DecisionInput) -> Decision | None:
    """No freeze forbids every change. One of restarts alone is asked where a restart is due."""
    freeze, by = case.by_either(partial(case.policy.freeze_at, forbids=Forbids.CHANGES))
    return case.refuse_frozen(freeze, by) if freeze else None


def not_opted_out(case: DecisionInput) -> Decision | None:
    """The owner wants it hotpatched."""
    if not case.policy.opted_out:
        return None
    where = ", ".join(case.policy.opted_out)
    return case.make(Action.NONE, f"The owner has declared that this host must not be hotpatched (opted_out in {where}).")


def not_busy(case: DecisionInput) -> Decision | None:
    """Nothing is being installed."""
    servicing = case.record.observation.servicing
    at_work = case.record.history.at_work
    if at_work is not None:
        return case.refuse(Refusal.BUSY, at_work.reason, remedy=at_work.remedy)
    if servicing is not None and servicing.in_progress:
        return case.refuse(Refusal.BUSY, "Windows is servicing itself now.")
    return None


def eligible(case: DecisionInput) -> Decision | None:
    """The host can be hotpatched."""
    found = case.record.eligibility
    view = case.record.view
    if found.verdict in (EligibilityVerdict.INELIGIBLE, EligibilityVerdict.NOT_APPLICABLE):
        failed = found.deciding(Result.FAIL)
        reason = " ".join(f"{check.id}: {check.reason}" for check in failed)
        remedy = " ".join(check.remedy for check in failed if check.remedy) or None
        return case.refuse(Refusal.NOT_ELIGIBLE, reason, remedy=remedy)
    if found.verdict is EligibilityVerdict.UNKNOWN:
        unknown = found.deciding(Result.UNKNOWN)
        reason = " ".join(f"{check.id}: {check.reason}" for check in unknown) or case.record.match.reason
        return case.refuse(Refusal.UNKNOWN_HOST, reason, remedy=" ".join(check.remedy for check in unknown if check.remedy) or None)
    if view is not None and view.hotpatch_ends is not None and case.now.date() > view.hotpatch_ends:
        return case.refuse(Refusal.NOT_ELIGIBLE, f"Hotpatches for {view.line} ended on {view.hotpatch_ends}.")
    return None


def managed_here(case: DecisionInput) -> Decision | None:
    """No other system decides on its updates."""
    manager = managed_by(case.record.observation)
    if manager is None or case.policy.allow_managed:
        return None
    return case.refuse(Refusal.MANAGED_ELSEWHERE, f"The updates of this host are decided by {manager}.")


def enrolled(case: DecisionInput) -> Decision | None:
    """The host is enrolled."""
    found = case.record.enrollment
    if found.verdict is EnrollmentVerdict.ENROLLED:
        return None
    if found.verdict is EnrollmentVerdict.UNKNOWN:
        return case.refuse(Refusal.UNKNOWN_HOST, found.reason, remedy=found.remedy)
    return case.refuse(Refusal.NOT_ENROLLED, found.reason, remedy=found.remedy)


def catalog_young(case: DecisionInput) -> Decision | None:
    """The catalog is not older than the operator allows."""
    limit = case.policy.catalog_age
    if case.record.view is None or limit is None or (case.now.date() - case.record.generated).days <= limit.value:
        return None
    reason = f"The catalog is dated {case.record.generated}, older than the {limit.value} days that {limit.layer} allows."
    return case.refuse(Refusal.CATALOG_STALE, reason)


def catalog_fresh(case: DecisionInput) -> Decision | None:
    """The catalog is new enough to know the month."""
    view = case.record.view
    if view is None:
        return None
    question = view.open_question()
    if question is not None:
        return case.refuse_unsettled(question)
    if case.record.month is None and view.is_stale:
        reason = f"The catalog is dated {case.record.generated}, before the Patch Tuesday of {view.month}, so it cannot know that month."
        return case.refuse(Refusal.CATALOG_STALE, reason)
    if case.record.month is None:
        planned = view.planned_kind(view.month)
        reason = f"The catalog of {case.record.generated} has no release of {view.month} for {view.line}"
        reason += f"; it was planned as {planned.value}, which proves nothing." if planned else "."
        return case.refuse(Refusal.CATALOG_MISSING_MONTH, reason)
    return None


def no_restart_pending(case: DecisionInput) -> Decision | None:
    """No restart is pending that would get in the way. One that is allowed is the next thing to do."""
    need = case.record.restart
    if need.needed is Needed.UNKNOWN:
        return case.refuse(Refusal.UNKNOWN_HOST, "It could not be read whether a restart is pending.")
    if need.needed is not Needed.YES:
        return None
    staged = case.record.staged_kb
    unwanted = staged_refusal(case)
    if unwanted is not None:
        return unwanted
    stuck = outlived(case.record.observation, need, case.record.history.last_restart)
    if stuck:
        reason = f"A restart is said to be pending ({'; '.join(stuck[:3])}), as it was before the last restart that a run asked for."
        return case.refuse(Refusal.RESTART_DID_NOT_HELP, reason, restart=Restart.YES)
    what = f"{staged} waits for its restart" if staged else f"a restart is pending ({need.causes[0]})"
    veto = case.restart_veto(None)
    if veto is None:
        reason = f"{what[0].upper()}{what[1:]}, and this run may restart."
        return case.make(Action.RESTART, reason, restart=Restart.YES)
    if veto.code in (Refusal.FROZEN, Refusal.OUTSIDE_WINDOW):
        return veto
    reason = f"{what[0].upper()}{what[1:]}, and restart_policy is {case.restart_policy.value}."
    return case.refuse(Refusal.PENDING_RESTART, reason, restart=Restart.YES)


HOST_GATES: Sequence[Callable[[DecisionInput], Decision | None]] = (
    without_rights,
    host_known,
    not_held,
    not_frozen,
    not_opted_out,
    not_busy,
    eligible,
    managed_here,
    enrolled,
)
