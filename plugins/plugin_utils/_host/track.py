# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The position of a host on the hotpatch track."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from .._catalog.catalog_view import CatalogView
from .._catalog.release import Kind, Release
from .._catalog.release_index import OffRelease
from .._values.build import Build
from .._values.moments import iso
from .installed import Evidence
from .running import Identity


class TrackVerdict(StrEnum):
    """The verdict on the track of a host."""

    ON = "on"
    BEHIND = "behind"
    OFF = "off"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Track:
    """The position of a host between baselines and hotpatches."""

    verdict: TrackVerdict
    reason: str
    baseline: Release | None = None
    expected: Release | None = None
    position: str | None = None
    off_since: datetime | None = None
    off_cause: str | None = None
    earliest_return: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "verdict": self.verdict.value,
            "baseline_kb": self.baseline.kb if self.baseline else None,
            "baseline_build": str(self.baseline.build) if self.baseline else None,
            "expected_baseline_kb": self.expected.kb if self.expected else None,
            "position": self.position,
            "off_since": iso(self.off_since),
            "off_cause": self.off_cause,
            "earliest_return": self.earliest_return.isoformat() if self.earliest_return else None,
            "reason": self.reason,
        }


def position_of(view: CatalogView, release: Release) -> str:
    """Return C(baseline), or C(hp1), C(hp2)... for the nth monthly hotpatch since the baseline; out-of-band ones do not count."""
    baseline = view.baseline_of(release)
    if baseline is None:
        return "hp"
    count = sum(1 for item in view.cycle(baseline) if item.kind is Kind.HOTPATCH and item.released <= release.released)
    return f"hp{count}" if count else "baseline"


def judge_track(view: CatalogView, identity: Identity, evidence: Evidence, build: Build | None, *, enrolled: bool) -> Track:
    """Return the position on the track of the host of IDENTITY, which is on BUILD."""
    expected = view.newest_baseline()
    if not enrolled:
        return Track(TrackVerdict.NONE, "The host is not enrolled, so it is on no hotpatch track.", expected=expected, position="none")
    if expected is None:
        return Track(TrackVerdict.UNKNOWN, f"The catalog has no baseline of {view.line} before {view.now:%Y-%m-%d}.")
    if identity.off is not None:
        return _off(view, identity.off, evidence, expected)
    if identity.on is None:
        return _unlisted(build, identity, expected)
    baseline = view.baseline_of(identity.on)
    if baseline is None:
        return Track(TrackVerdict.UNKNOWN, f"The catalog does not say on which baseline {identity.on} rests.", expected=expected)
    position = position_of(view, identity.on)
    if baseline.withdrawn is not None and baseline.build > expected.build:
        reason = f"The host is on {baseline}, which was withdrawn ({baseline.withdrawn}); the current baseline {expected} is older."
        return Track(TrackVerdict.ON, reason, baseline, expected, position)
    if baseline == expected:
        reason = f"The host is on {identity.on}, on top of the current baseline {expected.kb}."
        return Track(TrackVerdict.ON, reason, baseline, expected, position)
    reason = (
        f"The host is on {identity.on}, on top of the older baseline {baseline.kb}; the current one is {expected}. Install that baseline."
    )
    return Track(TrackVerdict.BEHIND, reason, baseline, expected, position)


def _unlisted(build: Build | None, identity: Identity, expected: Release) -> Track:
    """A build that the catalog cannot name, such as that of installation media, is still behind when it is below the baseline."""
    if build is None or build >= expected.build:
        return Track(TrackVerdict.UNKNOWN, identity.reason, expected=expected)
    reason = f"The host is on {build}, which the catalog does not name, below the current baseline {expected}. Install that baseline."
    return Track(TrackVerdict.BEHIND, reason, None, expected, "none")


def _off(view: CatalogView, off: OffRelease, evidence: Evidence, expected: Release) -> Track:
    since = evidence.since.get(off.kb)
    if off.build < expected.build:
        reason = (
            f"The host left the track with {off.kb} ({off.build}); the newer baseline {expected} brings it back. Install that baseline."
        )
        return Track(TrackVerdict.BEHIND, reason, None, expected, "off", since, off.kb, expected.released)
    back = view.next_planned_baseline()
    reason = (
        f"The ordinary cumulative update {off.kb} ({off.build}) took the host off the hotpatch track; "
        f"it comes back with the next baseline, planned for {back.date}. Until then it gets updates that restart it."
    )
    return Track(TrackVerdict.OFF, reason, None, expected, "off", since, off.kb, back.date)
