# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an overlay file says of a release beyond its facts: withdrawn by Microsoft, or denied by the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .catalog import Catalog
from .release import Release


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one release. Without any it is to be installed as its kind says."""

    withdrawn: bool = False
    denied: bool = False
    denied_until: date | None = None
    denied_except: tuple[str, ...] = ()
    reason: str | None = None

    def words(self) -> tuple[str, ...]:
        """Return the marks as words of a table: C(withdrawn), C(denied until 2026-09-08)."""
        found = ["withdrawn"] if self.withdrawn else []
        if self.denied:
            until = f" until {self.denied_until}" if self.denied_until else ""
            spared = f" except {', '.join(self.denied_except)}" if self.denied_except else ""
            found.append(f"denied{until}{spared}")
        return tuple(found)


def marks_of(release: Release) -> Marks:
    """Return the marks of RELEASE; a catalog that knows no marks has none."""
    return Marks(
        withdrawn=bool(getattr(release, "withdrawn", False)),
        denied=bool(getattr(release, "denied", False)),
        denied_until=getattr(release, "denied_until", None),
        denied_except=tuple(getattr(release, "denied_except", None) or ()),
        reason=getattr(release, "reason", None),
    )


def monthly_of(catalog: Catalog, line: str) -> dict[str, Release]:
    """Return what each month of LINE was, withdrawn releases left out."""
    return {item.month: item for item in catalog.releases(line) if is_of_month(item) and not marks_of(item).withdrawn}


def is_of_month(release: Release) -> bool:
    """Whether RELEASE is what its month was: a kind that is not settled yet counts, something out of band does not."""
    return release.is_monthly or release.kind.value == "unknown"
