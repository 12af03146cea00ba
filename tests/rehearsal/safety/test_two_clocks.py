# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts whose clocks are off by an hour and by a day, under denials, holds, freezes and windows; judged on the hosts' own files."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import give_hooks, order
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import DAY, HOST, installs, restarts
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.remembering import DECIDE, JUNE, playbook

CLOCKS = {
    "right": DAY,
    "hour-behind": "2026-06-14T01:00:00Z",
    "hour-ahead": "2026-06-14T03:00:00Z",
    "day-behind": "2026-06-13T02:00:00Z",
    "day-ahead": "2026-06-15T02:00:00Z",
}
WINDOW = {"windows": [{"from": "2026-06-14T01:30:00Z", "to": "2026-06-14T02:50:00Z"}]}
DENIED = {"deny": [{"kb": JUNE, "until": "2026-06-14T01:30:00Z"}]}
HELD = {"hold": {"reason": "audit", "from": "2026-06-14T02:45:00Z", "until": "2026-06-15T23:00:00Z"}}
FROZEN = {"freezes": [{"from": "2026-06-13T00:00:00Z", "to": "2026-06-14T01:30:00Z", "reason": "audit"}]}
BEHIND, AHEAD = {"hour-behind", "day-behind"}, {"hour-ahead", "day-ahead"}


@pytest.mark.parametrize(
    ("policy", "code", "refused"),
    [(WINDOW, "outside_window", BEHIND | AHEAD), (DENIED, "denied", BEHIND), (HELD, "held", AHEAD), (FROZEN, "frozen", BEHIND)],
)
def test_what_forbids_counts_by_either_clock_and_a_window_by_both(fleet: Any, policy: dict[str, Any], code: str, refused: set[str]) -> None:
    fleet.hosts = {name: {**HOST, "now": now} for name, now in CLOCKS.items()}
    run = playbook(fleet, "records", hotpatch_now=DAY, hotpatch_policy=policy)
    assert run.returncode == 0, run.output
    assert {name for name in CLOCKS if run.of(name, DECIDE)["decision"]["code"] == code} == refused
    assert {name: (installs(fleet, name), restarts(fleet, name)) for name in CLOCKS if name not in refused} == {
        name: (1, 1) for name in CLOCKS if name not in refused
    }
    for name in refused:
        assert installs(fleet, name) == 0
        assert "host" in run.of(name, DECIDE)["decision"]["reason"]
    shown = playbook(fleet, "records", "assess", hotpatch_now=DAY, hotpatch_policy=policy)
    # Nothing is done there, so the moment that is asked about decides on windows; what forbids is told as in a run.
    assert {name for name in CLOCKS if code in shown.table()[name]} == (set() if policy is WINDOW else refused)


def test_what_the_next_window_brings_can_be_asked_days_before(fleet: Any) -> None:
    """By a planner, of assess and in check mode, with hooks too. A run that acts is not led into the window by that."""
    fleet.hosts = {"cycled": {**HOST, "now": "2026-06-10T02:00:00Z"}}
    give_hooks(fleet)
    ask: dict[str, Any] = {"hotpatch_as_of": DAY, "hotpatch_policy": WINDOW}
    shown = playbook(fleet, "records", "assess", **ask)
    assert "outside_window" not in shown.table()["cycled"], shown.output
    assert JUNE in shown.table()["cycled"]
    shut = playbook(fleet, "records", "assess", **{**ask, "hotpatch_as_of": "2026-06-14T03:00:00Z"})
    assert "outside_window" in shut.table()["cycled"]
    checked = playbook(fleet, "records", "cycle", check=True, **ask)
    assert "would_install" in checked.table()["cycled"], checked.output
    done = playbook(fleet, "records", **ask)
    assert "outside_window" in done.table()["cycled"], done.output
    assert order(done, "cycled") == []
    assert (installs(fleet, "cycled"), restarts(fleet, "cycled")) == (0, 0)
