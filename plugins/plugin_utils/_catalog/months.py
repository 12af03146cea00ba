# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each month of a product line, as planned and as it came, with its out-of-band releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .._values.patch_tuesday import month_after, patch_tuesday, split_month
from .catalog import Catalog
from .release import Release, first_of_month


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release as a row: its values, and the file each value came from (empty where that was not asked for)."""

    release: Release
    origin: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        release, denial = self.release, self.release.denial
        return {
            "kb": release.kb,
            "aliases": list(release.aliases),
            "kind": release.kind.value,
            "planned_kind": release.planned_kind.value if release.planned_kind else None,
            "released": release.released.isoformat(),
            "build": str(release.build),
            "lcu_kb": release.lcu_kb,
            "lcu_build": str(release.lcu_build) if release.lcu_build else None,
            "restart": release.restart,
            "confidence": release.confidence,
            "withdrawn": release.withdrawn,
            "denied": denial.reason if denial else None,
            "denied_until": denial.until.isoformat() if denial and denial.until else None,
            "denied_except": list(denial.lifted_for) if denial else [],
            "source": list(release.source),
            "note": release.note,
            "origin": self.origin,
        }


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one line. C(entry) is None where its release is not known: then there is a plan at most."""

    line: str
    month: str
    date: date
    planned_kind: str | None
    entry: ReleaseRow | None
    others: tuple[ReleaseRow, ...]

    @property
    def turned(self) -> bool:
        """True if the month did not become what it was planned to be."""
        return self.entry is not None and self.entry.release.kind.value == "unplanned_baseline"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        known = self.entry is not None
        return {
            "line": self.line,
            "month": self.month,
            "date": self.date.isoformat(),
            "planned_kind": self.planned_kind,
            "known": known,
            "turned": self.turned,
            "release": self.entry.to_dict() if self.entry else None,
            "others": [item.to_dict() for item in self.others],
        }


def month_names(first: str, last: str) -> list[str]:
    """Return the months from FIRST to LAST."""
    found: list[str] = []
    name = first
    while name <= last:
        found.append(name)
        name = month_after(name)
    return found


def months_of(catalog: Catalog, line: str, names: Sequence[str], now: datetime, *, origin: bool = False) -> list[Month]:
    """Return the months NAMES of LINE as they are known at NOW; with ORIGIN, with the file that each value came from."""
    view = catalog.view(line, now)
    visible = [item for item in catalog.releases(line) if item.available_at <= now]
    monthly = first_of_month(item for item in visible if item.is_of_month)
    found: list[Month] = []
    for name in names:
        main = monthly.get(name)
        planned = view.planned_kind(name)
        found.append(
            Month(
                line=line,
                month=name,
                date=patch_tuesday(*split_month(name)).date(),
                planned_kind=planned.value if planned else None,
                entry=_entry(catalog, main, origin=origin) if main else None,
                others=tuple(_entry(catalog, item, origin=origin) for item in visible if item.month == name and item is not main),
            )
        )
    return found


def _entry(catalog: Catalog, release: Release, *, origin: bool) -> ReleaseRow:
    return ReleaseRow(release, catalog.origin(release.line, release.month, release.kb) if origin else {})
