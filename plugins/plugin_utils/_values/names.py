# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names that updates, months, vulnerabilities and files go by: one place for each pattern."""

from __future__ import annotations

import re

from .printable import clean

KB = re.compile(r"KB[0-9]{6,8}")
_KB_LOOSE = re.compile(r"(?:KB)?\s?([0-9]{6,8})", re.IGNORECASE)
MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,12}")
SHA256 = re.compile(r"[0-9A-Fa-f]{64}")
# No name is longer. What is longer is refused unread: patterns that skip blanks would take minutes over a megabyte of them.
_LONGEST = 100


def is_kb(text: object) -> bool:
    """Return True if TEXT is a KB number in its one spelling, C(KB) and six to eight digits."""
    return isinstance(text, str) and KB.fullmatch(text) is not None


def normalize_kb(text: object) -> str | None:
    """Return TEXT (C(KB5094125), C(kb5094125), C(5094125)) as C(KB5094125), or None where it names no KB."""
    match = _KB_LOOSE.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= _LONGEST else None
    return f"KB{match.group(1)}" if match else None


class KbError(ValueError):
    """The option C(kb) names no KB; the message says what to write."""

    def __init__(self, value: object) -> None:
        super().__init__(f"kb: {clean(repr(value))} is not a KB number. Write it like KB5094125.")
        self.value = value


def kb_asked_for(text: object) -> str:
    """Return TEXT, the value of an option C(kb), as C(KB5094125); raise KbError where it names no KB."""
    kb = normalize_kb(text)
    if kb is None:
        raise KbError(text)
    return kb


def is_month(text: object) -> bool:
    """Return True if TEXT is a month of this century such as C(2026-06)."""
    return isinstance(text, str) and MONTH.fullmatch(text) is not None


def is_cve(text: object) -> bool:
    """Return True if TEXT is the name of a vulnerability such as C(CVE-2026-12345)."""
    return isinstance(text, str) and CVE.fullmatch(text) is not None


def is_sha256(text: object) -> bool:
    """Return True if TEXT is a SHA-256 in 64 hexadecimal digits of either case."""
    return isinstance(text, str) and SHA256.fullmatch(text) is not None
