# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of the memory on the host: it cannot be read or written, or something else stands in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..host import values
from .fault import Fault, MemoryProblem

# The text of these errors in the payload, and in Windows.
DENIED = MemoryProblem(
    "0x80070005",
    "access denied: run the task as an administrator, or with become, become_method runas, become_user SYSTEM",
    readable=False,
    writable=False,
)
_LOCKED = "The process cannot access the file because it is being used by another process."
_CORRUPT = "The file or directory is corrupted and unreadable."


class MemoryUnwritable(Fault):
    """The account may not write the memory, which can still be read."""

    name = "memory_unwritable"

    def memory_problem(self) -> MemoryProblem:
        return MemoryProblem(DENIED.hresult, DENIED.message, writable=False)


class MemoryLocked(Fault):
    """Another process holds the lock of the memory for longer than a write waits."""

    name = "memory_locked"

    def memory_problem(self) -> MemoryProblem:
        return MemoryProblem("0x80070020", _LOCKED, reading=False)


class MemoryUnreadable(Fault):
    """The memory is there and cannot be read."""

    name = "memory_unreadable"

    def memory_problem(self) -> MemoryProblem:
        return MemoryProblem("0x80070570", _CORRUPT, readable=False)


class MemoryGarbage(Fault):
    """Another text stands in the place of the memory, until somebody writes."""

    name = "memory_garbage"
    keys: ClassVar[Mapping[str, values.Check]] = {"text": values.text}
    required = ("text",)
    times = 1

    def memory_text(self) -> str:
        return str(self.given["text"])
