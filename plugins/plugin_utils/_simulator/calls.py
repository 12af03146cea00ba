# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of what was sent to a host: one JSON line a call. It is not part of the host's truth."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

_TAIL = 4096


def next_number(log: Path, now: str) -> int:
    """Calls are counted from one again whenever the fleet's date has moved."""
    last = _last(log)
    return int(last["n"]) + 1 if last and last.get("now") == now else 1


def append(log: Path, entry: dict[str, Any]) -> None:
    """Adds one line in one write, so that a reader never sees half of it."""
    entry = {**entry, "wall": round(time.time(), 3)}
    data = (json.dumps(entry, sort_keys=True) + "\n").encode()
    try:
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except FileNotFoundError:
        log.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def _last(log: Path) -> dict[str, Any] | None:
    try:
        with log.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - _TAIL))
            lines = stream.read().splitlines()
    except FileNotFoundError:
        return None
    for line in reversed(lines):
        try:
            found = json.loads(line)
        except ValueError:  # a line that was cut off when the controller died
            continue
        if isinstance(found, dict):
            return found
    return None
