# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the records say of a host's updates: which of several counts, and where nothing is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._cve.updates_of_host import HostUpdates, hosts_of, unpack
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import at, host, record_of

WEEK = timedelta(days=7)
S25 = "ws2025"


def run(outcome: str, started: str, before: Any = None, after: Any = None) -> dict[str, Any]:
    return {
        "schema": "winops.hotpatch/run/1",
        "host": "host1",
        "run_id": "r",
        "started_at": f"{started}T18:00:00Z",
        "outcome": outcome,
        "before": before,
        "after": after,
    }


def problem_of(*entries: dict[str, Any], expected: tuple[str, ...] = (), now: str = "2026-08-20") -> HostUpdates:
    (found,) = hosts_of([unpack(f"entry {index}", entry) for index, entry in enumerate(entries)], expected, at(now), WEEK)
    return found


def test_of_several_records_the_newest_counts() -> None:
    old = record_of(host(S25, "KB5099536", now="2026-08-14"), "2026-08-14").to_dict()
    new = record_of(host(S25, "KB5099536", "KB5120228", now="2026-08-18"), "2026-08-18").to_dict()
    runs = [run("installed", "2026-08-18", old, new), run("due", "2026-08-14", old)]
    assert problem_of(*runs).release_kb == "KB5120228"
    assert problem_of(*runs[::-1]).release_kb == "KB5120228"
    assert problem_of(*runs, now="2026-08-16").release_kb == "KB5099536"
    assert problem_of({"record": new, "changed": False}).release_kb == "KB5120228"


@pytest.mark.parametrize("outcome", ["lost", "failed", "interrupted", "installed", "rolled_back", "restarted", "unverified"])
def test_after_a_run_that_did_not_look_again_nothing_is_known(outcome: str) -> None:
    before = record_of(host(S25, "KB5099536", "KB5120228", now="2026-08-18"), "2026-08-18").to_dict()
    found = problem_of(run("due", "2026-08-18", before), run(outcome, "2026-08-19", before))
    assert found.problem == f"its last run ended as {outcome} at 2026-08-19T18:00:00Z, and the host was not seen since; assess it again"
    assert found.release_kb is None


def test_a_host_that_was_not_reached_keeps_its_older_record() -> None:
    before = record_of(host(S25, "KB5099536", "KB5120228", now="2026-08-18"), "2026-08-18").to_dict()
    assert problem_of(run("due", "2026-08-18", before), run("unreachable", "2026-08-19")).release_kb == "KB5120228"
    assert problem_of(run("unreachable", "2026-08-19")).problem == "it was never reached"
    assert "older than 7 days" in str(
        problem_of(run("due", "2026-08-18", before), run("unreachable", "2026-09-19"), now="2026-09-20").problem
    )


def test_only_the_hosts_that_are_asked_for() -> None:
    entry = unpack("it", record_of(host(S25, "KB5099536"), "2026-08-20").to_dict())
    assert [found.host for found in hosts_of([entry], ["web02"], at("2026-08-20"), WEEK)] == ["web02"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({}, "neither a record, a run record nor a result"),
        ({"schema": "other/1", "host": "x"}, "its schema is 'other/1'"),
        ({"schema": "winops.hotpatch/record/1"}, "neither a record"),
        ({"schema": "winops.hotpatch/run/1", "host": "x", "started_at": "soon"}, "has no time at which it started, but 'soon'"),
        ({"record": {"schema": "winops.hotpatch/run/2", "host": "x"}}, "its schema is 'winops.hotpatch/run/2'"),
    ],
)
def test_entries_that_are_no_records(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="results") as error:
        unpack("results[0]", entry)
    assert message in str(error.value)
