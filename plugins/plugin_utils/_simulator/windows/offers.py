# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The updates that Windows Update offers to this host at this time.

- On its baseline, enrolled, everything in place: the newest release of the track since that baseline (Microsoft, "Hotpatch
  for Windows Server": hotpatches are cumulative until the next baseline).
- Behind its baseline: in a baseline month that baseline. In a hotpatch month a client gets the newest baseline and the newest
  hotpatch (Microsoft, "Hotpatch for Windows quality updates"); a server gets the month's ordinary cumulative update, because "a
  stale baseline makes later updates arrive as restart-needing ones" (Microsoft, troubleshooting of hotpatch on Azure
  VMs), and the newest baseline is offered beside it, since the same page names installing it as the way back.
- Off the track, not enrolled, or a prerequisite missing: the newest ordinary cumulative update, silently.
- From WSUS or ConfigMgr: only what was approved there, of all that is newer than the host.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..faults.active import Faults
from ..host import times
from ..host.model import HostDescription, Truth
from . import titles, track


@dataclass(frozen=True)
class Offer:
    """One update on offer. The kind is `other` for what is in no release of the line, such as .NET or a driver."""

    kb: str
    kind: str
    build: str | None
    restart: bool
    title: str
    update_id: str
    categories: tuple[str, ...]
    size_bytes: int
    reboot_behavior: int


def search(truth: Truth, description: HostDescription, faults: Faults, server: str = "default") -> list[Offer]:
    """All offers. `windows_update` asks Microsoft even where a policy names another server."""
    managed = description.update_source != "windows_update" and server != "windows_update"
    found = _approved(truth, description) if managed else _from_microsoft(truth, description)
    # One that is given by hand may share the KB of another, and then has a title of its own.
    told = {(known.kb, known.title) for known in found}
    found += [offer for offer in _extra(truth, description) if (offer.kb, offer.title) not in told]
    return [offer for offer in found if not any(fault.hides_offer() for fault in faults.active(offer.kb))]


def _from_microsoft(truth: Truth, description: HostDescription) -> list[Offer]:
    known = track.published(truth)
    baseline, monthly = track.newest_baseline(known), track.newest_monthly(known)
    if baseline is None or monthly is None or not track.prerequisites_hold(truth, description):
        return _newest_cumulative(truth, description)
    newest = [release for release in known if release.released >= baseline.released and (release.is_baseline or release.is_hotpatch)][-1]
    if not track.has(truth, baseline.kb):
        wanted = [baseline.kb]
        if not monthly.is_baseline:
            wanted = [baseline.kb, newest.kb] if description.client else [baseline.kb]
        found = [offer for kb in wanted if (offer := of_release(truth, description, kb))]
        return found if monthly.is_baseline or description.client else found + _newest_cumulative(truth, description)
    if track.left_by(truth) is not None:
        return _newest_cumulative(truth, description)
    offer = None if track.has(truth, newest.kb) else of_release(truth, description, newest.kb)
    return [offer] if offer else []


def _newest_cumulative(truth: Truth, description: HostDescription) -> list[Offer]:
    known = track.published_cumulatives(truth)
    if not known or track.has(truth, known[-1].kb) or track.revision(known[-1].build) < track.revision(truth.build):
        return []
    offer = of_release(truth, description, known[-1].kb)
    return [offer] if offer else []


def _approved(truth: Truth, description: HostDescription) -> list[Offer]:
    known = {release.kb: release.build for release in track.published(truth)}
    known |= {entry.kb: entry.build for entry in track.published_cumulatives(truth)}
    takes_hotpatches = track.prerequisites_hold(truth, description) and track.left_by(truth) is None
    found = []
    for kb in description.wsus_approved:
        if kb not in known or track.has(truth, kb) or track.revision(known[kb]) < track.revision(truth.build):
            continue
        offer = of_release(truth, description, kb)
        if offer and (takes_hotpatches or offer.kind not in ("hotpatch", "oob_hotpatch")):
            found.append(offer)
    return found


def of_release(truth: Truth, description: HostDescription, kb: str) -> Offer | None:
    """The release with this number as an offer, from the track's side where the number is on both sides."""
    for release in track.published(truth):
        if release.kb == kb:
            return _offer(truth, description, release.month, kb, release.kind, release.build, release.restart)
    for entry in track.published_cumulatives(truth):
        if entry.kb == kb:
            return _offer(truth, description, entry.month, kb, entry.kind, entry.build, True)
    return None


def _offer(truth: Truth, description: HostDescription, month: str, kb: str, kind: str, build: str, restart: bool) -> Offer:
    hotpatch = kind in ("hotpatch", "oob_hotpatch")
    return Offer(
        kb=kb,
        kind=kind,
        build=build,
        restart=restart,
        title=titles.title(truth.line, description.architecture, month, kb, build),
        update_id=titles.update_id(truth.line, kb),
        categories=tuple(titles.categories(truth.line, hotpatch)),
        size_bytes=titles.size(kb, hotpatch),
        # Cumulative updates say that they can request a restart, which tells nothing; hotpatches say that they never do.
        reboot_behavior=2 if restart else 0,
    )


def _extra(truth: Truth, description: HostDescription) -> list[Offer]:
    found = []
    for given in description.offers_extra:
        kb = given["kb"]
        if track.has(truth, kb) or not given.get("from", truth.clock) <= truth.clock <= given.get("to", truth.clock):
            continue
        known = of_release(truth, description, kb)
        restart = given.get("requires_restart", known.restart if known else False)
        found.append(
            Offer(
                kb=kb,
                kind=known.kind if known else "other",
                build=known.build if known else None,
                restart=restart,
                title=given.get("title") or (known.title if known else f"{times.parse(truth.clock):%Y-%m} Update ({kb})"),
                update_id=titles.update_id(truth.line, kb if known is None or "title" not in given else f"{kb} {given['title']}"),
                categories=tuple(given.get("categories") or (known.categories if known else ["Updates"])),
                size_bytes=titles.size(kb, False),
                reboot_behavior=given.get("reboot_behavior", known.reboot_behavior if known else 2),
            )
        )
    return found
