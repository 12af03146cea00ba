# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._values.printable import clean
from .._values.text_table import table_lines
from .folder import Folder
from .tables import Table, tables, totals

_WIDEST = 100
# So many restarts are named in a sentence.
_NAMED = 10


def in_words(restarts: Sequence[Mapping[str, str]]) -> str:
    """Return a sentence about RESTARTS that no run allowed, of which there is at least one."""
    named = ", ".join(
        f"{clean(boot['host'])} at {clean(boot['at'])} (run {clean(boot['run_id'])}, restart policy {clean(boot['restart_policy'])})"
        for boot in restarts[:_NAMED]
    )
    more = f" and {len(restarts) - _NAMED} more" if len(restarts) > _NAMED else ""
    count = "1 restart was" if len(restarts) == 1 else f"{len(restarts)} restarts were"
    return f"{count} not allowed: {named}{more}. Read the log and the run record of that run."


def as_text(summary: dict[str, Any], states: list[dict[str, Any]], folder: Folder, not_allowed: Sequence[Mapping[str, str]] = ()) -> str:
    """Return the whole summary, ending with where the files lie. NOT_ALLOWED are the restarts that no run allowed."""
    figures = totals(summary)
    parts = [
        f"Rehearsal {summary['from']} to {summary['to']}: {figures['hosts']} hosts, {figures['installed']} host-months installed,"
        f" {figures['refusals']} refusals, {figures['restarts_planned']} restarts planned,"
        f" {figures['restarts_not_allowed']} restarts not allowed."
    ]
    parts += [in_words(not_allowed)] if not_allowed else []
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
    rows = [row[: len(columns)] for row in table.rows]
    if not rows:
        return f"{table.title}\n  none"
    lines = [table.note, *table_lines(columns, rows, widest=_WIDEST, ruled=True)]
    return "\n".join([table.title, *(f"  {line}".rstrip() for line in lines)])
