# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of one product line can be seen at one time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .kb_build import Build
from .patch_tuesday import PLANNED_BASELINE_MONTHS, current_month, following, patch_tuesday, split_month
from .release import Announced, Kind, Release


@dataclass(frozen=True, slots=True)
class NextBaseline:
    """The next baseline that is planned, and how sure that is."""

    month: str
    date: date
    confidence: str


@dataclass(frozen=True, slots=True)
class CatalogView:
    """One product line at one time. C(later) holds what comes out after that time; only its plan may be read.

    C(releases) holds what was withdrawn, too, since hosts may run it; C(unsettled) what is out and of no known kind.
    """

    line: str
    now: datetime
    generated: date
    hotpatch_ends: date | None
    releases: tuple[Release, ...]
    later: tuple[Release, ...]
    announced: tuple[Announced, ...]
    unsettled: tuple[Release, ...] = ()

    @property
    def month(self) -> str:
        """The month of the latest Patch Tuesday."""
        return current_month(self.now)

    @property
    def is_stale(self) -> bool:
        """Whether the data was compiled before the latest Patch Tuesday and so cannot know its month."""
        return self.generated < patch_tuesday(*split_month(self.month)).date()

    @property
    def track(self) -> tuple[Release, ...]:
        """The releases that keep a host on the track, oldest first."""
        return tuple(release for release in self.releases if release.on_track)

    def monthly(self, month: str) -> Release | None:
        """Return the baseline or hotpatch that MONTH was; a withdrawn one only where nothing took its place."""
        found = [release for release in self.releases if release.month == month and release.is_monthly]
        return next((release for release in found if release.withdrawn is None), found[0] if found else None)

    def open_question(self) -> Release | None:
        """Return the newest release of no known kind that is not older than the current baseline: it may have changed everything."""
        baseline = self.newest_baseline()
        for release in reversed(self.unsettled):
            if release.withdrawn is None and (baseline is None or release.released >= baseline.released):
                return release
        return None

    def planned_kind(self, month: str) -> Kind | None:
        """Return what MONTH was planned to be when it began; this is known ahead and says nothing of what it became."""
        for release in (*self.releases, *self.later, *self.unsettled):
            if release.month == month and release.planned_kind is not None:
                return release.planned_kind
        return next((item.planned_kind for item in self.announced if item.month == month), None)

    def newest_baseline(self) -> Release | None:
        """Return the newest baseline, planned or not: the one that a cycle rests on now."""
        return next((release for release in reversed(self.releases) if release.is_baseline and release.withdrawn is None), None)

    def newest_track(self) -> Release | None:
        """Return the newest release of the track that is to be installed: after a withdrawal the one before it."""
        return next((release for release in reversed(self.releases) if release.on_track and release.withdrawn is None), None)

    def withdrawn_after(self, release: Release | None) -> Release | None:
        """Return the newest release of the track that came after RELEASE and was withdrawn."""
        for item in reversed(self.releases):
            if item.on_track and item.withdrawn is not None and (release is None or item.build > release.build):
                return item
        return None

    def newest_lcu_build(self) -> tuple[str, Build] | None:
        """Return KB and build of the newest ordinary cumulative update (in a baseline month: the baseline)."""
        newest: tuple[str, Build] | None = None
        for kb, build in self.cumulative():
            if newest is None or build >= newest[1]:
                newest = (kb, build)
        return newest

    def cumulative(self) -> list[tuple[str, Build]]:
        """Return every ordinary cumulative update that is to be had: baselines, those beside a hotpatch, and out-of-band ones."""
        found: list[tuple[str, Build]] = []
        for release in self.releases:
            if (release.is_baseline or release.kind is Kind.OOB_LCU) and release.withdrawn is None:
                found.append((release.kb, release.build))
            elif release.kind is Kind.HOTPATCH and release.lcu_kb and release.lcu_build:
                found.append((release.lcu_kb, release.lcu_build))
        return found

    def baseline_of(self, release: Release) -> Release | None:
        """Return the baseline that the track release RELEASE rests on (itself where it is one). On a withdrawn one nothing rests."""
        if release.is_baseline:
            return release
        found: Release | None = None
        for item in self.releases:
            if item.is_baseline and item.withdrawn is None and item.released <= release.released and item.build <= max(release.builds):
                found = item
        return found

    def baseline_before(self, release: Release) -> Release | None:
        """Return the newest baseline older than RELEASE."""
        older = [item for item in self.releases if item.is_baseline and item.withdrawn is None and item.released < release.released]
        older = [item for item in older if item.kb != release.kb]
        return older[-1] if older else None

    def by_kb(self, kb: str) -> Release | None:
        """Return the release that installs as KB."""
        return next((release for release in self.releases if release.kb == kb), None)

    def unsettled_kb(self, kb: str) -> Release | None:
        """Return the release of no known kind that installs as KB."""
        return next((release for release in self.unsettled if release.kb == kb), None)

    def by_lcu_kb(self, kb: str) -> Release | None:
        """Return the hotpatch beside which the ordinary cumulative update KB stands."""
        return next((release for release in self.releases if release.kind is Kind.HOTPATCH and release.lcu_kb == kb), None)

    def cycle(self, baseline: Release) -> tuple[Release, ...]:
        """Return the track releases that rest on BASELINE, itself first."""
        return tuple(release for release in self.track if self.baseline_of(release) == baseline)

    def next_planned_baseline(self) -> NextBaseline:
        """Return the next baseline that is planned: announced, or else by the planned cadence. A forecast, never a fact."""
        year, month = split_month(self.month)
        for _step in range(24):
            year, month = following(year, month)
            name = f"{year:04d}-{month:02d}"
            planned = self.planned_kind(name)
            if planned is Kind.BASELINE:
                return NextBaseline(name, patch_tuesday(year, month).date(), "announced")
            if planned is None and month in PLANNED_BASELINE_MONTHS:
                return NextBaseline(name, patch_tuesday(year, month).date(), "planned_cadence")
        raise AssertionError("unreachable: four months of each year are planned baselines")
