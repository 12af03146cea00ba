# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are at work or have failed are not forgotten, and records that cannot be used are named and end no run."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import (
    DAY,
    HOST,
    cycle,
    hanging,
    in_background,
    installs,
    record_of,
    restarts,
    wait_for,
)

DECIDE = "winops.hotpatch.internal_apply : Ask the host what it is, and decide"
ASSESS = "winops.hotpatch.assess : Ask the host what it is, and decide what a run would do"


def test_a_run_at_work_is_busy_for_all_others_also_with_its_own_id(fleet: Any) -> None:
    fleet.hosts = {"srv01": hanging(40)}
    with in_background(fleet, hotpatch_run_id="june"):
        wait_for(lambda: installs(fleet) == 1)
        fleet.hosts = {"srv01": dict(HOST)}
        for run_id, name in (("second", "second"), ("third", "third"), ("june", "june-2")):
            decision = cycle(fleet, hotpatch_run_id=run_id).of("srv01", DECIDE)["decision"]
            assert (decision["action"], decision["code"]) == ("refuse", "busy"), f"{run_id}: {decision}"
            assert "The run june is at work" in decision["reason"]
            assert "began 2026-06-14 02:00 UTC" in decision["reason"]
            assert "until 2026-06-14 08:00 UTC" in decision["reason"]
            assert str(fleet.folder / "records" / "srv01" / "june.json") in decision["remedy"]
            assert record_of(fleet, name)["outcome"] == "refused"
    assert record_of(fleet, "june")["outcome"] == "interrupted"
    assert (installs(fleet), restarts(fleet)) == (1, 0)


def test_a_run_that_failed_is_shown_until_another_one_has_acted(fleet: Any) -> None:
    fleet.hosts = {"srv01": {**HOST, "faults": [{"fault": "install_error", "hresult": "0x80073712"}]}}
    cycle(fleet, hotpatch_run_id="broken")
    fleet.hosts = {"srv01": dict(HOST)}
    for _twice in range(2):
        record = cycle(fleet, "2026-06-14T03:00:00Z", "assess").of("srv01", ASSESS)["record"]
        assert record["state"] == "failed", record["summary"]
        assert "broken" in record["summary"]
    cycle(fleet, "2026-06-14T04:00:00Z")
    assert cycle(fleet, "2026-06-14T05:00:00Z", "assess").of("srv01", ASSESS)["record"]["state"] == "current"


BODY = {"schema": "winops.hotpatch/run/1", "host": "srv01", "run_id": "x", "started_at": "2026-05-01T00:00:00Z"}


def test_no_file_among_the_records_ends_or_hangs_a_run_and_each_is_named(fleet: Any) -> None:
    folder = fleet.folder / "records" / "srv01"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "pipe.json")
    (folder / "device.json").symlink_to("/dev/zero")
    (folder / "folder.json").mkdir()
    (folder / "deep.txt").write_text("[" * 200_000)
    (folder / "deep.txt").rename(folder / "deep.json")
    (folder / "kbs.json").write_text(json.dumps({**BODY, "outcome": "rolled_back", "exposure": {"until": None, "kbs": None}}))
    fleet.hosts = {"srv01": dict(HOST)}
    fleet.now = DAY
    args = {"as_of": DAY, "records": str(fleet.folder / "records"), "keep_record": True}
    task = {"winops.hotpatch.host_info": args}
    run = fleet.play(task)
    result = run.of("srv01")
    assert result["decision"]["code"] != "busy", run.output
    for name in ("pipe", "device", "folder", "deep", "kbs"):
        assert any(f"{name}.json" in text for text in result["warnings"]), result["warnings"]


@pytest.mark.parametrize("place", ["file", "link"])
def test_a_folder_of_a_host_that_cannot_be_used_is_refused_before_the_host_is_touched(fleet: Any, place: str) -> None:
    (fleet.folder / "records").mkdir()
    path = fleet.folder / "records" / "srv01"
    if place == "file":
        path.write_text("x")
    else:
        path.symlink_to(path)
    run = fleet.play({"winops.hotpatch.host_info": {"as_of": DAY, "records": str(fleet.folder / "records"), "keep_record": True}})
    assert run.status("srv01") == "failed"
    assert str(path) in run.of("srv01")["msg"]
    assert not fleet.calls.exists()


@pytest.mark.parametrize("name", ["assess", "cycle", "rollback", "resume"])
def test_a_folder_of_records_that_cannot_be_used_is_told_once_before_the_first_host(fleet: Any, name: str) -> None:
    (fleet.folder / "records").write_text("x")
    fleet.hosts = {"srv01": dict(HOST), "srv02": dict(HOST)}
    run = cycle(fleet, playbook=name, hotpatch_hosts="all", hotpatch_rollback_kb="KB5087423")
    assert run.returncode == 2
    assert not fleet.calls.exists()
    said = " ".join(str(entry["result"].get("msg")) for entry in run.results)
    assert said.count("hotpatch_records: ") == 1, said
    assert "is not a folder" in said


def test_check_mode_makes_no_folder(fleet: Any) -> None:
    fleet.play({"winops.hotpatch.update": {"as_of": fleet.now, "records": str(fleet.folder / "records")}}, check=True)
    assert not (fleet.folder / "records").exists()
