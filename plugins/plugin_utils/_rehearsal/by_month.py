# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outcome of each host in each month: one row a host, one column a month."""

from __future__ import annotations

from typing import Any

from .._values.outcome import Outcome
from .results import Results
from .summary import boots_of
from .tables import Cell, Table

# Short words for a narrow column; a refusal is shown by its code.
_WORDS = {Outcome.NONE: "in force", Outcome.WAITING: "waits", Outcome.ROLLED_BACK: "rolled back"}


def by_month(results: Results) -> Table:
    """Return the table of hosts by months, for a page: it is too wide for a terminal."""
    months = sorted({str(run["month"]) for run in results.runs})
    restarts: dict[tuple[str, str], int] = {}
    for boot in boots_of(results):
        key = (boot.host, str(boot.run["month"]))
        restarts[key] = restarts.get(key, 0) + 1
    rows: list[tuple[Cell, ...]] = []
    for host in sorted(results.hosts, key=lambda name: (results.line(name), name)):
        cells = [_cell(results, host, month, restarts.get((host, month), 0)) for month in months]
        rows.append((host, *cells))
    return Table(
        "Hosts month by month",
        "What each run of the month came to, in order; a number behind an arrow counts the restarts of that month.",
        ("host", *months),
        rows,
    )


def _cell(results: Results, host: str, month: str, restarts: int) -> str:
    words: list[str] = []
    for run in results.runs:
        record = results.records.get((str(run["run_id"]), host))
        if str(run["month"]) == month and record is not None:
            words.append(_word_for(record))
    text = ", then ".join(dict.fromkeys(words)) or "no run"
    return f"{text} \u21bb{restarts}" if restarts else text


def _word_for(record: dict[str, Any]) -> str:
    outcome = Outcome(record["outcome"])
    decision = record.get("decision") or {}
    if outcome is Outcome.REFUSED:
        return str(decision.get("code") or outcome)
    if outcome is Outcome.INSTALLED:
        return str(decision.get("kb") or outcome)
    return _WORDS.get(outcome, outcome.value)
