# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of words as lines of text, for a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .plain_text import UNPRINTABLE

# Text of files and hosts must not move the cursor.
_UNPRINTABLE = re.compile(UNPRINTABLE)
DASH = "-"
WIDEST = 120


def clean(text: object, widest: int = WIDEST) -> str:
    """Return TEXT without characters that could move the cursor, and no longer than WIDEST."""
    shown = _UNPRINTABLE.sub("?", str(text))
    return shown if len(shown) <= widest else f"{shown[: widest - 3]}..."


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return COLUMNS and ROWS as lines whose cells stand below one another; a cell of None or nothing is a dash."""
    cells = [tuple(clean(DASH if cell is None or cell == "" else cell) for cell in row) for row in rows]
    widths = [max(len(row[index]) for row in [tuple(columns), *cells]) for index in range(len(columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [tuple(columns), *cells]]
