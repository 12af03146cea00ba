# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of the hosts of a run before its first batch begins, and the batches that were made from that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._decision.refusals import TEXTS, Refusal
from .._observation.parsing import parse_observation
from .._rollout.batches import AT_ONCE_PERCENT, Candidate, at_once, make_batches
from .._rollout.groups import Group, groups_of, shared
from .._rollout.may_restart import may_restart
from .._values.printable import clean
from .host_run import HostRun
from .host_table import some_of

# So many groups are named before a run begins.
_MOST = 5
_FEWEST = 2


@dataclass(slots=True)
class Batches:
    """The hosts of a run that are C(to_look_at) before its first batch, those whose policy allows restarts, and what was seen of them.

    C(spread) are the groups that operators name, by host. A C(sliced) run sees a part of the inventory. C(staying) are the hosts that take
    part without a restart, and C(planned) the batches, empty where none were made. The C(split) are in none.
    """

    to_look_at: Sequence[str] = ()
    spread: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sliced: bool = False
    # What the look returned, for the role, and what the table knows from it.
    looks: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    seen: dict[str, HostRun] = field(default_factory=dict)
    groups: dict[str, tuple[Group, ...]] = field(default_factory=dict)
    staying: frozenset[str] = frozenset()
    planned: list[list[str]] = field(default_factory=list)
    split: tuple[str, ...] = ()
    sizes_are_own: bool = False

    @property
    def is_needed(self) -> bool:
        """True if hosts of this run, or of one beside it, could restart together."""
        return len(self.to_look_at) >= (1 if self.sliced else _FEWEST)

    def look(self, host: str, found: Mapping[str, Any]) -> None:
        """Take in FOUND, what came of looking at HOST."""
        self.looks[host] = found
        self.seen[host] = HostRun()
        self.seen[host].add(found.get("failure") or {"record": found.get("record"), "decision": found.get("decision")})

    def make(self, hosts: Sequence[str], serial: Sequence[int | str]) -> dict[str, dict[str, Any]]:
        """Make the batches of HOSTS, all of the run, with the sizes of SERIAL; return the refusals of those that are in none of them."""
        asked = set(self.to_look_at)
        self.sizes_are_own = not serial
        self.groups = {host: self._groups(host) for host in self.to_look_at}
        # A host that could not be reached is not asked again, but where that was long ago; then it does not restart either.
        lost = {host for host, look in self.looks.items() if look.get("lost") is not None}
        self.staying = frozenset(host for host in hosts if host not in asked or host in lost or not may_restart(self._decision(host)))
        cut = [host for host in self.to_look_at if self.sliced and self.groups[host] and host not in self.staying]
        self.split = tuple(cut)
        candidates = [Candidate(host, host not in self.staying, self.groups.get(host, ())) for host in hosts if host not in set(cut)]
        self.planned = make_batches(candidates, len(hosts), serial)
        return {host: _split(self.groups[host]) for host in cut}

    def lines(self, hosts: int, *, in_full: bool = False) -> list[str]:
        """Return what is told of the batches of a run of so many HOSTS before the first one begins; IN_FULL names the hosts."""
        restarting = [host for batch in self.planned for host in batch if host not in self.staying]
        most = max((sum(host not in self.staying for host in batch) for batch in self.planned), default=0)
        limit = f"{at_once(hosts)} at once is {AT_ONCE_PERCENT} %" if self.sizes_are_own else "hotpatch_serial says how many at once"
        lines = [
            f"{_counted(sum(map(len, self.planned)), 'host')} in {_counted(len(self.planned), 'batch', 'batches')}:"
            f" {len(restarting)} may restart, at most {most} of them together ({limit}), and never two of a group."
        ]
        apart = {text: names for text, names in self._members(restarting).items() if len(names) > 1 or in_full}
        lines += _listed("one after another", apart, in_full=in_full)
        lines += _listed("refused, since other slices may have more of the group", self._members(self.split), in_full=in_full)
        if in_full:
            lines += [f"  batch {number}: {', '.join(clean(host) for host in batch)}" for number, batch in enumerate(self.planned, 1)]
        return lines

    def is_planned(self, batch: Iterable[str]) -> bool:
        """Return False if hosts of BATCH are in none of the batches together."""
        begins = set(batch)
        return not self.planned or any(begins <= set(planned) for planned in self.planned)

    def held_beside(self, bad: Sequence[str], batch: Iterable[str]) -> dict[str, str]:
        """Return the hosts of BATCH that may restart and share a group with one of BAD, and the reason for each."""
        paths: dict[tuple[str, ...], str] = {}
        for host in bad:
            for group in self.groups.get(host, ()):
                if group.is_known:
                    paths.setdefault(group.path, host)
        held = {}
        for host in batch:
            for group in self.groups.get(host, ()) if host not in self.staying else ():
                if paths.get(group.path, host) != host:
                    held[host] = f"{clean(paths[group.path])} of the same group ({group.text}) has ended badly, cannot be reached or is out"
                    held[host] += " of service, so no other of that group begins."
                    break
        return held

    def beside(self, host: str, others: Iterable[str]) -> tuple[str, Group] | None:
        """Return one of OTHERS that HOST must not restart together with, and the group for which, or None."""
        own = self.groups.get(host, ())
        found = ((other, shared(own, self.groups.get(other, ()))) for other in others if other != host)
        return next(((other, group) for other, group in found if group is not None), None)

    def _members(self, hosts: Iterable[str]) -> dict[str, list[str]]:
        """Return those of HOSTS that are in groups, by the groups as people read them."""
        members: dict[tuple[str, ...], list[str]] = {}
        texts: dict[tuple[str, ...], str] = {}
        for host in hosts:
            for group in self.groups.get(host, ()):
                members.setdefault(group.path, []).append(host)
                texts.setdefault(group.path, group.text)
        return {texts[path]: names for path, names in members.items()}

    def _decision(self, host: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.looks.get(host, {}).get("decision")
        return found

    def _groups(self, host: str) -> tuple[Group, ...]:
        raw = self.looks.get(host, {}).get("observation")
        return groups_of(parse_observation(raw) if raw is not None else None, self.spread.get(host, ()))


def _split(groups: Sequence[Group]) -> dict[str, Any]:
    text = TEXTS[Refusal.GROUP_SPLIT]
    named = ", ".join(group.text for group in groups)
    reason = f"This job is a slice, and other slices may restart hosts of the same group at the same time: {named}."
    return {"action": "refuse", "code": Refusal.GROUP_SPLIT.value, "reason": clean(reason), "remedy": text.remedy}


def _listed(what: str, groups: Mapping[str, Sequence[str]], *, in_full: bool) -> list[str]:
    told = list(groups.items())
    shown = told if in_full else told[:_MOST]
    lines = [f"  {what}, {text}: {some_of([clean(host) for host in names])}" for text, names in shown]
    return lines + ([f"  and {_counted(len(told) - len(shown), 'group')} more, which -v lists"] if len(told) > len(shown) else [])


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"
