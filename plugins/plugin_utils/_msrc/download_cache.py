# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents that were downloaded before, with the marks by which a server says whether they have changed."""

from __future__ import annotations

import hashlib
import json
from email.message import Message
from pathlib import Path

from .._values.atomic_file import write_atomically
from .problems import CvrfError


class CachedDownload:
    """The download of an earlier run from one URL, and the mark by which the server knows it. Without FOLDER there is none."""

    def __init__(self, url: str, folder: Path | None, *, keep: bool) -> None:
        name = hashlib.sha256(url.encode()).hexdigest()[:32]
        self._folder = folder
        self._keep = keep
        self._url = url
        self.body = (folder or Path()) / f"{name}.document"
        self._marks = (folder or Path()) / f"{name}.json"
        self._found = self._read() if folder else {}

    @property
    def is_sound(self) -> bool:
        """True if there is something that an answer of 304 can stand for."""
        return bool(self._found)

    def _read(self) -> dict[str, str]:
        """Return the marks, or nothing where they or the document are missing or damaged: then it is downloaded anew."""
        try:
            data = json.loads(self._marks.read_text(encoding="utf-8"))
            with self.body.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return {}
        if not isinstance(data, dict) or data.get("url") != self._url or data.get("sha256") != digest:
            return {}
        return {key: value for key, value in data.items() if isinstance(value, str)}

    def conditions(self) -> dict[str, str]:
        """Return the headers that ask the server to send the document only if it has changed."""
        names = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
        return {header: self._found[key] for key, header in names.items() if self._found.get(key)}

    def store(self, file: Path, headers: Message) -> None:
        """Keep FILE for the next run, if the server gave a mark to ask with."""
        marks = {"etag": headers.get("ETag", ""), "last_modified": headers.get("Last-Modified", "")}
        if self._folder is None or not self._keep or not any(marks.values()):
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            data = file.read_bytes()
            text = json.dumps({"url": self._url, "sha256": hashlib.sha256(data).hexdigest(), **marks}, indent=1, sort_keys=True)
            write_atomically(self.body, data)
            write_atomically(self._marks, text.encode())
        except OSError as error:
            raise CvrfError(
                f"cache {self._folder}", f"cannot be written: {error.strerror or error}", "Give a folder that can be written."
            ) from error
