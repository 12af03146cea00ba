# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be read after an update takes nothing off the host: it stays installed, goes back into service, and a person is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import boots, give_hooks, order, play, records

# June 2026 was planned as a hotpatch and became a baseline; November 2025 is a hotpatch. The window, and the day after it.
JUNE = ("2026-06-14T20:00:00Z", "2026-06-15T20:00:00Z", "KB5087423", "KB5094125", "26100.32995")
NOVEMBER = ("2025-11-11T20:00:00Z", "2025-11-12T20:00:00Z", "KB5066835", "KB5068966", "26100.7092")
TIMED_OUT = {"hresult": "0x800705B4", "message": "This operation returned because the timeout period expired."}
# The probes that fail after the update on the host of that name, and a finding that is then unknown.
UNREAD: dict[str, tuple[tuple[str, ...], str]] = {
    "monitor": (("monitor",), "health"),
    "pending": (("pending",), "pending"),
    "vbs": (("vbs",), "vbs"),
    "boot": (("boot",), "boot"),
    "os": (("os",), "build"),
    "lists": (("history", "quick_fixes", "packages"), "installed"),
}
NOT_KNOWN = "Fail, and say what is not known and how to look again"
WRONG = "Fail, and say what was done and what is left to a person"
MINE = [{"name": "mine", "ansible.builtin.debug": {"msg": "called"}, "listen": "winops.hotpatch verification failed"}]


def failing_after_the_update(now: str, *probes: str) -> list[dict[str, Any]]:
    """Probes that answer when the host is first observed and no more until the day is over. Installing takes the host minutes."""
    begins, ends = now.replace(":00Z", ":01Z"), now.replace("T20:00:00Z", "T23:59:59Z")
    return [{"fault": "probe_error", "probe": probe, "from": begins, "to": ends, **TIMED_OUT} for probe in probes]


def month(fleet: Any, data: tuple[str, str, str, str, str], hosts: dict[str, tuple[str, ...]]) -> None:
    """Puts hosts, each with the probes that fail on it, before the month's update."""
    fleet.now = data[0]
    fleet.hosts = {host: {"start_kb": data[2], "faults": failing_after_the_update(data[0], *probes)} for host, probes in hosts.items()}


def told(run: Any, host: str) -> str:
    return str(run.of(host, f"winops.hotpatch.internal_apply : {NOT_KNOWN}")["msg"])


def removals(fleet: Any, host: str) -> int:
    return int(fleet.state(host)["counters"]["uninstalls"])


@pytest.mark.parametrize(
    ("data", "role", "restarts", "hooks"),
    [(JUNE, "baseline", ["controller"], True), (JUNE, "baseline", ["controller"], False), (NOVEMBER, "hotpatch", [], True)],
    ids=["baseline", "baseline-without-hooks", "hotpatch"],
)
def test_what_cannot_be_read_after_the_update_stays_installed_and_is_told(
    fleet: Any, data: tuple[str, str, str, str, str], role: str, restarts: list[str], hooks: bool
) -> None:
    _now, next_day, _start, kb, build = data
    month(fleet, data, {**{host: probes for host, (probes, _finding) in UNREAD.items()}, "history": ("history",), "good": ()})
    if hooks:
        give_hooks(fleet)
    run = play(fleet, "allowed", hotpatch_run_id="window", handlers=MINE)
    assert run.returncode == 2, run.output
    around = ["before", "drain"], ["health", "resume", "after"]
    if role == "hotpatch":
        around = ["before"], ["health", "after"]
    expected = [*around[0], "update", *around[1]] if hooks else ["update"]
    assert order(run, "good") == [*expected, "goes on"]
    for host, (probes, unknown) in UNREAD.items():
        [record] = records(fleet, host)
        assert (removals(fleet, host), fleet.state(host)["counters"]["installs"], boots(fleet, host)) == (0, 1, restarts), host
        assert fleet.state(host)["build"] == build
        assert order(run, host) == expected, "the way of a good host, as far as the message at its end; no handler is called"
        assert (record["outcome"], record["verification"]["verdict"], record["removed"]) == ("unverified", "unverified", [])
        findings = {finding["check"]: finding["result"] for finding in record["verification"]["findings"]}
        assert findings[unknown] == "unknown"
        assert "fail" not in findings.values()
        for text in (told(run, host), " ".join(record["messages"])):
            assert f"{kb} is installed" in text
            assert "nothing was removed" in text
            assert f"{unknown}: " in text, "which finding is unknown"
            assert f"probe {probes[0]} failed: 0x800705B4" in text, "and why"
            assert f"winops.hotpatch.assess -e hotpatch_hosts={host}" in text, "and what to do"
        assert ("back in service" in told(run, host)) == (hooks and role == "baseline")
    for host in ("good", "history"):
        assert records(fleet, host)[0]["verification"]["verdict"] == "verified", "the packages name the update as well"

    fleet.now = next_day
    again = play(fleet, "allowed", hotpatch_run_id="next")
    assert again.returncode == 0, again.output
    for host in fleet.hosts:
        record = next(record for record in records(fleet, host) if record["run_id"] == "next")
        seen = record["before"]
        assert (record["outcome"], seen["state"], seen["in_force"]["release_kb"]) == ("none", "current", kb), record["decision"]
        assert (fleet.state(host)["counters"]["installs"], boots(fleet, host)) == (1, restarts), "it is not installed a second time"
        assert order(again, host) == ["goes on"]


def test_a_health_task_decides_also_where_something_could_not_be_read(fleet: Any) -> None:
    month(fleet, JUNE, {"srv01": ("vbs",)})
    give_hooks(fleet, failing="health")
    run = play(fleet, "allowed")
    assert order(run) == ["before", "drain", "update", "health", "rollback"]
    assert "It was rolled back" in run.of("srv01", f"winops.hotpatch.internal_apply : {WRONG}")["msg"]
    assert (removals(fleet, "srv01"), boots(fleet)) == (1, ["controller", "controller"])


@pytest.mark.parametrize(
    ("data", "role", "fault", "says", "verdict", "outcome"),
    [
        (JUNE, "baseline", "health_broken", "Wrong: health: Event 107", "degraded", "unverified"),
        (NOVEMBER, "hotpatch", "health_broken", "Wrong: health: Event 107", "degraded", "unverified"),
        (JUNE, "baseline", "build_stays", "Wrong: build: The host is on 26100.32772", "rolled_back", "failed"),
        (NOVEMBER, "hotpatch", "build_stays", "Wrong: build: The host is on 26100.6899", "failed", "failed"),
    ],
)
def test_what_contradicts_calls_a_person_and_takes_nothing_off(
    fleet: Any, data: tuple[str, str, str, str, str], role: str, fault: str, says: str, verdict: str, outcome: str
) -> None:
    now, next_day, start, kb, _build = data
    fleet.now = now
    fleet.hosts = {"srv01": {"start_kb": start, "faults": [{"fault": fault}]}}
    give_hooks(fleet)
    run = play(fleet, "allowed", handlers=MINE)
    assert run.returncode == 2, run.output
    assert order(run) == ["before", *(["drain"] if role == "baseline" else []), "update", "mine"], "a baseline leaves it out of service"
    [record] = records(fleet)
    assert (record["verification"]["verdict"], record["outcome"]) == (verdict, outcome)
    restarts = ["controller"] if role == "baseline" else []
    assert (removals(fleet, "srv01"), boots(fleet), record["installed"]) == (0, restarts, [kb])
    message = run.of("srv01", f"winops.hotpatch.internal_apply : {WRONG}")["msg"]
    assert says in message
    assert f"{kb} is installed and stays; nothing was removed." in message
    assert "winops.hotpatch.rollback -e hotpatch_hosts=srv01" in message
    assert f"-e hotpatch_rollback_kb={kb} -e hotpatch_restart_policy=allowed" in message
    if verdict == "degraded":
        assert record["after"]["state"] == "degraded"
        fleet.now = next_day
        assert play(fleet, "allowed", role="assess").returncode == 0
        assert records(fleet)[-1]["before"]["state"] == "degraded", "until a person has looked"


def test_health_tasks_that_cannot_be_loaded_prove_nothing(fleet: Any) -> None:
    """Neither does a task that was rescued before the update, which Ansible still names as the one that failed."""
    fleet.now = NOVEMBER[0]
    give_hooks(fleet, ("before", "health"))
    fails = {"name": "rescued", "ansible.builtin.fail": {"msg": "no"}}
    block = [{"name": "all", "block": [fails], "rescue": [{"name": "hook before", "ansible.builtin.debug": {"msg": "yes"}}]}]
    (fleet.folder / "before.yml").write_text(json.dumps(block))
    (fleet.folder / "health.yml").write_text(json.dumps([{"name": "hook health", "ansible.builtin.include_tasks": "nowhere.yml"}]))
    run = play(fleet, "allowed")
    assert run.returncode != 0
    assert order(run)[:2] == ["before", "update"]
    assert "rollback" not in order(run)
    assert (removals(fleet, "srv01"), boots(fleet), fleet.state()["build"]) == (0, [], NOVEMBER[4])
    message = run.of("srv01", f"winops.hotpatch.internal_apply : {WRONG}")["msg"]
    assert "prove no harm" in message
    assert "a task file could not be loaded" in message
    assert "The health tasks did not finish on srv01" in message
