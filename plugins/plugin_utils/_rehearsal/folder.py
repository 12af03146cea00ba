# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder in which a rehearsal leaves its files, and which it empties before it begins."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .problems import RehearsalError

_MARKER = ".winops-hotpatch-rehearsal"
_FOLDERS = ("records", "truth", "calls", "runs", "logs")
_FILES = ("summary.json", "summary.txt", "report.html")


class Folder:
    """Paths of one rehearsal."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self.records, self.truth, self.calls, self.runs, self.logs = (self.root / name for name in _FOLDERS)
        self.summary_json, self.summary_text, self.report = (self.root / name for name in _FILES)

    def check(self) -> None:
        """Raise RehearsalError unless this folder can be used. Touches nothing."""
        text = str(self.root)
        if "{{" in text or "{%" in text:
            raise RehearsalError("out", text, "Name a folder without template marks.")
        if self.root.exists() and not self.root.is_dir():
            raise RehearsalError("out", text, "It is a file. Name a folder.")
        if self.root.is_dir() and not (self.root / _MARKER).is_file() and any(self.root.iterdir()):
            raise RehearsalError(
                "out",
                text,
                "The folder is not empty and was not made by a rehearsal, so nothing in it is removed. Name another or an empty one.",
            )
        nearest = next(path for path in (self.root, *self.root.parents) if path.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            raise RehearsalError("out", text, f"{nearest} cannot be written by this user. Name a folder that can.")

    def prepare(self) -> None:
        """Remove what an earlier rehearsal left here, nothing else, and make the folder ready."""
        self.check()
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / _MARKER).write_text(
            "Files of a rehearsal of winops.hotpatch; the next one into this folder removes them.\n", encoding="utf-8"
        )
        for name in _FOLDERS:
            path = self.root / name
            if path.is_symlink():
                path.unlink()
            elif path.exists():
                shutil.rmtree(path)
            path.mkdir()
        for name in _FILES:
            (self.root / name).unlink(missing_ok=True)
