# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict on one host and one update that fixes a vulnerability.

A build threshold cannot tell: in November 2022 the hotpatch had a higher build than the cumulative update that carried the Kerberos
fix, and did not carry it. What counts is which kind of update carries the fix and on which kind the host is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .._catalog.catalog import Catalog
from .._catalog.catalog_view import CatalogView
from .._catalog.release import HOTPATCHES, Kind, Release
from .._catalog.vulnerabilities import Fix
from .._host.in_force import CONFIRMED
from .._values.build import Build
from .updates_of_host import HostUpdates


class Has(StrEnum):
    """The verdict on a fix."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on a fix, the kind of update that carries it (lcu, hotpatch, component), and the reason."""

    has: Has
    carrier: str
    reason: str


@dataclass(frozen=True, slots=True)
class Running:
    """The release that a host runs: one of the track, or a cumulative update off it."""

    kb: str
    build: Build
    month: str
    released: date
    on: Release | None
    baseline: Release | None

    @property
    def cumulative(self) -> Build | None:
        """The build of the newest cumulative update in it: its own, or that of the baseline under a hotpatch."""
        if self.on is None:
            return self.build
        return self.baseline.build if self.baseline else None

    @property
    def is_hotpatch(self) -> bool:
        """True if a hotpatch is on top."""
        return self.on is not None and self.on.kind in HOTPATCHES


def running(view: CatalogView, kb: str | None) -> Running | None:
    """Return the release that a host runs whose update in force is KB, or None where the catalog does not know KB."""
    if kb is None:
        return None
    release = view.by_kb(kb)
    if release is not None and release.on_track:
        return Running(kb, release.build, release.month, release.released, release, view.baseline_of(release))
    off = next((item for item in view.off_releases if item.kb == kb), None)
    return Running(off.kb, off.build, off.month, off.released, None, None) if off else None


def carrier_of(catalog: Catalog, view: CatalogView, fix: Fix) -> str:
    """Return the kind of update that FIX is. The catalog counts before the document."""
    release = view.by_kb(fix.kb)
    if release is not None:
        if release.kind in HOTPATCHES:
            # Out of band with a restart: an update beside the track, which later hotpatches need not contain.
            return "component" if release.restart is not False else "hotpatch"
        return "lcu" if release.is_baseline or release.kind is Kind.OOB_LCU else fix.carrier
    if view.by_lcu_kb(fix.kb) is not None:
        return "lcu"
    component = next((item for item in catalog.lines[view.line].components if item.kb == fix.kb), None)
    return "component" if component else fix.carrier


def answer(catalog: Catalog, view: CatalogView, host: HostUpdates, now: Running, fix: Fix, month: str) -> Answer:
    """Return the verdict on FIX, of a vulnerability of MONTH, on HOST, which runs NOW."""
    carrier = carrier_of(catalog, view, fix)
    if carrier == "hotpatch":
        return _in_hotpatch(view, host, now, fix)
    if now.kb == fix.kb:
        return Answer(Has.YES, carrier, f"{fix.kb} is in force")
    threshold = build_of(view, fix)
    compared = _in_cumulative(now, fix, threshold)
    if compared is not None and (compared.has is Has.YES or carrier == "lcu"):
        return compared
    if carrier == "lcu":
        return Answer(Has.UNKNOWN, "lcu", f"no build of {fix.kb} is known, so it cannot be told whether {now.kb} has it")
    if carrier == "component":
        return _component(host, now, fix, month)
    return Answer(Has.UNKNOWN, "unknown", f"the kind of {fix.kb} is not known")


def build_of(view: CatalogView, fix: Fix) -> Build | None:
    """Return the build from which FIX is there: as the document gives it, or else as the catalog does."""
    release, beside = view.by_kb(fix.kb), view.by_lcu_kb(fix.kb)
    return fix.build or (release.build if release else None) or (beside.lcu_build if beside else None)


def _in_cumulative(now: Running, fix: Fix, threshold: Build | None) -> Answer | None:
    """Compare cumulative update with cumulative update: that of the baseline under a hotpatch, never the hotpatch's own build."""
    what = f"{now.kb}" if now.on is None or now.on.is_baseline else f"the baseline {now.baseline.kb if now.baseline else '?'}"
    if threshold is None:
        return None
    if now.cumulative is None:
        return Answer(Has.UNKNOWN, "lcu", f"the baseline of {now.kb} is not known")
    if now.cumulative >= threshold:
        return Answer(Has.YES, "lcu", f"{what} ({now.cumulative}) contains it (from {threshold} on)")
    return Answer(Has.NO, "lcu", f"{what} ({now.cumulative}) is older than {fix.kb} ({threshold})")


def _in_hotpatch(view: CatalogView, host: HostUpdates, now: Running, fix: Fix) -> Answer:
    release = view.by_kb(fix.kb)
    day = release.released if release else None
    if now.on is None:
        if day is None:
            return Answer(Has.UNKNOWN, "hotpatch", f"the catalog does not know {fix.kb}, so it cannot be told whether {now.kb} has it")
        if now.released > day:
            return Answer(Has.YES, "lcu", f"the cumulative update {now.kb} is newer than {fix.kb}")
        if now.released == day:
            return Answer(
                Has.UNKNOWN, "lcu", f"the document names no cumulative update for it, and {now.kb} came out on the day of {fix.kb}"
            )
        return Answer(Has.NO, "lcu", f"the cumulative update {now.kb} is older than {fix.kb}")
    threshold = build_of(view, fix)
    if now.kb != fix.kb:
        if day is not None and release is not None:
            after = (now.released, now.build) >= (day, release.build)
        elif threshold is not None:
            after = now.build >= threshold
        else:
            return Answer(Has.UNKNOWN, "hotpatch", f"the catalog does not know {fix.kb}, and the document gives no build of it")
        if not after:
            return Answer(Has.NO, "hotpatch", f"{now.kb} ({now.build}) is older than {fix.kb}")
    if now.on.is_baseline:
        return Answer(Has.YES, "lcu", f"the baseline {now.kb} is newer than {fix.kb}")
    if release is not None and now.baseline is not None and now.baseline.released > release.released:
        return Answer(Has.YES, "lcu", f"the baseline {now.baseline.kb} is newer than {fix.kb}")
    if host.proof < CONFIRMED and host.staged_kb != now.kb:
        return Answer(Has.UNKNOWN, "hotpatch", f"{now.kb} is in force by its build only; neither history nor packages show it")
    return Answer(Has.YES, "hotpatch", f"{fix.kb} is in force" if now.kb == fix.kb else f"{now.kb} is newer than {fix.kb} and contains it")


def _component(host: HostUpdates, now: Running, fix: Fix, month: str) -> Answer:
    if host.installed is None:
        return Answer(Has.UNKNOWN, "component", f"the records do not say whether {fix.kb} is installed")
    if fix.kb in host.installed:
        return Answer(Has.YES, "component", f"{fix.kb} is installed")
    if now.month > month:
        return Answer(Has.UNKNOWN, "component", f"{fix.kb} is not installed; it is not known whether {now.kb} of {now.month} has it")
    return Answer(Has.NO, "component", f"{fix.kb} is not installed")
