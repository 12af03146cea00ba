# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped fleet through the real year from October 2025 to September 2026, judged on the simulated hosts' own files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook

ROOT = Path(__file__).resolve().parents[2]
FLEET = ROOT / "playbooks" / "rehearsal" / "fleet.yml"
RELEASES = ROOT / "plugins" / "plugin_utils" / "data" / "releases"
LINES = ("ws2022_azure", "ws2025", "win11_24h2", "win11_25h2")
# Hosts that have everything and to which nothing happens that a calendar does not bring.
ON_TRACK = ("srv22-azure-clean", "srv25-arc-clean", "srv25-azure-clean", "w11-24h2-clean", "w11-25h2-arm-clean")


def release_data(line: str) -> list[dict[str, Any]]:
    """Read the file itself: the engine that is judged here must not be the one that reads it."""
    found: list[dict[str, Any]] = yaml.safe_load((RELEASES / f"{line}.yml").read_text())["releases"]
    return found


def monthly(line: str, month: str) -> dict[str, Any]:
    return next(entry for entry in release_data(line) if entry["month"] == month and "planned_kind" in entry)


class Year:
    """What the rehearsal left behind."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.summary = json.loads((out / "summary.json").read_text())
        self.truth = {path.stem: json.loads(path.read_text()) for path in (out / "truth").glob("*.json")}
        self.records = [json.loads(path.read_text()) for path in (out / "records").glob("*/*.json")]
        self.runs = [json.loads(path.read_text()) for path in (out / "runs").glob("*.run.json")]

    def of(self, host: str, run: str) -> dict[str, Any]:
        return next(record for record in self.records if record["host"] == host and record["run_id"] == run)

    def calls(self, host: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / "calls" / f"{host}.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    run = run_playbook(
        folder, "winops.hotpatch.rehearse", Path("localhost,"), "-e", json.dumps({"hotpatch_rehearsal_out": str(folder / "out")})
    )
    assert run.returncode == 0, run.output
    return Year(folder / "out")


def test_the_files_that_are_promised_are_there(year: Year) -> None:
    names = {path.name for path in year.out.iterdir()}
    assert {"summary.json", "report.html", "records", "truth"} <= names
    months = [month["month"] for month in year.summary["months"]]
    assert months == [f"2025-{number}" for number in (10, 11, 12)] + [f"2026-{number:02}" for number in range(1, 10)]
    for month in year.summary["months"]:
        assert [row["line"] for row in month["rows"]] == list(LINES)


def test_every_row_names_what_the_release_data_name(year: Year) -> None:
    for month in year.summary["months"]:
        for row in month["rows"]:
            entry = monthly(row["line"], month["month"])
            assert {key: row[key] for key in ("planned_kind", "kind", "kb", "build")} == {
                key: entry[key] for key in ("planned_kind", "kind", "kb", "build")
            }


def test_no_host_restarted_where_no_restart_was_allowed(year: Year) -> None:
    """Counted anew from the boots: each one asked for by the run that it falls in, and that run allowed to."""
    seen = 0
    for host, truth in year.truth.items():
        for boot in truth["boots"]:
            if boot["requested_by"] in ("setup", "event") or (boot["requested_by"] == "windows" and boot["kb"]):
                continue
            run = max((run for run in year.runs if run["now"] <= boot["at"]), key=lambda found: str(found["now"]))
            planned = monthly(truth["line"], run["month"])["planned_kind"] == "baseline"
            assert boot["requested_by"] == "controller", f"{host} restarted by itself: {boot}"
            assert host in run["hosts"], f"{host} restarted in a run that was not for it: {boot}"
            assert run["restart_policy"] == "allowed" or planned, f"{host} restarted under {run['restart_policy']}: {boot}"
            seen += 1
    assert seen > 50, "a year without restarts proves nothing"
    rows = [row for month in year.summary["months"] for row in month["rows"]]
    assert sum(row["restarts_not_allowed"] for row in rows) == 0
    assert sum(row["restarts_planned"] for row in rows) == seen


@pytest.mark.parametrize("host", ON_TRACK)
def test_hosts_on_the_track_all_year_end_current(year: Year, host: str) -> None:
    truth = year.truth[host]
    last = monthly(truth["line"], "2026-09")
    newest = max((record for record in year.records if record["host"] == host), key=lambda record: str(record["started_at"]))
    after = newest["after"] or newest["before"]
    assert (after["state"], after["in_force"]["release_kb"], after["in_force"]["build"]) == ("current", last["kb"], last["build"])
    assert truth["build"] == last["build"]
    assert year.summary["restarts_per_host"][host] <= 7 < 12


def test_the_two_months_that_turned_are_refused_on_the_day_and_done_in_the_window(year: Year) -> None:
    for month in ("2026-06", "2026-09"):
        for host in ON_TRACK:
            first, second = year.of(host, f"{month}-1"), year.of(host, f"{month}-2")
            assert (first["outcome"], first["decision"]["code"]) == ("refused", "month_turned_baseline")
            assert (first["installed"], first["restarts"]) == ([], [])
            assert second["outcome"] == "installed"
            kb = monthly(year.truth[host]["line"], month)["kb"]
            boots = [boot for boot in year.truth[host]["boots"] if boot["kb"] == kb]
            assert len(boots) == 1
            assert boots[0]["at"][:10] == second["started_at"][:10]


def test_the_accident_of_october_2025(year: Year) -> None:
    """KB5070881 and KB5070893 give one build; the first is refused where it is offered, and throws off who took it by himself."""
    refused = year.of("srv25-arc-wrong-offer", "2025-10-3")
    assert refused["decision"]["code"] == "leaves_track"
    assert "KB5070881" in refused["decision"]["reason"]
    assert "KB5070881" not in {entry["kb"] for entry in year.truth["srv25-arc-wrong-offer"]["installed"]}
    thrown = year.of("srv25-arc-off-track", "2025-11-1")
    assert (thrown["outcome"], thrown["before"]["track"]["off_cause"]) == ("waiting", "KB5070881")
    assert year.of("srv25-arc-off-track", "2026-01-1")["after"]["state"] == "current"


def test_every_run_left_a_record_of_every_host_it_was_for(year: Year) -> None:
    found = Counter((record["run_id"], record["host"]) for record in year.records)
    for run in year.runs:
        for host in run["hosts"]:
            assert found[run["run_id"], host] == 1, f"{host} has no record of {run['run_id']}"


def test_a_hotpatch_month_takes_at_most_three_executions_beside_win_updates(year: Year) -> None:
    for host in ON_TRACK:
        calls = [call for call in year.calls(host) if call["now"][:10] == "2026-08-11"]
        names = Counter((call["name"] or call["kind"], call["operation"] == "memory") for call in calls)
        assert names.pop(("ansible.windows.win_updates", False)) >= 3
        observe = "winops.hotpatch.internal_observe"
        assert names == {(observe, False): 3, (observe, True): 1}, f"{host}: three observations, the end of the run: {names}"


def test_the_same_month_again_changes_nothing_and_asks_once(year: Year) -> None:
    truth = {path.name: path.read_bytes() for path in (year.out / "truth").glob("*.json")}
    lengths = {host: len(year.calls(host)) for host in ON_TRACK}
    last = max(year.runs, key=lambda run: str(run["now"]))
    names = {"truth": str(year.out / "truth"), "calls": str(year.out / "calls"), "now": last["now"]}
    extra = {f"hotpatch_rehearsal_{name}": value for name, value in names.items()}
    extra |= {"hotpatch_now": last["now"], "hotpatch_records": str(year.out / "again"), "hotpatch_restart_policy": "allowed"}
    run = run_playbook(year.out, "winops.hotpatch.cycle", FLEET, "-e", json.dumps(extra), "--limit", ",".join(ON_TRACK))
    assert run.returncode == 0, run.output
    assert run.output.count("changed=0") == len(ON_TRACK)
    for host in ON_TRACK:
        assert [call["name"] for call in year.calls(host)[lengths[host] :]] == ["winops.hotpatch.internal_observe"]
    assert {path.name: path.read_bytes() for path in (year.out / "truth").glob("*.json")} == truth
