# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One campaign: from one seed a fleet and a sequence of steps, played and judged."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from ansible_collections.winops.hotpatch.tests.schemas import stamps, written_since
from ansible_collections.winops.hotpatch.tests.soak import of_acts, of_policy, of_reports
from ansible_collections.winops.hotpatch.tests.soak.of_reports import rows
from ansible_collections.winops.hotpatch.tests.soak.playing import Player
from ansible_collections.winops.hotpatch.tests.soak.random_hosts import SoakHost, random_fleet
from ansible_collections.winops.hotpatch.tests.soak.random_steps import WHO, Step, random_steps, random_times
from ansible_collections.winops.hotpatch.tests.soak.rules import text
from ansible_collections.winops.hotpatch.tests.soak.scene import CHECKS, Broken, Scene, State
from ansible_collections.winops.hotpatch.tests.soak.truth import lines, out_of_service, records, truths

# Importing them has entered their invariants.
PARTS = (of_acts, of_policy, of_reports)
SOUND = ("line", "platform", "powershell", "administrator", "update_source")


@dataclass
class Result:
    """What one campaign has shown."""

    seed: int
    folder: str
    broken: list[Broken] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    def add(self, other: Result) -> None:
        """Add the numbers of another campaign."""
        self.counts += other.counts
        self.faults += other.faults
        self.outcomes += other.outcomes
        self.checked += other.checked

    def count(self, scene: Scene) -> None:
        """Add what was met in SCENE."""
        self.checked += scene.checked
        now = text(scene.step.now)
        for played in scene.runs:
            self.counts["runs"] += 1
            self.counts["kills"] += played.killed
            self.counts["host-runs"] += len(scene.step.hosts)
            self.outcomes.update(cells[2] for cells in (rows(played.run) if played.run else {}).values())
            for host in scene.step.hosts:
                given = scene.fleet[host].given["faults"] if played.calls(host) else []
                self.faults.update(fault["fault"] for fault in given if fault.get("from", now) <= now <= fault.get("to", now))


def play_campaign(seed: int, folder: Path, size: int = 5, length: int = 8) -> Result:
    """Play the campaign of SEED in FOLDER with SIZE hosts and LENGTH steps; it ends with the first step that broke something."""
    began = time.monotonic()
    random = Random(seed)
    times = random_times(random, length)
    fleet = random_fleet(random, times, size)
    steps = random_steps(random, fleet, times)
    speed = random.choice([0, 0, 0, 60, 600])
    names = [host.name for host in fleet]
    first = Step("assess", times[0] - timedelta(hours=1), "never", names, "assess")
    campaign = _Campaign(Result(seed, str(folder)), folder, fleet, speed)
    if all(campaign.step(number, step) for number, step in enumerate([first, *steps])):
        campaign.end(len(steps) + 1, times[-1] + timedelta(days=2))
    campaign.result.seconds = time.monotonic() - began
    return campaign.result


class _Campaign:
    def __init__(self, result: Result, folder: Path, fleet: list[SoakHost], speed: int) -> None:
        self.result, self.folder, self.fleet = result, folder, fleet
        self.player = Player(folder, fleet, speed)
        self.removed: dict[str, dict[str, datetime]] = {}

    def step(self, number: int, step: Step) -> bool:
        """Play one step and judge it; return whether all was well."""
        states, written = [self._state()], stamps(self.folder)
        where = f"step {number} ({step.kind}, {text(step.now)})"
        try:
            runs = self.player.play(number, step, lambda: states.append(self._state()))
        except (AssertionError, subprocess.TimeoutExpired) as error:
            self.result.broken.append(Broken("run and records", "-", f"{where}: {str(error)[:800]}"))
            return False
        states.append(self._state())
        scene = Scene(step, runs, states, {host.name: host for host in self.fleet}, self.removed, self.player.speed)
        found = [Broken("record schema", "-", problem) for problem in written_since(self.folder, written)]
        found += [broken for check in CHECKS for broken in check(scene)]
        self.result.broken += [replace(broken, text=f"{where}: {broken.text}") for broken in found]
        self.result.count(scene)
        return not found

    def end(self, number: int, now: datetime) -> None:
        """Mend everything, so that the next runs have nobody left out of service."""
        idle = {"at": text(now - timedelta(hours=1)), "do": "idle"}
        for host in self.fleet:
            host.given = {name: value for name, value in host.given.items() if name in SOUND} | {"faults": [], "events": [idle]}
            host.layers = {}
        names = [host.name for host in self.fleet]
        release = {"hotpatch_memory_do": "release", **WHO}
        for step in (
            Step("deed", now, "never", names, "memory", release),
            Step("cycle", now + timedelta(hours=1), "allowed", names),
            Step("resume", now + timedelta(hours=9), "never", names, "resume"),
        ):
            if not self.step(number, step):
                return
            number += 1
        for name in names:
            self.result.checked["in service at the end"] += 1
            if out_of_service(lines(self.folder / "log" / f"{name}.jsonl")):
                self.result.broken.append(Broken("in service at the end", name, "out of service after everything was mended"))

    def _state(self) -> State:
        hooks = {host.name: lines(self.folder / "log" / f"{host.name}.jsonl") for host in self.fleet}
        return State(truths(self.folder), records(self.folder), hooks)
