# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each act once, never two at once, never by a run that only looks, and out of service while the host restarts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ansible_collections.winops.hotpatch.tests.soak.playing import Played
from ansible_collections.winops.hotpatch.tests.soak.rules import moment
from ansible_collections.winops.hotpatch.tests.soak.scene import Broken, Scene, invariant
from ansible_collections.winops.hotpatch.tests.soak.truth import Change, out_of_service

# A claim holds a host for ten minutes; a run that has been silent for so long may be followed.
LEASE = timedelta(minutes=9, seconds=30)
ROLLBACK_MAX = 2


def is_act(call: dict[str, Any]) -> bool:
    """Return whether a call changes the host."""
    if call["check_mode"] or call["outcome"] == "error":
        return False
    if call["kind"] == "raw":
        # The log has the beginning of a command only; of all that win_reboot sends, the restart alone begins so.
        return str(call["name"]).startswith("$ErrorActionPreference")
    named = str(call["name"])
    return (named.endswith("win_updates") and call["operation"] == "start") or (named.endswith(".package") and call["operation"] != "query")


@invariant
def every_update_is_installed_once(scene: Scene) -> Iterator[Broken]:
    for host in scene.fleet:
        change = scene.change(host)
        scene.checked["installed once"] += 1
        for kb in set(change.installed):
            there = scene.before.truth(host).there(kb)
            times = change.installed.count(kb) + there - change.removed.count(kb)
            if times > 1 and not scene.has_fault(host, "rolls_back"):
                yield Broken("installed once", host, f"{kb} installed {change.installed.count(kb)} times, there before: {there}")
        for kb in change.in_vain:
            if scene.before.truth(host).there(kb):
                yield Broken("installed once", host, f"{kb} was tried again although it is there")


@invariant
def no_two_runs_act_at_once(scene: Scene) -> Iterator[Broken]:
    if len(scene.runs) < 2 or scene.step.kind == "check":
        return
    first, second = scene.runs
    for host in scene.step.hosts:
        scene.checked["one at a time"] += 1
        ours = [call for call in second.calls(host) if is_act(call)]
        theirs = [call for call in first.calls(host) if not first.killed or is_act(call)]
        for act in ours:
            before = [call for call in first.calls(host) if call["wall"] <= act["wall"]]
            later = [call for call in theirs if call["wall"] > act["wall"] and is_act(call)]
            at_work = any(is_act(call) for call in before) and any(call["wall"] > act["wall"] for call in theirs)
            if later and any(is_act(call) for call in before):
                yield Broken("one at a time", host, f"{first.tag} acts after {second.tag} has: {later[0]['name']}")
            elif at_work and moment(act["at"]) - moment(before[-1]["at"]) < LEASE and not _ended(first, host, act):
                yield Broken("one at a time", host, f"{second.tag} acts ({act['name']}) while {first.tag} is at work")
        if ours and scene.step.lost == "none" and len(scene.change(host).restarts) > 3:
            yield Broken("one at a time", host, f"{len(scene.change(host).restarts)} restarts of one step")


def _ended(first: Played, host: str, act: dict[str, Any]) -> bool:
    """Return whether what FIRST still asks after ACT is only the beginning of its next visit: it had let go of the host before."""
    before = [call for call in first.calls(host) if call["wall"] <= act["wall"]]
    return bool(before) and before[-1]["operation"] == "memory"


@invariant
def who_only_looks_changes_nothing(scene: Scene) -> Iterator[Broken]:
    looks = [number for number, played in enumerate(scene.runs) if played.check] if scene.step.kind == "check" else []
    for number in looks:
        for host in scene.fleet:
            scene.checked["check mode changes nothing"] += 1
            before, after = scene.states[number].truth(host), scene.states[number + 1].truth(host)
            if before.data and before.still() != after.still():
                found = [key for key in after.still() if after.still()[key] != before.still().get(key)]
                yield Broken("check mode changes nothing", host, f"{found} changed in check mode")
        if scene.states[number].records != scene.states[number + 1].records:
            yield Broken("check mode changes nothing", "-", "a record was written in check mode")
        if scene.states[number].hooks != scene.states[number + 1].hooks:
            yield Broken("check mode changes nothing", "-", "a hook ran in check mode")
    if scene.step.playbook in ("assess", "resume", "memory"):
        for host in scene.fleet:
            change = scene.change(host)
            scene.checked["who looks does not act"] += 1
            remembers = scene.step.playbook != "assess" or change.before.data.get("memory") == change.after.data.get("memory")
            if change.acts or not (remembers or not change.before.data):
                yield Broken(
                    "who looks does not act", host, f"{change.installed} {change.removed} {change.restarts} in {scene.step.playbook}"
                )


@invariant
def hosts_that_were_not_selected_are_not_asked(scene: Scene) -> Iterator[Broken]:
    for host in scene.fleet.keys() - set(scene.step.hosts):
        scene.checked["not selected"] += 1
        if any(played.calls(host) for played in scene.runs):
            yield Broken("not selected", host, "was asked although it was not selected")


@invariant
def nothing_is_removed_unasked(scene: Scene) -> Iterator[Broken]:
    if scene.step.playbook == "rollback":
        for host in scene.fleet:
            change, named = scene.change(host), scene.step.named
            scene.checked["removed unasked"] += 1
            if len(change.removed) > 1 or (named and set(change.removed) - {named}):
                yield Broken("removed unasked", host, f"{change.removed} removed where {named or 'one update'} was named")
        return
    changes = {host: scene.change(host) for host in scene.fleet}
    for host, change in changes.items():
        scene.checked["removed unasked"] += 1
        if change.removed and not _sick(scene, host, change):
            yield Broken("removed unasked", host, f"{change.removed} removed, and no health task has failed")
    most = int(scene.step.variables.get("hotpatch_rollback_max", ROLLBACK_MAX)) * max(1, len([run for run in scene.runs if not run.check]))
    rolled_back = [host for host, change in changes.items() if change.removed]
    if len(rolled_back) > most:
        yield Broken("removed unasked", "-", f"{rolled_back} rolled back, more than {most}")


def _sick(scene: Scene, host: str, change: Change) -> bool:
    new = scene.after.hooks.get(host, [])[len(scene.before.hooks.get(host, [])) :]
    return any(entry["hook"] == "health" and entry["failed"] for entry in new) and bool(change.before.data)


@invariant
def hosts_restart_out_of_service(scene: Scene) -> Iterator[Broken]:
    for host, given in scene.fleet.items():
        if "drain" not in given.hooks:
            continue
        hooks = scene.after.hooks.get(host, [])
        for played in scene.runs:
            for call in played.calls(host):
                if is_act(call) and call["kind"] == "raw":
                    scene.checked["restarted out of service"] += 1
                    if not out_of_service([entry for entry in hooks if entry["wall"] <= call["wall"]]):
                        yield Broken("restarted out of service", host, f"restarted in service at {call['at']}")
