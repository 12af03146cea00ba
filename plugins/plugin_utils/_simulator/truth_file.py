# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that keeps what is true of one simulated host: JSON, one file a host, replaced as a whole."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .._values.atomic_file import write_atomically
from .host.model import Installed, Truth
from .windows import packages

SCHEMA = "winops.hotpatch/truth/1"


class TruthError(Exception):
    """The file that holds a host's state cannot be used."""


def dump(truth: Truth) -> bytes:
    """The file's content: the same state always gives the same bytes."""
    found: dict[str, Any] = {"schema": SCHEMA, **asdict(truth)}
    found["installed"] = [asdict(entry) | {"in_force": entry.in_force} for entry in truth.installed]
    found["packages"] = packages.listed(truth)
    return (json.dumps(found, indent=1, sort_keys=True) + "\n").encode()


def load(path: Path) -> Truth | None:
    """The host's state, or None where it never appeared. A file that is not a truth file raises TruthError."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise TruthError(f"The state of the simulated host cannot be read: {error}. Check hotpatch_rehearsal_truth.") from error
    try:
        found = json.loads(text)
        if found.pop("schema") != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        found.pop("packages")
        for entry in found["installed"]:
            entry.pop("in_force")
        found["installed"] = [Installed(**entry) for entry in found["installed"]]
        return Truth(**found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TruthError(f"{path} is not a state of a simulated host ({error}). Remove it, and the host starts anew.") from error


@contextmanager
def locked(path: Path, *, make: bool) -> Iterator[None]:
    """Hold the states beside PATH for one call, from reading to writing. Where there is no folder yet, MAKE one, or hold nothing."""
    if not make and not path.parent.is_dir():
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise TruthError(f"The state of the simulated host cannot be written: {error}. Check hotpatch_rehearsal_truth.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def save(path: Path, truth: Truth) -> None:
    """Replaces the file as a whole, so that a controller that dies leaves the old state or the new one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, dump(truth))
    except OSError as error:
        raise TruthError(f"The state of the simulated host cannot be written: {error}. Check hotpatch_rehearsal_truth.") from error
