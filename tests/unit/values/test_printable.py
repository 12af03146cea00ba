# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a text from outside: one line that can be printed, and not a page of it."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import CatalogError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.entries import PolicyError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.printable import MESSAGE, SAID, clean, clean_all, clean_lines
from hypothesis import given
from hypothesis import strategies as st

HOSTILE = "\x1b]0;title\x07\x9b31m\u202eevil\u2028next\nforged\r\ud800\u200b\ufeff"


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_clean_text_is_a_short_line_and_stays_as_it_is(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert len(once) <= limit
    assert clean(once, limit) == once
    assert len(once.splitlines()) <= 1


def test_what_moves_a_cursor_is_a_blank() -> None:
    assert clean(HOSTILE) == "]0;title 31m evil next forged"
    assert clean("Größe 更新 \U0001f525 {{ 7 * 7 }}") == "Größe 更新 \U0001f525 {{ 7 * 7 }}"


def test_a_text_that_is_cut_says_so() -> None:
    assert clean("x" * 1_000_000) == "x" * (SAID - 1) + "…"
    assert clean(["x"]) == "['x']"


def test_an_answer_is_cleaned_at_any_depth() -> None:
    assert clean_all({HOSTILE: [{"a": HOSTILE, "n": 1, "f": True, "z": None}]}) == {
        clean(HOSTILE): [{"a": clean(HOSTILE), "n": 1, "f": True, "z": None}]
    }


def test_lines_keep_their_beginning() -> None:
    assert clean_lines("first\n  File \x1bx\n      ^^^\n", 2) == "  File  x\n      ^^^"


def test_the_errors_of_files_and_options_are_clean() -> None:
    for error in (CatalogError(HOSTILE, HOSTILE, HOSTILE * 99), PolicyError(HOSTILE, HOSTILE * 99, "Write a list.")):
        assert clean(error, MESSAGE) == str(error)
    assert str(error).endswith("Write a list.")
