# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary as one page that needs nothing but a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from .tables import Table, tables, totals

_TEMPLATE = Path(__file__).resolve().parent.parent / "data" / "rehearsal_page.html.j2"
_GOOD = {"current", "current_lcu"}
_BAD = {"failed", "rolled_back", "enroll_stuck", "degraded", "unreachable"}
_LABELS = {
    "hosts": "hosts",
    "months": "months",
    "installed": "host-months installed",
    "refusals": "refusals",
    "restarts_planned": "restarts planned",
    "restarts_not_allowed": "restarts not allowed",
}


def as_page(summary: dict[str, Any], states: list[dict[str, Any]], months: Table) -> str:
    """Return the page. Every value in it is escaped, since hosts and inventories may say anything."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        title=f"Rehearsal {summary['from']} to {summary['to']}",
        figures=list(_figures(totals(summary))),
        tables=[_shape(table) for table in [*tables(summary, states), months]],
    )


def _figures(found: dict[str, int]) -> Iterator[dict[str, Any]]:
    for name, label in _LABELS.items():
        value = found[name]
        yield {"label": label, "value": value, "css": ("bad" if value else "good") if name == "restarts_not_allowed" else ""}


def _shape(table: Table) -> dict[str, Any]:
    """Return TABLE as the template takes it: each cell with its text and its class of CSS."""
    rows: list[dict[str, Any]] = []
    previous: object = None
    for row in table.rows:
        cells = [{"text": str(cell), "css": _css(table, index, cell)} for index, cell in enumerate(row)]
        rows.append({"css": "first" if table.columns[0] == "month" and row[0] != previous else "", "cells": cells})
        previous = row[0]
    head = [{"text": name, "css": _number(table, index)} for index, name in enumerate(table.columns)]
    return {"title": table.title, "note": table.note, "head": head, "rows": rows}


def _number(table: Table, index: int) -> str:
    return "number" if table.rows and all(isinstance(row[index], int) for row in table.rows) else ""


def _css(table: Table, index: int, cell: object) -> str:
    column = table.columns[index]
    if column == "not allowed" and cell:
        return "number bad"
    if column == "state":
        return "good" if cell in _GOOD else "bad" if cell in _BAD else "warn"
    if column[:2] == "20" and "month_turned_baseline" in str(cell):
        return "warn"
    if column == "was" and cell == "unplanned_baseline":
        return "warn"
    return _number(table, index)
