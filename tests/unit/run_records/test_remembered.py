# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of this controller and the memory of the host together: the stricter counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.memory import Memory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.history_of_runs import context_of
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.remembered import short, united
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome

NOW = datetime(2026, 6, 14, 2, tzinfo=UTC)
MAY = "KB5087423"


def run(name: str, day: str, outcome: str, **more: Any) -> dict[str, Any]:
    decision = {"action": "install", "kb": MAY, "build": "26100.32690", "code": None}
    return {
        "run_id": name,
        "started_at": f"{day}T02:00:00Z",
        "finished_at": f"{day}T02:30:00Z",
        "outcome": outcome,
        "decision": decision,
        **more,
    }


ROLLBACK = run(
    "rb",
    "2026-05-20",
    "rolled_back",
    denied=[{"kb": MAY, "until": "2026-07-14"}],
    exposure={"kbs": [MAY], "since": "2026-05-20T02:00:00Z", "until": "2026-07-14"},
)


def history(records: list[dict[str, Any]], memory: Memory, own: str | None = None) -> Any:
    return context_of(united(records, memory, own), NOW)


def test_a_rollback_of_another_controller_counts_as_one_of_this() -> None:
    for found in (history([ROLLBACK], Memory()), history([], Memory(runs=(short(ROLLBACK),)))):
        assert found.denied == [{"kb": MAY, "until": "2026-07-14"}]
        assert found.rolled_back["kb"] == MAY
        assert found.last_outcome is Outcome.ROLLED_BACK


def test_denials_and_exposure_outlive_the_runs_that_they_come_from() -> None:
    memory = Memory(denied=tuple(ROLLBACK["denied"]), exposure=ROLLBACK["exposure"])
    found = history([], memory)
    assert [entry["kb"] for entry in found.denied] == [MAY]
    assert found.rolled_back["until"] == "2026-07-14"
    assert found.last_outcome is None, "nothing says how that run ended"


def test_what_was_installed_since_ends_the_exposure_wherever_that_is_written() -> None:
    later = run("june", "2026-06-10", "installed")
    assert history([ROLLBACK], Memory(runs=(short(later),))).rolled_back is None
    assert history([later], Memory(exposure=ROLLBACK["exposure"])).rolled_back is None


def test_failures_are_counted_over_all_controllers() -> None:
    here, there = run("a", "2026-06-11", "failed"), run("b", "2026-06-12", "failed")
    assert history([here], Memory(runs=(short(there),))).failures == {MAY: 2}
    assert history([here, there], Memory(runs=(short(here), short(there)))).failures == {MAY: 2}, "none is counted twice"


def test_a_run_that_is_open_in_the_memory_is_one_that_was_cut_off() -> None:
    cut = run("dead", "2026-06-14", "interrupted", finished_at=None)
    found = history([], Memory(runs=(short(cut),)))
    assert found.at_work is None, "the lease says who is at work"
    assert found.last_acting.cut_off
    assert history([], Memory(runs=(short(cut),)), own="dead").last_acting is None


def test_a_record_that_was_never_closed_is_closed_by_the_memory() -> None:
    open_here = run("x", "2026-06-13", "interrupted", finished_at=None)
    found = history([open_here], Memory(runs=(short(run("x", "2026-06-13", "installed")),)))
    assert found.last_outcome is Outcome.INSTALLED
    assert found.at_work is None


def test_what_a_person_has_lifted_no_longer_counts_and_what_came_later_does() -> None:
    lifted = {MAY: datetime(2026, 6, 1, tzinfo=UTC)}
    runs = united([ROLLBACK], Memory(), None)
    assert context_of(runs, NOW, None, lifted).denied == []
    again = {**ROLLBACK, "run_id": "rb2", "started_at": "2026-06-02T02:00:00Z"}
    assert [entry["kb"] for entry in context_of([*runs, again], NOW, None, lifted).denied] == [MAY]
