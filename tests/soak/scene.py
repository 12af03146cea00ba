# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the invariants look at: one step of a campaign with everything before and after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ansible_collections.winops.hotpatch.tests.soak.playing import Played
from ansible_collections.winops.hotpatch.tests.soak.random_hosts import SoakHost
from ansible_collections.winops.hotpatch.tests.soak.random_steps import Step
from ansible_collections.winops.hotpatch.tests.soak.rules import Rules
from ansible_collections.winops.hotpatch.tests.soak.truth import Change, Truth


@dataclass
class State:
    """Everything there is at one moment."""

    truths: dict[str, Truth]
    records: dict[str, str]
    hooks: dict[str, list[dict[str, Any]]]

    def truth(self, host: str) -> Truth:
        return self.truths.get(host) or Truth(None)


@dataclass
class Scene:
    """A step, its runs, and the states before and after each of them."""

    step: Step
    runs: list[Played]
    states: list[State]
    fleet: dict[str, SoakHost]
    # What the product has taken off each host and nobody has lifted, and when.
    removed: dict[str, dict[str, datetime]]
    # How many times as fast as here the time of the hosts goes by; with 0 it stands still while nothing is done.
    speed: int = 0
    checked: Counter[str] = field(default_factory=Counter)

    @property
    def before(self) -> State:
        return self.states[0]

    @property
    def after(self) -> State:
        return self.states[-1]

    def change(self, host: str) -> Change:
        """Return what happened on a host in all runs of the step together."""
        return Change(self.before.truth(host), self.after.truth(host), self.fleet[host].given["events"])

    def rules(self, host: str) -> Rules:
        return self.fleet[host].rules(self.step.run_layer)

    def has_fault(self, host: str, *kinds: str) -> bool:
        return any(fault["fault"] in kinds for fault in self.fleet[host].given["faults"])


@dataclass(frozen=True)
class Broken:
    """An invariant that did not hold."""

    invariant: str
    host: str
    text: str


Check = Callable[[Scene], Iterator[Broken]]
CHECKS: list[Check] = []


def invariant(check: Check) -> Check:
    """Enter a check that is made after every step."""
    CHECKS.append(check)
    return check
