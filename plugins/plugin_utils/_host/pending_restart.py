# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The need for a restart now, and the date of the next one expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .._catalog.catalog_view import CatalogView
from .._observation.facts import Observation
from .._values.plain_fields import PlainFields
from .._values.printable import clean
from .boot import boot_differs
from .history import LastRestart
from .installed import is_pending
from .track import Track, TrackVerdict

# So many causes of a restart are kept for later runs, each as a record has it.
MOST_CAUSES = 12
# Causes that say nothing about the security baseline and may wait for the next window.
DEFERRABLE = frozenset({"pending_file_rename", "server_manager"})


class Needed(StrEnum):
    """The need for a restart."""

    YES = "yes"
    NO = "no"
    DEFERRABLE = "deferrable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NextRestart(PlainFields):
    """The next restart that is to be expected."""

    date: date | None
    cause: str
    confidence: str


@dataclass(frozen=True, slots=True)
class RestartNeed(PlainFields):
    """The need for a restart, its causes, and the next restart expected."""

    needed: Needed
    causes: tuple[str, ...]
    next: NextRestart | None


def judge_restart(observation: Observation, view: CatalogView | None, track: Track | None) -> RestartNeed:
    """Return the need of the host for a restart. A cause that is not known to be deferrable is not."""
    blocking: list[str] = []
    deferrable: list[str] = []
    for cause in observation.pending or ():
        text = f"{cause.source}: {cause.detail}" if cause.detail else cause.source
        (deferrable if cause.source in DEFERRABLE else blocking).append(text)
    blocking += [f"package {package.identity} is {package.state}" for package in observation.packages or () if is_pending(package)]
    causes = tuple(blocking + deferrable)
    if blocking:
        return RestartNeed(Needed.YES, causes, NextRestart(view.now.date() if view else None, blocking[0], "pending"))
    following = _forecast(view, track)
    # A probe that failed in part shows some causes and hides others: no cause found is then no proof that there is none.
    if observation.pending is None or any(error.probe == "pending" for error in observation.errors):
        return RestartNeed(Needed.UNKNOWN, causes, following)
    return RestartNeed(Needed.DEFERRABLE if deferrable else Needed.NO, causes, following)


def outlived(observation: Observation, need: RestartNeed, last: LastRestart | None) -> tuple[str, ...]:
    """Return the causes of NEED if each of them was there before the restart LAST and after it: another restart does not help then.

    Of many causes the first ones count, which are those that the run of that restart has kept.
    """
    if need.needed is not Needed.YES or last is None:
        return ()
    known = last.outlived
    if known is None:
        # The run was cut off before it looked. Whether the host has restarted since says the start of Windows.
        known = last.pending if boot_differs(last.boot_time, observation.boot_time) else frozenset()
    blocking = tuple(clean(cause) for cause in need.causes if cause.partition(":")[0] not in DEFERRABLE)[:MOST_CAUSES]
    return blocking if known.issuperset(blocking) else ()


def _forecast(view: CatalogView | None, track: Track | None) -> NextRestart | None:
    if view is None:
        return None
    if track is not None and track.verdict is TrackVerdict.BEHIND and track.expected is not None:
        return NextRestart(view.now.date(), f"baseline {track.expected.kb} is released and not installed", "released")
    back = view.next_planned_baseline()
    return NextRestart(back.date, f"planned baseline of {back.month}; an unplanned one can come earlier", back.confidence)
