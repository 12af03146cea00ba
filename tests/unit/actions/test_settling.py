# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that is looked at again: its answers are put together where they are those of a payload."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.settling import settle

GOOD = {"schema": 1, "edition": "x", "os": "old", "errors": [{"probe": "edition"}, {"probe": "os"}]}
AGAIN = {"os": "new", "errors": [{"probe": "boot"}]}


def settled_with(first: Any, again: Any) -> Any:
    """Return the observation by which a host is judged that says FIRST, and AGAIN when it is looked at again."""
    looks: list[list[str]] = []

    def look(gather: list[str]) -> Any:
        looks.append(gather)
        return again

    host: Any = SimpleNamespace(
        options=SimpleNamespace(args={"settle_timeout": 60, "settle_wait": 1}),
        observe=lambda fresh: (first, first),
        look=look,
        record_of=lambda raw: raw,
        wait=lambda seconds: None,
    )
    return settle(host, lambda record: bool(looks), restarted=False)


def test_what_was_asked_again_counts() -> None:
    found = settled_with(GOOD, AGAIN)
    assert (found["edition"], found["os"]) == ("x", "new")
    assert [error["probe"] for error in found["errors"]] == ["edition", "boot"]


@pytest.mark.parametrize("wrong", ["text", [], 7, {"errors": "text"}, {"errors": ["text"]}, {"errors": {"probe": 1}}], ids=repr)
def test_an_answer_that_no_payload_gives_is_judged_as_it_is(wrong: Any) -> None:
    assert settled_with(GOOD, wrong) == wrong
    assert settled_with(wrong, AGAIN) == AGAIN
