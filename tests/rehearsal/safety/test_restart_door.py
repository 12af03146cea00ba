# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restarts that were decided and may not come any more, and those that would bring in what nobody wants; judged on the hosts' own files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import boots, give_hooks, order, play, records
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import ANSWERED

BASELINE_DAY, HOTPATCH_DAY = "2025-10-14T20:00:00Z", "2025-11-11T20:00:00Z"
# A simulated baseline takes 25 minutes to install, so the first two end, or begin, meanwhile.
WINDOW = {"windows": [{"from": "2025-10-14T19:00:00Z", "to": "2025-10-14T20:20:00Z"}]}
FREEZE = {"freezes": [{"from": "2025-10-14T20:10:00Z", "to": "2025-10-15T20:10:00Z", "reason": "audit"}]}
# This one has not ended when the installation has, and does before a restart would have.
SHORT = {"windows": [{"from": "2025-10-14T19:00:00Z", "to": "2025-10-14T20:30:00Z"}]}

# This one begins after the installation, and is over before the host would be back.
BRIEF = {"freezes": [{"from": "2025-10-14T20:30:00Z", "to": "2025-10-14T20:35:00Z", "reason": "backup"}]}


@pytest.mark.parametrize(("policy", "code"), [(WINDOW, "outside_window"), (FREEZE, "frozen"), (SHORT, "outside_window"), (BRIEF, "frozen")])
def test_no_restart_once_the_policy_forbids_it(fleet: Any, policy: dict[str, Any], code: str) -> None:
    """It was allowed when the installation began. The update waits, the host is back in service, and the run is no failure."""
    fleet.now = BASELINE_DAY
    give_hooks(fleet)
    run = play(fleet, "allowed", hotpatch_policy=policy)
    assert run.returncode == 0, run.output
    assert order(run) == ["before", "drain", "update", "health", "resume", "after", "goes on"]
    result = run.of("srv01", "winops.hotpatch.internal_apply : Install what was decided, and verify it")
    assert (result["outcome"], result["restart_put_off"], result["changed"], result["restarted"]) == ("waiting", code, True, False)
    assert "The restart for KB5066835 was put off." in result["msg"]
    assert (boots(fleet), fleet.state()["counters"]["installs"]) == ([], 1)
    (record,) = records(fleet)
    assert (record["outcome"], record["installed"], record["restarts"]) == ("waiting", ["KB5066835"], [])


def test_bad_health_after_a_restart_that_was_put_off_is_no_leave_to_restart(fleet: Any) -> None:
    """The window has ended: the rollback would have restarted the host all the same, by the time at which the run had begun."""
    fleet.now = BASELINE_DAY
    give_hooks(fleet, failing="health")
    run = play(fleet, "allowed", hotpatch_policy=WINDOW, hotpatch_settle_timeout=2)
    assert run.returncode == 2, run.output
    asked = run.of("srv01", "winops.hotpatch.internal_apply : Roll back what this run installed")
    assert (asked["outcome"], asked["decision"]["code"]) == ("refused", "outside_window"), asked["msg"]
    assert (boots(fleet), fleet.state()["counters"]) == ([], {"installs": 1, "restarts": 0, "uninstalls": 0})
    assert order(run) == ["before", "drain", "update", "health", "rollback"], "an unhealthy host stays out of service"


def test_the_next_window_brings_it_in(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    play(fleet, "allowed", hotpatch_policy=WINDOW)
    fleet.now = "2025-10-15T20:00:00Z"
    give_hooks(fleet)
    run = play(fleet, "allowed")
    assert order(run) == ["before", "drain", "update", "health", "resume", "after", "goes on"]
    assert (boots(fleet), fleet.state()["counters"]["installs"]) == (["controller"], 1)
    assert records(fleet)[-1]["outcome"] == "restarted"


def test_a_rollback_whose_restart_comes_too_late_waits_and_is_not_forgotten(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    play(fleet)
    # Each simulated removal takes three minutes, a restart is given fifteen.
    policy = {"windows": [{"from": "2025-11-12T19:00:00Z", "to": "2025-11-12T20:17:00Z"}]}
    fleet.now = "2025-11-12T20:00:00Z"
    run = play(fleet, "allowed", role="rollback", hotpatch_policy=policy)
    result = run.of("srv01", "winops.hotpatch.internal_apply : Remove the update and put the last good baseline back")
    assert (result["outcome"], result["restart_put_off"]) == ("waiting", "outside_window"), run.output
    assert boots(fleet) == []
    fleet.now = "2025-11-13T20:00:00Z"
    play(fleet, "allowed")
    assert fleet.state()["counters"] == {"installs": 1, "uninstalls": 1, "restarts": 1}
    fleet.now = "2025-11-14T20:00:00Z"
    again = play(fleet, "allowed")
    assert again.of("srv01", "winops.hotpatch.internal_apply : Ask the host what it is, and decide")["decision"]["code"] == "denied"


LCU = {"at": "2025-10-24T01:00:00Z", "do": "install", "kb": "KB5070881"}


@pytest.mark.parametrize(
    ("policy", "code"),
    [({}, "leaves_track"), ({"deny": ["KB5070881"]}, "denied"), ({"deny": ["KB5070881"], "leave_track": True, **ANSWERED}, "denied")],
)
@pytest.mark.parametrize("restarts", ["planned", "allowed"])
def test_no_restart_into_what_leaves_the_track_or_is_denied(fleet: Any, policy: dict[str, Any], code: str, restarts: str) -> None:
    """Windows has staged KB5070881 by itself, as in October 2025. To restart is to install it."""
    fleet.hosts["srv01"] = {"start_kb": "KB5066835", "events": [LCU]}
    fleet.now = "2025-10-24T20:00:00Z"
    give_hooks(fleet)
    run = play(fleet, restarts, hotpatch_policy=policy)
    decision = run.of("srv01", "winops.hotpatch.internal_apply : Ask the host what it is, and decide")["decision"]
    assert (decision["action"], decision["code"]) == ("refuse", code), decision
    assert "KB5070881" in decision["reason"]
    assert "package" in decision["remedy"]
    assert (order(run), boots(fleet)) == (["goes on"], [])


def test_who_wants_to_leave_the_track_may(fleet: Any) -> None:
    fleet.hosts["srv01"] = {"start_kb": "KB5066835", "events": [LCU]}
    fleet.now = "2025-10-24T20:00:00Z"
    play(fleet, "allowed", hotpatch_policy={"leave_track": True, **ANSWERED})
    assert boots(fleet) == ["controller"]


def test_a_host_that_changes_after_the_decision_is_refused_and_back_in_service(fleet: Any) -> None:
    """A hotpatch was decided, without a restart and so without a drain; meanwhile something asks for a restart, which is allowed."""
    fleet.now = HOTPATCH_DAY
    # One second is ten minutes of the host.
    fleet.hosts["srv01"] = {"speed": 600, "events": [{"at": "2025-11-11T20:30:00Z", "do": "pending"}]}
    give_hooks(fleet)
    (fleet.folder / "before.yml").write_text(
        json.dumps([{"name": "hook before", "ansible.builtin.command": {"cmd": "sleep 5"}, "delegate_to": "localhost", "vars": LOCAL}])
    )
    run = play(fleet, "allowed")
    result = run.of("srv01", "winops.hotpatch.internal_apply : Install what was decided, and verify it")
    assert (result["outcome"], result["decision"]["code"], result["changed"]) == ("refused", "plan_drift", False)
    assert "It was decided to install KB5068966, and now it would be to restart." in result["msg"]
    assert order(run) == ["before", "update", "after", "goes on"]
    assert fleet.state()["counters"] == {"installs": 0, "uninstalls": 0, "restarts": 0}
    # The next run decides anew: it drains.
    (fleet.folder / "before.yml").unlink()
    give_hooks(fleet)
    fleet.now = "2025-11-12T20:00:00Z"
    assert order(play(fleet, "allowed"))[:3] == ["before", "drain", "update"]


def test_a_host_that_was_restarted_meanwhile_is_decided_on_once_more(fleet: Any) -> None:
    """A restart was decided, and the host drained; somebody restarts it in between, so that the hotpatch can be installed at once."""
    fleet.now = HOTPATCH_DAY
    waits = {"pending": ["component_based_servicing"], "events": [{"at": "2025-11-11T20:30:00Z", "do": "restart"}]}
    fleet.hosts["srv01"] = {"speed": 600, **waits}
    give_hooks(fleet)
    (fleet.folder / "before.yml").write_text(
        json.dumps([{"name": "hook before", "ansible.builtin.command": {"cmd": "sleep 5"}, "delegate_to": "localhost", "vars": LOCAL}])
    )
    run = play(fleet, "allowed")
    assert order(run) == ["before", "drain", "update", "resume", "after", "before", "update", "health", "after", "goes on"], run.output
    result = run.of("srv01", "winops.hotpatch.internal_apply : Install what was decided, and verify it")
    assert (result["outcome"], result["decision"]["kb"], result["restarted"]) == ("installed", "KB5068966", False)
    assert [boot for boot in boots(fleet) if boot != "event"] == []


LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
