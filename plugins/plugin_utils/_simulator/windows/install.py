# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of an installation on a host: at once, or at the next restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..faults.active import Faults
from ..host import times
from ..host.model import HostDescription, Installed, Truth
from . import restart, servicing, track
from .offers import Offer, search
from .release_data import HOTPATCHES

MINUTES = {"hotpatch": 4, "oob_hotpatch": 4, "other": 6}
_MINUTES_CUMULATIVE = 25
NOT_APPLICABLE = 0x80240017


@dataclass(frozen=True)
class Outcome:
    """The end of the installation of one update. Lost: Windows restarted before it could say so."""

    hresult: int = 0
    restart_needed: bool = False
    lost: bool = False


def install(
    truth: Truth, description: HostDescription, faults: Faults, offer: Offer, source: str = "update_client", cause: str = "update"
) -> Outcome:
    """Installs one update: in force at once, or waiting for a restart."""
    truth.clock = times.later(truth.clock, MINUTES.get(offer.kind, _MINUTES_CUMULATIVE))
    for fault in faults.active(offer.kb):
        hresult = fault.install_hresult(source)
        if hresult is not None:
            faults.met(fault)
            servicing.remember(truth, offer.kb, offer.title, "install", 4, hresult)
            return Outcome(hresult=hresult)
    if not applies(truth, description, offer):
        servicing.remember(truth, offer.kb, offer.title, "install", 4, NOT_APPLICABLE)
        return Outcome(hresult=NOT_APPLICABLE)
    truth.counters["installs"] += 1
    entry = Installed(offer.kb, offer.kind, offer.build, truth.clock, "InstallPending" if offer.restart else "Installed", offer.title)
    truth.installed.append(entry)
    truth.downloaded = [kb for kb in truth.downloaded if kb != offer.kb]
    servicing.remember(truth, offer.kb, offer.title, "install", 2, 0)
    if offer.restart:
        truth.add_pending("component_based_servicing", "windows_update")
    else:
        servicing.come_into_force(truth, faults, entry)
    return _restarts_itself(truth, faults, offer, cause)


def _restarts_itself(truth: Truth, faults: Faults, offer: Offer, cause: str) -> Outcome:
    for fault in faults.active(offer.kb):
        when = fault.restarts_host()
        if when is not None:
            faults.met(fault)
            truth.clock = times.later(truth.clock, 2)
            restart.restart(truth, faults, f"{offer.kb} restarted the host by itself", cause, offer.kb)
            return Outcome(restart_needed=offer.restart, lost=when == "during")
    return Outcome(restart_needed=offer.restart)


def begin_slowly(truth: Truth, faults: Faults, found: list[Offer]) -> bool:
    """Begins the installation of these updates if it takes its time; else False, and nothing has happened."""
    minutes = max((fault.install_minutes() for offer in found for fault in faults.active(offer.kb)), default=0)
    if not minutes:
        return False
    truth.under_way = {"kbs": [offer.kb for offer in found], "ends": times.later(truth.clock, minutes), "results": None}
    truth.servicing_busy = True
    return True


def go_on(truth: Truth, description: HostDescription, faults: Faults) -> bool:
    """Ends the installation that is under way, if its time is over, whether or not anybody is there to hear of it. True if it ended now."""
    work = truth.under_way
    if work is None or work["results"] is not None or truth.clock < work["ends"]:
        return False
    offered = [offer for offer in search(truth, description, faults) if offer.kb in work["kbs"]]
    ended = [(offer, install(truth, description, faults, offer)) for offer in offered]
    work["results"] = [{"id": offer.update_id, **failure(outcome)} for offer, outcome in ended]
    truth.servicing_busy = False
    return True


def applies(truth: Truth, description: HostDescription, offer: Offer) -> bool:
    """A hotpatch wants its baseline and a host on the track; nothing goes on twice."""
    if track.has(truth, offer.kb):
        return False
    if offer.kind not in HOTPATCHES:
        return True
    baseline = track.newest_baseline(track.published(truth))
    return bool(
        baseline
        and track.prerequisites_hold(truth, description)
        and track.left_by(truth) is None
        and any(entry.kb == baseline.kb and entry.present for entry in truth.installed)
    )


def failure(outcome: Outcome) -> dict[str, Any]:
    """Result code and HRESULT as the update client reports them."""
    return {
        "result_code": 4 if outcome.hresult else 2,
        "hresult": servicing.signed(outcome.hresult),
        "reboot_required": outcome.restart_needed,
    }
