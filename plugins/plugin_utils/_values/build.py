# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows builds as values that can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

BUILD = re.compile(r"([0-9]{5})\.([0-9]{1,6})")


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
        match = BUILD.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"{text!r} is not a build such as 26100.32995")
        return cls(int(match.group(1)), int(match.group(2)))
