# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a run before its first batch: who is in which batch, who is held beside whom, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.run_account import RunAccount
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.run_batches import Batches
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import host
from ansible_collections.winops.hotpatch.tests.unit.reports.run_results import DONE, FAILED, INFO, LOST

BASELINE = {"action": "install", "kb": "KB5066835", "restart": "yes", "reason": "It is due."}
HOTPATCH = {**BASELINE, "restart": "no"}
GONE = {"lost": "no answer", "failure": {"unreachable": True, "msg": "no answer"}}


def look(decision: dict[str, Any] | None, cluster: str | None = None) -> dict[str, Any]:
    observation = host("ws2025", "KB5099536")
    observation["roles"]["cluster_name"] = cluster
    return {"observation": observation, "decision": decision, "record": {"state": "baseline_due"}}


def account(looks: dict[str, dict[str, Any]], serial: tuple[Any, ...] = (), *, sliced: bool = False, **spread: list[str]) -> RunAccount:
    found = RunAccount("cycle", sorted(looks), ahead=Batches(sorted(looks), spread, sliced))
    for name, told in looks.items():
        found.ahead.look(name, told)
    found.refuse(found.ahead.make(found.hosts, serial))
    return found


def test_who_does_not_restart_comes_first_and_so_does_who_was_not_reached() -> None:
    found = account({"a": look(BASELINE), "b": look(HOTPATCH), "c": GONE, "d": look(None)})
    assert found.ahead.planned == [["b", "c"], ["a"], ["d"]]
    assert found.ahead.lines(4) == [
        "4 hosts in 3 batches: 2 may restart, at most 1 of them together (1 at once is 10 %), and never two of a group."
    ]


@pytest.mark.parametrize(("count", "sliced", "needed"), [(1, False, False), (1, True, True), (2, False, True), (0, True, False)])
def test_one_host_alone_needs_no_batches(count: int, sliced: bool, needed: bool) -> None:
    assert Batches([f"h{number}" for number in range(count)], sliced=sliced).is_needed is needed


def test_the_groups_that_are_told_before_a_run() -> None:
    found = account({name: look(BASELINE, f"c{number // 2}") for number, name in enumerate("abcdefghijklmnop")}, ("100%",))
    lines = found.ahead.lines(16)
    assert lines[1] == "  one after another, failover cluster c0: a, b"
    assert lines[-1] == "  and 3 groups more, which -v lists"
    assert len(lines) == 1 + 5 + 1
    full = found.ahead.lines(16, in_full=True)
    assert full[-2:] == ["  batch 1: a, c, e, g, i, k, m, o", "  batch 2: b, d, f, h, j, l, n, p"]


def test_a_batch_that_was_not_made_is_told_from_one_that_was() -> None:
    found = account({"a": look(BASELINE, "x"), "b": look(BASELINE, "x")}, ("100%",)).ahead
    assert found.is_planned(["a"])
    assert not found.is_planned(["a", "b"])
    assert Batches().is_planned(["a", "b"]), "where no batches were made any will do"


def test_after_one_that_ended_badly_none_of_its_group_begins() -> None:
    found = account({"a": look(BASELINE, "x"), "b": look(BASELINE, "X"), "c": look(BASELINE), "d": look(HOTPATCH, "x")}, ("100%",))
    assert found.held_beside("bcd") == {}
    found.of("a").add(INFO)
    found.of("a").add(DONE)
    assert found.held_beside("bcd") == {}
    found.of("a").explain(FAILED)
    held = found.held_beside("bcd")
    assert list(held) == ["b"], "a hotpatch restarts nobody"
    assert held["b"].startswith("a of the same group (failover cluster X) has ended badly")
    found.hold_back_beside(held)
    assert found.of("b").cells("b")[1:3] == ("baseline_due", "refused")
    assert found.of("b").code == "budget_spent"


def test_one_that_does_not_answer_holds_the_group_that_is_named_for_it() -> None:
    found = account({"a": GONE, "b": look(BASELINE), "c": look(BASELINE, "x")}, a=["web"], b=["web"])
    assert list(found.held_beside("bc")) == ["b"], "it may be a node of any cluster, and that holds nobody"


def test_where_sizes_are_own_a_batch_of_hosts_that_were_not_reached_does_not_end_the_run() -> None:
    looks = {"a": GONE, "b": look(BASELINE)}
    for serial, ends in (((), False), ((1,), True)):
        found = account(looks, serial)
        found.begin_batch(["a"])
        found.of("a").add(LOST)
        assert (found.spent() is not None) is ends


@pytest.mark.parametrize(("batch", "ends"), [("ab", False), ("abc", True)])
def test_where_sizes_are_own_a_batch_of_three_that_failed_ends_the_run_and_one_of_two_does_not(batch: str, ends: bool) -> None:
    found = account({name: look(BASELINE) for name in "abcd"})
    found.begin_batch(list(batch))
    for name in batch:
        found.of(name).add(INFO)
        found.of(name).explain(FAILED)
    assert (found.spent() is not None) is ends


def test_whom_a_spent_budget_leaves_as_it_was_seen() -> None:
    found = account({"a": GONE, "b": look(BASELINE), "c": look({"action": "refuse", "code": "held", "reason": "Held."})})
    found.hold_back("Too many.")
    assert [found.of(name).cells(name)[1:3] for name in "abc"] == [
        ("unreachable", "unreachable"),
        ("baseline_due", "refused"),
        ("baseline_due", "refused"),
    ]
    assert [found.of(name).code for name in "bc"] == ["budget_spent", "held"]


def test_a_slice_refuses_members_of_groups_that_would_restart() -> None:
    found = account({"a": look(BASELINE, "x"), "b": look(BASELINE), "c": look(HOTPATCH, "x"), "d": look(BASELINE)}, sliced=True, d=["web"])
    assert found.ahead.planned == [["c"], ["b"]]
    assert {name: found.of(name).code for name in "abcd"} == {"a": "group_split", "b": None, "c": None, "d": "group_split"}
    assert found.ahead.lines(4)[1:] == [
        "  refused, since other slices may have more of the group, failover cluster x: a",
        "  refused, since other slices may have more of the group, hotpatch_spread web: d",
    ]
    assert "job template" in found.of("a").next_step()
