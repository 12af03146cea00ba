# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks by their names: what they refuse, what the rehearsed months come to, and that their figures can see what went wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook

HERE = Path(__file__).resolve().parent
FLEET = HERE.parent.parent / "playbooks" / "rehearsal" / "fleet.yml"
FAULTS = HERE / "fleet_with_faults.yml"


def rehearse(folder: Path, **variables: Any) -> Any:
    extra = {f"hotpatch_rehearsal_{name}": value for name, value in variables.items()}
    return run_playbook(folder, "winops.hotpatch.rehearse", Path("localhost,"), "-e", json.dumps(extra))


def small_fleet(folder: Path) -> Path:
    """One good server and one that cannot hotpatch."""
    hosts = {
        "good": {"hotpatch_rehearsal_line": "ws2025"},
        "novbs": {"hotpatch_rehearsal_line": "ws2025", "hotpatch_rehearsal_vbs_status": 0},
    }
    path = folder / "small.yml"
    path.write_text(json.dumps({"all": {"hosts": hosts, "vars": {"ansible_connection": "winops.hotpatch.rehearsal"}}}))
    return path


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """May, the turned June and July 2026, rehearsed once for the tests below; an older rehearsal lies in the folder before."""
    folder = tmp_path_factory.mktemp("quarter")
    # A blank in the path: ansible-playbook takes some of its arguments apart there.
    out = folder / "my out"
    old = out / "records" / "gone" / "2020-01-1.json"
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    (out / ".winops-hotpatch-rehearsal").write_text("")
    (out / "notes.txt").write_text("mine")
    run = rehearse(folder, **{"from": "2026-05", "to": "2026-07", "inventory": str(small_fleet(folder)), "out": str(out)})
    assert run.returncode == 0, run.output
    return run, out


def test_the_summary_says_what_the_months_were_and_what_was_done(quarter: tuple[Any, Path]) -> None:
    _run, out = quarter
    summary = json.loads((out / "summary.json").read_text())
    assert list(summary) == ["schema", "from", "to", "hosts", "months", "refusals", "restarts_per_host"]
    assert (summary["from"], summary["to"], summary["hosts"]) == ("2026-05", "2026-07", 2)
    rows = [month["rows"] for month in summary["months"]]
    assert [len(found) for found in rows] == [1, 1, 1]
    shown = [[row[key] for key in ("planned_kind", "kind", "kb", "build")] for [row] in rows]
    assert shown == [
        ["hotpatch", "hotpatch", "KB5087423", "26100.32772"],
        ["hotpatch", "unplanned_baseline", "KB5094125", "26100.32995"],
        ["baseline", "baseline", "KB5099536", "26100.33158"],
    ]
    counts = [
        [row[key] for key in ("hosts", "installed", "refused", "waiting", "restarts_planned", "restarts_not_allowed")] for [row] in rows
    ]
    assert counts == [[2, 1, 1, 0, 0, 0], [2, 1, 2, 0, 1, 0], [2, 1, 1, 0, 1, 0]]
    assert summary["refusals"] == {"not_eligible": 3, "month_turned_baseline": 1}
    assert summary["restarts_per_host"] == {"good": 2, "novbs": 0}


def test_a_turned_month_is_left_alone_on_release_day_and_done_in_the_window(quarter: tuple[Any, Path]) -> None:
    _run, out = quarter
    first = json.loads((out / "records" / "good" / "2026-06-1.json").read_text())
    assert (first["outcome"], first["decision"]["code"], first["installed"], first["restarts"]) == (
        "refused",
        "month_turned_baseline",
        [],
        [],
    )
    second = json.loads((out / "records" / "good" / "2026-06-2.json").read_text())
    assert (second["outcome"], second["restart_policy"], second["installed"]) == ("installed", "allowed", ["KB5094125"])
    assert not (out / "records" / "novbs" / "2026-06-2.json").exists(), "only what was left over is in the window"
    assert not (out / "records" / "good" / "2026-05-2.json").exists()


def test_the_rehearsal_shows_month_and_progress_and_leaves_what_is_not_its_own(quarter: tuple[Any, Path]) -> None:
    run, out = quarter
    assert "2/3 2026-06 release day 2026-06-09, policy planned" in run.output
    assert "1 installed, 1 refused (1 not_eligible)" in run.output
    assert "restarts not allowed" in run.output
    assert (out / "notes.txt").read_text() == "mine"
    assert not (out / "records" / "gone").exists()
    assert {path.name for path in (out / "logs").iterdir()} == {"2026-05-1.log", "2026-06-1.log", "2026-06-2.log", "2026-07-1.log"}
    assert (out / "summary.txt").read_text() in run.output


def test_every_run_loads_the_model_before_its_first_task(quarter: tuple[Any, Path]) -> None:
    """Without the callback all comes out the same, only at half the speed; ansible-core then warns that it is skipped."""
    _run, out = quarter
    logs = [path.read_text(encoding="utf-8") for path in (out / "logs").iterdir()]
    assert [log for log in logs if "Skipping callback plugin" in log] == []


def test_restarts_that_nobody_allowed_fail_the_rehearsal_by_name_and_texts_of_hosts_stay_texts(tmp_path: Path) -> None:
    run = rehearse(tmp_path, **{"from": "2025-11", "to": "2025-12", "inventory": str(FAULTS), "out": "out", "extra_days": []})
    assert run.returncode == 2, run.output
    out = tmp_path / "out"
    boots = json.loads((out / "truth" / "restarts-itself.json").read_text())["boots"]
    (boot,) = [boot for boot in boots if boot["requested_by"] != "setup"]
    said = f"1 restart was not allowed: restarts-itself at {boot['at']} (run 2025-11-1, restart policy planned)."
    assert said in run.of("localhost")["msg"]
    assert said in (out / "summary.txt").read_text()
    assert "restarted-by-somebody" not in run.of("localhost")["msg"], "what the inventory makes happen is not of the product"
    summary = json.loads((out / "summary.json").read_text())
    november, december = (month["rows"][0] for month in summary["months"])
    assert (november["restarts_not_allowed"], november["restarts_planned"]) == (1, 0)
    assert (december["restarts_not_allowed"], december["restarts_planned"]) == (0, 0)
    assert summary["restarts_per_host"] == {"good": 0, "restarted-by-somebody": 1, "restarts-itself": 1, "talks-too-much": 0}
    assert summary["refusals"]["unknown_host"] == 2
    everything = "".join(path.read_text() for path in [*(out / "logs").iterdir(), out / "summary.txt", out / "report.html"])
    assert "\x1b" not in everything
    assert "<script>" not in (out / "report.html").read_text()
    assert "{{ 1 / 0 }}" in everything


def test_months_beyond_the_release_data_are_no_guess(tmp_path: Path) -> None:
    run = rehearse(tmp_path, **{"from": "2026-10", "to": "2026-11", "inventory": str(small_fleet(tmp_path)), "out": "out"})
    assert run.returncode == 0, run.output
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["refusals"]["catalog_missing_month"] == 2
    assert all(row["kb"] is None and row["installed"] == 0 for month in summary["months"] for row in month["rows"])
    assert summary["restarts_per_host"] == {"good": 0, "novbs": 0}


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "month": ({"from": "2025-13"}, ["hotpatch_rehearsal_from", "2025-13", "2025-10"]),
    "month as number": ({"to": 202609}, ["hotpatch_rehearsal_to", "202609"]),
    "before the data": ({"from": "2019-01"}, ["hotpatch_rehearsal_from", "2019-01", "begin in"]),
    "after the data": ({"to": "2031-01"}, ["hotpatch_rehearsal_to", "2031-01"]),
    "backwards": ({"from": "2026-03", "to": "2026-02"}, ["hotpatch_rehearsal_to", "2026-02", "2026-03"]),
    "too long": ({"from": "2022-05"}, ["hotpatch_rehearsal_to", "36 months"]),
    "extra days": ({"extra_days": ["tomorrow"]}, ["hotpatch_rehearsal_extra_days", "tomorrow"]),
    "no inventory": ({"inventory": "/nowhere/fleet.yml"}, ["hotpatch_rehearsal_inventory", "/nowhere/fleet.yml"]),
    "real hosts": ({"inventory": "{folder}/real.ini"}, ["hotpatch_rehearsal_inventory", "web01", "ansible_connection"]),
    "no hosts": ({"inventory": "{folder}/empty.yml"}, ["hotpatch_rehearsal_inventory", "no host"]),
    "somebody's folder": ({"out": "{folder}/full"}, ["hotpatch_rehearsal_out", "full", "not empty"]),
    "a file": ({"out": "{folder}/real.ini"}, ["hotpatch_rehearsal_out", "real.ini", "file"]),
    "a template": ({"out": "{folder}/{{% raw %}}{{{{ x }}}}{{% endraw %}}"}, ["hotpatch_rehearsal_out", "template"]),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_rehearsal_that_cannot_be_is_refused_before_anything_is_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / "real.ini").write_text("web01 ansible_connection=winrm\n")
    (tmp_path / "empty.yml").write_text("all: {}\n")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    variables, words = BAD[name]
    given = {key: value.format(folder=tmp_path) if isinstance(value, str) else value for key, value in variables.items()}
    run = rehearse(tmp_path, **{"out": "out", **given})
    assert run.returncode != 0
    message = run.of("localhost")["msg"]
    assert all(word in message for word in words), message
    assert (tmp_path / "full" / "thesis.txt").exists()
    assert not (tmp_path / "out").exists()


INPUTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "no records": ("cycle", {"hotpatch_records": ""}, ["hotpatch_records", "not set"]),
    "restart policy": ("cycle", {"hotpatch_restart_policy": "sometimes"}, ["hotpatch_restart_policy", "sometimes", "planned"]),
    "role's own": ("cycle", {"cycle_resume_after_failure": "maybe"}, ["cycle_resume_after_failure", "maybe", "unchanged"]),
    "timeout": ("cycle", {"hotpatch_restart_timeout": "soon"}, ["hotpatch_restart_timeout", "soon", "1200"]),
    "a rule": ("cycle", {"hotpatch_policy": {"dney": []}}, ["dney", "deny"]),
    "hosts": ("cycle", {"hotpatch_hosts": "nobody"}, ["hotpatch_hosts", "nobody", "matches no host"]),
    "serial": ("cycle", {"hotpatch_serial": "some"}, ["hotpatch_serial", "some"]),
    "failures": ("cycle", {"hotpatch_max_fail_percentage": "many"}, ["hotpatch_max_fail_percentage", "many"]),
    "hook": ("cycle", {"hotpatch_drain": ["/nowhere/drain.yml"]}, ["hotpatch_drain", "/nowhere/drain.yml", "absolute"]),
    "policy": ("assess", {"hotpatch_policy": "strict"}, ["hotpatch_policy", "strict"]),
    "catalog": ("assess", {"hotpatch_catalog": ["/nowhere"]}, ["hotpatch_catalog", "/nowhere"]),
    "now": ("assess", {"hotpatch_now": "soon"}, ["hotpatch_now", "soon", "ISO 8601"]),
    "a name": ("cycle", {"hotpatch_restart_polcy": "planned"}, ["hotpatch_restart_polcy", "Did you mean hotpatch_restart_policy?"]),
    "a template": ("cycle", {"hotpatch_run_id": "{{ nowhere_to_be_found }}"}, ["hotpatch_run_id", "nowhere_to_be_found"]),
    "everything": ("rollback", {}, ["hotpatch_hosts", "Name the hosts"]),
}


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_playbooks_refuse_bad_input_before_any_host_is_touched(fleet: Any, name: str) -> None:
    playbook, variables, words = INPUTS[name]
    extra = {"hotpatch_records": str(fleet.folder / "records"), **variables}
    run = run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", fleet.inventory(), "-e", json.dumps(extra))
    assert run.returncode != 0
    message = next(entry["result"]["msg"] for entry in run.results if entry["status"] == "failed")
    assert all(word in message for word in words), message
    assert not fleet.calls.exists()


def test_an_empty_inventory_is_an_error_and_not_a_success(tmp_path: Path) -> None:
    (tmp_path / "inventory.yml").write_text("all: {}\n")
    run = run_playbook(tmp_path, "winops.hotpatch.cycle", tmp_path / "inventory.yml", "-e", f"hotpatch_records={tmp_path}/records")
    assert run.returncode != 0
    assert "matches no host" in run.output


def test_the_cycle_playbook_ends_with_one_table(fleet: Any) -> None:
    fleet.hosts["novbs"] = {"vbs_status": 1}
    extra = {"hotpatch_records": str(fleet.folder / "records"), "hotpatch_now": fleet.now}
    run = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", json.dumps(extra))
    assert run.returncode == 0, run.output
    rows = run.table().values()
    assert [row.split()[:4] for row in rows] == [["novbs", "ineligible", "refused", "-"], ["srv01", "current", "installed", "KB5068966"]]


def test_assess_and_rollback_run_by_their_names(fleet: Any) -> None:
    extra = ["-e", json.dumps({"hotpatch_records": str(fleet.folder / "records"), "hotpatch_now": fleet.now, "hotpatch_hosts": "srv01"})]
    assessed = run_playbook(fleet.folder, "winops.hotpatch.assess", fleet.inventory(), *extra)
    assert assessed.returncode == 0, assessed.output
    assert "hotpatch_due" in assessed.output
    back = run_playbook(fleet.folder, "winops.hotpatch.rollback", fleet.inventory(), *extra)
    assert back.returncode == 0, back.output
    assert not [boot for boot in fleet.state()["boots"] if boot["requested_by"] != "setup"]


def test_the_shipped_fleet_has_what_a_real_one_has() -> None:
    command = [sys.executable, "-m", "ansible", "inventory", "-i", str(FLEET), "--list"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    hosts = json.loads(done.stdout)["_meta"]["hostvars"]
    assert 25 <= len(hosts) <= 32
    assert {given["ansible_connection"] for given in hosts.values()} == {"winops.hotpatch.rehearsal"}
    assert {given["hotpatch_rehearsal_line"] for given in hosts.values()} == {"ws2022_azure", "ws2025", "win11_24h2", "win11_25h2", "none"}
    assert {given["hotpatch_rehearsal_platform"] for given in hosts.values()} == {"arc", "azure", "on_premises"}
    faults = {fault["fault"] for given in hosts.values() for fault in given.get("hotpatch_rehearsal_faults", [])}
    assert "restarts_itself" not in faults, "a host that restarts by itself would spoil the shipped figures"
