# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of a policy in real runs: all of them count, and the record says which layer each rule comes from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import boots, records
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import ANSWERED

HOTPATCH_DAY, HOTPATCH = "2025-11-11", "KB5068966"
BASELINE_DAY, BASELINE = "2026-01-13", "KB5073379"


def run_cycle(fleet: Any, variables: dict[str, Any] | None = None, *args: str, book: str = "cycle", **extra: Any) -> Run:
    """Run a playbook at the time of the fleet, with VARIABLES in its inventory and EXTRA on the command line."""
    inventory = fleet.inventory()
    data = json.loads(inventory.read_text())
    data["all"]["vars"] |= variables or {}
    inventory.write_text(json.dumps(data))
    # Each run an hour after the one before, as their records are put in order by that.
    hour = 18 + len(list((fleet.folder / "records").glob("*/*.json"))) // len(fleet.hosts)
    given = {"hotpatch_now": f"{fleet.now}T{hour}:30:00Z", "hotpatch_records": str(fleet.folder / "records"), **extra}
    return run_playbook(fleet.folder, f"winops.hotpatch.{book}", inventory, "-e", json.dumps(given), *args)


def decision(fleet: Any, host: str = "srv01") -> dict[str, Any]:
    found: dict[str, Any] = records(fleet, host)[-1]["decision"]
    return found


def installs(fleet: Any, host: str = "srv01") -> int:
    return int(fleet.state(host)["counters"]["installs"])


def test_a_hotpatch_day_under_several_layers(fleet: Any) -> None:
    span = {"from": "2025-11-01", "to": HOTPATCH_DAY}
    fleet.hosts = {
        "free": {},
        "changes": {"hotpatch_policy_host": {"freezes": [span | {"forbids": "changes", "reason": "Fair"}]}},
        "restarts": {"hotpatch_policy_host": {"freezes": [span]}},
        "later": {"hotpatch_policy_host": {"hold": {"reason": "audit", "from": "2025-11-12"}}},
        "held": {"hotpatch_policy_host": {"hold": {"reason": "audit", "owner": "finance", "from": "2025-11-01", "until": 20251111}}},
        "json": {"hotpatch_policy_host": '{"hold": {"reason": "ledger"}}'},
        "denied": {"hotpatch_policy_ring": {"deny": [{"kb": HOTPATCH, "until": "2025-11-30", "reason": "Breaks logon"}]}},
        "blank": {"hotpatch_policy_host": None, "hotpatch_policy_ring": "", "hotpatch_restart_policy": "", "hotpatch_intent": None},
    }
    run = run_cycle(fleet, {"hotpatch_policy_fleet": {"deny": ["KB5099999"]}}, hotpatch_policy_run={"deny": None, "freezes": []})
    assert run.returncode == 0, run.output
    for host in ("free", "restarts", "later", "blank"):
        assert (decision(fleet, host)["action"], installs(fleet, host), boots(fleet, host)) == ("install", 1, []), host
    refused = {host: decision(fleet, host) for host in ("changes", "held", "json", "denied")}
    assert {host: (found["code"], found["until"]) for host, found in refused.items()} == {
        "changes": ("frozen", HOTPATCH_DAY),
        "held": ("held", HOTPATCH_DAY),
        "json": ("held", None),
        "denied": ("denied", "2025-11-30"),
    }
    assert {host: found["reason"] for host, found in refused.items()} == {
        "changes": f"A freeze in hotpatch_policy_host forbids changes until {HOTPATCH_DAY} (Fair).",
        "held": f"The host is held by finance until {HOTPATCH_DAY} (hotpatch_policy_host): audit.",
        "json": "The host is held (hotpatch_policy_host): ledger.",
        "denied": f"{HOTPATCH} is denied by hotpatch_policy_ring until 2025-11-30: Breaks logon.",
    }
    assert [installs(fleet, host) for host in refused] == [0, 0, 0, 0]
    rules = records(fleet, "denied")[-1]["before"]["policy"]
    assert {rule["kb"]: rule["layer"] for rule in rules["deny"]} == {
        "KB5099999": "hotpatch_policy_fleet",
        HOTPATCH: "hotpatch_policy_ring",
    }


def test_a_restart_needs_a_window_of_each_layer(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    window = {"windows": [{"from": f"{BASELINE_DAY}T18:00:00Z", "to": f"{BASELINE_DAY}T23:00:00Z"}]}
    later = {"windows": [{"from": f"{BASELINE_DAY}T22:00:00Z", "to": "2026-01-14T04:00:00Z"}]}
    fleet.hosts = {"open": {"hotpatch_policy_ring": {"windows": []}}, "closed": {"hotpatch_policy_ring": later}}
    for host in fleet.hosts.values():
        host["start_kb"] = "KB5066835"
    run = run_cycle(fleet, {"hotpatch_policy_fleet": window}, hotpatch_restart_policy="planned")
    assert run.returncode == 0, run.output
    assert (decision(fleet, "open")["action"], boots(fleet, "open")) == ("install", ["controller"])
    found = decision(fleet, "closed")
    assert (found["code"], boots(fleet, "closed"), installs(fleet, "closed")) == ("outside_window", [], 0)
    assert "is in no window of hotpatch_policy_ring that allows restarts; the next begins at 2026-01-13 22:00 UTC." in found["reason"]


@pytest.mark.parametrize("kb", [5068966, "KB5068966"])
def test_a_named_update_is_installed_with_or_without_its_letters(fleet: Any, kb: Any) -> None:
    run = run_cycle(fleet, hotpatch_kb=kb)
    assert run.returncode == 0, run.output
    assert (decision(fleet)["action"], decision(fleet)["kb"], installs(fleet)) == ("install", HOTPATCH, 1)


def test_a_named_update_that_cannot_be_installed_says_why(fleet: Any) -> None:
    run = run_cycle(fleet, hotpatch_kb="KB5099999", hotpatch_restart_policy="allowed")
    assert run.returncode == 0, run.output
    assert (decision(fleet)["kb"], decision(fleet)["code"], installs(fleet)) == ("KB5099999", "not_offered", 0)
    assert "KB5099999 is not offered to the host" in decision(fleet)["reason"]


def test_a_named_update_leaves_the_track_only_where_somebody_answers_for_it(fleet: Any) -> None:
    fleet.now = "2025-10-25"
    fleet.hosts = {name: {"start_kb": "KB5066835", "offers_extra": [{"kb": "KB5070881"}]} for name in ("no", "yes")}
    fleet.hosts["yes"]["hotpatch_policy_host"] = {"leave_track": True, **ANSWERED}
    run = run_cycle(fleet, hotpatch_kb="KB5070881", hotpatch_restart_policy="allowed")
    assert run.returncode == 0, run.output
    assert (decision(fleet, "no")["code"], installs(fleet, "no")) == ("leaves_track", 0)
    assert (decision(fleet, "yes")["action"], installs(fleet, "yes")) == ("install", 1)
    assert records(fleet, "yes")[-1]["before"]["policy"]["leave_track"] == ["hotpatch_policy_host"]


def test_a_denial_of_a_rollback_is_lifted_by_name_only(fleet: Any) -> None:
    assert run_cycle(fleet).returncode == 0
    assert run_cycle(fleet, book="rollback", hotpatch_hosts="srv01", hotpatch_restart_policy="allowed").returncode == 0
    assert run_cycle(fleet).returncode == 0
    assert decision(fleet)["code"] == "denied"
    assert "or with lift in a policy" in decision(fleet)["remedy"]
    over, other = ({"lift": [{"kb": kb, "until": day}], **ANSWERED} for kb, day in ((HOTPATCH, "2025-11-10"), ("KB5070881", "2025-12-31")))
    assert run_cycle(fleet, hotpatch_policy_run=over, hotpatch_policy_other=other).returncode == 0
    assert (decision(fleet)["code"], installs(fleet)) == ("denied", 1)
    assert run_cycle(fleet, hotpatch_policy_run={"lift": [{"kb": HOTPATCH, "until": HOTPATCH_DAY}], **ANSWERED}).returncode == 0
    assert (decision(fleet)["action"], installs(fleet)) == ("install", 2)


def test_a_rollback_is_not_told_its_update_by_the_name_of_the_cycle(fleet: Any) -> None:
    run = run_cycle(fleet, book="rollback", hotpatch_hosts="srv01", hotpatch_kb=HOTPATCH, hotpatch_restart_policy="allowed")
    assert run.returncode == 2
    assert "hotpatch_kb: it names what winops.hotpatch.cycle installs." in run.results[-1]["result"]["msg"]
    assert not fleet.calls.exists()
