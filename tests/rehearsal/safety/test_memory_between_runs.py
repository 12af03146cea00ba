# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs that meet on one host while one of them has it out of service, and what is remembered where a module of a run was lost."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import (
    DAY,
    HOST,
    hanging,
    in_background,
    installs,
    restarts,
    wait_for,
)
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.remembering import (
    DECIDE,
    JUNE,
    hooks,
    hooks_run,
    lost,
    memory,
    playbook,
)


@pytest.fixture(name="here")
def _here(fleet: Any) -> Any:
    fleet.now, fleet.hosts = DAY, {"srv01": dict(HOST)}
    return fleet


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
    with in_background(here, hotpatch_run_id="first", **hooks(here)) as process:
        wait_for(lambda: installs(here) == 1)
        here.hosts = {"srv01": dict(HOST)}
        assert playbook(here, "other", **hooks(here)).returncode == 0
        assert hooks_run(here) == ["drain", "drain", "health", "resume"]
        assert process.wait(120) == 2
    assert hooks_run(here) == ["drain", "drain", "health", "resume"]
    assert (installs(here), restarts(here)) == (1, 1)


def removal_call(fleet: Any) -> int:
    return next(entry["call"] for entry in fleet.log() if entry["name"] == "winops.hotpatch.package")


@pytest.mark.parametrize("call", [0, 1])
def test_a_rollback_that_was_lost_after_bad_health_leaves_its_denial_on_the_host(here: Any, call: int) -> None:
    playbook(here, "records", **hooks(here, health=True))
    log = here.log()
    print([(n, e["kind"], e["name"]) for n, e in enumerate(log, 1)])
    told = memory(here)
    print(json.dumps(told, indent=1))
    assert [entry["kb"] for entry in told["denied"]] == [JUNE]
    number = next(n for n, entry in enumerate(log, 1) if entry["name"] == "winops.hotpatch.package") + call
    shutil.rmtree(here.truth)
    shutil.rmtree(here.calls)
    here.hosts = {"srv01": lost(number)}
    playbook(here, "fresh", **hooks(here, health=True))
    print(json.dumps(memory(here), indent=1))
    assert [entry["kb"] for entry in memory(here)["denied"]] == [JUNE]
