# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts into batches: everybody once, never two of a group that restart, no more than may be together, in little time."""

from __future__ import annotations

import time
from itertools import combinations

from ansible_collections.winops.hotpatch.plugins.plugin_utils._rollout.batches import Candidate, at_once, make_batches
from ansible_collections.winops.hotpatch.plugins.plugin_utils._rollout.groups import CLUSTER, CONTROLLER, SPREAD, Group, shared
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "c"])
GROUPS = st.one_of(
    st.builds(Group, st.just(CLUSTER), st.lists(NAMES, max_size=1).map(tuple)),
    st.builds(Group, st.just(CONTROLLER), st.lists(NAMES, max_size=2).map(tuple)),
    st.builds(Group, st.just(SPREAD), st.tuples(NAMES)),
)
SIZES = st.one_of(st.integers(1, 9), st.sampled_from(["1%", "10%", "25%", "100%", "33.3%"]))


def hosts(count: int, *groups: Group, restart: bool = True) -> list[Candidate]:
    return [Candidate(f"h{number}", restart, groups) for number in range(count)]


@st.composite
def fleets(draw: st.DrawFn) -> list[Candidate]:
    told = draw(st.lists(st.tuples(st.booleans(), st.lists(GROUPS, max_size=3).map(tuple)), max_size=40))
    return [Candidate(f"h{number}", restart, groups) for number, (restart, groups) in enumerate(told)]


@given(fleets(), st.lists(SIZES, max_size=3))
def test_whatever_the_fleet(fleet: list[Candidate], serial: list[int | str]) -> None:
    batches = make_batches(fleet, len(fleet), serial)
    by_name = {one.name: one for one in fleet}
    assert sorted(name for batch in batches for name in batch) == sorted(by_name)
    assert all(batches)
    assert batches == make_batches(fleet, len(fleet), serial)
    for batch in batches:
        restarting = [by_name[name] for name in batch if by_name[name].may_restart]
        assert not any(shared(one.groups, other.groups) for one, other in combinations(restarting, 2))
        assert serial or len(restarting) <= at_once(len(fleet))
        assert serial or not restarting or len(restarting) == len(batch)
    for number, batch in enumerate(batches) if serial else ():
        size = str(serial[min(number, len(serial) - 1)])
        most = max(1, int(float(size[:-1]) / 100 * len(fleet))) if size.endswith("%") else int(size)
        assert len(batch) <= most


@given(st.integers(0, 60), st.booleans())
def test_the_order_is_that_of_the_inventory(count: int, restart: bool) -> None:
    found = make_batches(hosts(count, restart=restart), count)
    assert [name for batch in found for name in batch] == [f"h{number}" for number in range(count)]


def test_a_tenth_at_once_and_at_least_one() -> None:
    assert [at_once(count) for count in (0, 1, 9, 19, 20, 500)] == [1, 1, 1, 1, 2, 50]
    assert list(map(len, make_batches(hosts(25), 25))) == [2] * 12 + [1]
    # The tenth is that of the run, also where most of it does not restart.
    assert list(map(len, make_batches(hosts(5), 500))) == [5]


def test_sizes_are_those_of_ansible() -> None:
    assert list(map(len, make_batches(hosts(20), 20, [1, "25%"]))) == [1, 5, 5, 5, 4]
    assert list(map(len, make_batches(hosts(20), 20, ["1%"]))) == [1] * 20
    assert list(map(len, make_batches(hosts(20, Group(CLUSTER, ("a",)), restart=False), 20, ["100%"]))) == [20]


def test_who_may_be_in_any_group_comes_after_those_who_are_in_one() -> None:
    fleet = [*hosts(1, Group(CLUSTER)), Candidate("n1", True, (Group(CLUSTER, ("a",)),)), Candidate("n2", True, (Group(CLUSTER, ("b",)),))]
    assert make_batches(fleet, 3, ["100%"]) == [["n1", "n2"], ["h0"]]


def test_a_fleet_of_ten_thousand_takes_no_time() -> None:
    """Also where nothing is known of anybody, so that each goes alone."""
    pairs = [Candidate(f"h{number}", True, (Group(CLUSTER, (f"c{number // 2}",)),)) for number in range(10_000)]
    begun = time.perf_counter()
    assert len(make_batches(pairs, 10_000)) == 10
    assert len(make_batches(hosts(10_000, Group(CLUSTER), Group(CONTROLLER)), 10_000)) == 10_000
    assert len(make_batches(hosts(10_000), 10_000, [1])) == 10_000
    assert time.perf_counter() - begun < 5
