# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of a run: when its budget is spent, who is held back then, and who fails the run in the end."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.run_account import RunAccount
from ansible_collections.winops.hotpatch.tests.unit.reports.run_results import DONE, FAILED, INFO, LOST, REFUSE

REST = "so no new host begins. The hosts at work finish first and are put back into service."
UNHEALTHY = {**FAILED, "roll_back": True}


def account(*batches: str, limit: float = 100, rollback_max: int | None = None, **results: list[dict[str, Any]]) -> RunAccount:
    """Return the account of hosts with one letter each, of which BATCHES have begun and the modules returned RESULTS."""
    found = RunAccount("cycle", list("abcdefgh"), max_fail_percentage=limit, rollback_max=rollback_max)
    for batch in batches:
        found.begin_batch(list(batch))
    for host, said in results.items():
        for result in said:
            found.of(host).explain(result) if "ended" in result else found.of(host).add(result)
    return found


@pytest.mark.parametrize(
    ("begun", "spent"),
    [
        (account(), None),
        (account("ab", "cd", a=[LOST], b=[INFO, DONE]), None),
        (account("ab", "cd", a=[LOST], b=[LOST]), f"A batch failed as a whole (a, b), {REST}"),
        (account("ab", limit=50, a=[LOST], b=[INFO, DONE]), None),
        (
            account("ab", limit=49, a=[LOST], b=[INFO, DONE]),
            f"1 of the 2 hosts of a batch failed (a), more than hotpatch_max_fail_percentage (49) allows, {REST}",
        ),
        (account("ab", limit=0, a=[REFUSE], b=[INFO, DONE]), None),
        (
            account("ab", limit=0, a=[INFO, {**DONE, "outcome": "unverified"}], b=[INFO, DONE]),
            f"1 of the 2 hosts of a batch failed (a), more than hotpatch_max_fail_percentage (0) allows, {REST}",
        ),
        (account("abcd", rollback_max=2, a=[DONE, UNHEALTHY], b=[DONE, UNHEALTHY]), None),
        (
            account("abcd", rollback_max=1, a=[DONE, UNHEALTHY], b=[DONE, UNHEALTHY]),
            f"The health tasks failed on 2 hosts (a, b), more than hotpatch_rollback_max (1) allows, {REST}",
        ),
    ],
)
def test_when_the_budget_is_spent(begun: RunAccount, spent: str | None) -> None:
    assert begun.spent() == spent


def test_a_batch_is_noted_once_even_where_each_host_says_so() -> None:
    found = account("ab", "ab", "cd")
    assert found.batches == [["a", "b"], ["c", "d"]]


def test_only_who_has_not_begun_is_held_back() -> None:
    found = account(
        "abcdef", a=[INFO, DONE], b=[INFO], c=[LOST], d=[REFUSE], e=[{**INFO, "decision": {"action": "none"}}], f=[INFO, FAILED]
    )
    found.of("g").fail({"msg": "no"})
    found.hold_back("Too many failed.")
    assert [host for host in found.hosts if found.of(host).held_back] == ["b", "h"]
    assert found.of("b").cells("b")[1:3] == ("hotpatch_due", "refused")
    assert found.of("h").cells("h")[-1] == "budget_spent: Too many failed."
    assert found.of("h").next_step().startswith("See why the hosts before it failed")


def test_who_fails_the_run() -> None:
    found = account(
        "abcdef", a=[INFO, DONE], b=[LOST], c=[REFUSE], d=[INFO, {**DONE, "outcome": "unverified"}], e=[INFO, FAILED], f=[REFUSE]
    )
    found.of("f").given_up = True
    found.fail_on = {"a": ["changes"], "c": ["refusals"]}
    assert {host: told.split(":")[0] for host, told in found.to_fail().items()} == {
        "b": "unreachable",
        "c": "refused, which hotpatch_fail_on (refusals) makes a failure",
        "d": "unverified",
        "e": "failed",
        "f": "refused",
        "g": "-",
        "h": "-",
    }
    assert found.figures()["outcomes"] == {"installed": 1, "unreachable": 1, "refused": 2, "unverified": 1, "failed": 1, "-": 2}


def test_a_long_last_word_is_cut_because_the_table_has_it() -> None:
    found = account("a", a=[{**LOST, "msg": "No route. " * 100}])
    assert len(found.to_fail()["a"]) == 200
