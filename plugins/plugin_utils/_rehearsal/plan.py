# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runs of a rehearsed range of months, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from .._catalog.catalog import Catalog
from .._values.moments import is_day, read_moment, utc_text
from .._values.names import is_month
from .._values.patch_tuesday import current_month, month_after, month_of, patch_tuesday, split_month
from .problems import RehearsalError

MAX_MONTHS = 36
# Two or three hours after Microsoft publishes, summer or winter.
_HOUR = time(20, tzinfo=UTC)
_LATER = timedelta(days=5)
_WINDOW = (timedelta(hours=-2), timedelta(hours=4))


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of the cycle. With C(follows), only for the hosts that the run of that name left over."""

    run_id: str
    month: str
    title: str
    now: str
    restart_policy: str
    follows: str | None = None
    windows: tuple[dict[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the run as plain data."""
        return {**asdict(self), "windows": list(self.windows)}


def plan_runs(first: object, last: object, extra_days: object, catalog: Catalog) -> list[Run]:
    """Return all runs of the months FIRST to LAST (C(YYYY-MM)), with one more on each of EXTRA_DAYS that lies among them."""
    months = _months(first, last, catalog)
    extras = _extras(extra_days)
    runs: list[Run] = []
    for position, month in enumerate(months, 1):
        place = f"{position}/{len(months)} {month}"
        day = release_day(month, catalog)
        moments = [(datetime.combine(day, _HOUR), "release")]
        moments += [(moment, "extra") for moment in extras if current_month(moment) == month and moment.date() != day]
        moments.append((datetime.combine(day, _HOUR) + _LATER, "window"))
        for number, (moment, what) in enumerate(sorted(moments), 1):
            runs.append(_run(f"{month}-{number}", f"{month}-1", month, place, moment, what))
    return runs


def release_day(month: str, catalog: Catalog) -> date:
    """Return the day on which the updates of MONTH were out for every line; Patch Tuesday where the catalog lacks the month."""
    days = [
        release.released for line in catalog.lines for release in catalog.releases(line) if release.month == month and release.is_monthly
    ]
    return max(days) if days else patch_tuesday(*split_month(month)).date()


def _run(run_id: str, first_id: str, month: str, place: str, moment: datetime, what: str) -> Run:
    now = utc_text(moment)
    if what == "window":
        begin, end = (utc_text(moment + shift) for shift in _WINDOW)
        title = f"{place} window {moment:%Y-%m-%d}, policy allowed, for those left over"
        return Run(run_id, month, title, now, "allowed", follows=first_id, windows=({"from": begin, "to": end},))
    name = "release day" if what == "release" else "extra day"
    return Run(run_id, month, f"{place} {name} {moment:%Y-%m-%d}, policy planned", now, "planned")


def _months(first: object, last: object, catalog: Catalog) -> list[str]:
    for variable, value in (("from", first), ("to", last)):
        if not is_month(value):
            raise RehearsalError(variable, value, "Write a month like 2025-10.")
    begin, end = str(first), str(last)
    known = sorted({release.month for line in catalog.lines for release in catalog.releases(line)})
    if begin < known[0]:
        raise RehearsalError("from", begin, f"The release data begin in {known[0]}. Name that month or a later one.")
    latest = max(known[-1], month_of(catalog.generated))
    if end > latest:
        raise RehearsalError(
            "to",
            end,
            f"The release data were made on {catalog.generated} and say nothing of a later month. Name {latest} or an earlier one.",
        )
    if end < begin:
        raise RehearsalError("to", end, f"It lies before hotpatch_rehearsal_from, which is {begin}. Swap the two, or name a later month.")
    months = [begin]
    while months[-1] < end:
        months.append(month_after(months[-1]))
    if len(months) > MAX_MONTHS:
        raise RehearsalError("to", end, f"{begin} to {end} are {len(months)} months. Rehearse {MAX_MONTHS} months at most in one go.")
    return months


def _extras(days: object) -> list[datetime]:
    if isinstance(days, str) or not isinstance(days, Sequence):
        raise RehearsalError("extra_days", days, "Write a list of days, such as [2025-10-24], or an empty one.")
    return [datetime.combine(_day(day), _HOUR) for day in _unique(days)]


def _unique(days: Iterable[object]) -> list[str]:
    return sorted({str(day) for day in days})


def _day(text: str) -> date:
    moment = read_moment(text) if is_day(text) else None
    if moment is None:
        raise RehearsalError("extra_days", text, "Write each day like 2025-10-24.")
    return moment.date()
