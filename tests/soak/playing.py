# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playing one step of a campaign: real playbooks, in the background where one is killed or meets another."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook, settings
from ansible_collections.winops.hotpatch.tests.soak.random_hosts import SoakHost
from ansible_collections.winops.hotpatch.tests.soak.random_steps import Step
from ansible_collections.winops.hotpatch.tests.soak.rules import text
from ansible_collections.winops.hotpatch.tests.soak.truth import lines

HOOKS = ("before", "drain", "health", "resume", "after")
MARK = "HOTPATCH_SOAK_RUN"
LONGEST = 240
# As long as it takes to find out that a call has come, and to kill.
PAUSE, HANGS = 0.01, 1.5


@dataclass
class Played:
    """One run as it was played. Without a RUN it was killed, or nothing but its calls is looked at."""

    tag: str
    folder: Path
    check: bool = False
    killed: bool = False
    run: Run | None = None
    since: float = field(default_factory=time.time)

    def calls(self, host: str) -> list[dict[str, Any]]:
        return lines(self.folder / "calls" / f"{host}.jsonl")


class Player:
    """Plays the steps of one campaign in FOLDER on FLEET."""

    def __init__(self, folder: Path, fleet: list[SoakHost], speed: int) -> None:
        self.folder, self.fleet, self.speed = folder, fleet, speed
        for name in ("truth", "hooks", "runs", "log"):
            (folder / name).mkdir(parents=True)
        for name in HOOKS:
            task = {"soak_hook": {"hook": name, "log": str(folder / "log"), "fails": "{{ soak_fails | default([]) }}"}}
            (folder / "hooks" / f"{name}.yml").write_text(json.dumps([{"name": f"hook {name}", **task}]))

    def play(self, number: int, step: Step, between: Callable[[], None]) -> list[Played]:
        """Play STEP, and return its runs in order of their beginning. Call BETWEEN where one follows upon the end of another."""
        tag = f"{number:02}"
        if step.kind == "check":
            first = self._run(f"{tag}-check", step, check=True)
            between()
            return [first, self._run(tag, step)]
        if step.kind in ("killed", "killed rollback"):
            first = self._killed(f"{tag}-killed", step)
            second = self._run(tag, step, controller=f"fresh{tag}" if step.elsewhere else None)
            _wait_for_orphans(f"{self.folder}/{tag}-killed")
            return [first, second]
        return self._two(tag, step) if step.kind == "two" else [self._run(tag, step)]

    def _run(self, tag: str, step: Step, *, check: bool = False, controller: str | None = None) -> Played:
        played = Played(tag, self.folder / "runs" / tag, check)
        arguments = self._arguments(played, step, controller or step.controller)
        played.run = run_playbook(
            played.folder,
            arguments[2],
            Path(arguments[1]),
            *arguments[3:],
            *(["--check"] if check else []),
            env={"ANSIBLE_ACTION_PLUGINS": str(Path(__file__).parent / "action_plugins")},
        )
        (played.folder / "output.log").write_text(played.run.output)
        return played

    def _killed(self, tag: str, step: Step) -> Played:
        played, process = self._start(tag, step, hangs=HANGS, lost=step.lost)
        end = time.monotonic() + LONGEST
        while process.poll() is None and time.monotonic() < end:
            if self._has_come(played, step):
                time.sleep(step.delay)
                process.kill()
                played.killed = True
                break
            time.sleep(PAUSE)
        process.wait()
        if played.killed and step.whole:
            for pid in _processes(f"{self.folder}/{tag}"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        return played

    def _two(self, tag: str, step: Step) -> list[Played]:
        first, process = self._start(f"{tag}-first", step, hangs=HANGS, lost="none")
        end = time.monotonic() + LONGEST
        while process.poll() is None and time.monotonic() < end and not self._has_come(first, step):
            time.sleep(PAUSE)
        second = self._run(tag, step, controller="b" if step.controller == "a" else "a")
        process.wait(LONGEST)
        output = (first.folder / "output.log").read_text()
        first.run = Run(process.returncode, output, lines(first.folder / "results.jsonl"))
        return [first, second]

    def _has_come(self, played: Played, step: Step) -> bool:
        """Return whether a host has had the call at which something is to happen; there each host waits that comes so far."""
        return any(len(played.calls(host)) >= step.at_call for host in step.hosts)

    def _start(self, tag: str, step: Step, *, hangs: float, lost: str) -> tuple[Played, subprocess.Popen[bytes]]:
        played = Played(tag, self.folder / "runs" / tag)
        fault = {"fault": "hang", "at_call": step.at_call, "lost": lost, "seconds": max(1, round(hangs))}
        arguments = self._arguments(played, step, step.controller, fault)
        env = os.environ | settings(played.folder, played.folder / "results.jsonl")
        env |= {"ANSIBLE_ACTION_PLUGINS": str(Path(__file__).parent / "action_plugins"), MARK: f"{self.folder}/{tag}"}
        with (played.folder / "output.log").open("wb") as log:
            command = [sys.executable, "-m", "ansible", "playbook", *arguments]
            process = subprocess.Popen(command, cwd=played.folder, stdout=log, stderr=log, env=env, start_new_session=True)
        return played, process

    def _arguments(self, played: Played, step: Step, controller: str, fault: dict[str, Any] | None = None) -> list[str]:
        """Make the folder of a run with its inventory, and return the arguments of its playbook."""
        played.folder.mkdir()
        inventory = played.folder / "inventory.json"
        inventory.write_text(json.dumps(self._inventory(played, step, fault), indent=1))
        given = {
            "hotpatch_now": text(step.now),
            "hotpatch_run_id": played.tag,
            "hotpatch_restart_policy": step.restart_policy,
            "hotpatch_restart_timeout": 2,
            "hotpatch_hosts": ",".join(step.hosts),
            "hotpatch_records": str(self.folder / f"records-{controller}"),
            **step.variables,
        }
        if layer := step.run_layer.written():
            given["hotpatch_policy_run"] = layer
        return ["-i", str(inventory), f"winops.hotpatch.{step.playbook}", "-e", json.dumps(given)]

    def _inventory(self, played: Played, step: Step, fault: dict[str, Any] | None) -> dict[str, Any]:
        hosts = {}
        for host in self.fleet:
            given = {f"hotpatch_rehearsal_{name}": value for name, value in host.given.items()}
            if fault:
                given["hotpatch_rehearsal_faults"] = [fault, *host.given["faults"]]
            given |= {name: layer.written() for name, layer in host.layers.items() if layer.written()}
            given |= {f"hotpatch_{hook}": str(self.folder / "hooks" / f"{hook}.yml") for hook in host.hooks}
            hosts[host.name] = given | {"soak_fails": step.fails.get(host.name, [])}
        shared = {
            "ansible_connection": "winops.hotpatch.rehearsal",
            "hotpatch_rehearsal_truth": str(self.folder / "truth"),
            "hotpatch_rehearsal_calls": str(played.folder / "calls"),
            "hotpatch_rehearsal_now": text(step.now),
            "hotpatch_rehearsal_speed": self.speed,
        }
        return {"all": {"hosts": hosts, "vars": shared}}


def _processes(mark: str) -> list[int]:
    """Return the processes that carry MARK in the environment with which they began."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"{MARK}={mark}".encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


def _wait_for_orphans(mark: str) -> None:
    """Wait for what a killed playbook has left, so that the step is over when it is judged."""
    end = time.monotonic() + 60
    while _processes(mark) and time.monotonic() < end:
        time.sleep(0.05)
