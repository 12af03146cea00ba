# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an overlay file says of a release beyond its facts: withdrawn by Microsoft, or denied by the operator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .release import Release


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one release, each as the reason that was given for it. Without any it is to be installed as its kind says."""

    withdrawn: str | None = None
    denied: str | None = None
    denied_until: date | None = None
    denied_except: tuple[str, ...] = ()

    @property
    def denial(self) -> str | None:
        """The denial in words: C(denied until 2026-09-08 except web01)."""
        if self.denied is None:
            return None
        until = f" until {self.denied_until}" if self.denied_until else ""
        spared = f" except {', '.join(self.denied_except)}" if self.denied_except else ""
        return f"denied{until}{spared}"

    def words(self) -> tuple[str, ...]:
        """Return the marks with their reasons, for a table."""
        found = [f"withdrawn: {self.withdrawn}"] if self.withdrawn is not None else []
        return (*found, f"{self.denial}: {self.denied}") if self.denial else tuple(found)


def marks_of(release: Release) -> Marks:
    """Return the marks of RELEASE."""
    denial = release.denial
    if denial is None:
        return Marks(release.withdrawn)
    return Marks(release.withdrawn, denial.reason, denial.until, denial.lifted_for)


def monthly_of(releases: Iterable[Release]) -> dict[str, Release]:
    """Return what each month was; a withdrawn release only where nothing took its place."""
    found: dict[str, Release] = {}
    for item in releases:
        if is_of_month(item) and (item.month not in found or marks_of(found[item.month]).withdrawn is not None):
            found[item.month] = item
    return found


def is_of_month(release: Release) -> bool:
    """Whether RELEASE is what its month was: a kind that is not settled yet counts, something out of band does not."""
    return release.is_monthly or release.kind.value == "unknown"
