# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of run records: one JSON file per host and run, written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._values.atomic_file import create_atomically, write_atomically
from .._values.file_mode import OWNER_ALONE, folder_mode
from .._values.outcome import Outcome
from .._values.printable import MESSAGE, clean
from .lasting import Job, doubt, mark
from .naming import safe_name
from .process import same_playbook
from .reading import RecordsError, UnreadableError, oddity, order_of, read_record

__all__ = ["HostRecords", "RecordsError", "RunStore"]


@dataclass(slots=True)
class HostRecords:
    """The records of one host that could be read, oldest first, and a sentence for each file that could not, or not all of it."""

    records: list[dict[str, Any]] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


class RunStore:
    """Run records below one folder of the controller: C(<root>/<host>/<run_id>.json).

    JOB is what this run is in, and ends with. MODE are the rights of new files.
    """

    def __init__(self, root: str | Path, job: Job | None = None, mode: int = OWNER_ALONE) -> None:
        self.job, self.mode = job, mode
        try:
            self.root = Path(root).expanduser()
        except RuntimeError as error:
            raise RecordsError(f"records: {str(root)!r} cannot be used: {error} Name an absolute path.") from error
        if not self.root.is_absolute():
            raise RecordsError(
                f"records: {str(root)!r} is a relative path, so each working directory would have records of its own, and a denial would be"
                " forgotten in the next one. Name an absolute path."
            )

    def check(self) -> None:
        """Raise RecordsError unless records can be written below the root. Creates nothing."""
        there = self.root
        try:
            while not there.exists() and there != there.parent:
                there = there.parent
            folder = there.is_dir()
        except (OSError, ValueError) as error:
            raise _unusable(self.root, error) from error
        if not folder:
            raise _unusable(self.root, f"{str(there)!r} is not a folder")
        if not os.access(there, os.W_OK | os.X_OK):
            raise RecordsError(f"records: {str(there)!r} cannot be written by this user. Name a folder that can be written.")

    def doubt(self) -> str | None:
        """Return the sentence on why nothing shows that the folder outlives the job or container of this run; None where something does."""
        return doubt(self.root, self.job)

    def check_host(self, host: str) -> None:
        """Raise RecordsError if the folder of HOST is there and cannot be listed. No record is read for that."""
        self._files(host)

    def path(self, host: str, run_id: str) -> Path:
        """Return the path of the record of HOST and RUN_ID."""
        return self.folder_of(host) / f"{safe_name(run_id)}.json"

    def folder_of(self, host: str) -> Path:
        """Return the folder of the files of HOST."""
        return self.root / safe_name(host)

    def claim(self, data: Mapping[str, Any]) -> str:
        """Take a name for the run of DATA, write DATA there as a run that is due, and return the name.

        It is the run's id, with a number behind it if another run has that name: records are never written over, and of two runs at
        the same time one gets the name. What the same ansible-playbook has left as due belongs to the same run and is taken over.
        """
        host, run_id = str(data["host"]), str(data["run_id"])
        self.make_folder(host)
        name, number = run_id, 1
        while not self._take(data, host, name):
            number += 1
            name = f"{run_id}-{number}"
        return name

    def write(self, data: Mapping[str, Any]) -> Path:
        """Write the run record DATA (it names its host and run_id) and return its path.

        The file is replaced as a whole, so a run that is cut off leaves the record of its last step, never half of one.
        Raises RecordsError.
        """
        path = self.path(str(data["host"]), str(data["run_id"]))
        self.make_folder(str(data["host"]))
        try:
            write_atomically(path, _text(data), mode=self.mode)
        except OSError as error:
            raise _unwritten(path, error) from error
        return path

    def of_host(self, host: str) -> HostRecords:
        """Return the run records of HOST, oldest first by their start. Raises RecordsError if their folder cannot be read."""
        found = HostRecords()
        for path in self._files(host):
            try:
                data = read_record(path)
            except FileNotFoundError:
                continue
            except UnreadableError as error:
                found.passed_over.append(clean(f"The run record {path} {error}, so it was passed over.", MESSAGE))
                continue
            if data["host"] != host:
                continue
            odd = oddity(data)
            if odd is not None:
                found.passed_over.append(clean(f"The run record {path} has no usable {odd}, so only the rest of it counts.", MESSAGE))
            found.records.append(data)
        found.records.sort(key=order_of)
        return found

    def _files(self, host: str) -> list[Path]:
        folder = self.folder_of(host)
        try:
            return sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.name.startswith("."))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unusable(folder, error) from error

    def make_folder(self, host: str) -> Path:
        """Make the folder of HOST, and the marker of a job in that of all; return it. Raises RecordsError."""
        folder = self.folder_of(host)
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            for path in (self.root, folder):
                self._make(path)
        except OSError as error:
            raise _unusable(folder, error) from error
        if self.job:
            mark(self.root, self.job, self.mode)
        return folder

    def _make(self, path: Path) -> None:
        try:
            path.mkdir(mode=OWNER_ALONE | 0o100)
        except FileExistsError:
            return
        path.chmod(folder_mode(self.mode))

    def _take(self, data: Mapping[str, Any], host: str, name: str) -> bool:
        path = self.path(host, name)
        try:
            made = create_atomically(path, _text({**data, "run_id": name, "outcome": Outcome.DUE.value}), self.mode)
        except PermissionError as error:
            raise _unusable(path, error) from error
        except OSError as error:
            raise _unwritten(path, error) from error
        return made or _is_own(path, data)


def _text(data: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(data, indent=1, sort_keys=True, ensure_ascii=True)}\n".encode("ascii")


def _is_own(path: Path, data: Mapping[str, Any]) -> bool:
    """Return True if the record in PATH says what is due in the run of DATA."""
    try:
        found = read_record(path)
    except (OSError, UnreadableError):
        return False
    due = found.get("outcome") == Outcome.DUE.value and found["host"] == data["host"]
    return due and same_playbook(found.get("controller"), data.get("controller"))


def _unusable(path: Path, why: object) -> RecordsError:
    return RecordsError(
        f"records: {str(path)!r} cannot be used for run records: {why}. Name a folder that can be written with hotpatch_records (option"
        " records), or give it to the user of this run."
    )


def _unwritten(path: Path, error: OSError) -> RecordsError:
    return RecordsError(
        f"records: {str(path)!r} could not be written on the controller: {error.strerror or error}. Make room there, or name another folder"
        " with hotpatch_records (option records), and run again: the next run looks at the host first."
    )
