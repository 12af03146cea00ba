# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad variables in the inventory end in one message that names each of them, its value and the remedy, and nothing is sent to any host."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook

# A host each: its variable, its value, what the message must say of it.
BAD: dict[str, tuple[Any, list[str]]] = {
    "hotpatch_restart_polcy": ("never", ["Did you mean hotpatch_restart_policy?"]),
    "hotpatch_polcy": ({}, ["Did you mean hotpatch_policy?"]),
    "hotpatch_policies": ({}, ["Did you mean hotpatch_policy?"]),
    "hotpatch_host_policies": ({}, ["Did you mean hotpatch_policy_host?"]),
    "hotpatch_freezes": ([], ["below one: hotpatch_policy_fleet, with the key freezes."]),
    "hotpatch_deny": (["KB5094125"], ["with the key deny."]),
    "hotpatch_hold": ({"reason": "x"}, ["with the key hold."]),
    "hotpatch_windows": ([], ["with the key windows."]),
    "hotpatch_policy_hold": ({"reason": "x"}, ["with the key hold."]),
    "hotpatch_drian": ([], ["Did you mean hotpatch_drain?"]),
    "hotpatch_record": ("/srv", ["Did you mean hotpatch_records?"]),
    "hotpach_kb": ("KB5094125", ["Did you mean hotpatch_kb?"]),
    "cycle_restart_polcy": ("never", ["Did you mean cycle_restart_policy?"]),
    "hotpatch_policy_1": ({"hold": True}, ["hotpatch_policy_1.hold: true", "reason, owner, from, until"]),
    "hotpatch_policy_2": ({"freezes": "text"}, ['hotpatch_policy_2.freezes: "text"', "Write a list"]),
    "hotpatch_policy_3": ({"windows": [[]]}, ["hotpatch_policy_3.windows[0]: []", "from, to"]),
    "hotpatch_policy_4": ({"deny": [None]}, ["hotpatch_policy_4.deny[0]: null", "KB5070881"]),
    "hotpatch_policy_5": ({"freezes": [None]}, ["hotpatch_policy_5.freezes[0]: null", "from and to"]),
    "hotpatch_policy_6": ({"freezes": [{"from": "2026-06-14", "to": 20260613}]}, ["hotpatch_policy_6.freezes[0].to: 20260613"]),
    "hotpatch_policy_7": ({"leave_track": True}, ["hotpatch_policy_7.leave_track: true", "owner and reason"]),
    "hotpatch_policy_8": ({"allow_managed": True, "owner": "x"}, ["hotpatch_policy_8.allow_managed: true", "give reason beside it"]),
    "hotpatch_policy_9": ({"dney": []}, ["hotpatch_policy_9.dney: []", "Did you mean deny?"]),
    "hotpatch_policy_10": ({"observation_max_age_hours": 10**30}, ["hotpatch_policy_10.observation_max_age_hours: ", "87600"]),
    "hotpatch_policy_11": ('{"hold": ', ["hotpatch_policy_11: ", "Write a mapping of these keys"]),
    "hotpatch_policy_12": ("{{ nowhere }}", ["hotpatch_policy_12: it cannot be resolved", "nowhere"]),
    "hotpatch_policy_restart": ("never", ["Did you mean hotpatch_restart_policy?"]),
    "hotpatch_run_id": ({"a": 1}, ['{"a": 1} is not a name']),
    "hotpatch_records": (True, ["true is not an absolute path"]),
    "hotpatch_kb": ("newest", ['"newest" is not a KB number']),
    "hotpatch_restart_timeout": (10**30, ["the most is 604800"]),
    "hotpatch_now": ("9999-12-31T00:00:00Z", ["9999-12-31", "2000 to 2100"]),
    "hotpatch_as_of": ("0001-01-01T00:00:00+14:00", ["0001-01-01", "ISO 8601"]),
    "hotpatch_rollback_deny_until": ("never", ['"never" is not a date']),
}


@pytest.mark.parametrize("playbook", ["assess", "cycle", "rollback"])
def test_every_bad_variable_is_told_at_once_and_no_host_is_asked(fleet: Any, playbook: str) -> None:
    good = {"hotpatch_records": str(fleet.folder / "records"), "hotpatch_rollback_kb": "KB5066835"}
    inventory = fleet.inventory()
    data = json.loads(inventory.read_text())
    data["all"]["hosts"] = {f"host{number:02}": {**good, name: value} for number, (name, (value, _said)) in enumerate(BAD.items())}
    inventory.write_text(json.dumps(data))
    run = run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", inventory, "-e", "hotpatch_hosts=all")
    assert run.returncode == 2, run.output
    assert not fleet.calls.exists()
    assert not fleet.truth.exists()
    told = {line.split(":")[0].split(".")[0]: line for line in str(run.results[-1]["result"]["msg"]).splitlines()}
    assert set(told) == set(BAD)
    for name, (_value, said) in BAD.items():
        assert [words for words in said if words not in told[name]] == [], told[name]


@pytest.mark.parametrize(
    ("hosts", "ends"),
    [(["a"], {"a"}), (["a", "b"], {"a", "b"}), ("", {"a", "b", "c"}), (None, {"a", "b", "c"}), ({"a": 1}, set()), ([], set())],
)
def test_the_hosts_of_a_run_may_be_a_list_and_what_matches_none_is_said(fleet: Any, hosts: Any, ends: set[str]) -> None:
    fleet.hosts = {"a": {}, "b": {}, "c": {}}
    extra = json.dumps({"hotpatch_hosts": hosts, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_serial": ""})
    run = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", extra, "--check")
    if ends:
        assert run.returncode == 0, run.output
        assert {path.stem for path in fleet.calls.iterdir()} == ends
    else:
        assert run.returncode == 2, run.output
        assert f"hotpatch_hosts: {json.dumps(hosts)} matches no host of this inventory." in run.results[-1]["result"]["msg"]
        assert not fleet.calls.exists()


def test_a_denial_that_nothing_bears_is_told_and_counts(fleet: Any) -> None:
    """It may be ahead of its release, or a slip of the pen."""
    extra = {"hotpatch_records": str(fleet.folder / "records"), "hotpatch_policy_run": {"deny": ["KB50941250", "KB5066835"]}}
    run = run_playbook(fleet.folder, "winops.hotpatch.assess", fleet.inventory(), "-e", json.dumps(extra))
    assert run.returncode == 0, run.output
    told = " ".join(run.output.split())
    assert "hotpatch_policy_run denies KB50941250, and no release in the catalog has that number." in told
    assert "denies KB5066835" not in told
    (record,) = (entry["result"]["record"] for entry in run.results if "record" in entry["result"])
    assert [rule["kb"] for rule in record["policy"]["deny"]] == ["KB50941250", "KB5066835"]
