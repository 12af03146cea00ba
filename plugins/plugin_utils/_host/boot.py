# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two times of a start of Windows compared."""

from __future__ import annotations

from datetime import datetime, timedelta

# Windows derives the time of its start from its clock, so a correction of the clock moves it by seconds.
BOOT_TOLERANCE = timedelta(minutes=2)


def boot_differs(one: datetime | None, other: datetime | None) -> bool | None:
    """Return True if ONE and OTHER are two starts, None where one of them is not known."""
    return None if one is None or other is None else abs(other - one) > BOOT_TOLERANCE
