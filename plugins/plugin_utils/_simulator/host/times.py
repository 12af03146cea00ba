# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times of the rehearsal: UTC, whole seconds, and the hour at which Microsoft publishes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def parse(text: str) -> datetime:
    """A date-time such as 2026-06-09T18:00:00Z, or a date, which means 18:00 UTC of that day. ValueError otherwise."""
    if _DATE.match(text):
        text += "T18:00:00Z"
    if not _DATE_TIME.match(text):
        raise ValueError(text)
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def show(moment: datetime) -> str:
    """The one written form of a time."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def later(text: str, minutes: float) -> str:
    """The written time so many minutes after the written time given."""
    return show(parse(text) + timedelta(minutes=minutes))


def filetime(text: str) -> int:
    """Windows' count of 100 nanoseconds since 1601, which is how the restart action asks for the boot time."""
    return int((parse(text) - _FILETIME_EPOCH).total_seconds()) * 10_000_000


def published_at(day: str) -> datetime:
    """Return the time from which a release of that day is on offer: 10:00 in Redmond, 17:00 UTC in summer and 18:00 in winter.

    The rule of the United States since 2007 is written out, because a controller may have no time zone data.
    """
    date = parse(f"{day}T00:00:00Z")
    summer_begins = _sunday(date.year, 3, 2)
    summer_ends = _sunday(date.year, 11, 1)
    return date + timedelta(hours=17 if summer_begins <= date < summer_ends else 18)


def _sunday(year: int, month: int, count: int) -> datetime:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (count - 1))
