# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The months that Microsoft announced as baselines. Never the actual kind of a month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from .._catalog.release import Kind
from .._values.patch_tuesday import split_month

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


def planned_kind(line: str, month: str) -> Kind | None:
    """Return the kind that was announced for MONTH on LINE, or None where hotpatching of the line had not begun or has ended."""
    for period in _periods():
        if period.line == line and period.holds(month):
            return Kind.BASELINE if split_month(month)[1] in period.baseline_months else Kind.HOTPATCH
    return None


@lru_cache(maxsize=1)
def _periods() -> tuple[Period, ...]:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Period(line=line, begins=item["from"], ends=item.get("to"), baseline_months=frozenset(item["baseline_months"]))
        for line, items in data["lines"].items()
        for item in items
    )
