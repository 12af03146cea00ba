# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All run records below a folder, for those who look at a fleet."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._values.printable import clean
from .run_record import SCHEMA
from .store import RecordsError


@dataclass(slots=True)
class AllRecords:
    """The records that could be read, and for each host of which one could not be read, which file and why."""

    records: list[dict[str, Any]] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)


def read_all(root: str) -> AllRecords:
    """Return the run records below the folder ROOT. Raises RecordsError where there is no such folder or nothing in it."""
    folder = Path(root).expanduser()
    remedy = "Name the folder that winops.hotpatch.assess writes with hotpatch_records."
    if not folder.is_dir():
        raise RecordsError(f"records: {str(folder)!r} is not a folder. {remedy}")
    found = AllRecords()
    for host in sorted(item for item in folder.iterdir() if item.is_dir()):
        _read_host(host, found)
    if not found.records and not found.unreadable:
        raise RecordsError(f"records: {str(folder)!r} holds no run record. {remedy}")
    return found


def _read_host(folder: Path, found: AllRecords) -> None:
    names: set[str] = set()
    broken: str | None = None
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("host"), str):
                raise ValueError(f"is not a run record of schema {SCHEMA}")
        except (OSError, ValueError, RecursionError) as error:
            broken = clean(f"{path}: {error}")
            continue
        names.add(data["host"])
        found.records.append(data)
    if broken is not None:
        # Which of a host's records is the newest cannot be told when one cannot be read.
        found.unreadable |= dict.fromkeys(names or {folder.name}, broken)
