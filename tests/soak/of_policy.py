# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing happens to a host that its operator forbids: restarts, windows, freezes, holds, denials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ansible_collections.winops.hotpatch.tests.soak.random_faults import OF_MEMORY
from ansible_collections.winops.hotpatch.tests.soak.releases import ON_TRACK, next_planned_baseline, planned_baseline_month, release_of
from ansible_collections.winops.hotpatch.tests.soak.rules import moment
from ansible_collections.winops.hotpatch.tests.soak.scene import Broken, Scene, invariant
from ansible_collections.winops.hotpatch.tests.soak.truth import Boot, Truth


def forbidden(scene: Scene, host: str, at: datetime) -> str | None:
    """Return the reason for which HOST must not restart AT that moment in the runs of the step."""
    policy = scene.step.restart_policy
    if policy == "never" or (policy == "planned" and planned_baseline_month(scene.fleet[host].line, at) is False):
        return f"restart policy {policy}"
    return scene.rules(host).forbids_restart(at)


def moments(scene: Scene, host: str, boot: Boot) -> list[datetime]:
    """Return when BOOT began, by the clock of the host, and by that of the controller since its run has asked the host first."""
    found = [boot.began]
    for played in scene.runs:
        # Each module of a run for another date begins at that date. Where the time of the hosts goes by between them, that is lost.
        calls = [moment(call["at"]) for call in played.calls(host)[: None if scene.speed else 1]]
        found += [scene.step.now + (boot.began - at) for at in calls if at <= boot.began]
    return found


@invariant
def restarts_are_allowed(scene: Scene) -> Iterator[Broken]:
    for host in scene.fleet:
        for boot in scene.change(host).restarts:
            scene.checked["restart allowed"] += 1
            reasons = [forbidden(scene, host, at) for at in moments(scene, host, boot)]
            if all(reasons):
                yield Broken("restart allowed", host, f"restarted at {boot.began}: {reasons[0]}")


@invariant
def what_is_forbidden_is_not_begun(scene: Scene) -> Iterator[Broken]:
    now = scene.step.now
    for host, given in scene.fleet.items():
        change, rules = scene.change(host), scene.rules(host)
        done = change.installed + change.removed
        scene.checked["change allowed"] += 1
        if done and (reason := rules.forbids_change(now)):
            yield Broken("change allowed", host, f"{done} done during a {reason}")
        for kb in change.installed:
            scene.checked["denial"] += 1
            if rules.denies(kb, now):
                yield Broken("denial", host, f"{kb} installed although a policy denies it")
            release = release_of(given.line, kb)
            named = kb == scene.step.named and scene.step.playbook == "cycle"
            if not named and (release is None or release.kind not in ON_TRACK):
                yield Broken("track", host, f"{kb} ({release and release.kind}) installed, which nobody asked for")
            if release is not None and release.kind not in ON_TRACK:
                yield Broken("track", host, f"{kb} ({release.kind}) installed, which leaves the track")
            if release is not None and release.restart and (why := forbidden(scene, host, now)):
                yield Broken("restart allowed", host, f"{kb} installed, which restarts the host: {why}")
        if change.removed and (why := forbidden(scene, host, now)):
            yield Broken("restart allowed", host, f"{change.removed} removed, which restarts the host: {why}")


@invariant
def hosts_that_are_not_to_be_touched_are_not(scene: Scene) -> Iterator[Broken]:
    for host, given in scene.fleet.items():
        change = scene.change(host)
        if scene.step.playbook != "cycle" or change.events:
            continue
        scene.checked["not to be touched"] += 1
        truth = scene.before.truth(host)
        why = _untouchable(truth) or ("managed elsewhere" if given.given.get("update_source") else None)
        why = why or ("no administrator" if given.given.get("administrator") is False else None)
        if why and change.acts:
            yield Broken("not to be touched", host, f"{why}, and yet {change.installed} {change.removed} {change.restarts}")


def _untouchable(truth: Truth) -> str | None:
    if not truth.data:
        return None
    # Windows does not say so where a hotpatch is on the host, which then counts as enrolled.
    hotpatched = any(entry["kind"] in ("hotpatch", "oob_hotpatch") for entry in truth.data["installed"])
    if truth.data["enrollment"] != "enrolled" and not hotpatched:
        return str(truth.data["enrollment"])
    return None if truth.data["vbs"].get("status") == 2 else "virtualization-based security does not run"


@invariant
def what_stands_in_the_memory_counts(scene: Scene) -> Iterator[Broken]:
    for host, given in scene.fleet.items():
        change = scene.change(host)
        cloned = any(event["do"] == "clone" for event in given.given["events"])
        if cloned or scene.has_fault(host, *OF_MEMORY):
            continue
        hold = scene.before.truth(host).memory.get("hold")
        scene.checked["hold of a person"] += 1
        if hold and change.acts:
            yield Broken("hold of a person", host, f"{change.installed} {change.removed} {change.restarts} although it is held")


@invariant
def what_was_rolled_back_stays_away(scene: Scene) -> Iterator[Broken]:
    for host, given in scene.fleet.items():
        change, known = scene.change(host), scene.removed.setdefault(host, {})
        for kb in change.installed:
            scene.checked["rolled back"] += 1
            since = known.get(kb)
            if since and kb != scene.step.named and scene.step.now < next_planned_baseline(given.line, since):
                yield Broken("rolled back", host, f"{kb} installed again, which was rolled back on {since}")
        for kb in change.removed:
            known[kb] = scene.step.now
        if scene.step.variables.get("hotpatch_memory_do") == "lift" and host in scene.step.hosts:
            known.pop(scene.step.variables["hotpatch_memory_kb"], None)
