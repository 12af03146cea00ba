# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of a document among each other: a KB means the same on each, and what one line lacks is not taken from another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._catalog.planned_cadence import kind_by_cadence
from .findings import finding

Entry = dict[str, Any]


def agree(month: str, releases: dict[str, list[Entry]]) -> list[Entry]:
    """Make the new entries of RELEASES (by line) agree on each KB, and return the findings on those that did not."""
    findings: list[Entry] = []
    new = [(line, entry) for line, entries in sorted(releases.items()) for entry in entries if "source" in entry]
    beside = {entry["lcu_kb"] for entries in releases.values() for entry in entries if entry.get("lcu_kb")}
    for kb in sorted({entry["kb"] for _line, entry in new}):
        rows = [(line, entry) for line, entry in new if entry["kb"] == kb]
        days = sorted({entry["released"] for _line, entry in rows})
        kinds = sorted({entry["kind"] for _line, entry in rows} - {"unknown"})
        if len(days) > 1:
            for _line, entry in rows:
                entry["released"] = days[-1]
            message = f"{kb} came out on {' and '.join(days)}, by the line"
            findings += _one_for_each(month, rows, "release_days_differ_between_lines", message, f"{days[-1]} is used on each line.")
        why = None
        if len(kinds) > 1:
            rule, why = "kinds_differ_between_lines", f"it is {' and '.join(kinds)}, by the line"
        elif kinds == ["baseline"] and kb in beside:
            rule, why = "lcu_of_another_line", "it is the baseline of one line and stands beside a hotpatch as the LCU on another"
        if why is not None:
            for _line, entry in rows:
                entry.update(kind="unknown", restart=None, note=f"The document does not settle the kind: {why}.")
                entry.pop("lcu_kb", None)
                entry.pop("lcu_build", None)
            decision = "Taken over as unknown. Write its kind into an overlay of your own once Microsoft's release notes say it."
            findings += _one_for_each(month, rows, rule, f"the document does not settle the kind of {kb}: {why}", decision)
    return findings


def missing_lines(month: str, named: set[str], lines: Iterable[str]) -> list[Entry]:
    """Return a finding for each of LINES that has a calendar for MONTH while the document has updates of the NAMED lines only."""
    return [
        finding(
            month,
            line,
            None,
            "line_without_product",
            f"the document lists updates of {', '.join(sorted(named))} and none of this line",
            "Nothing is taken over from another line, though lines may share their updates.",
        )
        for line in lines
        if named and line not in named and kind_by_cadence(line, month) is not None
    ]


def _one_for_each(month: str, rows: list[tuple[str, Entry]], rule: str, message: str, decision: str) -> list[Entry]:
    return [finding(month, line, entry["kb"], rule, message, decision) for line, entry in rows]
