# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The knowledge of the catalog under the overlay about a KB. A kind that it has as unknown counts as not known."""

from __future__ import annotations

from datetime import date

from .._catalog.catalog import Catalog
from .._catalog.release import HOTPATCHES, Release


class Known:
    """The catalog, asked by line and KB."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.lines = tuple(sorted(catalog.lines))
        self._releases: dict[tuple[str, str], Release] = {}
        self._owners: dict[tuple[str, str], Release] = {}
        self._lines_of: dict[str, set[str]] = {}
        for line in self.lines:
            for release in self._settled(line):
                self._releases[line, release.kb] = release
                self._lines_of.setdefault(release.kb, set()).add(line)
                if release.lcu_kb is not None:
                    # Two releases of a month may name one LCU; the first is the monthly one.
                    self._owners.setdefault((line, release.lcu_kb), release)
                    self._lines_of.setdefault(release.lcu_kb, set()).add(line)

    def _settled(self, line: str) -> list[Release]:
        return [release for release in self._catalog.releases(line) if release.kind.value != "unknown"]

    def release(self, line: str, kb: str) -> Release | None:
        """Return the release of LINE that installs as KB."""
        return self._releases.get((line, kb))

    def lcu_owner(self, line: str, kb: str) -> Release | None:
        """Return the hotpatch of LINE beside which KB is the LCU."""
        return self._owners.get((line, kb))

    def lines_of(self, kb: str) -> list[str]:
        """Return the lines that have KB as a release or as the LCU beside one."""
        return sorted(self._lines_of.get(kb, ()))

    def is_of_another_line(self, kb: str, line: str) -> bool:
        """Return True if the catalog has KB on other lines only."""
        lines = self._lines_of.get(kb)
        return bool(lines) and line not in (lines or ())

    def has_component(self, kb: str) -> bool:
        """Return True if any line lists KB as a component update."""
        return any(item.kb == kb for data in self._catalog.lines.values() for item in data.components)

    def carrier(self, line: str, kb: str) -> str | None:
        """Return KB as a carrier of fixes: lcu, hotpatch or component; None where the catalog does not say."""
        release = self.release(line, kb)
        if self.has_component(kb):
            return "component"
        if release is not None:
            return "hotpatch" if release.kind in HOTPATCHES else "lcu"
        return "lcu" if self.lcu_owner(line, kb) is not None else None

    def monthly(self, line: str, month: str) -> Release | None:
        """Return the baseline or hotpatch that the catalog has for MONTH."""
        return next((release for release in self._settled(line) if release.month == month and release.is_monthly), None)

    def around(self, line: str, day: date) -> tuple[Release | None, Release | None]:
        """Return the track releases before and after DAY. One of the same day counts as before."""
        track = [release for release in self._settled(line) if release.on_track]
        before = [release for release in track if release.released <= day]
        after = [release for release in track if release.released > day]
        return (before[-1] if before else None, after[0] if after else None)
