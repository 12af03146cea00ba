# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All run records below a folder, for those who look at a fleet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._values.printable import clean
from .reading import RecordsError, UnreadableError, read_record


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
    try:
        hosts = sorted(item for item in folder.iterdir() if item.is_dir())
    except OSError as error:
        raise RecordsError(f"records: {str(folder)!r} cannot be read: {error.strerror or error}. {remedy}") from error
    for host in hosts:
        _read_host(host, found)
    if not found.records and not found.unreadable:
        raise RecordsError(f"records: {str(folder)!r} holds no run record. {remedy}")
    return found


def _read_host(folder: Path, found: AllRecords) -> None:
    names: set[str] = set()
    broken: str | None = None
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.name.startswith("."))
    except OSError as error:
        files, broken = [], clean(f"{folder}: cannot be read: {error.strerror or error}")
    for path in files:
        try:
            data = read_record(path)
        except (OSError, UnreadableError) as error:
            broken = clean(f"{path}: {error}")
            continue
        names.add(data["host"])
        found.records.append(data)
    if broken is not None:
        # Which of a host's records is the newest cannot be told when one cannot be read.
        found.unreadable |= dict.fromkeys(names or {folder.name}, broken)
