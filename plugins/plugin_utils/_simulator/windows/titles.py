# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of updates in Windows Update: title, identifier, categories, size."""

from __future__ import annotations

import uuid

_LONG = {
    "ws2022_azure": "Microsoft server operating system version 21H2",
    "ws2025": "Microsoft server operating system version 24H2",
    "win11_24h2": "Windows 11 Version 24H2",
    "win11_25h2": "Windows 11, version 25H2",
}
_PRODUCT = {
    "ws2022_azure": "Microsoft Server operating system-21H2",
    "ws2025": "Microsoft Server Operating System-24H2",
    "win11_24h2": "Windows 11",
    "win11_25h2": "Windows 11",
}


def title(line: str, architecture: str, month: str, kb: str, build: str) -> str:
    """The short form that Windows Update shows since autumn 2025, the long one for older months.

    Neither form says that an update is a hotpatch: whether Windows Update ever does was not seen on a live host.
    """
    if month >= "2025-10":
        return f"{month} Security Update ({kb}) ({build})"
    machine = "arm64" if architecture == "arm64" else "x64"
    return f"{month} Cumulative Update for {_LONG[line]} for {machine}-based Systems ({kb})"


def update_id(line: str, kb: str) -> str:
    """The same update has the same identifier on every host of its line."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"winops.hotpatch/rehearsal/{line}/{kb}"))


def categories(line: str, hotpatch: bool) -> list[str]:
    """Only Windows Server 2022 hotpatches are known to have a category of their own."""
    found = ["Security Updates", _PRODUCT[line]]
    if hotpatch and line == "ws2022_azure":
        found.append("Server 2022 Hotpatch Category")
    return found


def size(kb: str, hotpatch: bool) -> int:
    """A plausible download size that is always the same for the same update."""
    part = int(kb[2:]) % 97
    return (120 + part) * 1_000_000 if hotpatch else (1_100 + 3 * part) * 1_000_000
