# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary as text for a terminal."""

from __future__ import annotations

import re
from typing import Any

from ..engine.plain_text import UNPRINTABLE
from .folder import Folder
from .tables import Table, tables, totals

# Text of hosts must not move the cursor.
_UNPRINTABLE = re.compile(UNPRINTABLE)
_WIDEST = 100


def as_text(summary: dict[str, Any], states: list[dict[str, Any]], folder: Folder) -> str:
    """Return the whole summary, ending with where the files lie."""
    figures = totals(summary)
    parts = [
        f"Rehearsal {summary['from']} to {summary['to']}: {figures['hosts']} hosts, {figures['installed']} host-months installed,"
        f" {figures['refusals']} refusals, {figures['restarts_planned']} restarts planned,"
        f" {figures['restarts_not_allowed']} restarts not allowed."
    ]
    parts += [_table(table) for table in tables(summary, states)]
    parts.append(
        "\n".join(
            (
                "Results",
                f"  report.html   {folder.report}",
                f"  summary.json  {folder.summary_json}",
                f"  records       {folder.records}  (what the product did, one file per host and run)",
                f"  truth         {folder.truth}  (the simulated hosts' own files)",
                f"  logs          {folder.logs}  (the output of every run)",
            )
        )
    )
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> str:
    columns = table.columns[:-1] if table.last_is_sentence else table.columns
    rows = [tuple(_clean(cell) for cell in row[: len(columns)]) for row in table.rows]
    if not rows:
        return f"{table.title}\n  none"
    widths = [max(len(row[index]) for row in [columns, *rows]) for index in range(len(columns))]
    numbers = [all(isinstance(row[index], int) for row in table.rows) for index in range(len(columns))]
    lines = [
        table.title,
        f"  {table.note}",
        _line(columns, widths, numbers),
        _line(tuple("-" * width for width in widths), widths, numbers),
    ]
    return "\n".join(lines + [_line(row, widths, numbers) for row in rows])


def _line(cells: tuple[str, ...], widths: list[int], numbers: list[bool]) -> str:
    shown = [cell.rjust(width) if number else cell.ljust(width) for cell, width, number in zip(cells, widths, numbers, strict=True)]
    return f"  {'  '.join(shown)}".rstrip()


def _clean(cell: object) -> str:
    text = _UNPRINTABLE.sub("?", str(cell))
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."
