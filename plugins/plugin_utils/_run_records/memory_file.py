# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of a host beside its run records, for fleets on whose hosts nothing may be written.

It is asked as the payload is asked for the memory on the host, and answers as that does. Each document is a file of its own, with a number
in its name, that must not exist yet: of all processes that have read document 6, on any controller, one makes document 7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._values.atomic_file import create_atomically
from .._values.printable import clean
from .reading import UnreadableError, bytes_of
from .store import RecordsError, RunStore

# A record never has such a name: that of a run begins with no dot.
_NAME = re.compile(r"\.memory-([0-9]{10})\.json")
_LAST = 10**10 - 1
# So many documents are left in the folder. Whoever makes one whose number was used, and removed, long ago finds later ones.
_KEPT = 8
# So often another document is looked for where the newest was removed while it was opened.
_TRIES = 20


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """The memory of C(host) in the folder of C(store). With C(read_only), for check mode, nothing is written."""

    store: RunStore
    host: str
    read_only: bool = False

    def answer(self, asked: Mapping[str, Any], clock: str | None) -> dict[str, Any]:
        """Return what the payload would return for ASKED, its option C(memory). CLOCK is the time of the host. Raises nothing."""
        told: dict[str, Any] = {"document": None, "revision": "", "written": False, "writable": True, "clock": clock, "machine": {}}
        try:
            number, text = self._newest()
            document = asked.get("document")
            if isinstance(document, str) and asked.get("expect") == str(number) and not self.read_only:
                told["written"] = self._make(number + 1, document)
                number, text = self._newest()
        except (OSError, RecordsError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            return told | {"error": {"message": clean(f"{self.store.folder_of(self.host)}: {why}")}}
        return told | {"document": text, "revision": str(number)}

    def _newest(self) -> tuple[int, str | None]:
        """Return the newest document and its number, 0 where there is none; what cannot be read is an empty text. Raises OSError."""
        for _try in range(_TRIES):
            number = max(self._numbers(), default=0)
            if not number:
                return 0, None
            try:
                return number, bytes_of(self._path(number)).decode("utf-8", "replace")
            except FileNotFoundError:
                continue
            except UnreadableError:
                return number, ""
        raise OSError(f"the documents {self._path(number)} are removed again and again")

    def _numbers(self) -> list[int]:
        try:
            names = [path.name for path in self.store.folder_of(self.host).iterdir()]
        except FileNotFoundError:
            return []
        return [int(found[1]) for found in map(_NAME.fullmatch, names) if found]

    def _make(self, number: int, text: str) -> bool:
        """Make document NUMBER and return True, or False where it was there already. Raises OSError, RecordsError."""
        if number > _LAST:
            raise OSError("no number is left for another document; remove the files .memory-*.json")
        self.store.make_folder(self.host)
        path = self._path(number)
        # Never over another one, as with O_EXCL, and with its content already, on NFS as well.
        if not create_atomically(path, text.encode("ascii"), self.store.mode, always_whole=True):
            return False
        there = self._numbers()
        if max(there, default=number) >= number + _KEPT:
            path.unlink()
            return False
        for old in there:
            if old <= number - _KEPT:
                with suppress(OSError):
                    self._path(old).unlink()
        return True

    def _path(self, number: int) -> Path:
        return self.store.folder_of(self.host) / f".memory-{number:010d}.json"
