# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of an update that was to be taken off again: explanation.py."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.explanation import explain_rollback
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.refusals import Refusal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (Outcome.ROLLED_BACK, "It was rolled back: X is gone. Find the cause before you allow the update again."),
        (Outcome.WOULD_ROLL_BACK, "It would be rolled back: X is gone."),
        (Outcome.NONE, "There was nothing left to roll back: X is gone."),
        (Outcome.FAILED, "The rollback failed: X is gone. Check this host by hand before you install anything else on it."),
    ],
)
def test_each_outcome_is_put_into_words(outcome: Outcome, says: str) -> None:
    """The outcome that stands before the message of the module is not said twice."""
    assert explain_rollback(outcome, f"{outcome}: X is gone.", {"code": None}, "never") == says
    assert explain_rollback(outcome, "X is gone.", {}, "never") == says


def test_an_outcome_that_nobody_foresaw_is_a_failure() -> None:
    """A person looks at the host."""
    assert "by hand" in explain_rollback(Outcome.LOST, "No answer.", {}, "never")


@pytest.mark.parametrize("code", Refusal)
def test_a_refused_rollback_names_the_window_only_where_a_window_helps(code: Refusal) -> None:
    """What a maintenance window does not change, such as a hold, is not promised to go away in one."""
    text = explain_rollback(Outcome.REFUSED, "refused: It is so.", {"code": code.value}, "planned")
    assert text.startswith("It is still installed: ")
    assert "It is so." in text
    assert "winops.hotpatch.rollback" in text
    restart = code in (Refusal.RESTART_NOT_ALLOWED, Refusal.FROZEN, Refusal.OUTSIDE_WINDOW)
    assert ("restart policy planned" in text) is restart
    assert ("hotpatch_restart_policy=allowed" in text) is restart
