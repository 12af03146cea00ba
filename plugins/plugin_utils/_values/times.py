# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dates and times as options and observations write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")


def iso(moment: datetime | None) -> str | None:
    """Return MOMENT (UTC) as C(YYYY-MM-DDTHH:MM:SSZ)."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_moment(value: object, *, end_of_day: bool = False) -> datetime | None:
    """Return the UTC moment that VALUE names, or None. A date alone means its first moment, or with END_OF_DAY its last."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        day = value
    elif isinstance(value, str):
        text = value.strip()
        try:
            if not _DAY.match(text):
                moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00"))
                return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            day = date.fromisoformat(text)
        except (ValueError, OverflowError):
            return None
    else:
        return None
    start = datetime.combine(day, time(), UTC)
    try:
        return start + timedelta(days=1) if end_of_day else start
    except OverflowError:
        return None
