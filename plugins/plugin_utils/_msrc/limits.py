# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The size that a document may have, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from .problems import CvrfError

# Twice a real document. One made to do harm can take some thirty times its size of memory as JSON, so this must not be far larger.
MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest document that is read, in bytes."""

    packed: int = MAX_BYTES
    unpacked: int = MAX_BYTES


def too_large(source: str, what: str, limit: int) -> CvrfError:
    """Return the complaint that SOURCE is or becomes WHAT (such as C(is larger)) than LIMIT bytes."""
    return CvrfError(source, f"{what} than {limit} bytes", "A month's document has up to 15 MB; raise max_bytes if this is one.")
