# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same tables for the text and for the page: headings and rows of plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._decision.refusals import TEXTS, Refusal

Cell = str | int
_DASH = "-"


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, a sentence on how to read it, columns and rows."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    # Sentences stand on the page, where there is room for them.
    last_is_sentence: bool = False


def tables(summary: dict[str, Any], states: list[dict[str, Any]]) -> list[Table]:
    """Return all tables of a rehearsal, in the order in which they are shown."""
    return [_months(summary), _refusals(summary), _restarts(summary), _states(states)]


def totals(summary: dict[str, Any]) -> dict[str, int]:
    """Return the figures of the first sentence."""
    rows = [row for month in summary["months"] for row in month["rows"]]
    return {
        "hosts": summary["hosts"],
        "months": len(summary["months"]),
        "installed": sum(row["installed"] for row in rows),
        "refusals": sum(summary["refusals"].values()),
        "restarts_planned": sum(row["restarts_planned"] for row in rows),
        "restarts_not_allowed": sum(row["restarts_not_allowed"] for row in rows),
    }


def _months(summary: dict[str, Any]) -> Table:
    rows = [_month_row(str(month["month"]), row) for month in summary["months"] for row in month["rows"]]
    return Table(
        "Months and product lines",
        "Hosts refused or waiting at least once in the month; many of them are installed later in it. Installations and restarts are"
        " read from the simulated hosts' own files.",
        ("month", "line", "planned", "was", "KB", "build", "hosts", "installed", "refused", "waiting", "restarts planned", "not allowed"),
        rows,
    )


def _month_row(month: str, row: dict[str, Any]) -> tuple[Cell, ...]:
    names = tuple(row[key] or _DASH for key in ("line", "planned_kind", "kind", "kb", "build"))
    counts = tuple(row[key] for key in ("hosts", "installed", "refused", "waiting", "restarts_planned", "restarts_not_allowed"))
    return (month, *names, *counts)


def _refusals(summary: dict[str, Any]) -> Table:
    rows: list[tuple[Cell, ...]] = [(code, count, _meaning(code)) for code, count in summary["refusals"].items()]
    return Table("Refusals", "One for each run in which a host was refused.", ("code", "count", "meaning"), rows)


def _meaning(code: str) -> str:
    return TEXTS[Refusal(code)].title if code in set(Refusal) else _DASH


def _restarts(summary: dict[str, Any]) -> Table:
    lcus = len(summary["months"])
    rows: list[tuple[Cell, ...]] = [
        (host, count, lcus) for host, count in sorted(summary["restarts_per_host"].items(), key=lambda item: (-item[1], item[0]))
    ]
    return Table(
        "Restarts per host",
        f"All restarts of the range, also those that happened by themselves, against the {lcus} of ordinary monthly updates.",
        ("host", "restarts", "with ordinary updates"),
        rows,
    )


def _states(states: list[dict[str, Any]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (row["host"], row["line"], row["state"], row["kb"] or _DASH, row["build"] or _DASH, row["restarts"], row["summary"])
        for row in states
    ]
    return Table(
        "Hosts at the end",
        "As the last run that looked at the host left it.",
        ("host", "line", "state", "KB", "build", "restarts", "in a sentence"),
        rows,
        last_is_sentence=True,
    )
