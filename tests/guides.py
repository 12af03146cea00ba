# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the guides in docs/docsite/rst for tests: their code blocks and tables. Needs nothing but Python, as the matrix has nothing else."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "docs" / "docsite" / "rst"
_BLOCK = re.compile(r"^\.\. code-block:: (\S+)\n\n((?:(?:   .*)?\n)+)", re.MULTILINE)
_TABLE = re.compile(r"^\.\. list-table::\n(?:   :.*\n)+\n((?:(?:   .*)?\n)+)", re.MULTILINE)


def read_guide(name: str) -> str:
    """Return the text of the guide NAME, given without its ending."""
    return (GUIDES / f"{name}.rst").read_text(encoding="utf-8") + "\n"


def code_blocks(text: str, language: str) -> list[str]:
    """Return the text of each code block in LANGUAGE, without the indentation; raise AssertionError if a block was missed."""
    found = _BLOCK.findall(text)
    assert len(found) == text.count(".. code-block::"), "a code block of the guide is written in another way"
    return [textwrap.dedent(block).strip("\n") + "\n" for marked, block in found if marked == language]


def table_rows(text: str) -> list[tuple[str, ...]]:
    """Return the rows of every table, their cells on one line each, header rows included."""
    found = _TABLE.findall(text)
    assert len(found) == text.count(".. list-table::"), "a table of the guide is written in another way"
    rows = [row for table in found for row in re.split(r"^   \* - ", table, flags=re.MULTILINE)[1:]]
    return [tuple(" ".join(cell.split()) for cell in re.split(r"^     -(?: |$)", row, flags=re.MULTILINE)) for row in rows]
