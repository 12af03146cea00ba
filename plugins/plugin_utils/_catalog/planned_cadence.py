# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cadence that Microsoft has announced: which months are planned baselines. Never what a month turned out to be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from .._values.patch_tuesday import split_month
from .release import Kind

_FILE = Path(__file__).resolve().parent.parent / "data" / "planned_calendar.yml"


@dataclass(frozen=True, slots=True)
class Period:
    """Months FROM to TO of one product line (both included; TO may be open) and the months of the year planned as baselines."""

    line: str
    begins: str
    ends: str | None
    baseline_months: frozenset[int]

    def holds(self, month: str) -> bool:
        """Return True if MONTH lies in this period."""
        return self.begins <= month and (self.ends is None or month <= self.ends)

    def kind_of(self, month: str) -> Kind:
        """Return the kind of MONTH by the cadence of this period."""
        return Kind.BASELINE if split_month(month)[1] in self.baseline_months else Kind.HOTPATCH


def kind_by_cadence(line: str, month: str) -> Kind | None:
    """Return the kind that MONTH was announced as on LINE, or None where hotpatching of the line had not begun or has ended."""
    for period in _periods():
        if period.line == line and period.holds(month):
            return period.kind_of(month)
    return None


def forecast_by_cadence(line: str, month: str) -> Kind:
    """Return the kind to expect of MONTH on LINE if the newest cadence continues beyond its end. Good for a forecast only."""
    announced = kind_by_cadence(line, month)
    if announced is not None:
        return announced
    newest = max((period for period in _periods() if period.line == line), key=lambda period: period.begins)
    return newest.kind_of(month)


@lru_cache(maxsize=1)
def _periods() -> tuple[Period, ...]:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Period(line=line, begins=item["from"], ends=item.get("to"), baseline_months=frozenset(item["baseline_months"]))
        for line, items in data["lines"].items()
        for item in items
    )
