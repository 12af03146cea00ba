# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hold that an operator has written on the host, for jobs that are at work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .._policy.entries import read_end
from .._policy.rules import Hold
from .._values.printable import clean

_WORD, _REASON = 120, 300


def hold_of(told: Mapping[str, Any] | None, now: datetime) -> Hold | None:
    """Return the hold that was written on the host, while it is in force."""
    if told is None:
        return None
    until = read_end(told.get("until"))
    if until is not None and until.moment <= now:
        return None
    owner = clean(told.get("owner"), _WORD) if told.get("owner") else None
    return Hold(clean(told.get("reason") or "it says no reason", _REASON), owner, None, until, "written on the host")
