# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host itself remembers: every run from any controller knows of the others, whatever became of their records."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
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

OBSERVE = "winops.hotpatch.internal_observe"
DECIDE = "winops.hotpatch.internal_apply : Ask the host what it is, and decide"
INSTALL = "winops.hotpatch.internal_apply : Install what was decided, and verify it"
MAY, JUNE = "KB5087423", "KB5094125"


def playbook(fleet: Any, folder: str, name: str = "cycle", check: bool = False, **more: Any) -> Any:
    """Runs a playbook from a controller with a folder of records of its own."""
    given = {
        "hotpatch_now": fleet.now,
        "hotpatch_hosts": "all",
        "hotpatch_records": str(fleet.folder / folder),
        "hotpatch_restart_policy": "allowed",
        "hotpatch_restart_timeout": 3,
        "hotpatch_settle_timeout": 2,
        **more,
    }
    return run_playbook(
        fleet.folder, f"winops.hotpatch.{name}", fleet.inventory(), *(["--check"] if check else []), "-e", json.dumps(given)
    )


def memory(fleet: Any, host: str = "srv01") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fleet.state(host)["memory"])
    return found


def of_another_controller(fleet: Any) -> None:
    """Makes the claim one of a machine whose processes cannot be seen from here: its run is lost, and nobody can know that."""
    state, told = fleet.state(), memory(fleet)
    told["lease"]["controller"]["host"] = "elsewhere"
    path = fleet.truth / "srv01.json"
    path.write_text(json.dumps({**state, "memory": json.dumps(told)}))


def lost(*calls: int, **more: Any) -> dict[str, Any]:
    return {**HOST, "faults": [{"fault": "connection_lost", "at_call": call, **more} for call in calls]}


def hook(fleet: Any, name: str, fails: bool = False) -> list[str]:
    """A task file that leaves its name on the controller, or fails."""
    path = fleet.folder / f"{name}.yml"
    log = fleet.folder / "hooks.log"
    task = {"ansible.builtin.fail": {"msg": name}} if fails else {"ansible.builtin.shell": f"echo {name} >> {log}"}
    path.write_text(json.dumps([{"name": name, "delegate_to": "localhost", "vars": {"ansible_connection": "local"}, **task}]))
    return [str(path)]


def hooks(fleet: Any, **fails: bool) -> dict[str, Any]:
    return {f"hotpatch_{name}": hook(fleet, name, fails.get(name, False)) for name in ("drain", "health", "resume")}


def hooks_run(fleet: Any) -> list[str]:
    log = fleet.folder / "hooks.log"
    return log.read_text().split() if log.exists() else []


@pytest.fixture(name="here")
def _here(fleet: Any) -> Any:
    fleet.now, fleet.hosts = DAY, {"srv01": dict(HOST)}
    return fleet


def test_a_look_and_check_mode_write_nothing_and_a_run_writes_twice(here: Any) -> None:
    playbook(here, "records", "assess")
    playbook(here, "records", check=True)
    assert not here.truth.exists() or here.state()["memory"] is None
    assert playbook(here, "records").returncode == 0
    told = memory(here)
    assert (told["lease"], told["service"], [run["outcome"] for run in told["runs"]]) == (None, None, ["installed"])
    sent = [entry["name"] for entry in here.log() if entry["kind"] == "module" and not entry["check_mode"]]
    assert sent.count(OBSERVE) == 1 + 5, "the look; then two observations, one before the restart, one after, and the end"


def test_a_rolled_back_update_is_denied_on_every_controller_also_by_a_clock_that_is_behind(here: Any) -> None:
    here.now = "2026-05-20T02:00:00Z"
    assert playbook(here, "records", "rollback").returncode == 0
    shutil.rmtree(here.folder / "records")
    here.now = "2026-05-22T02:00:00Z"
    run = playbook(here, "fresh", hotpatch_now="2026-05-22T01:00:00Z")
    decision = run.of("srv01", DECIDE)["decision"]
    assert (decision["code"], decision["kb"]) == ("denied", MAY)
    assert "winops.hotpatch.memory" in decision["remedy"]
    assert installs(here) == 0


def test_a_run_that_was_lost_holds_the_host_for_ten_minutes_and_no_longer(here: Any) -> None:
    here.hosts = {"srv01": lost(*range(3, 20))}
    assert "lost" in playbook(here, "records").table()["srv01"]
    assert memory(here)["lease"]["act"] == f"install {JUNE}"
    of_another_controller(here)
    here.hosts = {"srv01": dict(HOST)}
    refused = playbook(here, "other", hotpatch_busy_timeout=0).of("srv01", DECIDE)["decision"]
    assert refused["code"] == "busy"
    assert "holds this host for install" in refused["reason"]
    assert installs(here) == 0
    # With the time that a run is given by default it waits, and takes the host over.
    assert playbook(here, "third").returncode == 0
    assert (installs(here), restarts(here)) == (1, 1)
    assert here.state()["clock"] >= "2026-06-14T02:10:00Z"
    assert memory(here)["lease"] is None


def test_whoever_was_taken_over_does_nothing_more(here: Any) -> None:
    """The first run is silent for longer than its claim; when it wakes, another controller has gone on from what it installed."""
    here.hosts = {"srv01": hanging(25, lost="none")}
    with in_background(here, hotpatch_run_id="first") as process:
        wait_for(lambda: installs(here) == 1)
        here.hosts = {"srv01": dict(HOST)}
        assert playbook(here, "other").returncode == 0
        assert (installs(here), restarts(here)) == (1, 1)
        process.wait(120)
    told = record_of(here, "first")
    assert (told["outcome"], told["installed"], told["restarts"]) == ("interrupted", [JUNE], []), told["messages"]
    assert "Nothing more is done on srv01" in " ".join(told["messages"])
    assert (installs(here), restarts(here)) == (1, 1)


@pytest.mark.parametrize("fault", ["memory_unwritable", "memory_locked", "memory_unreadable"])
def test_a_host_that_cannot_remember_is_left_alone_before_it_is_taken_out_of_service(here: Any, fault: str) -> None:
    here.hosts = {"srv01": {**HOST, "faults": [{"fault": fault}]}}
    run = playbook(here, "records", **hooks(here))
    decision = run.of("srv01", INSTALL if fault == "memory_locked" else DECIDE)["decision"]
    assert decision["code"] == "memory_unwritable", decision
    assert "hotpatch_memory" in decision["remedy"]
    assert (hooks_run(here), installs(here)) == ([], 0)
    assert playbook(here, "records", hotpatch_memory="records").returncode == 0
    assert (installs(here), here.state()["memory"]) == (1, None)


def test_a_memory_that_is_not_one_is_told_and_written_over(here: Any) -> None:
    here.hosts = {"srv01": {**HOST, "faults": [{"fault": "memory_garbage", "text": "{{ lookup('pipe', 'id') }}"}]}}
    run = playbook(here, "records")
    assert run.returncode == 0, run.output
    assert "was put aside, because it is not JSON" in run.output
    assert memory(here)["runs"][0]["installed"] == [JUNE]


def test_the_memory_of_an_image_is_not_believed_by_its_clone(here: Any) -> None:
    here.now = "2026-05-20T02:00:00Z"
    playbook(here, "records", "rollback")
    before = memory(here)
    assert before["denied"]
    here.now = "2026-05-22T02:00:00Z"
    here.hosts = {"srv01": {**HOST, "events": [{"at": "2026-05-21T02:00:00Z", "do": "clone"}]}}
    run = playbook(here, "fresh", "assess")
    assert "that of another machine" in run.output


def test_a_host_that_was_left_out_of_service_is_brought_back_by_the_next_run_from_anywhere(here: Any) -> None:
    here.hosts = {"srv01": {**HOST, "faults": [{"fault": "stays_down"}]}}
    playbook(here, "records", **hooks(here))
    assert hooks_run(here) == ["drain"]
    assert memory(here)["service"]["run_id"]
    here.now, here.hosts = "2026-06-16T20:00:00Z", {"srv01": dict(HOST)}
    looked = playbook(here, "fresh", "assess")
    assert looked.of("srv01", "winops.hotpatch.assess : Ask the host what it is, and decide what a run would do")["record"][
        "out_of_service"
    ]
    assert hooks_run(here) == ["drain"], "a look brings nothing back"
    # What is not healthy stays out, and is remembered so.
    assert playbook(here, "fresh", **hooks(here, health=True)).returncode == 2
    assert (hooks_run(here), memory(here)["lease"]) == (["drain"], None)
    assert memory(here)["service"] is not None
    assert playbook(here, "fresh", **hooks(here)).returncode == 0
    assert hooks_run(here) == ["drain", "health", "resume"]
    assert memory(here)["service"] is None
    assert playbook(here, "fresh", **hooks(here)).returncode == 0
    assert hooks_run(here) == ["drain", "health", "resume"], "once is enough"
    assert (installs(here), restarts(here)) == (1, 1)


@pytest.mark.parametrize("stage", ["drain", "health"])
def test_every_end_of_a_run_gives_the_host_back_and_says_whether_it_is_in_service(here: Any, stage: str) -> None:
    run = playbook(here, "records", **hooks(here, **{stage: True}))
    assert run.returncode == 2
    told = memory(here)
    assert told["lease"] is None, "nobody else has to wait"
    assert (told["service"] is None) is (hooks_run(here)[-1:] == ["resume"])
    assert run.of("srv01", INSTALL)["changed"] if stage == "health" else installs(here) == 0


def _remembered(fleet: Any, do: str, **more: Any) -> Any:
    given = {f"hotpatch_memory_{name}": value for name, value in {"do": do, **more}.items()}
    return playbook(fleet, "records", "memory", **given)


WHO = {"owner": "team-a", "reason": "tested in the lab"}


def test_a_person_lifts_a_denial_for_every_controller(here: Any) -> None:
    here.now = "2026-05-20T02:00:00Z"
    playbook(here, "records", "rollback")
    here.now = "2026-05-22T02:00:00Z"
    refused = _remembered(here, "lift", kb=MAY)
    assert refused.returncode != 0
    assert "hotpatch_memory_owner: not set" in refused.output
    shown = _remembered(here, "show")
    assert f"{MAY} is denied until" in shown.output
    before = here.state()["memory"]
    assert f"{MAY} was lifted by team-a" in _remembered(here, "lift", kb=MAY, **WHO).output
    assert before != here.state()["memory"]
    # The records of the rollback are still there, and a lift is younger than they are.
    for folder in ("records", "fresh"):
        decision = playbook(here, folder, check=True).of("srv01", DECIDE)["decision"]
        assert (decision["action"], decision["kb"]) == ("install", MAY), decision


def test_a_hold_that_is_written_on_the_host_reaches_a_run_that_is_at_work(here: Any) -> None:
    here.hosts = {"srv01": hanging(20, lost="none")}
    with in_background(here, hotpatch_run_id="first") as process:
        wait_for(lambda: installs(here) == 1)
        here.hosts = {"srv01": dict(HOST)}
        assert _remembered(here, "hold", **WHO).returncode == 0
        process.wait(120)
    told = record_of(here, "first")
    assert (told["outcome"], told["installed"], restarts(here)) == ("waiting", [JUNE], 0), told["messages"]
    assert "The host is held by team-a (written on the host): tested in the lab." in " ".join(told["messages"])
    assert memory(here)["hold"]["owner"] == "team-a", "the end of the run does not take it away"
    assert playbook(here, "fresh").of("srv01", DECIDE)["decision"]["code"] == "held"
    assert _remembered(here, "release", **WHO).returncode == 0
    assert playbook(here, "fresh").returncode == 0
    assert restarts(here) == 1


def test_resume_brings_back_what_is_out_of_service_and_does_nothing_else(here: Any) -> None:
    here.hosts = {"srv01": {**HOST, "faults": [{"fault": "stays_down"}]}, "srv02": dict(HOST)}
    playbook(here, "records", hotpatch_hosts="srv01", **hooks(here))
    here.now, here.hosts = "2026-06-16T20:00:00Z", {"srv01": dict(HOST), "srv02": dict(HOST)}
    run = playbook(here, "fresh", "resume", **hooks(here))
    assert run.returncode == 0, run.output
    assert "Back in service, where an earlier run had left them out (1): srv01" in run.output
    assert hooks_run(here) == ["drain", "health", "resume"]
    assert here.state("srv02")["counters"] == {"installs": 0, "restarts": 0, "uninstalls": 0}
    assert "Out of service" not in playbook(here, "fresh", "assess").output
