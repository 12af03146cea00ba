# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of run records: one JSON file per host and run, written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .._values.atomic_file import write_atomically
from .._values.outcome import Outcome
from .._values.printable import MESSAGE, clean
from .naming import safe_name


class RecordsError(ValueError):
    """The folder of run records cannot be used; the message says which path, why, and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(clean(text, MESSAGE))


class RunStore:
    """Run records below one folder of the controller: C(<root>/<host>/<run_id>.json)."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).expanduser()

    def check(self) -> None:
        """Raise RecordsError unless records can be written below the root. Creates the root, nothing else."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise RecordsError(
                f"records: {str(self.root)!r} cannot be used as a folder of run records: {error}. Name a folder that can be written."
            ) from error
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise RecordsError(f"records: {str(self.root)!r} cannot be written by this user. Name a folder that can be written.")

    def path(self, host: str, run_id: str) -> Path:
        """Return the path of the record of HOST and RUN_ID."""
        return self.root / safe_name(host) / f"{safe_name(run_id)}.json"

    def claim(self, host: str, run_id: str) -> str:
        """Return RUN_ID, with a number behind it if a record of that name has been closed: records are never written over.

        A record that only says what is due belongs to the same run and is replaced by what came of it.
        """
        name, number = run_id, 1
        while (found := self._load(self.path(host, name))) is not None and found.get("outcome") != Outcome.DUE:
            number += 1
            name = f"{run_id}-{number}"
        return name

    def write(self, data: dict[str, Any]) -> Path:
        """Write the run record DATA (it names its host and run_id) and return its path.

        The file is replaced as a whole, so a run that is cut off leaves the record of its last step, never half of one.
        """
        path = self.path(str(data["host"]), str(data["run_id"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=True)
        write_atomically(path, f"{text}\n".encode("ascii"))
        return path

    def of_host(self, host: str) -> Iterator[dict[str, Any]]:
        """Yield the readable run records of HOST, oldest first by their start."""
        folder = self.root / safe_name(host)
        found: list[tuple[str, dict[str, Any]]] = []
        for path in folder.glob("*.json"):
            data = self._load(path)
            if data is not None and data.get("host") == host:
                found.append((str(data.get("started_at", "")), data))
        found.sort(key=lambda item: item[0])
        for _started, data in found:
            yield data

    @staticmethod
    def _load(path: Path) -> dict[str, Any] | None:
        """Return the record in PATH, or None where there is none. A damaged one must not stop a run: it says nothing."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}
