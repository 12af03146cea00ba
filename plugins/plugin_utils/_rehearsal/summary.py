# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The year in figures. Restarts and installations are read from the simulated hosts' own files, never from what the product says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .._catalog.catalog import Catalog
from .._catalog.release import LINES, Kind, Release
from .._values.outcome import Outcome
from .results import Results

SCHEMA = "winops.hotpatch/rehearsal_summary/1"
NO_LINE = "none"


@dataclass(slots=True)
class Row:
    """One product line in one month. What came out of band in that month is counted with it."""

    month: str
    line: str
    release: Release | None
    planned: str | None
    hosts: set[str]
    installed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    restarts_planned: int = 0
    restarts_not_allowed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the row as it stands in the summary."""
        release = self.release
        return {
            "line": self.line,
            "planned_kind": self.planned,
            "kind": release.kind.value if release else None,
            "kb": release.kb if release else None,
            "build": str(release.build) if release else None,
            "hosts": len(self.hosts),
            "installed": len(self.installed),
            "refused": len(self.refused),
            "waiting": len(self.waiting),
            "restarts_planned": self.restarts_planned,
            "restarts_not_allowed": self.restarts_not_allowed,
        }


@dataclass(frozen=True, slots=True)
class Boot:
    """One restart of a simulated host, and the run in whose time it fell."""

    host: str
    at: str
    requested_by: str
    run: dict[str, Any]


def summarize(results: Results, catalog: Catalog) -> dict[str, Any]:
    """Return the content of summary.json."""
    rows = _Rows(results, catalog)
    for run in results.runs:
        for host in run["hosts"]:
            rows.count_record(run, host)
    for host, truth in results.truth.items():
        rows.count_installed(host, truth)
    boots = list(boots_of(results))
    for boot in boots:
        rows.count_boot(boot)
    months = sorted({str(run["month"]) for run in results.runs})
    codes = Counter(code for record in results.records.values() if (code := _refusal(record)))
    per_host = Counter(boot.host for boot in boots)
    return {
        "schema": SCHEMA,
        "from": months[0] if months else None,
        "to": months[-1] if months else None,
        "hosts": len(results.hosts),
        "months": [{"month": month, "rows": [row.to_dict() for row in rows.of_month(month)]} for month in months],
        "refusals": dict(sorted(codes.items(), key=lambda item: (-item[1], item[0]))),
        "restarts_per_host": {host: per_host[host] for host in results.hosts},
    }


def restarts_not_allowed(results: Results, catalog: Catalog) -> list[dict[str, str]]:
    """Return every restart that no run allowed: its host, time, run, restart policy of the run, and who asked for it."""
    rows = _Rows(results, catalog)
    return [
        {
            "host": boot.host,
            "at": boot.at,
            "run_id": str(boot.run["run_id"]),
            "restart_policy": str(boot.run["restart_policy"]),
            "requested_by": boot.requested_by,
        }
        for boot in boots_of(results)
        if rows.allows(boot) is False
    ]


def final_states(results: Results) -> list[dict[str, Any]]:
    """Return the final state of each host: line, state, KB, build and restarts; by line, then by name."""
    newest: dict[str, dict[str, Any]] = {}
    for record in sorted(results.records.values(), key=_when):
        newest[str(record["host"])] = record
    boots = Counter(boot.host for boot in boots_of(results))
    rows = []
    for host in results.hosts:
        record = newest.get(host) or {}
        seen = record.get("after") or record.get("before") or {}
        in_force = seen.get("in_force") or {}
        state = "unreachable" if record and Outcome(record["outcome"]).out_of_reach else seen.get("state") or "unknown"
        rows.append(
            {
                "host": host,
                "line": results.line(host),
                "state": state,
                "kb": in_force.get("release_kb"),
                "build": in_force.get("build") or results.truth.get(host, {}).get("build"),
                "restarts": boots[host],
                "summary": seen.get("summary") or "",
            }
        )
    return sorted(rows, key=lambda row: (_line_order(str(row["line"])), str(row["host"])))


class _Rows:
    def __init__(self, results: Results, catalog: Catalog) -> None:
        self._results = results
        self._catalog = catalog
        self._rows: dict[tuple[str, str], Row] = {}
        self._hosts: dict[str, set[str]] = {}
        for host in results.hosts:
            self._hosts.setdefault(results.line(host), set()).add(host)
        for run in results.runs:
            for line in self._hosts:
                self._row(str(run["month"]), line)

    def of_month(self, month: str) -> list[Row]:
        """Return the rows of MONTH. Hosts of no product line have none unless one of them restarted: nothing else can happen to them."""
        rows = [row for row in self._rows.values() if row.month == month]
        shown = [row for row in rows if row.line != NO_LINE or row.restarts_planned or row.restarts_not_allowed]
        return sorted(shown, key=lambda row: _line_order(row.line))

    def count_record(self, run: dict[str, Any], host: str) -> None:
        """Count what the product's record says of HOST in RUN."""
        record = self._results.records.get((str(run["run_id"]), host))
        if record is None:
            return
        row = self._row(str(run["month"]), self._results.line(host))
        if record["outcome"] == Outcome.REFUSED:
            row.refused.add(host)
        elif record["outcome"] == Outcome.WAITING:
            row.waiting.add(host)

    def count_installed(self, host: str, truth: dict[str, Any]) -> None:
        """Count the releases that HOST got during the rehearsal and has in force, or had until a newer one came."""
        begin = str(self._results.runs[0]["now"]) if self._results.runs else ""
        got = {str(entry["kb"]) for entry in truth["installed"] if str(entry["at"]) >= begin and entry["state"] != "InstallPending"}
        for row in self._rows.values():
            if host in row.hosts and any(item.kb in got for item in self._releases(row.line) if item.month == row.month and item.on_track):
                row.installed.add(host)

    def count_boot(self, boot: Boot) -> None:
        """Count a restart as planned or not allowed. What the inventory makes happen by itself is neither."""
        allowed = self.allows(boot)
        row = self._row(str(boot.run["month"]), self._results.line(boot.host))
        row.restarts_planned += allowed is True
        row.restarts_not_allowed += allowed is False

    def allows(self, boot: Boot) -> bool | None:
        """Return True if BOOT was allowed, None if the inventory made it happen by itself."""
        if boot.requested_by in ("event", "power"):
            return None
        row = self._row(str(boot.run["month"]), self._results.line(boot.host))
        return boot.requested_by == "controller" and self._allowed(boot, row)

    def _allowed(self, boot: Boot, row: Row) -> bool:
        policy = boot.run["restart_policy"]
        if policy == "allowed":
            return boot.host in boot.run["hosts"]
        if policy != "planned" or boot.host not in boot.run["hosts"]:
            return False
        return row.planned == Kind.BASELINE.value

    def _row(self, month: str, line: str) -> Row:
        if (month, line) not in self._rows:
            monthly = next((item for item in self._releases(line) if item.month == month and item.is_monthly), None)
            self._rows[month, line] = Row(month, line, monthly, self._planned(month, line), self._hosts.get(line, set()))
        return self._rows[month, line]

    def _planned(self, month: str, line: str) -> str | None:
        """Return the planned kind of the month, for one without a release as it was announced."""
        data = self._catalog.lines.get(line)
        planned = {item.month: item.planned_kind for item in data.announced} if data else {}
        planned |= {item.month: item.planned_kind for item in self._releases(line) if item.is_monthly and item.planned_kind}
        return planned[month].value if month in planned else None

    def _releases(self, line: str) -> tuple[Release, ...]:
        return self._catalog.releases(line) if line in self._catalog.lines else ()


def boots_of(results: Results) -> Iterator[Boot]:
    """Yield every restart from the first run on, with the last run that had begun by then."""
    for host, truth in sorted(results.truth.items()):
        for boot in truth["boots"]:
            begun = [run for run in results.runs if str(run["now"]) <= str(boot["at"])]
            if begun and boot["requested_by"] != "setup":
                yield Boot(host, str(boot["at"]), str(boot["requested_by"]), begun[-1])


def _when(record: dict[str, Any]) -> tuple[str, str]:
    """A rollback begins with the run that called it and ends later."""
    return str(record["started_at"]), str(record.get("finished_at") or "")


def _refusal(record: dict[str, Any]) -> str | None:
    decision = record.get("decision") or {}
    return str(decision["code"]) if decision.get("action") == "refuse" and record["outcome"] == Outcome.REFUSED else None


def _line_order(line: str) -> tuple[int, str]:
    return (list(LINES).index(line) if line in LINES else len(LINES), line)
