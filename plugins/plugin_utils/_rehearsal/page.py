# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary as one page that needs nothing but a browser."""

from __future__ import annotations

from html import escape
from typing import Any

from .tables import Table, tables, totals

_STYLE = """
:root {
  color-scheme: light dark;
  --line: #d4d8dd; --soft: #f3f5f7; --ink: #1b2126; --dim: #5c6670; --good: #1a7f37; --bad: #c62828; --warn: #9a6700;
}
@media (prefers-color-scheme: dark) {
  :root { --line: #3a424a; --soft: #20262c; --ink: #e6eaee; --dim: #9aa5b0; --good: #4ac26b; --bad: #ff7b72; --warn: #d4a72c; }
}
body { font: 15px/1.45 system-ui, "Segoe UI", sans-serif; color: var(--ink); max-width: 96rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .2rem; }
p { color: var(--dim); margin: .2rem 0 .7rem; }
.figures { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.2rem 0; }
.figure { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem 1rem; min-width: 7rem; }
.figure b { display: block; font-size: 1.6rem; }
.figure span { color: var(--dim); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
th { background: var(--soft); position: sticky; top: 0; }
td:last-child, .wide td.warn { white-space: normal; }
th.number, td.number { text-align: right; }
tr.first td { border-top: 2px solid var(--dim); }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
.warn { color: var(--warn); }
"""
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
    figures = totals(summary)
    title = f"Rehearsal {summary['from']} to {summary['to']}"
    boxes = "".join(_figure(label, figures[name], name == "restarts_not_allowed") for name, label in _LABELS.items())
    body = "".join(_section(table) for table in [*tables(summary, states), months])
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        "<p>A simulated fleet, run by the product month by month on the real release data.</p>\n"
        f'<div class="figures">{boxes}</div>\n{body}</body>\n</html>\n'
    )


def _figure(label: str, value: int, must_be_zero: bool) -> str:
    mark = f' class="{"bad" if value else "good"}"' if must_be_zero else ""
    return f'<div class="figure"><b{mark}>{value}</b><span>{escape(label)}</span></div>'


def _section(table: Table) -> str:
    head = "".join(f"<th{_number(table, index)}>{escape(name)}</th>" for index, name in enumerate(table.columns))
    rows: list[str] = []
    previous: object = None
    for row in table.rows:
        first = ' class="first"' if table.columns[0] == "month" and row[0] != previous else ""
        previous = row[0]
        cells = "".join(f"<td{_mark(table, index, cell)}>{escape(str(cell))}</td>" for index, cell in enumerate(row))
        rows.append(f"<tr{first}>{cells}</tr>\n")
    content = "".join(rows) or f'<tr><td colspan="{len(table.columns)}">none</td></tr>\n'
    return (
        f"<h2>{escape(table.title)}</h2>\n<p>{escape(table.note)}</p>\n"
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{content}</tbody>\n</table></div>\n'
    )


def _number(table: Table, index: int) -> str:
    return ' class="number"' if table.rows and all(isinstance(row[index], int) for row in table.rows) else ""


def _mark(table: Table, index: int, cell: object) -> str:
    column = table.columns[index]
    if column == "not allowed" and cell:
        return ' class="number bad"'
    if column == "state":
        return f' class="{"good" if cell in _GOOD else "bad" if cell in _BAD else "warn"}"'
    if column[:2] == "20" and "month_turned_baseline" in str(cell):
        return ' class="warn"'
    if column == "was" and cell == "unplanned_baseline":
        return ' class="warn"'
    return _number(table, index)
