# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decision of a rollback: what goes, what is put back, and until when the host is exposed. A rollback is a planned restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from .._catalog.catalog import Catalog
from .._catalog.release import Release
from .._host.checks.check import Result
from .._host.eligibility import EligibilityVerdict
from .._host.installed import SUCCEEDED, is_install_pending, is_installed, is_of, is_removal_pending, state_of
from .._host.offers import Restart
from .._host.pending_restart import Needed
from .._observation.update_facts import Package
from .._policy.policy import Intent, Policy, RestartPolicy
from .._record.record import Record
from .._values.names import kb_asked_for
from .decision import Action, Decision, DecisionInput, Removal
from .earlier_rollback import EarlierRollback, earlier_rollback
from .host_gates import not_held
from .other_numbers import installed_as, with_other_number
from .refusals import Refusal
from .remembering import if_remembered
from .rights import without_rights
from .staged import staged_refusal
from .step import Step, install_steps
from .targets import target_of

_Found = tuple[Release, Package]
_CANNOT_HOTPATCH = (EligibilityVerdict.INELIGIBLE, EligibilityVerdict.NOT_APPLICABLE)


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
    asked: bool = False,
) -> Decision:
    """Return the decision of a rollback with these rules on the host of RECORD at NOW.

    It removes KB (None: the newest hotpatch or baseline in force) and the updates on top of it, newest package first, and denies it until
    DENY_UNTIL (None: the next planned baseline). A rollback that was begun before is finished and never widened: one without KB takes
    nothing more off then. ASKED is as for C(decide). Raises KbError where KB is not the number of an update.
    """
    wanted = installed_as(catalog, kb_asked_for(kb)) if kb is not None else None
    case = DecisionInput(record, catalog, policy, restart_policy, Intent.AUTO, now, wanted, False, asked=asked)
    return with_other_number(if_remembered(case, _decide(case, deny_until, restore_baseline)), kb, wanted)


def _decide(case: DecisionInput, deny_until: date | None, restore_baseline: bool) -> Decision:
    record, wanted = case.record, case.kb
    stopped = _stopped(case)
    if stopped is not None:
        return replace(stopped, removal=Removal())
    earlier = earlier_rollback(record)
    if earlier is not None and (wanted is None or wanted in earlier.kbs):
        return _go_on(case, earlier, deny_until, restore_baseline)
    release = _release(case)
    if isinstance(release, Decision):
        return replace(release, removal=Removal())
    found = _packages(record, release)
    if not any(item == release for item, _package in found):
        return replace(_not_found(case, release), removal=Removal())
    gone = tuple(dict.fromkeys(item for item, _package in found))
    until = deny_until or _next_baseline(case)
    restore, needed = _restored(record, gone) if restore_baseline else (None, False)
    removal = Removal(tuple(package.identity for _item, package in found), _kbs(gone), restore, needed, case.now, until)
    return _allowed(case, release, _removal(case, release, found, removal, restarts=True))


def _go_on(case: DecisionInput, earlier: EarlierRollback, deny_until: date | None, restore_baseline: bool) -> Decision:
    """Return the decision to finish EARLIER, and nothing beyond it; none where there is nothing left of it to do."""
    record, release = case.record, earlier.releases[-1]
    found = [item for item in _packages(record, release) if item[0] in earlier.releases]
    restore, needed = _restored(record, earlier.releases) if restore_baseline else (None, False)
    until = deny_until or earlier.until or _next_baseline(case)
    packages = (*earlier.waiting, *(package.identity for _item, package in found))
    removal = Removal(packages, earlier.kbs, restore, needed, earlier.since or case.now, until)
    if packages or needed:
        return _allowed(case, release, _removal(case, release, found, removal, restarts=bool(packages)))
    since = f" on {earlier.since:%Y-%m-%d}" if earlier.since else ""
    reason = f"{_and(earlier.kbs)} was already rolled back on this host{since}, and nothing was installed since."
    below = record.in_force.release_kb
    remedy = f"Name the KB of the update to remove, if {below or 'what is below it'} is to go as well."
    return replace(case.make(Action.NONE, reason, target=target_of(release), until=until, remedy=remedy), removal=removal)


def _refuse(case: DecisionInput, code: Refusal, reason: str, kb: str | None, remedy: str | None = None) -> Decision:
    return replace(case.refuse(code, reason, remedy=remedy, restart=Restart.YES), kb=kb)


def _stopped(case: DecisionInput) -> Decision | None:
    """Return the refusal of a host that says too little of itself, or is at work."""
    record, seen = case.record, case.record.observation
    if without := without_rights(case):
        return replace(without, kb=case.kb)
    if record.view is None or seen.os is None or not record.history.reachable:
        return _refuse(case, Refusal.UNKNOWN_HOST, record.match.reason, case.kb)
    if record.history.at_work is not None:
        return _refuse(case, Refusal.BUSY, record.history.at_work.reason, case.kb, record.history.at_work.remedy)
    if seen.servicing and seen.servicing.in_progress:
        return _refuse(case, Refusal.BUSY, "Windows is servicing itself now.", case.kb)
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
    if case.kb is None and release.is_baseline and record.eligibility.verdict in _CANNOT_HOTPATCH:
        why = " ".join(f"{check.id}: {check.reason}" for check in record.eligibility.deciding(Result.FAIL))
        reason = f"The host cannot hotpatch, so its baseline {release} stays. {why}".rstrip()
        return _refuse(case, Refusal.NOT_ELIGIBLE, reason, release.kb, f"Name {release.kb} as the update to remove, if it is to go.")
    if record.restart.needed is Needed.YES and record.staged_kb is None:
        pending = [cause for cause in record.restart.causes if release.kb not in cause] or list(record.restart.causes)
        return _refuse(case, Refusal.PENDING_RESTART, f"A restart is pending ({pending[0]}).", release.kb)
    return release


def _packages(record: Record, release: Release) -> list[_Found]:
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


def _removal(case: DecisionInput, release: Release, found: list[_Found], removal: Removal, *, restarts: bool) -> Decision:
    """Return the decision to remove the packages FOUND for REMOVAL, were the restart allowed. RESTARTS: packages go with a restart."""
    record, restore = case.record, removal.restore
    steps = [Step(Action.REMOVE, item.kb, package=package.identity) for item, package in found]
    steps += [Step(Action.RESTART, release.kb)] if restarts else []
    if restore is not None and removal.restore_needed:
        offer = next((offer for offer in record.offers or () if restore.kb in offer.offer.kbs), None)
        steps += install_steps(restore.kb, offer, Restart.YES)
    gone = _and(removal.kbs)
    what = f"Removing {gone}" if found else f"The rollback of {gone} was begun before; to finish it"
    reason = f"{what} takes a restart and leaves the host exposed and off the track until {removal.deny_until}"
    reason += f"; the last good baseline is {restore}." if restore else "; the host has no baseline below it that can be put back."
    remedy = "Install the next baseline when it is released; until then the host lacks these updates."
    target = target_of(release)
    decision = case.make(Action.REMOVE, reason, target=target, until=removal.deny_until, remedy=remedy, restart=Restart.YES)
    return replace(decision, steps=tuple(steps), removal=removal)


def _restored(record: Record, gone: tuple[Release, ...]) -> tuple[Release | None, bool]:
    """Return the last good baseline below the releases GONE that the host has had, and whether it has to be installed again.

    A cycle's hotpatches rest on its baseline, which is left when they are gone; a removed baseline leaves the one before it. What the
    host never had is not given to it.
    """
    view, build = record.view, record.in_force.build
    if view is None:
        return None, False
    oldest = min(gone, key=lambda item: item.build)
    good = None if oldest.is_baseline else view.baseline_of(oldest)
    if oldest.is_baseline:
        good = view.baseline_before(oldest)
        while good is not None and not _has_had(record, good):
            good = view.baseline_before(good)
    if good is None:
        return None, False
    below = any(is_of(package, good.kb, good.builds) for package in record.observation.packages or () if not is_removal_pending(package))
    return good, not below or (build is not None and build < min(good.builds))


def _has_had(record: Record, release: Release) -> bool:
    seen = record.observation
    return (
        record.evidence.has(release.kb)
        or any(is_of(package, release.kb, release.builds) for package in seen.packages or ())
        or any(entry.kb == release.kb and entry.operation == "install" and entry.result_code in SUCCEEDED for entry in seen.history or ())
    )


def _next_baseline(case: DecisionInput) -> date | None:
    return case.record.view.next_planned_baseline().date if case.record.view else None


def _kbs(releases: tuple[Release, ...]) -> tuple[str, ...]:
    return tuple(release.kb for release in releases)


def _and(kbs: tuple[str, ...]) -> str:
    return " and ".join(kbs)


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
    return (is_installed(package) and state_of(package) != "superseded") or is_install_pending(package)
