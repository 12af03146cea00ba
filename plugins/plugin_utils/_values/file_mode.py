# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rights of files, as an operator writes them."""

from __future__ import annotations

import re

# Their owner reads and writes them, and who is neither owner nor of the group writes nothing.
_MODE = re.compile(r"0?6[0-7][0145]")
EXPECTED = "Write it in octal and in quotes, like '0640': the owner reads and writes, and nobody outside the group writes."
OWNER_ALONE = 0o600


def read_mode(value: object) -> int | None:
    """Return the rights that VALUE, a text such as C(0640), means; None for anything else, and for rights that are too few or too many."""
    found = isinstance(value, str) and _MODE.fullmatch(value.strip())
    return int(value.strip(), 8) & 0o666 if found and isinstance(value, str) else None


def folder_mode(mode: int) -> int:
    """Return the rights of a folder whose files have MODE: who reads them may enter it."""
    return mode | (mode & 0o444) >> 2
