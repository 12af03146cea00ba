# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One entry of the catalog, and what Microsoft has only announced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .._values.build import Build
from .._values.patch_tuesday import release_time

# The product lines and their base builds. Two lines share one, so a base build alone names no line.
LINES: dict[str, int] = {"ws2022_azure": 20348, "ws2025": 26100, "win11_24h2": 26100, "win11_25h2": 26200}


class Kind(StrEnum):
    """The kind of a release."""

    BASELINE = "baseline"
    UNPLANNED_BASELINE = "unplanned_baseline"
    HOTPATCH = "hotpatch"
    OOB_HOTPATCH = "oob_hotpatch"
    OOB_LCU = "oob_lcu"
    UNKNOWN = "unknown"


BASELINES = frozenset({Kind.BASELINE, Kind.UNPLANNED_BASELINE})
HOTPATCHES = frozenset({Kind.HOTPATCH, Kind.OOB_HOTPATCH})
MONTHLY = frozenset({Kind.BASELINE, Kind.UNPLANNED_BASELINE, Kind.HOTPATCH})
TRACK = BASELINES | HOTPATCHES
CONFIDENCES = ("documented", "seen", "inferred")


@dataclass(frozen=True, slots=True)
class Denial:
    """The denial of a release in the catalog: reason, until which day (included), and the hosts for which it is lifted."""

    reason: str
    until: date | None
    lifted_for: tuple[str, ...]

    def applies_to(self, host: str, now: datetime) -> bool:
        """True if HOST must not get the release at NOW."""
        return host not in self.lifted_for and (self.until is None or now.date() <= self.until)

    def __str__(self) -> str:
        until = f" until {self.until}" if self.until else ""
        spared = f" except {', '.join(self.lifted_for)}" if self.lifted_for else ""
        return f"denied{until}{spared}"


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one product line. C(restart) is None only where the kind is not settled.

    C(aliases) are other numbers under which people read of it, such as that of Microsoft's page. No update installs as one of them.
    """

    line: str
    month: str
    released: date
    kind: Kind
    planned_kind: Kind | None
    kb: str
    build: Build
    disputed_build: Build | None
    lcu_kb: str | None
    lcu_build: Build | None
    restart: bool | None
    confidence: str
    source: tuple[str, ...]
    note: str | None
    aliases: tuple[str, ...] = ()
    withdrawn: str | None = None
    denial: Denial | None = None

    @property
    def is_settled(self) -> bool:
        """True if the catalog knows what this is."""
        return self.kind is not Kind.UNKNOWN

    @property
    def on_track(self) -> bool:
        """True if a host that installs this stays on the hotpatch track."""
        return self.kind in TRACK

    @property
    def is_baseline(self) -> bool:
        """True if a cycle begins with this."""
        return self.kind in BASELINES

    @property
    def is_monthly(self) -> bool:
        """True if this is what its month was, and not something out of band."""
        return self.kind in MONTHLY

    @property
    def is_of_month(self) -> bool:
        """True if this is what its month was, as far as is known: a kind that is not settled yet counts, something out of band does not."""
        return self.is_monthly or not self.is_settled

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of an overlay on this release, with their reasons: withdrawn by Microsoft, denied by the operator."""
        withdrawn = () if self.withdrawn is None else (f"withdrawn: {self.withdrawn}",)
        return withdrawn if self.denial is None else (*withdrawn, f"{self.denial}: {self.denial.reason}")

    @property
    def available_at(self) -> datetime:
        """The moment (UTC) from which this counts as released."""
        return release_time(self.released)

    @property
    def builds(self) -> tuple[Build, ...]:
        """The build, and the other one that a source gives where sources disagree."""
        return (self.build,) if self.disputed_build is None else (self.build, self.disputed_build)

    @property
    def lcu(self) -> str | None:
        """The ordinary cumulative update that stands beside a monthly hotpatch and leaves the track."""
        return self.lcu_kb if self.kind is Kind.HOTPATCH else None

    def __str__(self) -> str:
        return f"{self.kb} ({self.month} {self.kind.value}, {self.build})"


def first_of_month(releases: Iterable[Release]) -> dict[str, Release]:
    """Return the release of each month, by the month's name (C(2026-06)); a withdrawn release only where nothing took its place."""
    found: dict[str, Release] = {}
    for release in sorted(releases, key=lambda release: release.withdrawn is not None):
        found.setdefault(release.month, release)
    return found


@dataclass(frozen=True, slots=True)
class Announced:
    """A month whose kind is planned and whose release is not known."""

    month: str
    planned_kind: Kind
    fixed_build: Build | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ComponentUpdate:
    """An update on the hotpatch release notes that is neither a baseline nor a hotpatch (PowerShell, WSUS)."""

    kb: str
    title: str
    build: Build | None
    note: str | None
