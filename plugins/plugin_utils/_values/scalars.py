# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Truths and whole numbers as YAML, JSON, the command line and surveys write them, and what counts as not given."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"(-?[0-9]{1,99})(?:\.0{1,30})?")
_TRUE, _FALSE = frozenset({"y", "yes", "on", "1", "true", "t"}), frozenset({"n", "no", "off", "0", "false", "f"})


def is_blank(value: object) -> bool:
    """Return True if VALUE is nothing, or what a survey gives for a field that was left empty."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_whole(value: object) -> int | None:
    """Return VALUE (C(10), C(10.0) or the text of one) as a whole number, or None where it is none. A truth is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    match = _WHOLE.fullmatch(str(value).strip())
    return int(match.group(1)) if match else None


def read_truth(value: object) -> bool | None:
    """Return VALUE, in any spelling that ansible-core takes, as a truth, or None where it is none."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, int | str) else None
    return word in _TRUE if word in _TRUE or word in _FALSE else None
