# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated hosts of any name, and what is sent to them by whoever debugs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook

LOOK = {"winops.hotpatch.host_info": {"as_of": "2025-11-11"}}
NAMES = ["192.0.2.10", "192.0.2.11", "fe80::1", "fe80--1", "fe80__1", "web.a.example", "web.b.example", "web", "_web", "web_1", "Web~1"]


def names_of(fleet: Any) -> list[str]:
    return sorted(json.loads(path.read_text())["host"] for path in fleet.truth.iterdir())


def test_each_host_is_itself_whatever_its_name(fleet: Any) -> None:
    fleet.hosts = {name: {} for name in NAMES}
    extra = {"hotpatch_records": str(fleet.folder / "records"), "hotpatch_now": fleet.now}
    run = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", json.dumps(extra))
    assert run.returncode == 0, run.output
    assert names_of(fleet) == sorted(NAMES)
    assert sorted(run.table()) == sorted(NAMES)


@pytest.mark.parametrize("target", ["192.0.2.11", "fe80::1", "web.b.example", "web"])
def test_a_task_is_delegated_to_the_host_named_and_to_no_other(fleet: Any, target: str) -> None:
    fleet.hosts = {"192.0.2.10": {}, "web.a.example": {"ansible_host": "web.b.example"}, target: {"ansible_host": "198.51.100.7"}}
    run = fleet.play({**LOOK, "delegate_to": "{{ wanted }}", "vars": {"wanted": target}, "throttle": 1})
    assert run.returncode == 0, run.output
    assert names_of(fleet) == [target]


def test_a_fleet_of_addresses_can_be_rehearsed(tmp_path: Path) -> None:
    """Also in the window of a turned month, for which the hosts left over are named to ansible-playbook one by one."""
    hosts = {name: {"hotpatch_rehearsal_line": "ws2025"} for name in ("192.0.2.10", "fe80::1", "db01")}
    fleet = tmp_path / "fleet.yml"
    fleet.write_text(json.dumps({"all": {"hosts": hosts, "vars": {"ansible_connection": "winops.hotpatch.rehearsal"}}}))
    given = {"from": "2026-06", "to": "2026-06", "extra_days": [], "inventory": str(fleet), "out": str(tmp_path / "out")}
    extra = json.dumps({f"hotpatch_rehearsal_{name}": value for name, value in given.items()})
    run = run_playbook(tmp_path, "winops.hotpatch.rehearse", Path("localhost,"), "-e", extra)
    assert run.returncode == 0, run.output
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["restarts_per_host"] == dict.fromkeys(sorted(hosts), 1)


def test_who_keeps_remote_files_gets_the_same_month(fleet: Any) -> None:
    extra = ["-e", json.dumps({"hotpatch_records": str(fleet.folder / "records"), "hotpatch_now": fleet.now})]
    run = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), *extra, env={"ANSIBLE_KEEP_REMOTE_FILES": "1"})
    assert run.returncode == 0, run.output
    assert run.table()["srv01"].split()[:4] == ["srv01", "current", "installed", "KB5068966"]
    back = {"hotpatch_restart_policy": "allowed", "hotpatch_hosts": "srv01"}
    run = run_playbook(
        fleet.folder,
        "winops.hotpatch.rollback",
        fleet.inventory(),
        *extra,
        "-e",
        json.dumps(back),
        env={"ANSIBLE_KEEP_REMOTE_FILES": "1"},
    )
    assert run.returncode == 0, run.output
    assert [boot for boot in fleet.state()["boots"] if boot["requested_by"] != "setup"]


def test_other_files_are_refused_as_ever(fleet: Any) -> None:
    (fleet.folder / "AnsiballZ.txt").write_text("mine")
    run = fleet.play({"ansible.windows.win_copy": {"src": str(fleet.folder / "AnsiballZ.txt"), "dest": "C:\\mine.txt"}})
    assert run.returncode == 2
    assert "rehearsal" in run.output
