# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook cve as it is run over the records of a fleet: no host is asked, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_on_localhost, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.known_cves import BESIDE, BOTH, CVES


def plan(folder: Path, fleet_type: Any) -> Any:
    """Four hosts in August 2026: on the hotpatch, and a month behind, of two product lines."""
    s22 = {"line": "ws2022_azure", "platform": "azure"}
    hosts = {
        "s22-hotpatch": {**s22, "start_kb": "KB5120229"},
        "s22-july": {**s22, "start_kb": "KB5099540"},
        "s25-hotpatch": {"start_kb": "KB5120228"},
        "s25-july": {"start_kb": "KB5099536"},
        "s25-unseen": {"start_kb": "KB5120228"},
    }
    fleet = fleet_type(folder, "2026-08-20", **hosts)
    (folder / "cves.json").write_text(json.dumps(CVES))
    args = {"hotpatch_now": fleet.now, "hotpatch_records": str(folder / "records")}
    run = run_playbook(folder, "winops.hotpatch.assess", fleet.inventory(), "-e", json.dumps(args), "--limit", "!s25-unseen")
    assert run.returncode == 0, run.output
    return fleet


def cve(fleet: Any, **extra: Any) -> Run:
    given = {
        "hotpatch_now": fleet.now,
        "hotpatch_records": str(fleet.folder / "records"),
        "hotpatch_cve_files": [str(fleet.folder / "cves.json")],
        **extra,
    }
    return run_playbook(fleet.folder, "winops.hotpatch.cve", fleet.inventory(), "-e", json.dumps(given))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, fleet_type: Any) -> Any:
    return plan(tmp_path_factory.mktemp("cve"), fleet_type)


def test_who_has_the_fixes_of_august_2026(fleet: Any) -> None:
    out = fleet.folder / "cve.json"
    sent = {path.name: path.read_text() for path in fleet.calls.iterdir()}
    run = cve(fleet, hotpatch_cve_out=str(out), hotpatch_cve_fail_on_lack=True)
    assert run.returncode == 2, run.output
    assert f"Hosts that lack {BESIDE}" in run.output
    assert {path.name: path.read_text() for path in fleet.calls.iterdir()} == sent, "a host was asked"
    found = {entry["cve"]: {host["host"]: host for host in entry["hosts"]} for entry in json.loads(out.read_text())["cves"]}
    states = {name: {host: entry["state"] for host, entry in hosts.items()} for name, hosts in found.items()}
    assert states[BOTH] == {
        "s22-hotpatch": "in_force",
        "s22-july": "exposed",
        "s25-hotpatch": "in_force",
        "s25-july": "exposed",
        "s25-unseen": "unknown",
    }
    assert states[BESIDE] == {
        "s22-hotpatch": "exposed",
        "s22-july": "exposed",
        "s25-hotpatch": "not_listed",
        "s25-july": "not_listed",
        "s25-unseen": "unknown",
    }
    lacks = found[BESIDE]["s22-hotpatch"]
    assert (lacks["hotpatch_lacks_it"], lacks["kb"]) == (True, "KB5120229")
    assert lacks["reason"] == "The hotpatch KB5120229 of 2026-08 does not carry this fix; only KB5120242 or KB5123303 does."
    assert found[BOTH]["s25-hotpatch"]["carrier"] == "hotpatch"
    assert found[BOTH]["s25-july"]["remedy"] == "Install KB5120228 (2026-08)."


def test_after_the_update_the_fix_is_there(tmp_path: Path, fleet_type: Any) -> None:
    """The records of the cycle count as well: what was exposed in the morning is in force in the evening."""
    fleet = plan(tmp_path, fleet_type)
    args = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records")}
    done = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", json.dumps(args), "--limit", "s25-july,localhost")
    assert done.returncode == 0, done.output
    run = cve(fleet, hotpatch_cves=[BOTH], hotpatch_hosts="s25-july", hotpatch_cve_fail_on_lack=True, hotpatch_now="2026-08-21")
    assert run.returncode == 0, run.output
    assert "1 CVE checked on 1 host; 1 is fixed on every host." in run.of("localhost", "Show who has the fixes")["msg"]


def test_a_record_that_is_damaged_makes_its_host_unknown(tmp_path: Path, fleet_type: Any) -> None:
    fleet = plan(tmp_path, fleet_type)
    (fleet.folder / "records" / "s25-hotpatch" / "zz.json").write_text('{"schema": "winops.ho')
    found = cve(fleet, hotpatch_cves=[BOTH]).of("localhost", "Show who has the fixes")
    states = {host["host"]: host["state"] for host in found["cves"][0]["hosts"]}
    assert (states["s25-hotpatch"], states["s22-hotpatch"]) == ("unknown", "in_force")
    assert len(found["unreadable"]) == 1


def test_the_cve_playbook_refuses_to_run_without_records(tmp_path: Path) -> None:
    run = run_on_localhost(tmp_path, "cve")
    assert run.returncode == 2
    assert "hotpatch_records: not set." in run.output
