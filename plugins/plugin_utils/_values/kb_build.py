# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KB numbers and Windows builds as values that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KB = re.compile(r"KB[0-9]{6,8}")
_KB_LOOSE = re.compile(r"^\s*(?:KB)?\s*(\d{6,8})\s*$", re.IGNORECASE)
_KB_INSIDE = re.compile(r"\bKB\s?(\d{6,8})\b", re.IGNORECASE)
_BUILD = re.compile(r"([0-9]{5})\.([0-9]{1,6})")


def is_kb(text: object) -> bool:
    """Tell whether TEXT is a KB number in its one spelling, C(KB) and six to eight digits."""
    return isinstance(text, str) and _KB.fullmatch(text) is not None


def normalise_kb(text: object) -> str | None:
    """Return TEXT (C(KB5094125), C(kb5094125), C(5094125)) as C(KB5094125), or None when it names no KB."""
    match = _KB_LOOSE.match(text) if isinstance(text, str) else None
    return f"KB{match.group(1)}" if match else None


def kbs_inside(text: str | None) -> tuple[str, ...]:
    """Return the KB numbers that a title names."""
    return tuple(f"KB{digits}" for digits in _KB_INSIDE.findall(text or ""))


@dataclass(frozen=True, slots=True, order=True)
class Build:
    """A Windows build such as C(26100.32995): the base build and the revision (UBR)."""

    base: int
    revision: int

    def __str__(self) -> str:
        return f"{self.base}.{self.revision}"

    @classmethod
    def parse(cls, text: object) -> Build:
        """Return the build that TEXT names; raise ValueError when it names none."""
        match = _BUILD.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"{text!r} is not a build such as 26100.32995")
        return cls(int(match.group(1)), int(match.group(2)))
