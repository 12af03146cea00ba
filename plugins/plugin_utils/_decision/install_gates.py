# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The questions that an update must pass before it is installed."""

from __future__ import annotations

from collections.abc import Sequence

from .._host.offers import LEAVING, Expectation, JudgedOffer, OfferClass, Restart, expect, is_upgrade
from .decision import Action, Decision, DecisionInput, Target
from .denials import denial, given_up
from .refusals import Refusal

# Updates that have nothing to do with the hotpatch track, whatever their KB.
_OUTSIDE_TRACK = (OfferClass.DOTNET, OfferClass.DRIVER, OfferClass.FIRMWARE, OfferClass.DEFENDER, OfferClass.COMPONENT)


def decide_install(case: DecisionInput, target: Target) -> Decision:
    """Return the decision to install TARGET, or the first reason against it."""
    if target.offer_class in LEAVING and not case.policy.leave_track:
        reason = f"{target.kb} is an ordinary cumulative update ({target.kind}): it would take the host off the hotpatch track"
        back = case.record.view.next_planned_baseline() if case.record.view else None
        reason += f" until the baseline planned for {back.date}." if back else "."
        return case.refuse(Refusal.LEAVES_TRACK, reason, target=target, restart=Restart.YES)
    denied = denial(case, target) or given_up(case, target)
    if denied is not None:
        return denied
    release = target.release
    if (release is not None and release.restart) or target.offer_class in LEAVING:
        veto = case.restart_veto(release)
        if veto is not None:
            return _about(case, veto, target)
    offer = None
    if not case.offline:
        found = _offer_of(case, target)
        if isinstance(found, Decision):
            return found
        offer = found
    return _by_expectation(case, target, offer)


def _about(case: DecisionInput, veto: Decision, target: Target) -> Decision:
    return case.refuse(veto.code or Refusal.RESTART_NOT_ALLOWED, veto.reason, target=target, until=veto.until, restart=veto.restart)


def _offer_of(case: DecisionInput, target: Target) -> JudgedOffer | Decision:
    offers = case.record.offers
    if offers is None:
        reason = f"The updates on offer are not known: {case.record.observation.error_of('offers')}."
        return case.refuse(Refusal.UNKNOWN_HOST, reason, target=target)
    found = [offer for offer in offers if target.kb in offer.offer.kbs]
    if found:
        return _ambiguous(case, target, offers, found) or found[0]
    leaving = [offer.kb for offer in offers if offer.offer_class in LEAVING and offer.kb]
    if leaving and target.offer_class not in LEAVING:
        reason = f"{target.kb} is not offered, but {', '.join(leaving)} is, which would take the host off the hotpatch track."
        return case.refuse(Refusal.LEAVES_TRACK, reason, target=target, restart=Restart.YES)
    listed = ", ".join(offer.kb or "an update without KB" for offer in offers[:10]) or "nothing"
    return case.refuse(Refusal.NOT_OFFERED, f"{target.kb} is not offered to the host; offered: {listed}.", target=target)


def _ambiguous(case: DecisionInput, target: Target, offers: Sequence[JudgedOffer], found: Sequence[JudgedOffer]) -> Decision | None:
    """Return the refusal of TARGET where the update client could not tell it from another of OFFERS: it selects by title and KB alone."""
    alike = [offer for offer in offers if offer.title == found[0].title] if found[0].title else []
    several = found if len(found) > 1 else alike
    if len(several) < 2 and is_upgrade(found[0].offer):
        reason = f"What is offered as {target.kb} is another version of Windows and not the update of that number: {found[0].title}."
        return case.refuse(Refusal.OFFER_AMBIGUOUS, reason, target=target)
    if len(several) < 2:
        return None
    titles = "; ".join(offer.title or "an update without a title" for offer in several[:3])
    reason = f"{len(several)} updates on offer cannot be told apart by {target.kb} and their title: {titles}."
    return case.refuse(Refusal.OFFER_AMBIGUOUS, reason, target=target)


def _by_expectation(case: DecisionInput, target: Target, offer: JudgedOffer | None) -> Decision:
    found = _expectation(case, target, offer)
    if found.restart is Restart.NO:
        return case.make(Action.INSTALL, f"{target.kb} is installed without a restart: {_inner(found.reason)}", target=target, offer=offer)
    unlisted = target.release is None and target.offer_class not in (*_OUTSIDE_TRACK, *LEAVING)
    veto = case.restart_veto(target.release)
    if unlisted and not case.policy.leave_track and (veto is None or found.restart is Restart.YES):
        reason = (
            f"The catalog does not know {target.kb}, and an unknown update that may restart the host may leave the track. {found.reason}"
        )
        return case.refuse(Refusal.LEAVES_TRACK, reason, target=target, restart=found.restart)
    if veto is None:
        sure = "restarts" if found.restart is Restart.YES else "may restart"
        reason = f"{target.kb} is installed and {sure} the host, which this run allows: {_inner(found.reason)}"
        return case.make(Action.INSTALL, reason, target=target, restart=found.restart, offer=offer)
    if veto.code in (Refusal.FROZEN, Refusal.OUTSIDE_WINDOW):
        return _about(case, veto, target)
    if found.contradiction:
        return case.refuse(Refusal.OFFER_CONTRADICTS_CATALOG, f"{target.kb}: {found.reason}", target=target)
    if found.restart is Restart.UNKNOWN:
        return case.refuse(Refusal.RESTART_UNKNOWN, f"{target.kb}: {found.reason}", target=target)
    return case.refuse(Refusal.RESTART_NOT_ALLOWED, f"{target.kb}: {found.reason} {veto.reason}", target=target, restart=Restart.YES)


def _expectation(case: DecisionInput, target: Target, offer: JudgedOffer | None) -> Expectation:
    if offer is not None:
        return offer.expectation
    build = case.record.in_force.build
    known = target.release or (OfferClass.LCU if target.offer_class in LEAVING else None)
    return expect(None, known, build.base if build else 0)


def _inner(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
