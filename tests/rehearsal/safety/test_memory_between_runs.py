# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs that meet on one host while one of them has it out of service, and what is remembered where a module of a run was lost."""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import (
    HOST,
    hanging,
    in_background,
    installs,
    restarts,
    wait_for,
)
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.remembering import (
    DECIDE,
    INSTALL,
    JUNE,
    MAY,
    hooks,
    hooks_run,
    lost,
    memory,
    playbook,
)


def slow_drain(fleet: Any) -> dict[str, Any]:
    """The hooks of a run that drains until the file C(drained) is there."""
    given, log = hooks(fleet), fleet.folder / "hooks.log"
    wait = f"echo drain >> {log}; while [ ! -e {fleet.folder}/drained ]; do sleep 0.1; done"
    task = {"name": "drain", "delegate_to": "localhost", "vars": {"ansible_connection": "local"}, "ansible.builtin.shell": wait}
    (fleet.folder / "slow_drain.yml").write_text(json.dumps([task]))
    return given | {"hotpatch_drain": [str(fleet.folder / "slow_drain.yml")]}


def test_a_run_that_drains_holds_its_host_also_against_the_next_run_on_its_controller(here: Any) -> None:
    """The claim was made by a process that has ended: each task of a run has one of its own."""
    with in_background(here, hotpatch_settle_timeout=2, **slow_drain(here)) as process:
        wait_for(lambda: hooks_run(here) == ["drain"])
        second = playbook(here, "other", hotpatch_busy_timeout=0, **hooks(here))
        (here.folder / "drained").touch()
        assert process.wait(120) == 0
    assert second.of("srv01", DECIDE)["decision"]["code"] == "busy"
    assert hooks_run(here) == ["drain", "health", "resume"]
    assert (installs(here), restarts(here)) == (1, 1)


def test_a_run_that_was_taken_over_does_not_bring_the_host_back_into_service(here: Any) -> None:
    here.hosts = {"srv01": hanging(25, lost="none")}
    here.hosts["srv01"]["faults"][0]["at_call"] = 5
    with in_background(here, hotpatch_run_id="first", hotpatch_resume_after_failure="always", **hooks(here)) as process:
        wait_for(lambda: installs(here) == 1)
        here.hosts = {"srv01": dict(HOST)}
        assert playbook(here, "other", **hooks(here)).returncode == 0
        assert hooks_run(here) == ["drain", "drain", "health", "resume"]
        assert process.wait(120) == 2
    assert hooks_run(here) == ["drain", "drain", "health", "resume"]
    assert (installs(here), restarts(here)) == (1, 1)


def taking_over(fleet: Any) -> dict[str, Any]:
    """The hooks of a run that another controller takes over while it drains, as if it had been silent for too long."""
    given, truth = hooks(fleet), fleet.truth / "srv01.json"
    lines = (
        "import json, pathlib",
        f"path = pathlib.Path({str(truth)!r})",
        "state = json.loads(path.read_text())",
        "told = json.loads(state['memory'])",
        "told['lease'] |= {'token': 'theirs', 'run_id': 'second', 'controller': {}}",
        "path.write_text(json.dumps({**state, 'memory': json.dumps(told)}))",
    )
    (fleet.folder / "take_over.py").write_text("\n".join(lines))
    local = {"delegate_to": "localhost", "vars": {"ansible_connection": "local"}}
    task = {"name": "taken over", **local, "ansible.builtin.command": f"{sys.executable} {fleet.folder}/take_over.py"}
    (fleet.folder / "take_over.yml").write_text(json.dumps([task]))
    return given | {"hotpatch_drain": [*given["hotpatch_drain"], str(fleet.folder / "take_over.yml")]}


@pytest.mark.parametrize("on_refusal", ["report", "fail"])
def test_a_host_that_was_taken_over_while_it_was_drained_stays_out_of_service(here: Any, on_refusal: str) -> None:
    run = playbook(here, "records", hotpatch_busy_timeout=0, hotpatch_on_refusal=on_refusal, **taking_over(here))
    told = run.of("srv01", INSTALL)
    assert (run.returncode, told["outcome"]) == (2, "interrupted")
    assert "the run second has taken it over" in told["msg"]
    assert (hooks_run(here), installs(here)) == (["drain"], 0)
    assert (memory(here)["lease"]["run_id"], memory(here)["service"] is None) == ("second", False)


def test_nothing_is_brought_back_where_another_run_was_first(here: Any) -> None:
    """A host that this run has not drained is not resumed by it: the run that holds it may have it out of service."""
    with in_background(here, hotpatch_settle_timeout=2, **slow_drain(here)) as process:
        wait_for(lambda: hooks_run(here) == ["drain"])
        second = playbook(here, "other", hotpatch_busy_timeout=0, hotpatch_on_refusal="fail", **hooks(here))
        ran = hooks_run(here)
        (here.folder / "drained").touch()
        assert process.wait(120) == 0
    assert (second.returncode, ran) == (2, ["drain"])


@pytest.mark.parametrize("call", [0, 1])
def test_a_rollback_that_was_lost_after_bad_health_leaves_its_denial_on_the_host(here: Any, call: int) -> None:
    """The host is lost as the update is removed, or right after that."""
    playbook(here, "records", **hooks(here, health=True))
    assert [entry["kb"] for entry in memory(here)["denied"]] == [JUNE]
    number = next(number for number, entry in enumerate(here.log(), 1) if entry["name"] == "winops.hotpatch.package") + call
    shutil.rmtree(here.truth)
    shutil.rmtree(here.calls)
    here.hosts = {"srv01": lost(number)}
    assert playbook(here, "fresh", **hooks(here, health=True)).returncode == 2
    told = memory(here)
    assert ([entry["kb"] for entry in told["denied"]], told["exposure"]["kbs"], told["lease"]) == ([JUNE], [JUNE], None)
    assert [run["outcome"] for run in told["runs"]] == ["installed", "interrupted"]


def test_a_rollback_that_was_lost_after_the_removal_brings_its_host_back_when_it_is_run_again(here: Any) -> None:
    here.now = "2026-05-20T02:00:00Z"
    here.hosts = {"srv01": {**HOST, "faults": [{"fault": "stays_down"}]}}
    assert playbook(here, "records", "rollback", **hooks(here)).returncode == 2
    assert (hooks_run(here), restarts(here), memory(here)["service"] is None) == (["drain"], 1, False)
    here.now, here.hosts = "2026-05-22T20:00:00Z", {"srv01": dict(HOST)}
    again = playbook(here, "fresh", "rollback", **hooks(here))
    assert again.returncode == 0, again.output
    assert hooks_run(here) == ["drain", "health", "resume"]
    told = memory(here)
    assert (told["service"], told["lease"], [entry["kb"] for entry in told["denied"]]) == (None, None, [MAY])
    assert restarts(here) == 1


@pytest.mark.parametrize("drain", [False, True])
def test_a_host_whose_resume_fails_is_told_as_out_of_service_and_given_back(here: Any, drain: bool) -> None:
    """After an update, and after a drain that failed; nobody else has it for that, and the next run does not wait."""
    run = playbook(here, "records", **hooks(here, resume=True, drain=drain))
    assert (run.returncode, memory(here)["service"] is None, memory(here)["lease"]) == (2, False, None), run.output
    assert "Out of service (1): srv01" in run.output
    again = playbook(here, "fresh", "resume", hotpatch_busy_timeout=0, **hooks(here))
    assert (again.returncode, hooks_run(here)[-2:], memory(here)["service"]) == (0, ["health", "resume"], None), again.output
