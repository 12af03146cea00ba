# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The update that a run is about: the one that the catalog and the intent ask for, or the one that was named."""

from __future__ import annotations

from .._catalog.release import Kind, Release
from .._host.offers import LEAVING, OfferClass, class_of_kb
from .._host.track import TrackVerdict
from .._policy.policy import Intent, RestartPolicy
from .._values.names import kb_asked_for
from .._values.patch_tuesday import next_patch_tuesday
from .decision import Action, Decision, DecisionInput, Target
from .refusals import Refusal

# Looked up, because a decision about each host of a fleet asks; the two sets share these words.
_CLASSES = {kind: OfferClass(kind.value) for kind in (Kind.HOTPATCH, Kind.OOB_HOTPATCH, Kind.OOB_LCU)}
TAKE_BACK = "Name another release; where the withdrawal is wrong, take it back in an overlay file (withdrawn: false)."
ROLL_BACK = "Roll it back where the reason concerns this host (module rollback); otherwise the next release replaces it."


def describe_withdrawal(release: Release) -> str:
    """Return the beginning of a sentence that says that RELEASE was withdrawn, and why."""
    return f"{release} was withdrawn: {(release.withdrawn or '').rstrip('.')}"


def target_of(release: Release) -> Target:
    """Return RELEASE as a target."""
    offer_class = OfferClass.BASELINE if release.is_baseline else _CLASSES[release.kind]
    return Target(release.kb, release.build, release.kind.value, release.month, release, offer_class)


def choose_target(case: DecisionInput) -> Target | Decision:
    """Return the update that the intent asks for, or a decision where there is none to install."""
    record, track = case.record, case.record.track
    gone = record.view.withdrawn_after(record.target) if record.view else None
    if gone is not None and record.target is None:
        return case.refuse(
            Refusal.DENIED, f"{describe_withdrawal(gone)}; there is no release before it.", target=target_of(gone), remedy=TAKE_BACK
        )
    if track.verdict is TrackVerdict.UNKNOWN or record.view is None or record.month is None or record.target is None:
        return case.refuse(Refusal.UNKNOWN_HOST, track.reason, remedy="Update the catalog, or find out what was installed on the host.")
    if case.intent is Intent.LCU and not record.month.is_baseline:
        return _lcu(case)
    if track.verdict is TrackVerdict.OFF:
        target = target_of(record.target)
        return case.make(
            Action.WAIT, track.reason, target=target, until=track.earliest_return, remedy="Install the next baseline when it is released."
        )
    if track.verdict is TrackVerdict.BEHIND:
        return _behind(case)
    target = target_of(record.target)
    if record.in_force.release_kb == target.kb:
        reason = f"{record.target} is in force.{f' {describe_withdrawal(gone)}.' if gone else ''}{_leaving_offers(case)}"
        return case.make(Action.NONE, reason, target=target)
    running = record.identity.on if record.identity else None
    if running is not None and running.withdrawn is not None and running.build > record.target.build:
        return case.make(Action.NONE, f"{describe_withdrawal(running)}, and it is in force; nothing newer is released.", remedy=ROLL_BACK)
    if case.intent in (Intent.BASELINE, Intent.LCU) and not record.target.is_baseline:
        reason = f"The host is on the current baseline {track.baseline.kb if track.baseline else ''}; no newer one is released."
        return case.make(Action.NONE, reason + _leaving_offers(case))
    return target


def _behind(case: DecisionInput) -> Target | Decision:
    """The current baseline is missing: in a baseline month it is what the month is about, otherwise a catch-up with a restart."""
    record, baseline = case.record, case.record.track.expected
    if baseline is None or record.month is None:
        return case.refuse(Refusal.UNKNOWN_HOST, record.track.reason)
    target = target_of(baseline)
    if record.month == baseline:
        if case.intent is not Intent.HOTPATCH:
            return target
        if record.month.kind is Kind.UNPLANNED_BASELINE:
            reason = (
                f"{record.month.month} was planned as a hotpatch and became baseline {baseline.kb}; intent hotpatch installs no baseline."
            )
            return case.refuse(Refusal.MONTH_TURNED_BASELINE, reason, target=target)
        until = next_patch_tuesday(case.now).date()
        reason = f"{record.month.month} is a baseline month ({baseline.kb}) and intent hotpatch installs no baseline."
        return case.make(
            Action.WAIT, reason, target=target, until=until, remedy="Run with intent auto or baseline in a window with restarts."
        )
    what = f"The hotpatch {record.target.kb} needs it first, and it" if record.target and record.target != baseline else "It"
    reason = f"{record.track.reason} {what} restarts the host"
    if case.restart_policy is not RestartPolicy.ALLOWED or case.intent is Intent.HOTPATCH:
        why = "intent hotpatch installs no baseline" if case.intent is Intent.HOTPATCH else f"restart_policy is {case.restart_policy.value}"
        return case.refuse(Refusal.NOT_ON_BASELINE, f"{reason}; {why}.", target=target)
    if record.offers is not None and not case.offline and not any(baseline.kb in offer.offer.kbs for offer in record.offers):
        return case.refuse(Refusal.NOT_ON_BASELINE, f"{reason}; it is not offered.", target=target)
    return target


def _lcu(case: DecisionInput) -> Target | Decision:
    """The ordinary cumulative update of a hotpatch month, for who wants to leave the track."""
    record, view = case.record, case.record.view
    newest = view.newest_lcu_build() if view else None
    if view is None or newest is None:
        return case.refuse(Refusal.UNKNOWN_HOST, record.track.reason)
    kb, build = newest
    offer_class = class_of_kb(view, case.catalog, kb) or OfferClass.LCU
    release = view.by_kb(kb)
    target = Target(
        kb,
        build,
        offer_class.value if release is None else release.kind.value,
        record.month.month if record.month else None,
        release,
        offer_class,
    )
    if record.in_force.release_kb == kb:
        return case.make(Action.NONE, f"The newest cumulative update {kb} ({build}) is in force.", target=target)
    return target


def named_target(case: DecisionInput, name: str) -> Target | Decision:
    """Return the update that was asked for by name, or a decision where it cannot be installed. Raises KbError."""
    kb = kb_asked_for(name)
    record, view = case.record, case.record.view
    if view is None:
        return case.refuse(Refusal.UNKNOWN_HOST, record.match.reason)
    # What is forbidden stays so where the run believes an earlier date than that of the release.
    known = case.catalog.find(view.line, kb)
    if known is not None and not known.is_settled:
        return case.refuse_unsettled(known)
    release = view.by_kb(kb)
    offer_class = class_of_kb(view, case.catalog, kb)
    beside = view.by_lcu_kb(kb)
    if known is not None and known.withdrawn is not None and record.in_force.release_kb != kb:
        return case.refuse(Refusal.DENIED, f"{describe_withdrawal(known)}.", target=target_of(known), remedy=TAKE_BACK)
    if release is not None:
        target = Target(kb, release.build, release.kind.value, release.month, release, offer_class)
    elif beside is not None:
        target = Target(kb, beside.lcu_build, OfferClass.LCU.value, beside.month, None, offer_class)
    else:
        return _unlisted(case, kb, offer_class)
    if record.track.verdict is TrackVerdict.UNKNOWN:
        return case.refuse(Refusal.UNKNOWN_HOST, record.track.reason, target=target)
    if record.in_force.release_kb == kb:
        if release is not None and release.withdrawn is not None:
            return case.make(Action.NONE, f"{describe_withdrawal(release)}, and it is in force.", target=target, remedy=ROLL_BACK)
        return case.make(Action.NONE, f"{kb} is in force.", target=target)
    build = record.in_force.build
    if offer_class in LEAVING or release is None:
        return target
    if record.track.verdict is TrackVerdict.OFF:
        return case.make(Action.WAIT, record.track.reason, target=target, until=record.track.earliest_return)
    if build is not None and release.build <= build:
        return case.make(Action.NONE, f"The host is on {build}, which contains {release}.", target=target)
    if not release.is_baseline and view.baseline_of(release) != record.track.baseline:
        reason = f"{release} needs a baseline other than the one of the host. {record.track.reason}"
        return case.refuse(Refusal.NOT_ON_BASELINE, reason, target=target)
    return target


def _unlisted(case: DecisionInput, kb: str, offer_class: OfferClass | None) -> Target | Decision:
    """A KB that is not a release of this line: .NET, a driver, a component, or something that the catalog does not know."""
    if case.record.evidence.has(kb):
        return case.make(Action.NONE, f"{kb} is installed.", target=Target(kb, None, None, None, None, offer_class))
    others = case.catalog.find_any(kb)
    if others and not any(release.line == case.record.line for release in others):
        target = Target(kb, None, None, None, None, None)
        lines = ", ".join(sorted({release.line for release in others}))
        return case.refuse(Refusal.NOT_OFFERED, f"{kb} is a release of {lines}, not of {case.record.line}.", target=target)
    offered = next((offer for offer in case.record.offers or () if kb in offer.offer.kbs), None)
    return Target(
        kb, None, (offered.offer_class.value if offered else None), None, None, offer_class or (offered.offer_class if offered else None)
    )


def _leaving_offers(case: DecisionInput) -> str:
    """Name the offers that would take the host off the track, so that nobody installs them by hand."""
    names = [offer.kb for offer in case.record.offers or () if offer.offer_class in LEAVING and offer.kb]
    if not names:
        return ""
    return f" Offered and not installed, because they leave the hotpatch track: {', '.join(names)}."
