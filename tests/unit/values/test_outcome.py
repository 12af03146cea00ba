# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The word for the end of a run: read from files, and the groups that callers need (_values/outcome)."""

from __future__ import annotations

import re

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from ansible_collections.winops.hotpatch.tests.guides import read_guide, table_rows


@pytest.mark.parametrize("word", ["", "Installed", "installed ", "current", None, 3, ["installed"], {"installed": 1}])
def test_a_word_that_is_not_an_outcome_names_none(word: object) -> None:
    assert Outcome.read(word) is None


def test_every_word_is_read_back() -> None:
    assert [Outcome.read(item.value) for item in Outcome] == list(Outcome)


def test_what_was_begun_does_not_leave_the_host_alone() -> None:
    """A run that began anything makes an earlier observation worthless, also where it came to a bad end."""
    begun = {"installed", "restarted", "removed", "rolled_back", "unverified", "failed", "lost", "interrupted"}
    assert {item.value for item in Outcome if not item.leaves_the_host_alone} == begun


def test_groups() -> None:
    assert {item.value for item in Outcome if item.needs_person} == {"failed", "lost", "interrupted"}
    assert {item.value for item in Outcome if item.leaves_work} == {"failed", "lost", "interrupted", "unreachable", "due"}
    assert {item.value for item in Outcome if item.out_of_reach} == {"lost", "unreachable"}


def test_the_guide_lists_what_a_record_can_hold() -> None:
    (content,) = (row[1] for row in table_rows(read_guide("records")) if row[0] == "``outcome``")
    assert set(re.findall(r"``([a-z_]+)``", content)) == {item.value for item in Outcome if not item.value.startswith("would_")} - {
        "removed"
    }
