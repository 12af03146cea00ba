# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The next twelve months of a product line as they are planned, and how well such plans have held. Never a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .._values.patch_tuesday import following, month_after, patch_tuesday, split_month
from .._values.plain_fields import PlainFields
from .catalog import Catalog
from .catalog_view import CatalogView
from .planned_cadence import forecast_by_cadence
from .release import BASELINES, Kind, Release, first_of_month

MONTHS_AHEAD = 12
# How far back "lately" reaches: a rate over years hides that 2026 had two unplanned baselines.
RECENT_MONTHS = 12


@dataclass(frozen=True, slots=True)
class PlanAccuracy:
    """The number of months that were planned as one kind, and those of them that turned out otherwise."""

    planned: int
    turned: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {"planned": self.planned, "turned": len(self.turned), "months": list(self.turned)}


@dataclass(frozen=True, slots=True)
class History:
    """The accuracy of the plans of a line. Months whose release is not known are in no count, and are named."""

    since: str | None
    until: str
    hotpatches: PlanAccuracy
    recent: PlanAccuracy
    baselines: PlanAccuracy
    not_known: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The figures in words."""
        if self.since is None or not self.hotpatches.planned:
            return "No month that was planned as a hotpatch has come out yet, so history says nothing."
        turned = len(self.hotpatches.turned)
        text = f"{turned} of {self.hotpatches.planned} months planned as a hotpatch turned into a baseline since {self.since}"
        lately = f", {len(self.recent.turned)} of {self.recent.planned} in the last {RECENT_MONTHS} months"
        missing = f"; not counted, since the release is not known: {', '.join(self.not_known)}" if self.not_known else ""
        return f"{text}{lately}{missing}."

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "since": self.since,
            "until": self.until,
            "hotpatches": self.hotpatches.to_dict(),
            "hotpatches_last_12_months": self.recent.to_dict(),
            "baselines": self.baselines.to_dict(),
            "not_known": list(self.not_known),
            "text": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class PlannedMonth(PlainFields):
    """One month ahead. C(planned_kind) is None where hotpatches have ended by then."""

    month: str
    date: date
    planned_kind: Kind | None
    basis: str
    text: str

    @property
    def restart(self) -> str:
        """The expectation for a month: a planned hotpatch can still turn into a baseline, so it is never a firm no."""
        if self.planned_kind is Kind.BASELINE:
            return "planned"
        return "not_planned" if self.planned_kind is Kind.HOTPATCH else "ordinary_updates"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return PlainFields.to_dict(self) | {"restart": self.restart}


@dataclass(frozen=True, slots=True)
class Forecast:
    """The plan of one line after the current month, with its history."""

    line: str
    month: str
    history: History
    months: tuple[PlannedMonth, ...]

    @property
    def next_baselines(self) -> tuple[PlannedMonth, ...]:
        """The planned baselines among the months ahead, the nearest first."""
        return tuple(item for item in self.months if item.planned_kind is Kind.BASELINE)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "line": self.line,
            "after": self.month,
            "history": self.history.to_dict(),
            "months": [item.to_dict() for item in self.months],
            "next_baselines": [{"month": item.month, "date": item.date.isoformat()} for item in self.next_baselines],
        }


def forecast_line(catalog: Catalog, line: str, now: datetime) -> Forecast:
    """Return the forecast of LINE at NOW. Of what is released later only the plan is read."""
    view = catalog.view(line, now)
    history = _history(first_of_month(item for item in catalog.releases(line) if item.is_of_month), view)
    months: list[PlannedMonth] = []
    year, month = split_month(view.month)
    for _step in range(MONTHS_AHEAD):
        year, month = following(year, month)
        months.append(_ahead(view, history, year, month))
    return Forecast(line, view.month, history, tuple(months))


def _ahead(view: CatalogView, history: History, year: int, month: int) -> PlannedMonth:
    name, day = f"{year:04d}-{month:02d}", patch_tuesday(year, month).date()
    if view.hotpatch_ends is not None and day > view.hotpatch_ends:
        return PlannedMonth(name, day, None, "ended", f"hotpatches have ended by then ({view.hotpatch_ends})")
    planned, basis = view.planned_kind(name), "announced"
    if planned is None:
        planned, basis = forecast_by_cadence(view.line, name), "planned_cadence"
    return PlannedMonth(name, day, planned, basis, _worth(history, planned))


def _worth(history: History, planned: Kind) -> str:
    held = history.baselines if planned is Kind.BASELINE else history.hotpatches
    if not held.planned:
        return "no history"
    if planned is Kind.BASELINE:
        return f"{held.planned - len(held.turned)} of {held.planned} planned baselines came since {history.since}"
    return f"{len(held.turned)} of {held.planned} turned into a baseline since {history.since}"


def _history(monthly: dict[str, Release], view: CatalogView) -> History:
    known = sorted(
        (item for item in monthly.values() if item.available_at <= view.now and item.kind.value != "unknown"), key=lambda item: item.month
    )
    if not known:
        return History(None, view.month, _held((), Kind.HOTPATCH), _held((), Kind.HOTPATCH), _held((), Kind.BASELINE), ())
    since = known[0].month
    floor = month_after(view.month, 1 - RECENT_MONTHS)
    months = {item.month for item in known}
    return History(
        since=since,
        until=view.month,
        hotpatches=_held(known, Kind.HOTPATCH),
        recent=_held([item for item in known if item.month >= floor], Kind.HOTPATCH),
        baselines=_held(known, Kind.BASELINE),
        not_known=tuple(name for name in _months(since, view.month) if name not in months),
    )


def _held(releases: Sequence[Release], planned: Kind) -> PlanAccuracy:
    of_kind = [item for item in releases if item.planned_kind is planned]
    was_baseline = planned is Kind.BASELINE
    return PlanAccuracy(len(of_kind), tuple(item.month for item in of_kind if (item.kind in BASELINES) != was_baseline))


def _months(first: str, last: str) -> list[str]:
    found = [first]
    while found[-1] < last:
        found.append(month_after(found[-1]))
    return found
