# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cycle playbook with a connection that dies at each call of a month in turn: the next run ends where it should."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook


def cycle(fleet: Any, run_id: str, policy: str) -> Any:
    extra = {
        "hotpatch_now": fleet.now,
        "hotpatch_records": str(fleet.folder / "records"),
        "hotpatch_run_id": run_id,
        "hotpatch_restart_policy": policy,
        # A restart command that got lost is waited for; nobody should wait long for it here.
        "hotpatch_restart_timeout": 3,
    }
    return run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", json.dumps(extra))


def restarts(state: dict[str, Any]) -> int:
    return len([boot for boot in state["boots"] if boot["requested_by"] != "setup"])


@pytest.mark.parametrize(
    ("now", "start", "kb", "policy", "boots"),
    [
        ("2025-11-11", "KB5066835", "KB5068966", "never", 0),
        ("2026-01-13", "KB5072014", "KB5073379", "planned", 1),
        pytest.param("2026-06-14", "KB5087423", "KB5094125", "allowed", 1, marks=pytest.mark.long),
    ],
)
def test_the_next_run_makes_good_what_a_lost_connection_left(fleet: Any, now: str, start: str, kb: str, policy: str, boots: int) -> None:
    fleet.now = now
    fleet.hosts = {"whole": {"start_kb": start}}
    assert cycle(fleet, "whole", policy).returncode == 0
    calls = len(fleet.log("whole"))
    build = fleet.state("whole")["build"]
    assert calls >= 7, "three observations and the conversation of win_updates"
    fleet.hosts = {
        f"{lost}{call:02}": {"start_kb": start, "faults": [{"fault": "connection_lost", "at_call": call, "lost": lost}]}
        for call in range(1, calls + 1)
        for lost in ("request", "answer")
    }
    first = cycle(fleet, "first", policy)
    for host in fleet.hosts:
        assert [call["outcome"] for call in fleet.log(host)].count("lost") == 1, f"{host} lost no call: {first.output}"
        assert (fleet.folder / "records" / host / "first.json").exists(), f"{host} left no record"
    second = cycle(fleet, "second", policy)
    for host in fleet.hosts:
        record = json.loads((fleet.folder / "records" / host / "second.json").read_text())
        seen = record["after"] or record["before"]
        assert (seen["state"], seen["in_force"]["release_kb"]) == ("current", kb), f"{host}: {record['messages']} {second.output}"
        state = fleet.state(host)
        done = (state["counters"]["installs"], state["counters"]["uninstalls"])
        assert (state["build"], done, restarts(state)) == (build, (1, 0), boots), f"{host}: {state['boots']}"
