# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does with the memory of a host, and what that means for runs at work and for later ones."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import (
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
    JUNE,
    MAY,
    hooks,
    hooks_run,
    memory,
    playbook,
)


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


def test_the_last_day_of_a_hold_counts_and_is_shown_as_it_was_written(here: Any) -> None:
    assert "held until 2026-06-14 by team-a" in _remembered(here, "hold", until="2026-06-14", **WHO).output
    here.now = "2026-06-14T23:00:00Z"
    decision = playbook(here, "fresh").of("srv01", DECIDE)["decision"]
    assert decision["code"] == "held"
    assert "until 2026-06-14 " in f"{decision['reason']} ".replace(":", " ")
    here.now = "2026-06-15T00:30:00Z"
    assert playbook(here, "fresh").returncode == 0
    assert installs(here) == 1


def test_what_a_person_changes_on_every_host_has_to_be_asked_for_by_name(here: Any) -> None:
    given: dict[str, Any] = {f"hotpatch_memory_{name}": value for name, value in {"do": "forget", **WHO}.items()}
    refused = playbook(here, "records", "memory", hotpatch_hosts="", **given)
    assert refused.returncode != 0
    assert "hotpatch_hosts: not set" in refused.output
    assert not here.calls.exists()
    assert playbook(here, "records", "memory", hotpatch_hosts="").returncode == 0, "to look harms nobody"
