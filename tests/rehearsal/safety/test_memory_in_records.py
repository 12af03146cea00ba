# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where nothing may be written on hosts, the same memory in the folder of records: runs at once, lost runs, and hosts out of service."""

from __future__ import annotations

import json
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import (
    DAY,
    HOST,
    hanging,
    in_background,
    installs,
    record_of,
    restarts,
    wait_for,
)
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.remembering import (
    DECIDE,
    INSTALL,
    JUNE,
    hooks,
    hooks_run,
    lost,
    playbook,
)

RECORDS = {"hotpatch_memory": "records"}


def remembered(fleet: Any, host: str = "srv01") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(max(Path(fleet.folder, "records", host).glob(".memory-*.json")).read_text())
    return found


def here_with(fleet: Any, name: str = "cycle", check: bool = False, **more: Any) -> Any:
    return playbook(fleet, "records", name, check, **RECORDS, **more)


def test_nothing_is_written_on_the_host_and_a_look_writes_nothing_at_all(here: Any) -> None:
    here_with(here, "assess")
    here_with(here, check=True)
    assert not list(Path(here.folder, "records").rglob(".memory-*"))
    assert here_with(here).returncode == 0
    told = remembered(here)
    assert (told["lease"], told["service"], [run["outcome"] for run in told["runs"]]) == (None, None, ["installed"])
    assert (installs(here), here.state()["memory"]) == (1, None)
    assert not [entry for entry in here.log() if "memory" in entry.get("args", {})]


@pytest.mark.parametrize("hooked", [False, True])
def test_of_two_and_three_runs_at_once_one_acts(here: Any, hooked: bool) -> None:
    given = {**RECORDS, "hotpatch_busy_timeout": 0, "hotpatch_settle_timeout": 2, **(hooks(here) if hooked else {})}
    with ExitStack() as stack:
        processes = [stack.enter_context(in_background(here, hotpatch_run_id="june", **given)) for _run in range(3)]
        for process in processes:
            assert process.wait(200) == 0
    assert (installs(here), restarts(here)) == (1, 1)
    assert hooks_run(here) in ([], ["drain", "health", "resume"])
    told = remembered(here)
    assert (told["lease"], told["service"]) == (None, None)
    outcomes = [run["outcome"] for run in told["runs"]]
    assert outcomes.count("installed") == 1


def test_a_run_that_drains_holds_its_host_and_one_that_is_lost_leaves_it_remembered_as_out_of_service(here: Any) -> None:
    here.hosts = {"srv01": lost(*range(4, 30))}
    first = here_with(here, **hooks(here))
    assert (first.returncode, hooks_run(here)) == (2, ["drain"])
    told = remembered(here)
    assert (told["service"]["run_id"], told["lease"]["act"]) == (told["lease"]["run_id"], f"install {JUNE}")
    here.hosts = {"srv01": dict(HOST)}
    second = here_with(here, **hooks(here))
    assert (second.returncode, hooks_run(here)) == (0, ["drain", "drain", "health", "resume"])
    assert (installs(here), remembered(here)["service"], remembered(here)["lease"]) == (1, None, None)


def test_whoever_was_taken_over_does_nothing_more(here: Any) -> None:
    here.hosts = {"srv01": hanging(25, lost="none")}
    with in_background(here, hotpatch_run_id="first", **RECORDS) as process:
        wait_for(lambda: installs(here) == 1)
        path = max(Path(here.folder, "records", "srv01").glob(".memory-*.json"))
        told = json.loads(path.read_text())
        taken = {**told, "lease": {**told["lease"], "token": "theirs", "run_id": "second"}}
        path.with_name(f".memory-{int(path.name[8:18]) + 1:010d}.json").write_text(json.dumps(taken))
        process.wait(120)
    ended = record_of(here, "first")
    assert (ended["outcome"], ended["restarts"]) == ("interrupted", [])
    assert "Nothing more is done on srv01: the run second has taken it over" in " ".join(ended["messages"])
    assert remembered(here)["lease"]["run_id"] == "second"


def test_a_person_holds_a_host_and_lifts_a_denial_there(here: Any) -> None:
    here.now = "2026-05-20T02:00:00Z"
    assert here_with(here, "rollback").returncode == 0
    person: dict[str, Any] = {"hotpatch_memory_owner": "team", "hotpatch_memory_reason": "audit"}
    here.now = DAY
    assert here_with(here, "memory", hotpatch_memory_do="hold", **person).returncode == 0
    assert here_with(here).of("srv01", DECIDE)["decision"]["code"] == "held"
    assert here_with(here, "memory", hotpatch_memory_do="release", **person).returncode == 0
    shown = here_with(here, "memory").output
    assert "KB5087423 is denied until" in shown
    assert here_with(here).of("srv01", INSTALL)["outcome"] == "installed"


@pytest.mark.parametrize(("mode", "rights"), [(None, (0o600, 0o700)), ("0640", (0o640, 0o750))])
def test_the_operator_says_who_else_reads_what_a_run_leaves(here: Any, mode: str | None, rights: tuple[int, int]) -> None:
    given: dict[str, Any] = {"hotpatch_output_mode": mode} if mode else {}
    assert here_with(here, **given).returncode == 0
    found = list(Path(here.folder, "records").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {rights[0]}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (Path(here.folder, "records"), *found) if path.is_dir()} == {rights[1]}


def test_a_mode_without_quotes_is_refused_before_the_first_host(here: Any) -> None:
    run = here_with(here, hotpatch_output_mode=416)
    assert run.returncode == 2
    assert "hotpatch_output_mode: 416 is not the mode of a file of records" in run.output
    assert not here.calls.exists()
