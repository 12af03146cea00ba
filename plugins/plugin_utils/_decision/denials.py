# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The denials of an update: by the catalog, by the policy, and by an earlier rollback."""

from __future__ import annotations

from functools import partial

from .._policy.entries import read_end
from .decision import Decision, DecisionInput, Target
from .earlier_rollback import was_removed
from .refusals import Refusal


def denial(case: DecisionInput, target: Target) -> Decision | None:
    """Return the refusal of TARGET on this host now, or None where nothing denies it."""
    return _by_catalog(case, target) or _by_policy(case, target) or _by_rollback(case, target)


def _by_catalog(case: DecisionInput, target: Target) -> Decision | None:
    release = target.release or (case.catalog.find(case.record.line, target.kb) if case.record.line else None)
    denial = release.denial if release else None
    if release is None or denial is None or not any(denial.applies_to(case.record.host, moment) for moment in case.moments):
        return None
    until = f" until {denial.until}" if denial.until else ""
    file = case.catalog.origin(release.line, release.month, release.kb).get("denied", "the catalog")
    reason = f"{target.kb} is denied{until} ({file}): {denial.reason.rstrip('.')}."
    if denial.lifted_for:
        reason += f" The denial is lifted for {', '.join(denial.lifted_for)} only."
    remedy = (
        f"{f'Wait until {denial.until} is over' if denial.until else 'Wait until the denial is lifted'}; or lift it in an overlay file "
        f"(option catalog): for {case.record.host} with its name in denied_except, for all hosts with denied: false."
    )
    return case.refuse(Refusal.DENIED, reason, target=target, until=denial.until, remedy=remedy)


def _by_policy(case: DecisionInput, target: Target) -> Decision | None:
    rule, clock = case.by_either(partial(case.policy.denial_of, case.catalog.names_of(target.kb)))
    if rule is not None:
        why = f": {rule.reason.rstrip('.')}" if rule.reason else ""
        until = f" until {rule.until.text}" if rule.until else ""
        read = "" if rule.kb == target.kb else f" (as {rule.kb}, another number of it)"
        reason = f"{target.kb} is denied by {rule.layer}{read}{until}{clock}{why}."
        return case.refuse(Refusal.DENIED, reason, target=target, until=rule.until.day if rule.until else None)
    return None


def _by_rollback(case: DecisionInput, target: Target) -> Decision | None:
    if _lifted(case, target):
        return None
    for item in case.record.history.denied:
        if item.get("kb") != target.kb:
            continue
        ends = read_end(item.get("until"))
        if ends is None or ends.moment > min(case.moments):
            until = f" until {ends.text}" if ends else ""
            reason = f"{target.kb} was rolled back on this host and is denied{until}."
            over = f"Wait until {ends.text} is over" if ends else "Leave it out"
            remedy = f"{over}; or lift the denial of {target.kb} with playbook winops.hotpatch.memory, or with lift in a policy."
            return case.refuse(Refusal.DENIED, reason, target=target, until=ends.day if ends else None, remedy=remedy)
    return _by_host(case, target)


def _by_host(case: DecisionInput, target: Target) -> Decision | None:
    """What was taken off is not put back unasked where no run record is at hand either: the host itself remembers."""
    record = case.record
    if record.view is None or case.kb is not None or target.kb in record.history.denials_over or not was_removed(record, target.kb):
        return None
    until = record.view.next_planned_baseline().date
    reason = f"{target.kb} was removed from this host, as its own history of updates says, and is not put back by itself until {until}."
    remedy = f"If it is wanted again, name it: module update with kb={target.kb}. Otherwise wait for the next baseline."
    return case.refuse(Refusal.DENIED, reason, target=target, until=until, remedy=remedy)


def given_up(case: DecisionInput, target: Target) -> Decision | None:
    """Return the refusal of TARGET, which has failed on this host again and again, or None. A person who names it has it tried again."""
    if case.kb is not None or _lifted(case, target) or not case.record.history.gave_up(target.kb):
        return None
    times = case.record.history.failures[target.kb]
    reason = f"{target.kb} has failed on this host in {times} runs, or was undone by Windows, and is not tried again by itself."
    remedy = f"Read the run records of this host and remove the cause; then name the update once: module update with kb={target.kb}."
    return case.refuse(Refusal.DENIED, reason, target=target, remedy=remedy)


def _lifted(case: DecisionInput, target: Target) -> bool:
    """Return True if a rule lets TARGET be tried again, by both clocks: it loosens."""
    names = case.catalog.names_of(target.kb)
    return all(case.policy.lift_of(names, moment) for moment in case.moments)
