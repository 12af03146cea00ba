# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts whose modules run in PowerShell 7. Where DISM does not work packages are not known, and nothing is taken off that nobody sees."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import boots, play

HOTPATCH_DAY, BASELINE_DAY = "2025-11-11T20:00:00Z", "2026-01-13T20:00:00Z"
BLIND = ("at_once", "slow")


@pytest.fixture
def mixed(fleet: Any) -> Any:
    """Windows PowerShell beside 7, which asks DISM through it; an MSIX package without that, which fails at once, or after 130 seconds."""
    fleet.now = HOTPATCH_DAY
    shared = {"powershell": "7.7.0"}
    fleet.hosts = {
        "beside": shared,
        "at_once": {**shared, "faults": [{"fault": "dism_unregistered"}]},
        "slow": {**shared, "faults": [{"fault": "dism_unregistered", "seconds": 130}]},
    }
    return fleet


def counted(fleet: Any, host: str) -> tuple[int, int, int]:
    counters = fleet.state(host)["counters"]
    return counters["installs"], counters["uninstalls"], counters["restarts"]


def rollback(fleet: Any, *more: str) -> Run:
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_restart_policy": "allowed"}
    extra |= {"hotpatch_hosts": "all", "hotpatch_rollback_kb": "KB5068966"}
    return run_playbook(fleet.folder, "winops.hotpatch.rollback", fleet.inventory(), "-e", json.dumps(extra), *more)


def test_a_look_names_what_is_not_known_and_who_answered(mixed: Any) -> None:
    run = mixed.play({"winops.hotpatch.host_info": {"as_of": mixed.now}}, {"winops.hotpatch.package_info": {}, "ignore_errors": True})
    for host in mixed.hosts:
        seen = run.of(host, "winops.hotpatch.host_info")
        assert seen["observation"]["powershell"] == {"edition": "Core", "version": "7.7.0", "administrator": True}
        # The hotpatch is due on all of them: nothing that decides on it comes from DISM.
        assert (seen["record"]["state"], seen["decision"]["action"]) == ("hotpatch_due", "install")
        problems = {error["hresult"]: error["message"] for error in seen["observation"]["errors"]}
        listed = run.of(host, "winops.hotpatch.package_info")
        if host == "beside":
            assert problems == {}
            assert seen["observation"]["packages"] == listed["packages"] != []
            continue
        assert seen["observation"]["packages"] is None
        assert list(problems) == [{"at_once": "0x80040154", "slow": "0x800705B4"}[host]]
        assert (run.status(host, "winops.hotpatch.package_info"), listed["hresult"]) == ("failed", "0x80040154")
        assert listed["packages"] == []


def test_assess_goes_through(mixed: Any) -> None:
    run = play(mixed, role="assess")
    assert run.returncode == 0, run.output
    assert {host: counted(mixed, host) for host in mixed.hosts} == dict.fromkeys(mixed.hosts, (0, 0, 0))


def test_nothing_is_installed_twice_and_what_is_not_seen_is_not_taken_off(mixed: Any) -> None:
    """The hotpatch, a rollback of it, and the next baseline."""
    for _time in range(2):
        run = play(mixed, role="hotpatch")
        assert run.returncode == 0, run.output
        assert {host: counted(mixed, host) for host in mixed.hosts} == dict.fromkeys(mixed.hosts, (1, 0, 0))

    run = rollback(mixed, "--check")
    assert {host: counted(mixed, host) for host in mixed.hosts} == dict.fromkeys(mixed.hosts, (1, 0, 0))
    run = rollback(mixed)
    lines = run.table()
    assert lines["beside"].split()[1:3] == ["rolled_back", "rolled_back"]
    for host in BLIND:
        assert lines[host].split()[1:3] == ["current", "refused"]
        assert "The packages of the host are not known: probe packages failed: 0x80" in lines[host]
    after = {"beside": (1, 1, 1), "at_once": (1, 0, 0), "slow": (1, 0, 0)}
    assert {host: counted(mixed, host) for host in mixed.hosts} == after

    mixed.now = BASELINE_DAY
    run = play(mixed, role="baseline")
    assert run.returncode == 0, run.output
    assert {host: mixed.state(host)["build"] for host in mixed.hosts} == dict.fromkeys(mixed.hosts, "26100.32230")
    assert {host: counted(mixed, host) for host in mixed.hosts} == {"beside": (2, 1, 2), "at_once": (2, 0, 1), "slow": (2, 0, 1)}
    assert all(set(boots(mixed, host)) == {"controller"} for host in mixed.hosts)
