# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The product line of each product of a document. Azure Edition and hotpatching have no product of their own."""

from __future__ import annotations

import re

from .._catalog.release import LINES
from .._values.build import Build

# MSRC writes "for ARM64-based Systems" and "for ARM systems" for the same product. "Windows Server 2022, 23H2 Edition" is another
# system with another build and must not match.
_NAMES = {
    "ws2022_azure": re.compile(r"^Windows Server 2022(?: Datacenter: Azure Edition)?(?: \(Server Core installation\))?$", re.IGNORECASE),
    "ws2025": re.compile(r"^Windows Server 2025(?: \(Server Core installation\))?$", re.IGNORECASE),
    "win11_24h2": re.compile(r"^Windows 11 version 24H2 for (?:ARM64-based|x64-based|ARM|x64) systems$", re.IGNORECASE),
    "win11_25h2": re.compile(r"^Windows 11 version 25H2 for (?:ARM64-based|x64-based|ARM|x64) systems$", re.IGNORECASE),
}
_FIXED = re.compile(r"^10\.0\.(\d{5})\.(\d{1,6})$")


def line_of(name: str) -> str | None:
    """Return the product line that the product NAME belongs to."""
    text = " ".join(name.split())
    return next((line for line, pattern in _NAMES.items() if pattern.match(text)), None)


def is_wanted(name: str) -> bool:
    """Return True if the product NAME belongs to a product line."""
    return line_of(name) is not None


def fixed_build(line: str, text: str) -> Build | None:
    """Return the build in a C(FixedBuild) such as C(10.0.26100.32995), or None when it is not one of LINE."""
    match = _FIXED.match(text)
    if match is None or int(match.group(1)) != LINES[line]:
        return None
    return Build(int(match.group(1)), int(match.group(2)))
