# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How runs of the roles begin and end: who may call, what is refused, what is rolled back, and what the last table says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import boots, give_hooks, order, play

HOTPATCH_DAY = "2025-11-11T20:00:00Z"


def test_the_last_table_is_true_for_hosts_that_did_not_end_well(fleet: Any) -> None:
    """What was rolled back is not called installed, nor what is still on a host that is not healthy, nor what was never begun."""
    fleet.now = HOTPATCH_DAY
    fleet.hosts = {"rolled": {"hotpatch_restart_policy": "allowed"}, "kept": {}, "broken": {}, "late": {}, "good": {}}
    fleet.hosts["lost"] = {"faults": [{"fault": "connection_lost", "at_call": 2, "lost": "request"}]}
    for host, hook in (("rolled", "health"), ("kept", "health"), ("broken", "before"), ("late", "after")):
        path = fleet.folder / f"{hook}.yml"
        path.write_text(json.dumps([{"name": f"hook {hook}", "ansible.builtin.fail": {"msg": f"{hook} says no"}}]))
        fleet.hosts[host][f"hotpatch_{hook}"] = str(path)
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records")}
    run = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", json.dumps(extra))
    assert run.returncode == 2
    lines = run.table()
    assert {host: line.split()[1:3] for host, line in lines.items()} == {
        "rolled": ["rolled_back", "rolled_back"],
        "kept": ["current", "failed"],
        "broken": ["hotpatch_due", "failed"],
        "late": ["current", "failed"],
        "lost": ["hotpatch_due", "lost"],
        "good": ["current", "installed"],
    }
    for host, says in (
        ("rolled", "health says no"),
        ("kept", "health says no"),
        ("broken", "not taken out of"),
        ("late", "A later task failed"),
    ):
        assert says in lines[host]
    assert (fleet.state("kept")["build"], boots(fleet, "kept")) == ("26100.7092", [])
    assert fleet.state("rolled")["build"] != "26100.7092"


FAILS = [{"name": "fails", "ansible.builtin.fail": {"msg": "no"}}]
LOST = {"faults": [{"fault": "connection_lost", "at_call": 2, "lost": "request"}]}
GONE = {"faults": [{"fault": "connection_lost", "at_call": 1, "lost": "request"}]}
# The settings that could end a run: how its hosts fail, and what the table then says of them. A host that is not named fails at its health.
ENDS: dict[str, tuple[dict[str, Any], dict[str, str], dict[str, str], dict[str, list[str]]]] = {
    "all": (
        {},
        {},
        {"a": "health", "b": "before", "c": "after"},
        {"a": ["current", "failed"], "b": ["hotpatch_due", "failed"], "c": ["current", "failed"]},
    ),
    "unreachable": ({}, {}, {"a": "gone", "b": "gone"}, {"a": ["unreachable", "unreachable"], "b": ["unreachable", "unreachable"]}),
    "lost": ({}, {}, {"a": "lost"}, {"a": ["hotpatch_due", "lost"]}),
    "rolled back": ({"hotpatch_restart_policy": "allowed"}, {}, {"a": "health"}, {"a": ["rolled_back", "rolled_back"]}),
    "serial": (
        {"hotpatch_serial": 1},
        {},
        {"a": "good", "b": "health", "c": "good"},
        {"a": ["current", "installed"], "b": ["current", "failed"], "c": ["unknown", "refused"]},
    ),
    "max_fail_percentage": (
        {"hotpatch_max_fail_percentage": 20, "hotpatch_serial": 3},
        {},
        {"a": "good", "b": "health", "c": "held", "d": "good"},
        {"a": ["current", "installed"], "b": ["current", "failed"], "c": ["held", "refused"], "d": ["unknown", "refused"]},
    ),
    "not one failure": (
        {"hotpatch_max_fail_percentage": 0, "hotpatch_serial": 2},
        {},
        {"a": "good", "b": "health", "c": "good"},
        {"a": ["current", "installed"], "b": ["current", "failed"], "c": ["unknown", "refused"]},
    ),
    "blank budget": (
        {"hotpatch_max_fail_percentage": "", "hotpatch_rollback_max": None, "hotpatch_serial": 2},
        {},
        {"a": "good", "b": "health", "c": "good"},
        {"a": ["current", "installed"], "b": ["current", "failed"], "c": ["current", "installed"]},
    ),
    "any_errors_fatal": (
        {},
        {"ANSIBLE_ANY_ERRORS_FATAL": "true"},
        {"a": "good", "b": "before", "c": "held"},
        {"a": ["current", "installed"], "b": ["hotpatch_due", "failed"], "c": ["held", "refused"]},
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_last_thing_that_a_run_prints_is_true_for_every_host(fleet: Any, name: str) -> None:
    """Also where every host of a batch has failed, or too many have; the exit code says so, and whoever has begun is finished."""
    given, env, hosts, expected = ENDS[name]
    fleet.now = HOTPATCH_DAY
    (fleet.folder / "fails.yml").write_text(json.dumps(FAILS))
    (fleet.folder / "well.yml").write_text(json.dumps([{"name": "well", "ansible.builtin.debug": {"msg": "well"}}]))
    held = {"hotpatch_policy_host": {"hold": {"reason": "audit"}}}
    known: dict[str, dict[str, Any]] = {
        "good": {"hotpatch_after": str(fleet.folder / "well.yml")},
        "lost": LOST,
        "gone": GONE,
        "held": held,
    }
    fleet.hosts = {host: dict(known.get(how) or {f"hotpatch_{how}": str(fleet.folder / "fails.yml")}) for host, how in hosts.items()}
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), **given}
    run = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", json.dumps(extra), env=env)
    assert run.returncode == 2
    lines = run.table()
    assert {host: line.split()[1:3] for host, line in lines.items()} == expected, run.output
    last = [*lines.values(), *run.remedies().values()][-1]
    assert run.output.rstrip().endswith(last), "nothing is printed after it"


def test_a_rollback_that_fails_everywhere_ends_with_a_table(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    play(fleet)
    fleet.hosts["srv01"]["hotpatch_drain"] = str(fleet.folder / "fails.yml")
    (fleet.folder / "fails.yml").write_text(json.dumps(FAILS))
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_hosts": "srv01"}
    extra["hotpatch_restart_policy"] = "allowed"
    run = run_playbook(fleet.folder, "winops.hotpatch.rollback", fleet.inventory(), "-e", json.dumps(extra))
    assert run.returncode != 0
    assert "not taken out of service" in run.table()["srv01"]
    assert run.table()["srv01"].split()[1:3] == ["current", "failed"]


def test_the_internal_role_serves_the_roles_of_this_collection_only(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    for options in ({}, {"tasks_from": "rollback"}):
        task = {"ansible.builtin.include_role": {"name": "winops.hotpatch.internal_apply", **options}}
        run = fleet.play(task)
        assert run.returncode != 0
        assert "internal to winops.hotpatch" in run.output
    assert not fleet.calls.exists()


def test_the_rollback_role_takes_the_hotpatch_off(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    play(fleet)
    give_hooks(fleet, ("drain", "resume"))
    refused = play(fleet, "never", role="rollback")
    assert (
        refused.of("srv01", "winops.hotpatch.internal_apply : Remove the update and put the last good baseline back")["outcome"]
        == "refused"
    )
    assert fleet.state()["build"] == "26100.7092"
    run = play(fleet, "allowed", role="rollback", hotpatch_rollback_reason="an application crashed")
    assert run.returncode == 0, run.output
    assert (
        run.of("srv01", "winops.hotpatch.internal_apply : Remove the update and put the last good baseline back")["outcome"]
        == "rolled_back"
    )
    assert fleet.state()["build"] != "26100.7092"


def test_a_host_that_could_not_be_drained_is_not_rolled_back_and_put_back(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    play(fleet)
    before = fleet.state()
    give_hooks(fleet, failing="drain")
    run = play(fleet, "allowed", role="rollback")
    assert run.returncode != 0
    assert order(run) == ["before", "drain", "resume"]
    assert (
        "drain says no. The rollback of KB5068966 was not started."
        in run.of("srv01", "winops.hotpatch.internal_apply : Fail before anything is changed")["msg"]
    )
    assert fleet.state()["counters"] == before["counters"]


@pytest.mark.parametrize(
    ("role", "variable", "value", "says"),
    [
        ("cycle", "hotpatch_restart_policy", "sometimes", "cycle_restart_policy"),
        ("cycle", "hotpatch_policy", {"dney": ["KB5070881"]}, "dney"),
        ("cycle", "hotpatch_resume_after_failure", "maybe", "cycle_resume_after_failure"),
        ("baseline", "baseline_restart_timeout", "soon", "baseline_restart_timeout"),
        ("hotpatch", "hotpatch_intent", "lucky", "hotpatch_intent"),
        ("rollback", "rollback_restore_baseline", "perhaps", "rollback_restore_baseline"),
        ("assess", "hotpatch_policy_any", {"windows": [{"from": "2026-01-01"}]}, "hotpatch_policy_any.windows[0].to"),
    ],
)
def test_a_wrong_variable_is_refused_before_the_host_is_asked(fleet: Any, role: str, variable: str, value: Any, says: str) -> None:
    fleet.now = HOTPATCH_DAY
    run = play(fleet, role=role, **{variable: value})
    assert run.returncode != 0
    assert says in run.output
    assert not fleet.calls.exists()
