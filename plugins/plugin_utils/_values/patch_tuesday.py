# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The beginning of a month of updates: the second Tuesday at 10:00 in Los Angeles.

Computed by the rule that the United States have used since 2007, because systems without a time zone database are common.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

_RELEASE_HOUR = 10
_TUESDAY = 1
_SUNDAY = 6


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _los_angeles_hours_behind(day: date) -> int:
    """Return the hours Los Angeles is behind UTC at 10:00 on DAY: daylight time runs from 2nd Sunday of March to 1st of November."""
    begins = _nth_weekday(day.year, 3, _SUNDAY, 2)
    ends = _nth_weekday(day.year, 11, _SUNDAY, 1)
    return 7 if begins <= day < ends else 8


@lru_cache(maxsize=1024)
def release_time(day: date) -> datetime:
    """Return the moment (UTC) from which something released on DAY counts as released."""
    return datetime.combine(day, time(_RELEASE_HOUR), UTC) + timedelta(hours=_los_angeles_hours_behind(day))


@lru_cache(maxsize=1024)
def patch_tuesday(year: int, month: int) -> datetime:
    """Return the moment (UTC) at which the updates of this month come out."""
    return release_time(_nth_weekday(year, month, _TUESDAY, 2))


def month_of(day: date) -> str:
    """Return DAY's month as C(YYYY-MM)."""
    return f"{day.year:04d}-{day.month:02d}"


def split_month(month: str) -> tuple[int, int]:
    """Return the year and the month of C(YYYY-MM)."""
    return int(month[:4]), int(month[5:7])


def following(year: int, month: int, step: int = 1) -> tuple[int, int]:
    """Return the year and month STEP months later (or earlier)."""
    index = year * 12 + month - 1 + step
    return index // 12, index % 12 + 1


def month_after(month: str, step: int = 1) -> str:
    """Return the month STEP months after MONTH (before it, where STEP is negative), both as C(YYYY-MM)."""
    return "{:04d}-{:02d}".format(*following(*split_month(month), step))


def current_month(now: datetime) -> str:
    """Return the month of the latest Patch Tuesday that is not after NOW."""
    year, month = now.year, now.month
    if patch_tuesday(year, month) > now:
        year, month = following(year, month, -1)
    return f"{year:04d}-{month:02d}"


def next_patch_tuesday(now: datetime) -> datetime:
    """Return the first Patch Tuesday after NOW."""
    year, month = now.year, now.month
    if patch_tuesday(year, month) <= now:
        year, month = following(year, month)
    return patch_tuesday(year, month)
