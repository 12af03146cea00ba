# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of values as lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from .printable import as_cell

DASH = "-"
WIDEST = 120


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[object]], *, widest: int = WIDEST, ruled: bool = False) -> list[str]:
    """Return COLUMNS and ROWS as lines whose cells stand below one another, none wider than WIDEST characters.

    A cell of None or nothing is a dash. A column of numbers alone is set to the right. RULED puts a line of dashes below the heads.
    """
    cells = [tuple(as_cell(DASH if cell is None or cell == "" else cell, widest) for cell in row) for row in rows]
    widths = [max(len(row[index]) for row in [tuple(columns), *cells]) for index in range(len(columns))]
    numbers = [bool(rows) and all(_is_number(row[index]) for row in rows) for index in range(len(columns))]
    rule = [tuple("-" * width for width in widths)] if ruled else []
    return [_line(row, widths, numbers) for row in [tuple(columns), *rule, *cells]]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _line(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[bool]) -> str:
    set_ = [cell.rjust(width) if number else cell.ljust(width) for cell, width, number in zip(cells, widths, numbers, strict=True)]
    return "  ".join(set_).rstrip()
