# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the memory on the host: one text, read with every observation, compared by its digest and written as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ..faults.active import Faults
from ..faults.fault import Fault, MemoryProblem
from ..faults.memory import DENIED
from ..host import times
from ..host.model import HostDescription, Truth

LIMIT = 65536
_LIMIT_HASHED = 1 << 20
_TOO_LARGE = "It has {0} bytes, and a memory has at most {1}."
_NO_TEXT = "Unable to translate a character of the text to UTF-8."


class Memory:
    """The memory of one host, asked once."""

    def __init__(self, truth: Truth, description: HostDescription, faults: Faults, check_mode: bool) -> None:
        self._truth, self._administrator, self._faults, self._check_mode = truth, description.administrator, faults, check_mode
        self._skew = sum(fault.skew() for fault in faults.active()) / 60

    def run(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Write what is GIVEN if the memory is still the one expected, and return what is there then."""
        text = given.get("document")
        text = None if text is None or self._check_mode else str(text)
        problem = self._problem(writes=text is not None)
        written = False
        if text is not None and problem is None:
            written, problem = self._write(text, str(given.get("expect") or ""))
        found = self._found()
        data = b"" if found is None else found.encode()
        readable = problem is None or problem.readable
        if readable and len(data) > LIMIT:
            problem = problem or MemoryProblem("0x800700DF", _TOO_LARGE.format(len(data), LIMIT))
        return {
            "document": found if readable and len(data) <= LIMIT else None,
            "revision": _revision(found) if readable else "",
            "written": written,
            "writable": self._administrator and (problem is None or problem.writable),
            "error": problem and {"hresult": problem.hresult, "message": problem.message},
            "machine": dict(self._truth.machine),
            "clock": times.later(self._truth.clock, self._skew),
        }

    def _problem(self, *, writes: bool) -> MemoryProblem | None:
        # Another account may see that there is a memory, and no more.
        if not self._administrator and (writes or self._found() is not None):
            return DENIED
        found = (fault.memory_problem() for fault in self._faults.active())
        return next((problem for problem in found if problem and (writes or problem.reading)), None)

    def _write(self, text: str, expected: str) -> tuple[bool, MemoryProblem | None]:
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            return False, MemoryProblem("0x80070057", _NO_TEXT)
        if size > LIMIT:
            return False, MemoryProblem("0x800700DF", _TOO_LARGE.format(size, LIMIT))
        if _revision(self._found()) != expected:
            return False, None
        for fault in self._garbage():
            self._faults.met(fault)
        self._truth.memory = text
        return True, None

    def _found(self) -> str | None:
        texts = (fault.memory_text() for fault in self._garbage())
        return next(texts, self._truth.memory)

    def _garbage(self) -> list[Fault]:
        return [fault for fault in self._faults.active() if fault.memory_text() is not None]


def _revision(text: str | None) -> str:
    if text is None:
        return ""
    data = text.encode()
    return sha256(data).hexdigest() if len(data) <= _LIMIT_HASHED else "too-large"
