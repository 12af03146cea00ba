# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decision of a rollback: what goes, what is put back, and until when the host is exposed. A rollback is a planned restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from .._catalog.catalog import Catalog
from .._catalog.release import Release
from .._host.installed import is_installed, is_of, is_pending, is_removal_pending, state_of
from .._host.offers import Restart
from .._host.pending_restart import Needed
from .._observation.update_facts import Package
from .._policy.policy import Intent, Policy, RestartPolicy
from .._record.record import Record
from .._values.names import kb_asked_for
from .decision import Action, Decision, DecisionInput, Removal
from .host_gates import not_held
from .refusals import Refusal
from .staged import staged_refusal
from .step import Step, install_steps
from .targets import target_of


def decide_removal(
    record: Record,
    catalog: Catalog,
    policy: Policy,
    restart_policy: RestartPolicy,
    now: datetime,
    kb: str | None = None,
    *,
    deny_until: date | None = None,
    restore_baseline: bool = True,
) -> Decision:
    """Return the decision of a rollback with these rules on the host of RECORD at NOW.

    It removes KB (None: the newest hotpatch or baseline in force) and the updates on top of it, newest package first, and denies it until
    DENY_UNTIL (None: the next planned baseline). Raises KbError where KB is not the number of an update.
    """
    wanted = kb_asked_for(kb) if kb is not None else None
    case = DecisionInput(record, catalog, policy, restart_policy, Intent.AUTO, now, wanted, False)
    stopped = _stopped(case)
    if stopped is not None:
        return replace(stopped, removal=Removal())
    release = _release(case)
    if isinstance(release, Decision):
        return replace(release, removal=Removal())
    found = _packages(record, release)
    if not any(item == release for item, _package in found):
        return replace(_not_found(case, release), removal=Removal())
    return _allowed(case, release, _removal(case, release, found, deny_until, restore_baseline))


def _refuse(case: DecisionInput, code: Refusal, reason: str, kb: str | None, remedy: str | None = None) -> Decision:
    return replace(case.refuse(code, reason, remedy=remedy, restart=Restart.YES), kb=kb)


def _stopped(case: DecisionInput) -> Decision | None:
    """Return the refusal of a host that says too little of itself, or is at work."""
    record, seen = case.record, case.record.observation
    if record.view is None or seen.os is None or not record.history.reachable:
        return _refuse(case, Refusal.UNKNOWN_HOST, record.match.reason, case.kb)
    if record.history.in_progress or (seen.servicing and seen.servicing.in_progress):
        return _refuse(case, Refusal.BUSY, "The host is being serviced now.", case.kb)
    if seen.packages is None:
        reason = f"The packages of the host are not known: {seen.error_of('packages')}."
        return _refuse(case, Refusal.UNKNOWN_HOST, reason, case.kb)
    return None


def _release(case: DecisionInput) -> Release | Decision:
    """Return the release that is to go, or a decision where none can."""
    record, view = case.record, case.record.view
    running = record.identity.on if record.identity else None
    release = view.by_kb(case.kb) if case.kb and view else running
    if release is None or not release.on_track:
        remedy = "Name the KB of the hotpatch or baseline to remove."
        if case.kb is None:
            return case.make(Action.NONE, f"No hotpatch or baseline to remove: {record.track.reason}", remedy=remedy)
        line = view.line if view else "the product line"
        return _refuse(case, Refusal.UNKNOWN_HOST, f"{case.kb} is not a baseline or hotpatch of {line}.", case.kb, remedy)
    if record.restart.needed is Needed.YES and record.staged_kb is None and not _removal_pending(record, release):
        pending = [cause for cause in record.restart.causes if release.kb not in cause] or list(record.restart.causes)
        return _refuse(case, Refusal.PENDING_RESTART, f"A restart is pending ({pending[0]}).", release.kb)
    return release


def _packages(record: Record, release: Release) -> list[tuple[Release, Package]]:
    """Return the packages of RELEASE and of all that came after it, newest first."""
    view = record.view
    later = [item for item in reversed(view.track if view else ()) if item.released >= release.released and item.build >= release.build]
    packages = [package for package in record.observation.packages or () if _removable(package)]
    return [(item, package) for item in later for package in packages if is_of(package, item.kb, item.builds)]


def _not_found(case: DecisionInput, release: Release) -> Decision:
    record = case.record
    if record.evidence.has(release.kb) or (record.identity and record.identity.on == release):
        reason = f"{release} is installed, and no package of the host carries its KB or its build, so it cannot be removed by identity."
        return _refuse(case, Refusal.UNKNOWN_HOST, reason, release.kb, "Look it up with DISM /Online /Get-Packages.")
    return replace(case.make(Action.NONE, f"{release} is not installed."), kb=release.kb)


def _removal(
    case: DecisionInput, release: Release, found: list[tuple[Release, Package]], deny_until: date | None, restore_baseline: bool
) -> Decision:
    """Return the decision to remove the packages FOUND, were the restart allowed."""
    record, view = case.record, case.record.view
    gone = tuple(dict.fromkeys(item.kb for item, _package in found))
    # A cycle's hotpatches rest on its baseline, which is left when they are gone; a removed baseline leaves the one before it.
    oldest = min((item for item, _package in found), key=lambda item: item.build)
    last_good = (view.baseline_before(oldest) if oldest.is_baseline else view.baseline_of(oldest)) if view else None
    until = deny_until or (view.next_planned_baseline().date if view else None)
    below = any(package for package in record.observation.packages or () if last_good and is_of(package, last_good.kb, last_good.builds))
    restore = last_good if restore_baseline else None
    needed = restore is not None and not below
    steps = [Step(Action.REMOVE, item.kb, package=package.identity) for item, package in found]
    steps.append(Step(Action.RESTART, release.kb))
    if restore is not None and needed:
        offer = next((offer for offer in record.offers or () if restore.kb in offer.offer.kbs), None)
        steps += install_steps(restore.kb, offer, Restart.YES)
    reason = f"Removing {' and '.join(gone)} takes a restart and leaves the host exposed and off the track until {until}"
    reason += f"; the last good baseline is {last_good}." if last_good else "; the catalog knows no baseline below it."
    remedy = "Install the next baseline when it is released; until then the host lacks these updates."
    decision = case.make(Action.REMOVE, reason, target=target_of(release), until=until, remedy=remedy, restart=Restart.YES)
    removal = Removal(tuple(package.identity for _item, package in found), gone, restore, needed, case.now, until)
    return replace(decision, steps=tuple(steps), removal=removal)


def _allowed(case: DecisionInput, release: Release, decision: Decision) -> Decision:
    """Return DECISION, or the refusal if the host may not be touched or restarted now. A refusal still names the updates to remove."""
    gone = decision.removal.kbs if decision.removal else ()
    veto = not_held(case) or staged_refusal(case, gone) or case.restart_veto(None)
    if veto is None:
        return decision
    return replace(
        decision,
        action=veto.action,
        code=veto.code,
        restart_allowed=False,
        reason=f"A rollback of {release.kb} is a planned restart. {veto.reason}",
        remedy=veto.remedy,
        until=veto.until,
        steps=(),
    )


def _removable(package: Package) -> bool:
    return (is_installed(package) and state_of(package) != "superseded") or (is_pending(package) and not is_removal_pending(package))


def _removal_pending(record: Record, release: Release) -> bool:
    return any(is_removal_pending(package) and is_of(package, release.kb, release.builds) for package in record.observation.packages or ())
