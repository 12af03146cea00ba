# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that may be shown: without characters that could move a cursor or turn a line, and of limited length."""

from __future__ import annotations

import re

# Controls, half characters, invisible ones, and marks that turn the direction of what follows, as a class of characters.
UNPRINTABLE = "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
_RUN = re.compile(f"{UNPRINTABLE}+")
_ONE = re.compile(UNPRINTABLE)


def as_words(text: str, longest: int) -> str:
    """Return TEXT with a blank for each run of unprintable characters, cut to LONGEST characters with an ellipsis at the end."""
    # Cut first: a text of a megabyte must not cost a regular expression over a megabyte.
    text = _RUN.sub(" ", text[: longest * 4]).strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


def as_cell(value: object, longest: int) -> str:
    """Return VALUE as text with a question mark for each unprintable character, cut to LONGEST characters with three dots at the end."""
    text = _ONE.sub("?", str(value)[: longest + 1])
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
