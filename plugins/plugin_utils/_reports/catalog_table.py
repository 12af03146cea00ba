# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalog, its forecast and its changes as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from .._catalog.catalog_diff import Change
from .._catalog.forecast import Forecast
from .._catalog.months import Month, ReleaseRow
from .._catalog.sources import SourceAge
from .._values.printable import as_cell
from .._values.text_table import table_lines

_COLUMNS = ("month", "date", "line", "planned", "was", "KB", "build", "restart", "LCU beside it", "remarks")


def catalog_lines(
    sources: Sequence[SourceAge],
    stale: Sequence[str],
    months: Sequence[Month],
    forecasts: Sequence[Forecast],
    changes: Sequence[Change] | None,
    *,
    origin: bool = False,
) -> list[str]:
    """Return the whole table: sources, months, forecast, and changes where two catalogs were compared."""
    lines = ["Release data", *(f"  {line}" for line in _sources(sources))]
    lines += [f"  {line}: made before the latest Patch Tuesday, so it cannot know that month. Update the catalog." for line in stale]
    lines += ["", "Months", *(f"  {line}" for line in table_lines(_COLUMNS, _rows(months)))]
    if origin:
        lines += ["", "Values and where they came from", *(f"  {line}" for line in _origins(months))]
    lines += ["", "Forecast: the plan, and how such plans have held. The kind of a month is known on its release day."]
    for forecast in forecasts:
        lines += [f"  {line}" for line in _forecast(forecast)]
    if changes is not None:
        lines += ["", "Changes", *(f"  {line}" for line in change_lines(changes))]
    return lines


def change_lines(changes: Sequence[Change]) -> list[str]:
    """Return one line a change."""
    return [as_cell(item.text, 240) for item in changes] or ["none"]


def _sources(sources: Sequence[SourceAge]) -> list[str]:
    rows = [(item.line, item.generated, _age(item.age_days), item.source, ", ".join(item.documents)) for item in sources]
    return table_lines(("line", "data of", "age", "from", "documents"), rows)


def _age(days: int) -> str:
    return "newer" if days < 0 else f"{days} day{'' if days == 1 else 's'}"


def _rows(months: Sequence[Month]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for month in sorted(months, key=lambda item: (item.month, item.line)):
        if month.entry is None:
            rows.append((month.month, month.date, month.line, month.planned_kind, "not known", None, None, None, None, None))
        else:
            rows.append(_row(month, month.entry, month.planned_kind))
        rows += [_row(month, item, None) for item in month.others]
    return rows


def _row(month: Month, entry: ReleaseRow, planned: str | None) -> tuple[object, ...]:
    release = entry.release
    restart: bool | None = release.restart
    beside = f"{release.lcu_kb} ({release.lcu_build})" if release.lcu_kb else None
    remarks = [*release.marks]
    if release.kind.value == "unknown":
        remarks.append("kind not settled")
    if release.confidence != "documented":
        remarks.append(release.confidence)
    shown = "not known" if restart is None else "yes" if restart else "no"
    return (
        month.month, release.released, month.line, planned, release.kind.value, release.kb, release.build, shown, beside, "; ".join(remarks)
    )  # fmt: skip


def _origins(months: Sequence[Month]) -> list[str]:
    rows: list[tuple[object, ...]] = []
    for month in sorted(months, key=lambda item: (item.month, item.line)):
        for entry in filter(None, (month.entry, *month.others)):
            values = entry.to_dict() | {"disputed_build": entry.release.disputed_build}
            rows += [
                (month.line, month.month, entry.release.kb, field, path, _shown(values.get(field)))
                for field, path in sorted(entry.origin.items())
                if field in values and values[field] not in (None, [], "")
            ]
    return table_lines(("line", "month", "KB", "field", "from", "value"), rows)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _forecast(forecast: Forecast) -> list[str]:
    rows = [
        (item.month, item.date, item.planned_kind.value if item.planned_kind else None, item.basis, item.text) for item in forecast.months
    ]
    found = [f"{forecast.line}: {forecast.history.sentence}"]
    if forecast.next_baselines:
        found.append(f"  next planned baselines: {', '.join(f'{item.date}' for item in forecast.next_baselines)}")
    return found + [f"  {line}" for line in table_lines(("month", "date", "planned", "by", "history"), rows)]
