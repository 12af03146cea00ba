# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollback that was begun on a host before, as its run records and the host itself show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .._catalog.release import Release
from .._host.installed import SUCCEEDED, is_install_pending, is_installed, is_of, is_removal_pending
from .._record.record import Record
from .._values.moments import read_moment


@dataclass(frozen=True, slots=True)
class EarlierRollback:
    """The releases that an earlier rollback takes off, newest first, with the packages that wait for the restart to go.

    Some of the releases may be on the host still, where it was cut off. C(since) and C(until) are those of the exposure, where known.
    """

    releases: tuple[Release, ...]
    waiting: tuple[str, ...]
    since: datetime | None
    until: date | None

    @property
    def kbs(self) -> tuple[str, ...]:
        """The updates that it takes off, newest first."""
        return tuple(release.kb for release in self.releases)


def earlier_rollback(record: Record) -> EarlierRollback | None:
    """Return the rollback that was begun on the host of RECORD and after which nothing was installed, or None.

    The host itself is the evidence where no run record tells of one: a removal that waits for the restart, or a removal that is newest in
    its history of updates. What it runs now decides whether something was installed since.
    """
    view, build = record.view, record.in_force.build
    if view is None or build is None:
        return None
    track = tuple(reversed(view.track))
    told = record.history.rolled_back or {}
    recorded = {str(kb) for kb in told.get("kbs") or () if kb}
    leaving = [package for package in record.observation.packages or () if is_removal_pending(package)]
    waiting = [(release, package) for release in track for package in leaving if is_of(package, release.kb, release.builds)]
    gone = {release.kb for release, _package in waiting}
    removed, since = _removed_last(record)
    if not gone:
        lost = [release for release in track if release.kb in recorded | removed and min(release.builds) > build]
        # One that waits to come into force was installed since.
        gone = {release.kb for release in lost if not _is_there(record, release)}
    if not gone:
        return None
    mine = bool(gone & recorded)
    kbs = gone | recorded if mine else gone
    ends = read_moment(told.get("until")) if mine else None
    return EarlierRollback(
        releases=tuple(release for release in track if release.kb in kbs),
        waiting=tuple(package.identity for _release, package in waiting),
        since=(read_moment(told.get("since")) if mine else None) or since,
        until=ends.date() if ends else None,
    )


def was_removed(record: Record, kb: str) -> bool:
    """True if the newest success about KB in the history of the host is a removal, by whomever, and no package of it is there."""
    release = record.view.by_kb(kb) if record.view else None
    if release is None or _is_there(record, release):
        return False
    newest = next((entry for entry in record.observation.history or () if entry.kb == kb and entry.result_code in SUCCEEDED), None)
    return newest is not None and newest.operation == "uninstall"


def _is_there(record: Record, release: Release) -> bool:
    packages = [package for package in record.observation.packages or () if is_of(package, release.kb, release.builds)]
    return any(is_installed(package) or is_install_pending(package) for package in packages)


def _removed_last(record: Record) -> tuple[set[str], datetime | None]:
    """Return the updates of the product line whose removals are the newest successes in the history of the host, and the first's time."""
    view = record.view
    if view is None:
        return set(), None
    known = {kb for kb, _builds in view.updates}
    found: set[str] = set()
    since: datetime | None = None
    for entry in record.observation.history or ():
        if entry.kb not in known or entry.result_code not in SUCCEEDED:
            continue
        if entry.operation != "uninstall":
            break
        found.add(str(entry.kb))
        since = entry.date or since
    return found, since
