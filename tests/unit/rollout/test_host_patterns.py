# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pattern that matches one host alone, whatever its name, by the inventory of the ansible-core that runs the tests."""

from __future__ import annotations

from ansible.inventory.data import InventoryData
from ansible.inventory.host import Host
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.host_patterns import exact_patterns
from hypothesis import given
from hypothesis import strategies as st

ODD = [
    "web:22",
    "!bad",
    "&and",
    "~re.*",
    "a[1]",
    "a",
    "x*",
    "x?",
    "a b",
    "c,d",
    "fe80::1",
    "[::1]",
    "10.0.0.1",
    "na\u00efve",
    "$",
    "-x",
    ".x",
]


def chosen(names: list[str], wanted: list[str]) -> list[str]:
    inventory = InventoryManager(DataLoader(), parse=False)
    inventory._inventory = InventoryData()
    for name in names:
        inventory._inventory.hosts[name] = host = Host(name)
        inventory._inventory.groups["all"].add_host(host)
    return [host.name for host in inventory.get_hosts(exact_patterns(wanted))]


def test_odd_names_in_their_order() -> None:
    assert chosen(ODD, ODD[::-1]) == ODD[::-1]
    for name in ODD:
        assert chosen(ODD, [name]) == [name]


def test_no_names_match_no_host() -> None:
    assert chosen(["a", "b"], []) == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), unique=True, max_size=8))
def test_any_names(names: list[str]) -> None:
    assert chosen(names, names) == names
