# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks catalog and cve as they are run: without a host, for people and for pipelines, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook

OVERLAY = """line: ws2025
generated: "2026-11-24"
releases:
  - {month: "2026-10", released: "2026-10-13", kind: baseline, planned_kind: baseline,
     kb: KB5999001, build: "26100.33650", restart: true}
  - {month: "2026-11", released: "2026-11-10", kind: unplanned_baseline, planned_kind: hotpatch,
     kb: KB5999002, build: "26100.33750", restart: true}
"""
TURNED = "ws2025 2026-11: planned hotpatch, now baseline, KB5999002 (26100.33750), restart"
JUNE = "2026-06  2026-06-09  ws2025  hotpatch  unplanned_baseline  KB5094125  26100.32995  yes"

BESIDE, BOTH = "CVE-2026-30001", "CVE-2026-30002"
CVES: dict[str, Any] = {
    "format": "winops.hotpatch/catalog/1",
    "generated": "2026-08-12",
    "cves": [
        {
            "cve": BESIDE,
            "month": "2026-08",
            "title": "In an update beside the hotpatch",
            "severity": "Important",
            "exploited": False,
            "fixes": [
                {"line": "ws2022_azure", "kb": "KB5120242", "build": "20348.5499", "carrier": "lcu"},
                {"line": "ws2022_azure", "kb": "KB5123303", "build": "20348.5499", "carrier": "component"},
            ],
        },
        {
            "cve": BOTH,
            "month": "2026-08",
            "title": "In both",
            "severity": "Critical",
            "exploited": True,
            "fixes": [
                {"line": "ws2022_azure", "kb": "KB5120242", "build": "20348.5499", "carrier": "lcu"},
                {"line": "ws2022_azure", "kb": "KB5120229", "build": "20348.5440", "carrier": "hotpatch"},
                {"line": "ws2025", "kb": "KB5120233", "build": "26100.33296", "carrier": "lcu"},
                {"line": "ws2025", "kb": "KB5120228", "build": "26100.33222", "carrier": "hotpatch"},
            ],
        },
    ],
}


def on_localhost(folder: Path, playbook: str, *args: str, **extra: Any) -> Run:
    """Run a playbook of the collection over an inventory without any host."""
    inventory = folder / "empty.yml"
    inventory.write_text("all: {}\n")
    return run_playbook(folder, f"winops.hotpatch.{playbook}", inventory, "-e", json.dumps(extra), *args)


@pytest.fixture
def overlay(tmp_path: Path) -> str:
    path = tmp_path / "overlay.yml"
    path.write_text(OVERLAY)
    return str(path)


def test_a_person_reads_the_table(tmp_path: Path) -> None:
    run = on_localhost(tmp_path, "catalog", hotpatch_catalog_lines=["ws2025"], hotpatch_as_of="2026-09-20")
    assert run.returncode == 0, run.output
    assert JUNE in run.output
    assert "ws2025: 2 of 16 months planned as a hotpatch turned into a baseline since 2024-11, 2 of 8 in the last 12 months." in run.output
    assert "next planned baselines: 2026-10-13, 2027-01-12, 2027-04-13, 2027-07-13" in run.output
    assert "built-in" in run.output


def test_a_pipeline_fails_on_a_change_and_has_the_file(tmp_path: Path, overlay: str) -> None:
    out = tmp_path / "catalog.json"
    args: dict[str, Any] = {
        "hotpatch_catalog": [overlay],
        "hotpatch_catalog_compare_with": [],
        "hotpatch_catalog_fail_on_change": "true",
        "hotpatch_catalog_out": str(out),
        "hotpatch_as_of": "2026-11-25",
    }
    run = on_localhost(tmp_path, "catalog", **args)
    assert run.returncode == 2, run.output
    assert TURNED in run.output.split("Changes")[1]
    data = json.loads(out.read_text())
    assert [change["text"] for change in data["changes"]][1] == TURNED
    assert {source["source"]: source["age_days"] for source in data["sources"] if source["line"] == "ws2025"} == {"built-in": 3, overlay: 1}
    november = next(month for month in data["months"] if (month["line"], month["month"]) == ("ws2025", "2026-11"))
    assert (november["known"], november["turned"], november["release"]["kb"]) == (True, True, "KB5999002")
    same = on_localhost(tmp_path, "catalog", **{**args, "hotpatch_catalog_compare_with": [overlay]})
    assert same.returncode == 0, same.output
    assert json.loads(out.read_text())["changes"] == []


def test_check_mode_reads_and_writes_nothing(tmp_path: Path, overlay: str) -> None:
    out = tmp_path / "catalog.json"
    run = on_localhost(tmp_path, "catalog", "--check", hotpatch_catalog=[overlay], hotpatch_catalog_out=str(out))
    assert run.returncode == 0, run.output
    assert "KB5999002" in run.output
    assert not out.exists()


def test_where_each_value_came_from(tmp_path: Path, overlay: str) -> None:
    args = {"hotpatch_catalog": [overlay], "hotpatch_catalog_lines": ["ws2025"], "hotpatch_as_of": "2026-11-25"}
    run = on_localhost(tmp_path, "catalog", hotpatch_catalog_since="2026-09", hotpatch_catalog_show_origin=True, **args)
    assert run.returncode == 0, run.output
    rows = {tuple(line.split()) for line in run.output.splitlines()}
    assert ("ws2025", "2026-11", "KB5999002", "build", overlay, "26100.33750") in rows
    assert ("ws2025", "2026-09", "KB5122871", "build", "built-in", "26100.33438") in rows


def test_stale_data_is_said(tmp_path: Path) -> None:
    run = on_localhost(tmp_path, "catalog", hotpatch_catalog_lines=["ws2025"], hotpatch_as_of="2026-12-09")
    assert run.returncode == 0, run.output
    assert "ws2025: put together before the latest Patch Tuesday, so it cannot know that month. Update the catalog." in run.output


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
    assert f"Who still lacks {BESIDE}" in run.output
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


# name: (module, arguments, what the message must say); {folder} stands for the folder of the test
BAD: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "line": ("catalog_info", {"line": ["ws2019"]}, ["line", "ws2019", "ws2022_azure"]),
    "no line": ("catalog_info", {"line": []}, ["line", "empty"]),
    "month": ("catalog_info", {"month": "June"}, ["month", "June", "2026-06"]),
    "month that is none": ("catalog_info", {"month": "2026-13"}, ["month", "2026-13"]),
    "since": ("catalog_info", {"since": "2026"}, ["since", "2026-06"]),
    "since in the future": ("catalog_info", {"since": "2027-01", "as_of": "2026-09-20"}, ["since", "2027-01", "2026-09"]),
    "since and month": ("catalog_info", {"since": "2026-01", "month": "2026-06"}, ["since", "month"]),
    "as_of": ("catalog_info", {"as_of": "2026-02-30"}, ["as_of", "2026-02-30", "ISO 8601"]),
    "catalog is not there": ("catalog_info", {"catalog": ["/nowhere/x.yml"]}, ["catalog", "/nowhere/x.yml"]),
    "other catalog is not there": ("catalog_info", {"compare_with": ["/nowhere/y.yml"]}, ["compare_with", "/nowhere/y.yml"]),
    "other catalog is broken": ("catalog_info", {"compare_with": ["{folder}/broken.yml"]}, ["compare_with", "broken.yml"]),
    "nothing to compare with": ("catalog_info", {"fail_on_change": True}, ["fail_on_change", "compare_with"]),
    "unknown option": ("catalog_info", {"lines": []}, ["lines", "Supported parameters"]),
    "show_origin": ("catalog_info", {"show_origin": "perhaps"}, ["show_origin", "perhaps"]),
    "no records": ("cve_info", {"cve_files": ["{folder}/cves.json"]}, ["records", "results"]),
    "records are not there": ("cve_info", {"cve_files": ["{folder}/cves.json"], "records": "/nowhere"}, ["records", "/nowhere", "assess"]),
    "records are none": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "records": "{folder}/none"},
        ["records", "none", "no run record"],
    ),
    "results are no records": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": [{"msg": "x"}]}, ["results[0]", "host_info"]),
    "no cves": ("cve_info", {"results": []}, ["catalog", "name no CVE", "MSRC"]),
    "cves are not there": ("cve_info", {"cve_files": ["/nowhere/z.json"], "results": []}, ["cve_files", "/nowhere/z.json"]),
    "cves with a bad carrier": ("cve_info", {"cve_files": ["{folder}/carrier.json"], "results": []}, ["carrier.json", "fixes[1]", "msu"]),
    "name": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "results": [], "cves": ["2026-30001"]},
        ["cve", "2026-30001", "CVE-2026-12345"],
    ),
    "name that is not there": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "results": [], "cves": ["CVE-2026-1111"]},
        ["CVE-2026-1111", "2 CVEs"],
    ),
    "name of another month": (
        "cve_info",
        {"cve_files": ["{folder}/months.json"], "results": [], "cves": [BESIDE], "month": "2026-08"},
        ["cves: ", BESIDE, "2026-08"],
    ),
    "month without cves": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "results": [], "month": "2026-07"},
        ["month", "2026-07", "2026-08"],
    ),
    "before the first": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": [], "as_of": "2026-01-20"}, ["month", "2026-08"]),
    "age": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": [], "record_max_age_days": 0}, ["record_max_age_days", "0", "7"]),
    "no host": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": []}, ["as_of: no record", "assess"]),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Each bad input in a task of one play."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "broken.yml").write_text("line: [ws2025\n")
    (folder / "none").mkdir()
    (folder / "cves.json").write_text(json.dumps(CVES))
    (folder / "months.json").write_text(json.dumps(CVES).replace('"month": "2026-08"', '"month": "2026-07"', 1))
    (folder / "carrier.json").write_text(json.dumps(CVES).replace('"carrier": "lcu"', '"carrier": "msu"', 1))
    tasks = []
    for name, (module, args, _words) in BAD.items():
        filled = json.loads(json.dumps(args).replace("{folder}", str(folder)))
        tasks.append({f"winops.hotpatch.{module}": filled, "name": name, "ignore_errors": True})
    book = folder / "book.yml"
    book.write_text(json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]))
    inventory = folder / "empty.yml"
    inventory.write_text("all: {}\n")
    return run_playbook(folder, str(book), inventory)


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_refused_by_name(outcome: Run, name: str) -> None:
    assert outcome.status("localhost", name) == "failed", outcome.output
    message = outcome.of("localhost", name)["msg"]
    for word in BAD[name][2]:
        assert word in message, f"{message!r} does not say {word!r}"


def test_the_playbooks_refuse_what_they_need_and_have_not(tmp_path: Path) -> None:
    run = on_localhost(tmp_path, "cve")
    assert run.returncode == 2
    assert "hotpatch_records: not set." in run.output
    run = on_localhost(tmp_path, "catalog", hotpatch_catalog_fail_on_change=True)
    assert run.returncode == 2
    assert "hotpatch_catalog_fail_on_change: needs hotpatch_catalog_compare_with." in run.output
