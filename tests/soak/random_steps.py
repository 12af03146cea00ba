# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequences of runs over a fleet, made at random, each at its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ansible_collections.winops.hotpatch.tests.soak.random_hosts import SoakHost
from ansible_collections.winops.hotpatch.tests.soak.releases import releases, second_tuesday
from ansible_collections.winops.hotpatch.tests.soak.rules import Layer

MONTHS = ((2025, 8), (2025, 10), (2025, 11), (2026, 1), (2026, 2), (2026, 4), (2026, 5), (2026, 6), (2026, 7), (2026, 8), (2026, 9))
WHO = {"hotpatch_memory_owner": "team-a", "hotpatch_memory_reason": "a deed of the campaign"}
# What is played, and how often beside the others.
KINDS = {"cycle": 6, "check": 4, "killed": 5, "two": 3, "rollback": 2, "killed rollback": 1, "assess": 1, "resume": 1, "deed": 2}


@dataclass
class Step:
    """One run, or several that belong together, at one time."""

    kind: str
    now: datetime
    restart_policy: str
    hosts: list[str]
    playbook: str = "cycle"
    variables: dict[str, Any] = field(default_factory=dict)
    controller: str = "a"
    # The hooks that fail, by host.
    fails: dict[str, list[str]] = field(default_factory=dict)
    run_layer: Layer = field(default_factory=Layer)
    # Of a kill and of two controllers: at which call of a host it happens, and how the call ends.
    at_call: int = 0
    lost: str = "none"
    whole: bool = False
    elsewhere: bool = False
    delay: float = 0

    @property
    def named(self) -> str | None:
        """The update that was asked for by its name."""
        found = self.variables.get("hotpatch_kb") or self.variables.get("hotpatch_rollback_kb")
        return str(found) if found else None


def random_times(random: Random, count: int) -> list[datetime]:
    """Return the moments of so many steps, from before or after a Patch Tuesday on."""
    begin = second_tuesday(*random.choice(MONTHS)) + timedelta(hours=18, minutes=30)
    times = [begin + timedelta(hours=random.choice([-72, 0, 0, 3, 100]))]
    while len(times) < count:
        times.append(times[-1] + timedelta(hours=random.choice([2, 9, 24, 24, 120, 300, 500])))
    return times


def random_steps(random: Random, fleet: list[SoakHost], times: list[datetime]) -> list[Step]:
    """Return a step for each of TIMES."""
    steps = []
    for now in times:
        kind = random.choices(list(KINDS), list(KINDS.values()))[0]
        names = [host.name for host in fleet]
        some = random.random() < 0.2 or kind in ("rollback", "killed rollback", "deed")
        policy = random.choice(["never", "planned", "allowed", "allowed", "allowed"])
        step = Step(
            kind, now, policy, random.sample(names, random.randint(1, len(names))) if some else names, controller=random.choice("aab")
        )
        _fill(random, step, fleet)
        steps.append(step)
    return steps


def _fill(random: Random, step: Step, fleet: list[SoakHost]) -> None:
    lines = {host.name: host.line for host in fleet}
    recent = [
        release.kb
        for release in releases(lines[step.hosts[0]])
        if timedelta(0) <= step.now.date() - release.released < timedelta(days=40) and release.kind != "lcu"
    ]
    step.variables["hotpatch_settle_timeout"] = random.choice([20, 120, 600])
    if step.kind in ("rollback", "killed rollback"):
        step.playbook, step.restart_policy = "rollback", random.choice(["allowed", "allowed", "planned"])
        # Several hosts are rolled back by the name of the update only.
        if (len(step.hosts) > 1 or random.random() < 0.5) and recent:
            step.variables["hotpatch_rollback_kb"] = random.choice(recent)
        else:
            step.hosts = step.hosts[:1]
    elif step.kind in ("assess", "resume"):
        step.playbook = step.kind
    elif step.kind == "deed":
        step.playbook = "memory"
        deed = random.choice(["hold", "hold", "release", "lift", "lift", "end_claim", "in_service"])
        step.variables = {"hotpatch_memory_do": deed, **WHO} | (
            {"hotpatch_memory_kb": random.choice(recent or ["KB5087423"])} if deed == "lift" else {}
        )
    else:
        if random.random() < 0.1 and recent:
            step.variables["hotpatch_kb"] = random.choice([*recent, "KB5099001"])
        if random.random() < 0.2:
            step.variables["hotpatch_serial"] = random.choice([1, 2, "50%"])
        if random.random() < 0.2:
            step.variables["hotpatch_rollback_max"] = random.choice([0, 1, 5])
        if random.random() < 0.2:
            step.variables["hotpatch_busy_timeout"] = random.choice([0, 60])
    if step.playbook != "memory":
        chance = random.choice([0, 0, 0.15, 0.7])
        for name in step.hosts:
            step.fails[name] = [
                hook for hook, often in (("health", 1.0), ("drain", 0.15), ("resume", 0.2)) if random.random() < chance * often
            ]
    step.at_call = random.randint(1, 14)
    step.lost = random.choice(["none", "none", "answer", "request"])
    step.whole, step.elsewhere = random.random() < 0.4, random.random() < 0.5
    step.delay = random.choice([0, 0, 0, 0.1, 0.4])
