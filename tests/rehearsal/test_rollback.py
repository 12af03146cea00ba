# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules rollback and package over simulated hosts: a rollback is a planned restart, and says what it leaves."""

from __future__ import annotations

import json
from typing import Any


def act(fleet: Any, module: str, **args: Any) -> dict[str, Any]:
    return {f"winops.hotpatch.{module}": {"as_of": fleet.now, "records": str(fleet.folder / "records"), **args}}


def restarts(fleet: Any) -> list[str]:
    return [boot["requested_by"] for boot in fleet.state()["boots"] if boot["requested_by"] != "setup"]


def hotpatched(fleet: Any) -> Any:
    """A host with the November 2025 hotpatch."""
    run = fleet.play(act(fleet, "update", run_id="1"))
    assert run.of("srv01")["outcome"] == "installed", run.output
    fleet.now = "2025-11-12"
    return fleet


def test_a_rollback_is_refused_where_restarts_are_not_allowed(fleet: Any) -> None:
    hotpatched(fleet)
    for policy in ("never", "planned"):
        result = fleet.play(act(fleet, "rollback", restart_policy=policy)).of("srv01")
        assert (result["outcome"], result["decision"]["code"], result["changed"]) == ("refused", "restart_not_allowed", False)
        assert "planned restart" in result["msg"]
    assert fleet.state()["build"] == "26100.7092"
    assert restarts(fleet) == []


def test_a_look_shows_the_decision_that_a_rollback_takes(fleet: Any) -> None:
    hotpatched(fleet)
    for policy in ("never", "allowed"):
        look = fleet.play(act(fleet, "host_info", decide="rollback", restart_policy=policy)).of("srv01")["decision"]
        taken = fleet.play(act(fleet, "rollback", restart_policy=policy), check=True).of("srv01")["decision"]
        assert look == taken
        assert look["action"] == {"never": "refuse", "allowed": "remove"}[policy]
    assert [step["action"] for step in look["steps"]] == ["remove", "restart"]
    assert restarts(fleet) == []


def test_check_mode_says_what_would_go_and_takes_nothing(fleet: Any) -> None:
    hotpatched(fleet)
    truth = (fleet.truth / "srv01.json").read_bytes()
    result = fleet.play(act(fleet, "rollback", restart_policy="allowed"), check=True, extra=("--diff",)).of("srv01")
    assert (result["outcome"], result["changed"]) == ("would_roll_back", True)
    assert any("26100.7092" in identity for identity in result["removed"])
    assert "KB5068966" in result["diff"]["before"]
    assert (fleet.truth / "srv01.json").read_bytes() == truth


def test_a_rollback_removes_restarts_records_and_keeps_the_update_away(fleet: Any) -> None:
    hotpatched(fleet)
    result = fleet.play(act(fleet, "rollback", restart_policy="allowed", run_id="2", reason="the ledger does not start")).of("srv01")
    assert (result["outcome"], result["changed"], result["restarted"]) == ("rolled_back", True, True), result["msg"]
    assert [identity for identity in result["removed"] if "26100.7092" in identity]
    assert result["exposure"] == {"since": "2025-11-12T23:59:59Z", "until": "2026-01-13", "kbs": ["KB5068966"]}
    assert result["after"]["in_force"]["release_kb"] == "KB5066835"
    assert restarts(fleet) == ["controller"]
    record = json.loads((fleet.folder / "records" / "srv01" / "2.json").read_text())
    # The update is on offer again, and denied: it is not due.
    assert record["after"]["state"] == result["after"]["state"] == "rolled_back"
    assert record["after"]["next_step"]["when"] == "2026-01-13"
    assert (record["outcome"], record["denied"]) == ("rolled_back", [{"kb": "KB5068966", "until": "2026-01-13"}])
    assert "the ledger does not start" in record["messages"][0]

    # The same month again: what was rolled back is denied, and the host says so.
    again = fleet.play(act(fleet, "update", run_id="3")).of("srv01")
    assert (again["outcome"], again["decision"]["code"]) == ("refused", "denied")
    assert again["before"]["state"] == "rolled_back"
    assert again["before"]["next_step"]["when"] == "2026-01-13"
    assert fleet.state()["build"] == "26100.6899"

    # The next baseline ends it.
    fleet.now = "2026-01-13"
    later = fleet.play(act(fleet, "update", run_id="4", restart_policy="planned")).of("srv01")
    assert (later["outcome"], later["after"]["state"]) == ("installed", "current"), later["msg"]


def test_a_second_rollback_finds_nothing_to_do(fleet: Any) -> None:
    hotpatched(fleet)
    fleet.play(act(fleet, "rollback", restart_policy="allowed", kb="KB5068966"))
    result = fleet.play(act(fleet, "rollback", restart_policy="allowed", kb="KB5068966")).of("srv01")
    assert (result["outcome"], result["changed"]) == ("none", False)
    assert restarts(fleet) == ["controller"]


def test_a_baseline_that_goes_leaves_the_one_before(fleet: Any) -> None:
    fleet.now = "2026-01-13"
    assert fleet.play(act(fleet, "update", restart_policy="planned")).of("srv01")["outcome"] == "installed"
    result = fleet.play(act(fleet, "rollback", restart_policy="planned")).of("srv01")
    assert result["outcome"] == "rolled_back", result["msg"]
    assert result["decision"]["kb"] == "KB5073379"
    assert fleet.state()["build"] != "26100.32230"


def test_a_held_host_is_not_rolled_back(fleet: Any) -> None:
    hotpatched(fleet)
    policy = {"hold": {"reason": "audit", "owner": "finance"}}
    result = fleet.play(act(fleet, "rollback", restart_policy="allowed", policy=policy)).of("srv01")
    assert (result["outcome"], result["decision"]["code"]) == ("refused", "held")


def test_the_package_modules_list_remove_and_never_restart(fleet: Any) -> None:
    hotpatched(fleet)
    found = fleet.play({"winops.hotpatch.package_info": {}}).of("srv01")
    identity = next(p["identity"] for p in found["packages"] if "26100.7092" in p["identity"] and "ServicingStack" not in p["identity"])
    gone = fleet.play({"winops.hotpatch.package": {"state": "absent", "identity": identity}}).of("srv01")
    assert (gone["changed"], gone["restart_needed"]) == (True, True)
    again = fleet.play({"winops.hotpatch.package": {"state": "absent", "identity": identity}}).of("srv01")
    assert again["changed"] is False
    assert restarts(fleet) == []
