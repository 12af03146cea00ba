# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook catalog as it is run: for people and for pipelines, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_on_localhost

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


@pytest.fixture
def overlay(tmp_path: Path) -> str:
    path = tmp_path / "overlay.yml"
    path.write_text(OVERLAY)
    return str(path)


def test_a_person_reads_the_table(tmp_path: Path) -> None:
    run = run_on_localhost(tmp_path, "catalog", hotpatch_catalog_lines=["ws2025"], hotpatch_as_of="2026-09-20")
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
    run = run_on_localhost(tmp_path, "catalog", **args)
    assert run.returncode == 2, run.output
    assert TURNED in run.output.split("Changes")[1]
    data = json.loads(out.read_text())
    assert [change["text"] for change in data["changes"]][1] == TURNED
    assert {source["source"]: source["age_days"] for source in data["sources"] if source["line"] == "ws2025"} == {"built-in": 3, overlay: 1}
    november = next(month for month in data["months"] if (month["line"], month["month"]) == ("ws2025", "2026-11"))
    assert (november["known"], november["turned"], november["release"]["kb"]) == (True, True, "KB5999002")
    same = run_on_localhost(tmp_path, "catalog", **{**args, "hotpatch_catalog_compare_with": [overlay]})
    assert same.returncode == 0, same.output
    assert json.loads(out.read_text())["changes"] == []


def test_check_mode_reads_and_writes_nothing(tmp_path: Path, overlay: str) -> None:
    out = tmp_path / "catalog.json"
    run = run_on_localhost(tmp_path, "catalog", "--check", hotpatch_catalog=[overlay], hotpatch_catalog_out=str(out))
    assert run.returncode == 0, run.output
    assert "KB5999002" in run.output
    assert not out.exists()


def test_where_each_value_came_from(tmp_path: Path, overlay: str) -> None:
    args: dict[str, Any] = {"hotpatch_catalog": [overlay], "hotpatch_catalog_lines": ["ws2025"], "hotpatch_as_of": "2026-11-25"}
    run = run_on_localhost(tmp_path, "catalog", hotpatch_catalog_since="2026-09", hotpatch_catalog_show_origin=True, **args)
    assert run.returncode == 0, run.output
    rows = {tuple(line.split()) for line in run.output.splitlines()}
    assert ("ws2025", "2026-11", "KB5999002", "build", overlay, "26100.33750") in rows
    assert ("ws2025", "2026-09", "KB5122871", "build", "built-in", "26100.33438") in rows


def test_stale_data_is_said(tmp_path: Path) -> None:
    run = run_on_localhost(tmp_path, "catalog", hotpatch_catalog_lines=["ws2025"], hotpatch_as_of="2026-12-09")
    assert run.returncode == 0, run.output
    assert "ws2025: made before the latest Patch Tuesday, so it cannot know that month. Update the catalog." in run.output


def test_the_catalog_playbook_refuses_to_fail_on_a_change_from_nothing(tmp_path: Path) -> None:
    run = run_on_localhost(tmp_path, "catalog", hotpatch_catalog_fail_on_change=True)
    assert run.returncode == 2
    assert "hotpatch_catalog_fail_on_change: needs hotpatch_catalog_compare_with." in run.output
    run = run_on_localhost(tmp_path, "catalog", hotpatch_catalog_shwo=True)
    assert run.returncode == 2
    assert "Did you mean hotpatch_catalog_show?" in run.output


def test_what_a_survey_leaves_blank_counts_as_not_set(tmp_path: Path) -> None:
    names = ("lines", "month", "since", "show_origin", "show", "fail_on_change", "out")
    blank: dict[str, Any] = {f"hotpatch_catalog_{name}": "" for name in names}
    run = run_on_localhost(tmp_path, "catalog", hotpatch_catalog="", **blank)
    assert run.returncode == 0, run.output
    assert "Release data" in run.output
