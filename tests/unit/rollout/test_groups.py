# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of a host, from what it reported and from what operators name."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.plugins.plugin_utils._rollout.groups import CLUSTER, CONTROLLER, SPREAD, groups_of, shared
from ansible_collections.winops.hotpatch.plugins.plugin_utils._rollout.may_restart import may_restart
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import host

DIRECTORY = "CN=NTDS Settings,CN=DC01,CN=Servers,CN={},CN=Sites,CN=Configuration,DC=corp,DC=example"
SERVER = {"failover_cluster": False, "domain_controller": False}
CONTROLS = {**SERVER, "domain_controller": True, "domain": "corp.example"}


def observed() -> dict[str, Any]:
    return host("ws2025", "KB5099536")


def paths(roles: Any, product_type: int | None = 3, spread: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    raw = observed()
    raw["roles"] = roles
    raw["os"]["product_type"] = product_type
    return [group.path for group in groups_of(parse_observation(raw), spread)]


@pytest.mark.parametrize(
    ("roles", "product_type", "expected"),
    [
        (SERVER, 3, []),
        ({**SERVER, "failover_cluster": True, "cluster_name": "SQL01"}, 3, [(CLUSTER, "sql01")]),
        ({**SERVER, "failover_cluster": True}, 3, [(CLUSTER,)]),
        ({**SERVER, "failover_cluster": None}, 3, [(CLUSTER,)]),
        # The service says no, and the cluster database is loaded all the same.
        ({**SERVER, "cluster_name": "SQL01"}, 3, [(CLUSTER, "sql01")]),
        ({**CONTROLS, "directory_name": DIRECTORY.format("Paris")}, 2, [(CONTROLLER, "corp.example", "paris")]),
        (
            {**CONTROLS, "directory_name": DIRECTORY.format("Paris\\, Nord"), "netlogon_site": "paris, nord"},
            2,
            [(CONTROLLER, "corp.example", "paris, nord")],
        ),
        ({**CONTROLS, "netlogon_site": "Paris"}, 2, [(CONTROLLER, "corp.example", "paris")]),
        ({**CONTROLS, "directory_name": DIRECTORY.format("Lyon"), "netlogon_site": "Paris"}, 2, [(CONTROLLER, "corp.example")]),
        ({**CONTROLS, "directory_name": "nonsense"}, 2, [(CONTROLLER, "corp.example")]),
        ({**CONTROLS, "domain": None, "netlogon_site": "Paris"}, 2, [(CONTROLLER,)]),
        # Two places contradict one another: it may be a controller.
        (SERVER, 2, [(CONTROLLER,)]),
        ({**SERVER, "domain_controller": None}, 3, []),
        ({**SERVER, "domain_controller": None}, None, [(CONTROLLER,)]),
        (None, 3, [(CLUSTER,)]),
        (None, 2, [(CLUSTER,), (CONTROLLER,)]),
        (None, None, [(CLUSTER,), (CONTROLLER,)]),
        (None, 1, []),
        ({**SERVER, "failover_cluster": "yes"}, 3, [(CLUSTER,)]),
        ({**SERVER, "failover_cluster": True, "cluster_name": ["SQL01"]}, 3, [(CLUSTER,)]),
    ],
)
def test_groups_of_a_host(roles: Any, product_type: int | None, expected: list[tuple[str, ...]]) -> None:
    assert paths(roles, product_type) == expected


def test_a_host_that_was_not_seen_may_be_in_any_group_but_those_that_are_named() -> None:
    assert [group.path for group in groups_of(None, ["Web"])] == [(CLUSTER,), (CONTROLLER,), (SPREAD, "web")]
    assert paths(SERVER, spread=("Web ", "web", "db")) == [(SPREAD, "web"), (SPREAD, "db")]


def test_what_a_host_says_is_bounded_and_shown_on_one_line() -> None:
    (group,) = groups_of(parse_observation(observed() | {"roles": {**SERVER, "cluster_name": "{{ x }}\n\x1b[31m" + "A" * 10_000_000}}))
    assert len(group.text) < 200
    assert "\n" not in group.text
    assert "\x1b" not in group.text


def test_groups_that_hosts_share() -> None:
    known, other = groups_of(None, ["a"]), paths(SERVER, spread=("b",))
    assert other == [(SPREAD, "b")]
    node = groups_of(parse_observation(observed() | {"roles": {**SERVER, "cluster_name": "SQL01"}}))
    assert shared(node, known) == node[0], "one that was not seen may be a node of it"
    assert shared(node, groups_of(parse_observation(observed()), ["a"])) is None


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (None, True),
        ({}, True),
        ({"action": "install", "restart": "no"}, False),
        ({"action": "install", "restart": "unknown"}, True),
        ({"action": "install", "restart": "yes"}, True),
        ({"action": "restart"}, True),
        ({"action": "none", "restart": "no"}, False),
        ({"action": "refuse", "code": "held", "restart": "yes"}, False),
        ({"action": "refuse", "code": "busy"}, True),
        ({"action": "refuse", "code": "unknown_host"}, True),
    ],
)
def test_who_may_restart(decision: Any, expected: bool) -> None:
    assert may_restart(decision) is expected
