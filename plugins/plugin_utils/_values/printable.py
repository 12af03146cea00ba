# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that may be shown: on one line, without characters that could move a cursor or turn a line, and of limited length."""

from __future__ import annotations

import re
from typing import Any

# Control characters, half characters, invisible ones, and marks that turn the direction of what follows, as a class of characters.
UNPRINTABLE = "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
_UNPRINTABLE = re.compile(f"{UNPRINTABLE}+")
_ONE = re.compile(UNPRINTABLE)
# What a host, a server or a file says in a message of ours, and such a message as a whole: there is always a remedy behind the first.
SAID, MESSAGE = 500, 2000


def clean(text: object, limit: int = SAID) -> str:
    """Return TEXT on one line, without what cannot be printed, and no longer than LIMIT.

    Every text from outside passes through here before it is raised, kept or shown: of a host, a server, a file, its name, or an option.
    """
    # What is cut away anyway need not be looked at: a host may say megabytes.
    line = _UNPRINTABLE.sub(" ", str(text)[: limit * 4]).strip()
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def clean_all(value: Any) -> Any:
    """Return VALUE, an answer as JSON has it, with each text in it as C(clean) has it."""
    if isinstance(value, dict):
        return {clean(key): clean_all(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_all(item) for item in value]
    return clean(value) if isinstance(value, str) else value


def clean_lines(text: str, most: int = 200) -> str:
    """Return the last lines of TEXT, MOST of them, each as C(clean) would have it but with the blanks at its beginning."""
    return "\n".join(f"{line[: len(line) - len(line.lstrip(' '))][:40]}{clean(line)}" for line in text.splitlines()[-most:])


def as_cell(value: object, widest: int) -> str:
    """Return VALUE as text with a question mark for each unprintable character, cut to WIDEST characters with three dots at the end."""
    text = _ONE.sub("?", str(value)[: widest + 1])
    return text if len(text) <= widest else f"{text[: widest - 3]}..."
