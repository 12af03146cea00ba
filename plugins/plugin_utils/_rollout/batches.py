# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts into batches: so many at once, and never two of a group among those that may restart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .groups import Group

# Of the hosts of a run so many restart at once, if nothing else is said.
AT_ONCE_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """One host that takes part in a run. A host that does not restart may go together with any other."""

    name: str
    may_restart: bool = True
    groups: tuple[Group, ...] = ()


def at_once(hosts: int) -> int:
    """Return the number of hosts that may restart at once in a run of so many HOSTS."""
    return max(1, hosts * AT_ONCE_PERCENT // 100)


def make_batches(candidates: Sequence[Candidate], hosts: int, serial: Sequence[int | str] = ()) -> list[list[str]]:
    """Return the names of CANDIDATES, of a run of so many HOSTS, in batches. No two that may restart share a group within one.

    SERIAL are sizes as Ansible reads them, numbers of hosts and percentages of all, the last of which holds for what is left. Without it
    those that do not restart come first, all together, and the others follow so many at once as C(at_once) says. The order is that of
    CANDIDATES, but for hosts that go apart from many others because a group of theirs is not known: these come last.
    """
    ordered = sorted(candidates, key=lambda one: one.may_restart and not all(group.is_known for group in one.groups))
    if serial:
        return _fill(ordered, [_size(size, hosts) for size in serial])
    staying = [one.name for one in candidates if not one.may_restart]
    rest = _fill([one for one in ordered if one.may_restart], [at_once(hosts)])
    return [staying, *rest] if staying else rest


def _size(size: int | str, hosts: int) -> int:
    """Return SIZE as a number; Ansible rounds a percentage down, and makes at least one host of it."""
    text = str(size)
    return max(1, int(float(text[:-1]) / 100 * hosts) if text.endswith("%") else int(text))


@dataclass(slots=True)
class _Taken:
    """The batches that have a member of a group; those before C(free) have one without a gap, so that nobody looks through them again."""

    batches: set[int] = field(default_factory=set)
    free: int = 0

    def add(self, number: int) -> None:
        self.batches.add(number)
        while self.free in self.batches:
            self.free += 1


def _fill(candidates: Sequence[Candidate], sizes: Sequence[int]) -> list[list[str]]:
    """Put each of CANDIDATES into the first batch that has room and nobody of a group of its own."""
    batches: list[list[str]] = []
    # The batch to go on with from each one: itself, or a later one where it is full. Ways are made shorter when they are walked.
    following: list[int] = []
    # The batches that this very group has a member in, and those that this group or a narrower one has.
    taken: defaultdict[tuple[str, ...], _Taken] = defaultdict(_Taken)
    taken_within: defaultdict[tuple[str, ...], _Taken] = defaultdict(_Taken)

    def open_from(number: int) -> int:
        walked = []
        while number < len(following) and following[number] != number:
            walked.append(number)
            number = following[number]
        for step in walked:
            following[step] = number
        return number

    for one in candidates:
        paths = [group.path for group in one.groups] if one.may_restart else []
        wider = {path[:length] for path in paths for length in range(1, len(path) + 1)}
        barred = [taken[path] for path in wider] + [taken_within[path] for path in paths]
        number = open_from(max((group.free for group in barred), default=0))
        while any(number in group.batches for group in barred):
            number = open_from(number + 1)
        if number == len(batches):
            batches.append([])
            following.append(number)
        batches[number].append(one.name)
        if len(batches[number]) >= sizes[min(number, len(sizes) - 1)]:
            following[number] = number + 1
        for path in paths:
            taken[path].add(number)
        for path in wider:
            taken_within[path].add(number)
    return batches
