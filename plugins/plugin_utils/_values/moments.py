# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moments in UTC as options, observations and records write them: read in one place, written in one form.

A bare date (C(2026-06-09), in any form of ISO 8601) stands for the whole day: what begins on it begins at 00:00 UTC, what ends on it, or is
as of it, includes it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A run is for a moment within these years; calendars are not worked out beyond.
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Longer than any form of a moment; what is longer is not looked at.
_LONGEST = 40
# The length of a date; what is longer has a time.
_LONGEST_DAY = 10


def iso(moment: datetime | None) -> str | None:
    """Return MOMENT as C(YYYY-MM-DDTHH:MM:SSZ), None for None."""
    return None if moment is None else utc_text(moment)


def utc_text(moment: datetime) -> str:
    """Return MOMENT (with a time zone) as C(YYYY-MM-DDTHH:MM:SSZ)."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def is_day(text: object) -> bool:
    """Return True if TEXT has the form of a bare date as this collection writes it; there may be no such day."""
    return isinstance(text, str) and DAY.fullmatch(text) is not None


def read_day(value: object) -> date | None:
    """Return the day that VALUE names: a date, or one in any form of ISO 8601 (C(2026-06-14), C(20260614), C(2026-W24-7)); else None."""
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    if not isinstance(value, str) or len(value) > _LONGEST or len(value.strip()) > _LONGEST_DAY:
        return None
    try:
        return date.fromisoformat(value.strip().upper())
    except ValueError:
        return None


def read_moment(value: object, *, end_of_day: bool = False) -> datetime | None:
    """Return the UTC moment that VALUE (a date, a date-time or ISO 8601 text) names, or None where it names none.

    A moment without a time zone is in UTC. A bare date means 00:00 of the day, or with END_OF_DAY 00:00 of the next one.
    """
    try:
        if isinstance(value, datetime):
            return _in_utc(value)
        day = read_day(value)
        if day is not None:
            return datetime.combine(day, time(), UTC) + timedelta(days=1 if end_of_day else 0)
        if isinstance(value, str) and len(value) <= _LONGEST:
            return _in_utc(datetime.fromisoformat(value.strip().upper()))
    except (ValueError, OverflowError):
        pass
    return None


def is_near(moment: datetime) -> bool:
    """Return True if MOMENT is one that a run can be for."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day_text(moment: date | datetime | None) -> str | None:
    """Return the day of MOMENT as C(YYYY-MM-DD), None without one."""
    return f"{moment:%Y-%m-%d}" if moment else None
