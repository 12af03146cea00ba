# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The release data, read plainly: the product has a catalog for it, and this is not to share its mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).resolve().parents[2] / "plugins" / "plugin_utils" / "data" / "releases"
LINES = ("ws2025", "ws2022_azure", "win11_24h2", "win11_25h2")
BASELINES = ("baseline", "unplanned_baseline")
ON_TRACK = (*BASELINES, "hotpatch", "oob_hotpatch")


@dataclass(frozen=True)
class Release:
    """One entry of the data of a line."""

    month: str
    released: date
    kind: str
    planned_kind: str | None
    kb: str
    restart: bool


@cache
def releases(line: str) -> tuple[Release, ...]:
    """Return all releases of LINE in order of their date, and the ordinary cumulative updates of its hotpatch months."""
    data = yaml.safe_load((DATA / f"{line}.yml").read_text(encoding="utf-8"))
    found = []
    for entry in data["releases"]:
        day = date.fromisoformat(entry["released"])
        found.append(Release(entry["month"], day, entry["kind"], entry.get("planned_kind"), entry["kb"], bool(entry["restart"])))
        if entry.get("lcu_kb"):
            found.append(Release(entry["month"], day, "lcu", None, entry["lcu_kb"], True))
    return tuple(sorted(found, key=lambda release: release.released))


def release_of(line: str, kb: str) -> Release | None:
    return next((release for release in releases(line) if release.kb == kb), None)


def on_track_before(line: str, moment: datetime) -> list[Release]:
    """Return the releases of the track that are older than the day of MOMENT, the newest last."""
    return [release for release in releases(line) if release.kind in ON_TRACK and release.released < moment.date()]


def planned_baseline_month(line: str, moment: datetime) -> bool | None:
    """Return whether the month of MOMENT was planned as a baseline when it began; None within a day of the next one, or without data."""
    months = {release.month: release for release in releases(line) if release.planned_kind}
    last = None
    for month in sorted(months):
        begins = second_tuesday(int(month[:4]), int(month[5:]))
        if abs(moment - begins) < timedelta(days=2):
            return None
        if begins <= moment:
            last = months[month]
    if last is None or moment.date() - last.released > timedelta(days=36):
        return None
    return last.planned_kind == "baseline"


def next_planned_baseline(line: str, moment: datetime) -> datetime:
    """Return the day of the next baseline of the quarter after MOMENT, whether or not it has come yet."""
    known = [second_tuesday(year, month) for year in range(2025, 2028) for month in (1, 4, 7, 10)]
    return next(day for day in known if day > moment)


def second_tuesday(year: int, month: int) -> datetime:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first + timedelta(days=(1 - first.weekday()) % 7 + 7)
