# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading one file of a run record, whatever lies there: it neither hangs nor ends a run."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._values.moments import read_moment
from .._values.outcome import Outcome
from .._values.printable import MESSAGE, clean

SCHEMA = "winops.hotpatch/run/1"
# A record has some 100 kB at most.
LARGEST = 8 * 1024 * 1024
_ALWAYS = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


class RecordsError(ValueError):
    """The folder of run records cannot be used; the message says which path, why, and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(clean(text, MESSAGE))


class UnreadableError(ValueError):
    """A file is no run record that can be read; the message says why, without the name of the file."""


def read_record(path: Path) -> dict[str, Any]:
    """Return the run record in PATH. Raises FileNotFoundError where there is none, UnreadableError for anything that is not one."""
    try:
        data = json.loads(bytes_of(path))
    except FileNotFoundError:
        raise
    except RecursionError as error:
        raise UnreadableError("is nested too deeply") from error
    except (OSError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableError(clean(_reason(error))) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("host"), str):
        raise UnreadableError(f"is not a run record of schema {SCHEMA}")
    return data


def oddity(data: Mapping[str, Any]) -> str | None:
    """Return the name of a key of the record DATA with a value that no run writes, or None."""
    exposure = data.get("exposure")
    odd = {
        "run_id": not isinstance(data.get("run_id"), str),
        "started_at": read_moment(data.get("started_at")) is None,
        "finished_at": data.get("finished_at") is not None and read_moment(data["finished_at"]) is None,
        "outcome": Outcome.read(data.get("outcome")) is None,
        "decision": not isinstance(data.get("decision"), dict | None),
        "exposure": not isinstance(exposure, dict | None),
        "exposure.kbs": isinstance(exposure, dict) and not _texts(exposure.get("kbs")),
        "denied": not _denials(data.get("denied", [])),
    }
    return next((name for name, wrong in odd.items() if wrong), None)


def order_of(data: Mapping[str, Any]) -> tuple[datetime, datetime, str]:
    """Return the place of the record DATA among those of its host. Runs as of one moment differ in their end, which an open one lacks."""
    started, finished = read_moment(data.get("started_at")), read_moment(data.get("finished_at"))
    return started or _ALWAYS, finished or _NEVER, str(data.get("run_id"))


def is_open(data: Mapping[str, Any]) -> bool:
    """Return True if the record DATA is that of a run that is at work, or was cut off before it could close it."""
    return data.get("outcome") == Outcome.INTERRUPTED and data.get("finished_at") is None


def bytes_of(path: Path) -> bytes:
    """Return the content of PATH, an ordinary file of a size that a record can have. Raises OSError, UnreadableError where it is none."""
    # A pipe would wait for ever, a device never end: what it is is asked before it is opened, and again of what was opened.
    _must_be_a_record(path.lstat())
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        _must_be_a_record(os.fstat(handle))
        return file.read(LARGEST)


def _must_be_a_record(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableError("is not an ordinary file")
    if found.st_size > LARGEST:
        raise UnreadableError(f"has {found.st_size} bytes, more than any record")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return str(error) if isinstance(error, UnreadableError) else f"cannot be read: {error}"


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _denials(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and isinstance(item.get("kb"), str) for item in value)
