# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""field_probe.ps1 on a real PowerShell: what it writes down is a host description that gives the same observation again, without names."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._field_probe.fixture import as_fixture
from ansible_collections.winops.hotpatch.tests.payload import field_probe_cases
from ansible_collections.winops.hotpatch.tests.payload.field_probe_cases import CASES, NAMES, SECRETS
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Call, Run


@pytest.fixture(scope="module")
def probed(payload_for_many: Run) -> dict[str, Answer]:
    """What the probe returned."""
    return payload_for_many("field_probe", CASES)


@pytest.fixture(scope="module")
def fixtures(probed: dict[str, Answer]) -> dict[str, dict[str, Any]]:
    """The files that the controller writes."""
    return {name: as_fixture(copy.deepcopy(answer.result["found"]), NAMES) for name, answer in probed.items()}


@pytest.fixture(scope="module")
def observed(payload_for_many: Run, fixtures: dict[str, dict[str, Any]]) -> dict[str, Answer]:
    """What host_info says of each host, and of the fixture that the probe made of it."""
    calls = {f"{name} itself": Call(call.host) for name, call in CASES.items()}
    calls |= {f"{name} again": Call(fixture) for name, fixture in fixtures.items()}
    return payload_for_many("internal_observe", calls)


@pytest.mark.parametrize("name", field_probe_cases.WHOLE)
def test_fixture_gives_the_same_observation(observed: dict[str, Answer], name: str) -> None:
    itself, again = (observed[f"{name} {which}"].observation for which in ("itself", "again"))
    for seen in (itself, again):
        seen.pop("timings_ms")
        # The probe does not ask the restart check unless it is told to.
        for item in seen["offers"]:
            item.pop("restart_check")
        for event in seen["restarts"]:
            event.pop("user")
    stripped = field_probe_cases.WHOLE[name]
    assert {key: value for key, value in again.items() if key not in stripped} == {
        key: value for key, value in itself.items() if key not in stripped
    }
    # What was taken out is still told to be there.
    assert len(again["pending"]["causes"]) == len(itself["pending"]["causes"])
    assert len(again["monitor"]["events"] or []) == len(itself["monitor"]["events"] or [])
    assert bool(again["update_source"]["wu_server"]) == bool(itself["update_source"]["wu_server"])


@pytest.mark.parametrize("name", CASES)
def test_no_name_is_left(fixtures: dict[str, dict[str, Any]], name: str) -> None:
    text = json.dumps(fixtures[name], ensure_ascii=False).lower()
    assert [secret for secret in SECRETS if secret.lower() in text] == []


def test_open_questions_are_answered(fixtures: dict[str, dict[str, Any]]) -> None:
    """Titles and categories, identities, marks of enrollment, events, restart behavior: as they are."""
    made = fixtures["named"]
    assert made["offers"][0]["categories"] == ["Security Updates"]
    assert made["offers"][0]["reboot_behavior"] == 2
    assert made["offers"][0]["title"] == "2026-05 Security Update (KB5087538) (26100.32860)"
    assert made["packages"][0]["PackageName"].startswith("Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.32690")
    assert made["registry"][r"SOFTWARE\Microsoft\Windows\Hotpatch\Environment"] == {"AllowRebootlessUpdates": 1, "Unheard": "of"}
    failed, asked = made["events"]["System"]
    assert (failed["Id"], asked["Id"], asked["Message"]) == (107, 1074, None)
    assert [item["Value"] for item in asked["Properties"]][2:] == ["Other (Planned)", "0x80000000", "restart", None, "DOMAIN\\USER"]


def test_each_failure_is_named(fixtures: dict[str, dict[str, Any]]) -> None:
    failed = {problem["probe"] for problem in fixtures["fails"]["probe_errors"]}
    assert failed == {"registry", "cim", "events", "history", "packages", "updates", "tasks", "agent"}
    assert fixtures["fails"]["registry"]
    assert fixtures["empty"]["probe_errors"] == []
    assert (fixtures["empty"]["arc"], fixtures["empty"]["history"], fixtures["empty"]["offers"]) == (None, [], [])


def test_values_that_are_none(fixtures: dict[str, dict[str, Any]]) -> None:
    made = fixtures["odd"]
    assert made["registry"][r"SOFTWARE\Microsoft\Windows\Hotpatch\Environment"]["Blob"] is None
    assert made["packages"][0]["InstallTime"] is None


def test_hanging_probe_is_given_up(payload_for_many: Run) -> None:
    answer = payload_for_many("field_probe", field_probe_cases.HANGING, {"other": 6})["cim"]
    (problem,) = answer.result["found"]["errors"]
    assert (problem["probe"], problem["hresult"]) == ("cim", "0x800705B4")
    assert answer.result["found"]["packages"]


def test_restart_check_is_asked_only_on_request(probed: dict[str, Answer], fixtures: dict[str, dict[str, Any]]) -> None:
    assert not [call for call in probed["named"].calls if call.startswith(("restart_check", "download"))]
    assert [offer["restart_check"] for offer in fixtures["named"]["offers"]] == [None]
    restart_checks = {offer["kbs"][0]: offer["restart_check"] for offer in fixtures["restart_check"]["offers"]}
    assert restart_checks["5000001"] == {"bootstrapper": True, "answer": False}
    assert restart_checks["5000003"] == {"bootstrapper": False, "answer": None}
    assert fixtures["restart_check"]["faults"]["restart_check ask 00000000-0000-4000-8000-000005000005"]["hresult"] == "0x80246007"


def test_nothing_is_changed(probed: dict[str, Answer]) -> None:
    changing = ("dism add", "dism remove", "task register", "task start", "start ")
    assert [call for answer in probed.values() for call in answer.calls if call.startswith(changing)] == []
