# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answer of a host on its memory, read: what it remembers, whether it can be written, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .._values.moments import read_moment
from .._values.printable import clean
from .memory import Memory, NewerMemoryError, NotAMemoryError, is_of, read_memory

_WORD = 120


@dataclass(frozen=True, slots=True)
class Found:
    """The memory of a host as it answered.

    C(revision) is what a later write has to find, C(written) whether this call has written. C(clock) is the time of the host.
    C(unusable) says why it cannot be written, C(put_aside) why what was there is not believed and will be written over.
    """

    memory: Memory = field(default_factory=Memory)
    revision: str = ""
    written: bool = False
    clock: datetime | None = None
    unusable: str | None = None
    put_aside: str | None = None


def read_answer(answer: object) -> Found:
    """Return what ANSWER, the memory as the payload returns it, says. Whatever it is, nothing is raised."""
    if not isinstance(answer, Mapping):
        return Found(unusable="the host gave no answer about its memory")
    machine = answer.get("machine")
    machine = {str(key): value for key, value in machine.items() if isinstance(value, str)} if isinstance(machine, Mapping) else {}
    revision = answer.get("revision")
    found = Found(
        memory=Memory(machine=machine),
        revision=clean(revision, _WORD) if isinstance(revision, str) else "",
        written=answer.get("written") is True,
        clock=read_moment(answer.get("clock")) if isinstance(answer.get("clock"), str) else None,
        unusable=_unusable(answer),
    )
    text = answer.get("document")
    if not isinstance(text, str):
        return found
    try:
        memory = read_memory(text)
    except NewerMemoryError as error:
        return replace(found, unusable=f"it is of schema {error}, which a later release of this collection has written")
    except NotAMemoryError as error:
        return replace(found, put_aside=str(error))
    if not is_of(memory, machine):
        return replace(found, put_aside="it is that of another machine, from which this one was cloned or restored")
    return replace(found, memory=replace(memory, machine={**memory.machine, **machine}))


def _unusable(answer: Mapping[str, Any]) -> str | None:
    error = answer.get("error")
    if isinstance(error, Mapping):
        return clean(" ".join(str(error[name]) for name in ("hresult", "message") if error.get(name))) or "the host gave no reason"
    if answer.get("writable") is not True:
        return "the account of this run is not an administrator of the host"
    return None
