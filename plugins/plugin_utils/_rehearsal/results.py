# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of a rehearsal: the runs made, the records of the product, and the simulated hosts' own files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._values.outcome import Outcome
from .folder import Folder

# A host that was restarted for something else has the month's update still before it.
_STILL_DUE = ("baseline_due", "hotpatch_due")


@dataclass(frozen=True, slots=True)
class Results:
    """Everything read once. Records are keyed by run and host; a rollback's own record is beside that of its run."""

    runs: list[dict[str, Any]]
    records: dict[tuple[str, str], dict[str, Any]]
    truth: dict[str, dict[str, Any]]

    @property
    def hosts(self) -> list[str]:
        """All hosts that any run was for, sorted."""
        return sorted({host for run in self.runs for host in run["hosts"]})

    def line(self, host: str) -> str:
        """The product line of HOST, C(none) for a host of no line or one that was never reached."""
        return str(self.truth.get(host, {}).get("line") or "none")


def read_results(folder: Folder) -> Results:
    """Read all files of FOLDER."""
    runs = sorted((_load(path) for path in folder.runs.glob("*.run.json")), key=lambda run: str(run["now"]))
    records = {}
    for record in _records(folder.records):
        records[str(record["run_id"]), str(record["host"])] = record
    truth = {str(data["host"]): data for data in (_load(path) for path in sorted(folder.truth.glob("*.json")))}
    return Results(runs, records, truth)


def records_of_run(folder: Folder, run_id: str) -> dict[str, dict[str, Any]]:
    """Return the records of one run by host, without reading those of other runs."""
    found = (_load(path) for path in folder.records.glob(f"*/{run_id}.json"))
    return {str(record["host"]): record for record in found}


def left_over(hosts: list[str], records: dict[str, dict[str, Any]]) -> list[str]:
    """Return those of HOSTS that a window is made for: refused because the month had turned, lost, failed or not done."""
    return [host for host in hosts if host not in records or _is_left_over(records[host])]


def _is_left_over(record: dict[str, Any]) -> bool:
    outcome = Outcome(record["outcome"])
    if outcome is Outcome.RESTARTED and (record.get("after") or {}).get("state") in _STILL_DUE:
        return True
    return outcome.leaves_work or (record.get("decision") or {}).get("code") == "month_turned_baseline"


def _records(root: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(root.glob("*/*.json")):
        yield _load(path)


def _load(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError(f"{path} holds no mapping")
    return data
