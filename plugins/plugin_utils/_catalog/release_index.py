# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers that are needed again and again about the releases of a line, found once: a plan asks it of every host of a fleet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .._values.build import Build
from .._values.patch_tuesday import following, patch_tuesday, split_month
from .planned_cadence import forecast_by_cadence
from .release import Announced, Kind, Release, first_of_month


@dataclass(frozen=True, slots=True)
class NextBaseline:
    """The next baseline that is planned, and how sure that is."""

    month: str
    date: date
    confidence: str


@dataclass(frozen=True, slots=True)
class OffRelease:
    """An ordinary cumulative update that is not a baseline: a host that installs it leaves the track."""

    kb: str
    build: Build
    month: str
    released: date
    kind: str


class Chain:
    """The releases of a line that are out at some time, and what follows from them and from nothing else."""

    def __init__(self, releases: tuple[Release, ...], unsettled: tuple[Release, ...]) -> None:
        wanted = [release for release in releases if release.withdrawn is None]
        self.releases = releases
        self.unsettled = unsettled
        self.track = tuple(release for release in releases if release.on_track)
        self.withdrawn = tuple(release for release in self.track if release.withdrawn is not None)
        self.baselines = tuple(release for release in wanted if release.is_baseline)
        self.newest_baseline = self.baselines[-1] if self.baselines else None
        self.newest_track = next((release for release in reversed(wanted) if release.on_track), None)
        self.cumulative = tuple(_cumulative(releases))
        self.off_releases = tuple(_off_releases(releases))
        self.newest_lcu = _newest(self.cumulative)
        self.by_kb: Mapping[str, Release] = {release.kb: release for release in releases}
        self.by_lcu_kb: Mapping[str, Release] = _first(
            (release.lcu_kb, release) for release in releases if release.kind is Kind.HOTPATCH and release.lcu_kb
        )
        self.by_month: Mapping[str, Release] = first_of_month(release for release in releases if release.is_monthly)
        self.open_question = self._open_question()
        self._baseline_of: dict[str, Release | None] = {}

    def _open_question(self) -> Release | None:
        baseline = self.newest_baseline
        for release in reversed(self.unsettled):
            if release.withdrawn is None and (baseline is None or release.released >= baseline.released):
                return release
        return None

    def baseline_of(self, release: Release) -> Release | None:
        """Return the baseline that RELEASE rests on."""
        if release.is_baseline:
            return release
        if release.kb not in self._baseline_of:
            found = [item for item in self.baselines if item.released <= release.released and item.build <= max(release.builds)]
            self._baseline_of[release.kb] = found[-1] if found else None
        return self._baseline_of[release.kb]


class LineIndex:
    """All releases of a line, from which the chain of any time is cut."""

    def __init__(self, line: str, releases: tuple[Release, ...], announced: tuple[Announced, ...]) -> None:
        self._line = line
        self._releases = tuple(release for release in releases if release.is_settled)
        self._unsettled = tuple(release for release in releases if not release.is_settled)
        self._moments = [release.available_at for release in self._releases]
        self._unsettled_moments = [release.available_at for release in self._unsettled]
        self._chains: dict[tuple[int, int], Chain] = {}
        self._plans = {item.month: item.planned_kind for item in announced}
        self._plans |= {item.month: item.planned_kind for item in reversed((*self._releases, *self._unsettled)) if item.planned_kind}
        self._next: dict[str, NextBaseline] = {}

    def chain(self, now: datetime) -> Chain:
        """Return the releases that are out at NOW."""
        cut = bisect_right(self._moments, now), bisect_right(self._unsettled_moments, now)
        if cut not in self._chains:
            self._chains[cut] = Chain(self._releases[: cut[0]], self._unsettled[: cut[1]])
        return self._chains[cut]

    def later(self, now: datetime) -> tuple[Release, ...]:
        """Return the releases that come out after NOW."""
        return self._releases[bisect_right(self._moments, now) :]

    def planned_kind(self, month: str) -> Kind | None:
        """Return the planned kind of MONTH when it began, or None."""
        return self._plans.get(month)

    def next_planned_baseline(self, month: str) -> NextBaseline:
        """Return the next baseline that is planned after MONTH: announced, or else by the planned cadence."""
        if month not in self._next:
            self._next[month] = self._find_next(month)
        return self._next[month]

    def _find_next(self, after: str) -> NextBaseline:
        year, month = split_month(after)
        for _step in range(24):
            year, month = following(year, month)
            name = f"{year:04d}-{month:02d}"
            planned = self.planned_kind(name)
            if planned is Kind.BASELINE:
                return NextBaseline(name, patch_tuesday(year, month).date(), "announced")
            if planned is None and forecast_by_cadence(self._line, name) is Kind.BASELINE:
                return NextBaseline(name, patch_tuesday(year, month).date(), "planned_cadence")
        raise AssertionError("unreachable: some months of each year are planned baselines")


def _first(pairs: Iterable[tuple[str, Release]]) -> dict[str, Release]:
    found: dict[str, Release] = {}
    for key, release in pairs:
        found.setdefault(key, release)
    return found


def _off_releases(releases: Iterable[Release]) -> Iterable[OffRelease]:
    found: dict[str, OffRelease] = {}
    for release in releases:
        if release.kind is Kind.OOB_LCU:
            found[release.kb] = OffRelease(release.kb, release.build, release.month, release.released, "oob_lcu")
        elif release.kind is Kind.HOTPATCH and release.lcu_kb and release.lcu_build:
            off = OffRelease(release.lcu_kb, release.lcu_build, release.month, release.released, "lcu")
            found.setdefault(release.lcu_kb, off)
    return found.values()


def _cumulative(releases: Iterable[Release]) -> Iterable[tuple[str, Build]]:
    for release in releases:
        if (release.is_baseline or release.kind is Kind.OOB_LCU) and release.withdrawn is None:
            yield release.kb, release.build
        elif release.kind is Kind.HOTPATCH and release.lcu_kb and release.lcu_build:
            yield release.lcu_kb, release.lcu_build


def _newest(cumulative: Iterable[tuple[str, Build]]) -> tuple[str, Build] | None:
    newest: tuple[str, Build] | None = None
    for kb, build in cumulative:
        if newest is None or build >= newest[1]:
            newest = (kb, build)
    return newest
