# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The class of each offered update, and its restart expectation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .._catalog.catalog import Catalog
from .._catalog.catalog_view import CatalogView
from .._catalog.release import BASELINES, Kind, Release
from .._observation.update_facts import Offer

# The update client answers since this build (Windows 11 24H2, Windows Server 2025); Windows Server 2022 has no such interface.
RESTART_CHECK_SINCE = 26100
# An update names itself behind the month, and its KB.
_UPGRADE = re.compile(r"(?:feature update to )?windows (?:1[0-9]|server 20[0-9]{2})(?:,? version [0-9]{2}h[0-9])?", re.IGNORECASE)


class OfferClass(StrEnum):
    """The class of an offered update."""

    BASELINE = "baseline"
    HOTPATCH = "hotpatch"
    OOB_HOTPATCH = "oob_hotpatch"
    OOB_LCU = "oob_lcu"
    LCU = "lcu"
    DOTNET = "dotnet"
    DRIVER = "driver"
    FIRMWARE = "firmware"
    DEFENDER = "defender"
    COMPONENT = "component"
    OTHER = "other"


LEAVING = frozenset({OfferClass.OOB_LCU, OfferClass.LCU})


class Restart(StrEnum):
    """The restart expectation of an update."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expectation:
    """The restart expectation of an update, and a mark if the sources contradict each other."""

    restart: Restart
    reason: str
    contradiction: bool = False


@dataclass(frozen=True, slots=True)
class JudgedOffer:
    """One offered update with its class and its restart expectation."""

    kb: str | None
    title: str | None
    offer_class: OfferClass
    expectation: Expectation
    offer: Offer

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form. The class reads C(other) for component updates, which no run installs by itself."""
        return {
            "kb": self.kb,
            "title": self.title,
            "class": OfferClass.OTHER.value if self.offer_class is OfferClass.COMPONENT else self.offer_class.value,
            "restart": self.expectation.restart.value,
            "reason": self.expectation.reason,
        }


def class_of_kb(view: CatalogView, catalog: Catalog, kb: str) -> OfferClass | None:
    """Return the class of KB on this line according to the catalog, or None where the catalog does not know it."""
    release = view.by_kb(kb)
    if release is not None:
        if release.kind in BASELINES:
            return OfferClass.BASELINE
        return {Kind.HOTPATCH: OfferClass.HOTPATCH, Kind.OOB_HOTPATCH: OfferClass.OOB_HOTPATCH, Kind.OOB_LCU: OfferClass.OOB_LCU}[
            release.kind
        ]
    if view.by_lcu_kb(kb) is not None:
        return OfferClass.LCU
    return OfferClass.COMPONENT if catalog.find_component(kb) else None


def judge_offers(offers: tuple[Offer, ...], view: CatalogView | None, catalog: Catalog, base_build: int) -> tuple[JudgedOffer, ...]:
    """Return OFFERS with their class and expectation, in their own order."""
    return tuple(_judge(offer, view, catalog, base_build) for offer in offers)


def is_upgrade(offer: Offer) -> bool:
    """Return True if OFFER is another version of Windows, whatever KB it bears."""
    return any(name.lower() == "upgrades" for name in offer.categories) or _UPGRADE.fullmatch((offer.title or "").strip()) is not None


def _judge(offer: Offer, view: CatalogView | None, catalog: Catalog, base_build: int) -> JudgedOffer:
    for kb in offer.kbs if not is_upgrade(offer) else ():
        offer_class = class_of_kb(view, catalog, kb) if view else None
        if offer_class is not None and view is not None:
            known: Release | OfferClass | None = view.by_kb(kb) or (offer_class if offer_class is OfferClass.LCU else None)
            return JudgedOffer(kb, offer.title, offer_class, expect(offer, known, base_build), offer)
    return JudgedOffer(offer.kbs[0] if offer.kbs else None, offer.title, _by_title(offer), expect(offer, None, base_build), offer)


def _by_title(offer: Offer) -> OfferClass:
    title = (offer.title or "").lower()
    categories = " ".join(offer.categories).lower()
    if ".net" in title:
        return OfferClass.DOTNET
    if "firmware" in title or "firmware" in categories or "bios" in title.split():
        return OfferClass.FIRMWARE
    if "driver" in categories:
        return OfferClass.DRIVER
    if "definition updates" in categories or "security intelligence" in title or "defender" in title:
        return OfferClass.DEFENDER
    return OfferClass.OTHER


def expect(offer: Offer | None, known: Release | OfferClass | None, base_build: int) -> Expectation:
    """Return the restart expectation of an update: the update client's answer, the catalog, RebootBehavior; all must agree.

    KNOWN is the release that the catalog has for it, or C(lcu) for an ordinary cumulative update beside a hotpatch.
    """
    says: list[tuple[bool, str]] = []
    gaps: list[str] = []
    if isinstance(known, Release) and known.restart is not None:
        says.append((known.restart, f"the catalog says that {known} {'restarts' if known.restart else 'does not restart'} the host"))
    elif known is OfferClass.LCU:
        says.append((True, "an ordinary cumulative update restarts the host"))
    if offer is not None:
        _ask_host(offer, base_build, says, gaps)
    texts = "; ".join(text for _answer, text in says)
    answers = {answer for answer, _text in says}
    if len(answers) == 2:
        return Expectation(Restart.UNKNOWN, f"The sources contradict each other: {texts}.", contradiction=True)
    if answers == {True}:
        return Expectation(Restart.YES, f"{texts[0].upper()}{texts[1:]}.")
    if gaps:
        return Expectation(Restart.UNKNOWN, f"It is not known whether it restarts the host: {'; '.join(gaps)}.")
    if answers == {False}:
        return Expectation(Restart.NO, f"{texts[0].upper()}{texts[1:]}.")
    return Expectation(
        Restart.UNKNOWN, "Nothing tells whether it restarts the host: not the update client, not the catalog, not RebootBehavior."
    )


def _ask_host(offer: Offer, base_build: int, says: list[tuple[bool, str]], gaps: list[str]) -> None:
    check = offer.restart_check
    if check is not None and check.asked and check.answer is not None:
        says.insert(
            0,
            (
                check.answer,
                f"the update client of the host answers that it {'does' if check.answer else 'does not'} require a restart",
            ),
        )
    elif check is not None and check.asked:
        gaps.append(f"the update client gave no answer ({' '.join(filter(None, (check.hresult, check.message))) or 'no error code'})")
    elif base_build >= RESTART_CHECK_SINCE:
        gaps.append("the update client was not asked")
    if offer.reboot_behavior in (0, 1):
        says.append(
            (offer.reboot_behavior == 1, f"RebootBehavior is {offer.reboot_behavior} ({'always' if offer.reboot_behavior else 'never'})")
        )
