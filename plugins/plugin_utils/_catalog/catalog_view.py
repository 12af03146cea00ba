# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of one product line that can be seen at one time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .._values.build import Build
from .._values.patch_tuesday import patch_tuesday, split_month
from .release import Kind, Release
from .release_index import Chain, LineIndex, NextBaseline, OffRelease


@dataclass(frozen=True, slots=True)
class CatalogView:
    """One product line at one time. C(month) is the month of the latest Patch Tuesday.

    Of what comes out after that time only the plan may be read.
    """

    line: str
    now: datetime
    month: str
    generated: date
    hotpatch_ends: date | None
    index: LineIndex
    chain: Chain

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases that are out, oldest first, withdrawn ones included, since hosts may run them."""
        return self.chain.releases

    @property
    def unsettled(self) -> tuple[Release, ...]:
        """The releases that are out and of no known kind."""
        return self.chain.unsettled

    @property
    def later(self) -> tuple[Release, ...]:
        """The releases that come out later."""
        return self.index.later(self.now)

    @property
    def is_stale(self) -> bool:
        """True if the data was compiled before the latest Patch Tuesday and so cannot know its month."""
        return self.generated < patch_tuesday(*split_month(self.month)).date()

    @property
    def track(self) -> tuple[Release, ...]:
        """The releases that keep a host on the track, oldest first."""
        return self.chain.track

    @property
    def off_releases(self) -> tuple[OffRelease, ...]:
        """Every cumulative update that leaves the track, one entry a KB."""
        return self.chain.off_releases

    @property
    def updates(self) -> tuple[tuple[str, tuple[Build, ...]], ...]:
        """The KB and the builds of every cumulative update: those of the track, then those that leave it, each oldest first."""
        return tuple((release.kb, release.builds) for release in self.track) + tuple(
            (release.kb, (release.build,)) for release in self.off_releases
        )

    def monthly(self, month: str) -> Release | None:
        """Return the baseline or hotpatch that MONTH was; a withdrawn one only where nothing took its place."""
        return self.chain.by_month.get(month)

    def open_question(self) -> Release | None:
        """Return the newest release of no known kind that is not older than the current baseline: it may have changed everything."""
        return self.chain.open_question

    def planned_kind(self, month: str) -> Kind | None:
        """Return the planned kind of MONTH when it began; it is known ahead and does not tell the actual kind."""
        return self.index.planned_kind(month)

    def newest_baseline(self) -> Release | None:
        """Return the newest baseline, planned or not: the one that a cycle rests on now."""
        return self.chain.newest_baseline

    def newest_track(self) -> Release | None:
        """Return the newest release of the track that is to be installed: after a withdrawal the one before it."""
        return self.chain.newest_track

    def withdrawn_after(self, release: Release | None) -> Release | None:
        """Return the newest release of the track that came after RELEASE and was withdrawn."""
        for item in reversed(self.chain.withdrawn):
            if release is None or item.build > release.build:
                return item
        return None

    def newest_lcu_build(self) -> tuple[str, Build] | None:
        """Return KB and build of the newest ordinary cumulative update (in a baseline month: the baseline)."""
        return self.chain.newest_lcu

    def cumulative(self) -> tuple[tuple[str, Build], ...]:
        """Return every ordinary cumulative update that is to be had: baselines, those beside a hotpatch, and out-of-band ones."""
        return self.chain.cumulative

    def baseline_of(self, release: Release) -> Release | None:
        """Return the baseline that the track release RELEASE rests on (itself where it is one). On a withdrawn one nothing rests."""
        return self.chain.baseline_of(release)

    def baseline_before(self, release: Release) -> Release | None:
        """Return the newest baseline older than RELEASE."""
        older = [item for item in self.chain.baselines if item.released < release.released and item.kb != release.kb]
        return older[-1] if older else None

    def by_kb(self, kb: str) -> Release | None:
        """Return the release that installs as KB."""
        return self.chain.by_kb.get(kb)

    def by_lcu_kb(self, kb: str) -> Release | None:
        """Return the hotpatch beside which the ordinary cumulative update KB stands."""
        return self.chain.by_lcu_kb.get(kb)

    def cycle(self, baseline: Release) -> tuple[Release, ...]:
        """Return the track releases that rest on BASELINE, itself first."""
        return tuple(release for release in self.track if self.baseline_of(release) == baseline)

    def next_planned_baseline(self) -> NextBaseline:
        """Return the next baseline that is planned: announced, or else by the planned cadence. A forecast, never a fact."""
        return self.index.next_planned_baseline(self.month)
