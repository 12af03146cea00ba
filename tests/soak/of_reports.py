# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run says is true: the table of all hosts, the exit code, the records, and check mode beside the run itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.soak.playing import Played
from ansible_collections.winops.hotpatch.tests.soak.scene import Broken, Scene, invariant
from ansible_collections.winops.hotpatch.tests.soak.truth import DAMAGED, Change, out_of_service

CALM = ("none", "refused", "waiting", "would_install", "would_restart", "would_roll_back")
BAD = ("failed", "unverified", "lost", "unreachable", "interrupted", "rolled_back", "-")
NO_TRACEBACK = ("Traceback (most recent", "MODULE FAILURE", "Unexpected Exception", "unexpected error", "defect of the collection")


def rows(run: Run) -> dict[str, list[str]]:
    """Return the cells of the table at the end of RUN, by the hosts."""
    lines = run.output.splitlines()
    heads = [number for number, line in enumerate(lines) if line.split() == ["host", "state", "outcome", "KB", "reason"]]
    if not heads:
        return {}
    head = lines[heads[-1]]
    starts = [head.index(word) for word in ("host", "state", "outcome", "KB", "reason")]
    ends = [*starts[1:], None]
    found = takewhile(str.strip, lines[heads[-1] + 1 :])
    return {line.split()[0]: [line[begin:end].strip() for begin, end in zip(starts, ends, strict=True)] for line in found}


def told_out_of_service(run: Run) -> set[str]:
    return {
        name.strip()
        for line in run.output.splitlines()
        if line.startswith("Out of service (")
        for name in line.partition(": ")[2].split(",")
    }


def alone(scene: Scene) -> Iterator[tuple[Played, Run, int]]:
    """Yield the runs of SCENE that ended by themselves and met no other, each with the number of the state before it."""
    if scene.step.kind in ("two", "killed", "killed rollback"):
        return
    for number, played in enumerate(scene.runs):
        if played.run is not None:
            yield played, played.run, number


@invariant
def every_host_has_its_line(scene: Scene) -> Iterator[Broken]:
    if scene.step.playbook == "memory":
        return
    for played in scene.runs:
        if played.run is None:
            continue
        found = rows(played.run)
        scene.checked["line of each host"] += len(scene.step.hosts)
        for host in set(scene.step.hosts) ^ found.keys():
            yield Broken("line of each host", host, f"{played.tag}: the table has {sorted(found)}")
        for text in NO_TRACEBACK:
            if text in played.run.output:
                yield Broken("no defect", "-", f"{played.tag}: its output has {text!r}")
        bad = {host: cells[2] for host, cells in found.items() if cells[2] in BAD}
        scene.checked["exit code"] += 1
        if played.run.returncode != (2 if bad else 0):
            yield Broken("exit code", "-", f"{played.tag} ended with {played.run.returncode}, and {bad}")


@invariant
def every_line_is_true(scene: Scene) -> Iterator[Broken]:
    if scene.step.playbook == "memory":
        return
    for played, run, number in alone(scene):
        for host, cells in rows(run).items():
            before, after = scene.states[number].truth(host), scene.states[number + 1].truth(host)
            change = Change(before, after, scene.fleet[host].given["events"])
            scene.checked["line is true"] += 1
            for wrong in _wrong(cells, change, played):
                yield Broken("line is true", host, f"{played.tag}: {' | '.join(cells[:4])}: {wrong}; {cells[4][:90]}")


def _wrong(cells: list[str], change: Change, played: Played) -> Iterator[str]:
    outcome, kb = cells[2], cells[3].strip("-")
    if outcome in CALM and change.acts and not (outcome == "waiting" and not change.removed and not change.restarts):
        yield f"it did {change.installed} {change.removed} {change.restarts}"
    if outcome.startswith("would_") != (played.check or played.tag.endswith("assess")) and outcome.startswith("would_") and change.acts:
        yield "it would, and did"
    foreign = any(event["do"] in ("restart", "install") for event in change.events)
    if outcome in ("installed", "restarted") and kb and not change.after.in_force(kb):
        yield f"{kb} is not in force"
    if outcome == "restarted" and not change.restarts and not foreign:
        yield "it did not restart"
    if outcome == "rolled_back" and kb and change.after.in_force(kb):
        yield f"{kb} is still in force"
    if outcome == "unreachable" and change.acts:
        yield "something was done on it"


@invariant
def hosts_are_in_service_or_told_to_be_out(scene: Scene) -> Iterator[Broken]:
    last = scene.runs[-1]
    if last.run is None or scene.step.playbook == "memory":
        return
    told = told_out_of_service(last.run)
    found = rows(last.run)
    for host in scene.step.hosts:
        scene.checked["in service or told"] += 1
        # What was not asked, or has not answered, cannot say that it is out of service.
        silent = not last.calls(host) or (host in found and found[host][2] in ("unreachable", "lost", "-"))
        if out_of_service(scene.after.hooks.get(host, [])) and host not in told and not silent:
            yield Broken("in service or told", host, f"{last.tag}: drained, not told; {' | '.join(found.get(host, []))[:150]}")


@invariant
def no_record_is_lost(scene: Scene) -> Iterator[Broken]:
    scene.checked["records"] += len(scene.before.records)
    for path, digest in scene.before.records.items():
        if path not in scene.after.records or (digest and scene.after.records[path] != digest):
            yield Broken("records", path.split("/")[1], f"{path} is gone or was changed")
    for path, digest in scene.after.records.items():
        if digest == DAMAGED:
            yield Broken("records", path.split("/")[1], f"{path} is half a file")
    if scene.step.playbook not in ("cycle", "rollback"):
        return
    for played in scene.runs:
        for host in scene.step.hosts:
            asked = any(call["outcome"] == "answered" for call in played.calls(host))
            kept = any(path.split("/")[1] == host and path.split("/")[2].startswith(f"{played.tag}.") for path in scene.after.records)
            if played.run is not None and not played.check and asked and not kept:
                yield Broken("records", host, f"{played.tag} has left no record")


@invariant
def check_mode_says_what_the_run_does(scene: Scene) -> Iterator[Broken]:
    if scene.step.kind != "check" or scene.speed:
        return
    first, second = (_decisions(played) for played in scene.runs)
    for host in scene.step.hosts:
        scene.checked["check mode equals run"] += 1
        if first.get(host) != second.get(host):
            yield Broken("check mode equals run", host, f"{first.get(host)} in check mode, then {second.get(host)}")


def _decisions(played: Played) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in played.run.results if played.run else []:
        decision = entry["result"].get("decision")
        if isinstance(decision, dict) and "steps" in decision:
            found.setdefault(entry["host"], (decision["action"], decision["code"], decision["kb"]))
    return found
