# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host itself remembers: every run from any controller knows of the others, whatever became of their records."""

from __future__ import annotations

import shutil
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
    MAY,
    OBSERVE,
    hooks,
    hooks_run,
    lost,
    memory,
    of_another_controller,
    playbook,
)


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
    assert "was put aside, because it is not JSON" in " ".join(run.output.split())
    assert memory(here)["runs"][0]["installed"] == [JUNE]


def test_the_memory_of_an_image_is_not_believed_by_its_clone(here: Any) -> None:
    here.now = "2026-05-20T02:00:00Z"
    playbook(here, "records", "rollback")
    before = memory(here)
    assert before["denied"]
    here.now = "2026-05-22T02:00:00Z"
    here.hosts = {"srv01": {**HOST, "events": [{"at": "2026-05-21T02:00:00Z", "do": "clone"}]}}
    run = playbook(here, "fresh", "assess")
    assert "that of another machine" in " ".join(run.output.split()), "up to 2.18 ansible-core breaks the lines of a warning"


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


def test_what_was_denied_before_is_denied_after_every_kind_of_run(here: Any) -> None:
    here.now = "2026-05-20T02:00:00Z"
    playbook(here, "records", "rollback")
    here.now = DAY
    denied = memory(here)["denied"]
    assert [entry["kb"] for entry in denied] == [MAY]
    assert playbook(here, "fresh", **hooks(here)).returncode == 0
    assert hooks_run(here) == ["drain", "health", "resume"]
    told = memory(here)
    assert (told["denied"], told["exposure"]) == (denied, None), "the baseline has ended the exposure"
    here.now = "2026-06-20T02:00:00Z"
    assert playbook(here, "fresh", "rollback", hotpatch_rollback_kb=JUNE, **hooks(here)).returncode == 0
    assert {entry["kb"] for entry in memory(here)["denied"]} == {MAY, JUNE}


def test_a_baseline_with_drain_takes_four_observations_and_two_writes_and_nothing_to_do_takes_one(here: Any) -> None:
    assert playbook(here, "records", **hooks(here)).returncode == 0
    sent = [entry["operation"] == "memory" for entry in here.log() if entry["name"] == OBSERVE]
    assert (sent.count(False), sent.count(True)) == (4, 2)
    assert playbook(here, "records", **hooks(here)).returncode == 0
    again = [entry["operation"] == "memory" for entry in here.log() if entry["name"] == OBSERVE][len(sent) :]
    assert again == [False]
