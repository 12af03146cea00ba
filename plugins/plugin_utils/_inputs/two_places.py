# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers of a policy that have one name in two places: Ansible keeps one of them in silence, and the rules of the other are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible.vars.plugins import get_vars_from_path

from .._policy.layer_names import PREFIX, layers_among
from .._values.printable import clean

COMMAND_LINE, PLAY, TASK = "-e", "the play", "a task of this run"


class Places:
    """Where an inventory defines the layers of its hosts: in its own file, or in group_vars and host_vars beside it and the playbook.

    Each group is looked at once, however many hosts it has.
    """

    def __init__(self, inventory: Any, loader: Any) -> None:
        self._loader = loader
        self._folders = _folders(inventory, loader)
        self._hosts = inventory.hosts
        self._of_groups: dict[str, list[tuple[str, str]]] = {}

    def of_host(self, host: str) -> dict[str, list[str]]:
        """Return the places of each layer of HOST, in the order in which Ansible puts them together."""
        entity = self._hosts.get(host)
        found: dict[str, list[str]] = {}
        if entity is None:
            return found
        pairs = [pair for group in sorted(entity.get_groups(), key=_order) for pair in self._of_group(group)]
        for name, place in (*pairs, *self._of(entity, f"host {entity.name}")):
            found.setdefault(name, []).append(place)
        return found

    def _of_group(self, group: Any) -> list[tuple[str, str]]:
        if group.name not in self._of_groups:
            self._of_groups[group.name] = self._of(group, f"group {group.name}")
        return self._of_groups[group.name]

    def _of(self, entity: Any, what: str) -> list[tuple[str, str]]:
        """Return each layer of ENTITY, a group or a host, with its place, in words that begin with WHAT."""
        found = [(name, what) for name in layers_among(entity.vars)]
        for folder in self._folders:
            # The stage of a task: what runs at that of the inventory is among the variables of the entity already.
            beside = get_vars_from_path(self._loader, folder, [entity], "task")
            found += [(name, f"{what} ({clean(folder)})") for name in layers_among(beside)]
        return found


def over_inventory(variable_manager: Any, host: str, of_play: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the layers of HOST that stand over those of the inventory, each with where. OF_PLAY are the variables of the play.

    Ansible-core offers no other way to tell a variable by its source.
    """
    of_tasks = variable_manager._nonpersistent_fact_cache.get(host, ())
    sources = ((variable_manager.extra_vars, COMMAND_LINE), (of_play, PLAY), (of_tasks, TASK))
    return [(name, where) for names, where in sources for name in layers_among(names)]


def two_places(places: Mapping[str, list[str]], above: Iterable[tuple[str, str]]) -> list[str]:
    """Return a sentence for each layer that has more than one of PLACES, or is replaced by what stands ABOVE, pairs of a name and where."""
    found: list[str] = []
    over: dict[str, list[str]] = {}
    for name, where in above:
        over.setdefault(name, []).append(where)
    for name in sorted({*places, *over}):
        inside, outside = places.get(name, []), over.get(name, [])
        if len(inside) > 1:
            found.append(
                f"{clean(name)}: defined for one host in {_listed(inside)}. Ansible would keep the last and drop the rules of the others"
                f" in silence. Give each layer a name of its own, such as {PREFIX}fleet, {PREFIX}ring and {PREFIX}host; all of them count."
            )
        if outside and (inside or len(outside) > 1):
            found.append(
                f"{clean(name)}: given in {_listed([*outside, *inside])}, of which Ansible would keep the first and drop the rules of the"
                f" others in silence. Give the rules of this run a name of their own, such as {_other_than(name)}; all of them count."
            )
    return found


def _other_than(name: str) -> str:
    """Return the name of the layer of a run, or another one where NAME is that already."""
    return f"{PREFIX}run" if name != f"{PREFIX}run" else f"{PREFIX}run_2"


def _listed(places: list[str]) -> str:
    return f"{', '.join(places[:-1])} and {places[-1]}"


def _order(group: Any) -> tuple[int, int, str]:
    return group.depth, group.priority, group.name


def _folders(inventory: Any, loader: Any) -> list[str]:
    """Return the folders beside which group_vars and host_vars are looked for, as C(ansible.vars.plugins) finds them, each once."""
    found: dict[Path, str] = {}
    for source in inventory._sources:
        if source is None or ("," in source and not Path(source).exists()):
            continue
        folder = Path(source) if Path(source).is_dir() else Path(source).parent
        found.setdefault(folder.resolve(), str(folder))
    beside = Path(loader.get_basedir())
    found.setdefault(beside.resolve(), str(beside))
    return list(found.values())
