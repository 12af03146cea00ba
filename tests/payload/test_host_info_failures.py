# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""internal_observe.ps1 on a real PowerShell where Windows fails, hangs or answers nonsense: it is named, and hides nothing else."""

from __future__ import annotations

import json

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Run
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PLUGINS
from ansible_collections.winops.hotpatch.tests.payload.host_info_failure_cases import FAILING, HANGING

SCHEMA = json.loads((PLUGINS / "plugin_utils" / "data" / "observation.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def answers(payload_for_many: Run) -> dict[str, Answer]:
    """What the payload said of all hosts, in one run."""
    return payload_for_many("internal_observe", FAILING)


@pytest.fixture(scope="module")
def late(payload_for_many: Run) -> dict[str, Answer]:
    """What the payload said of the hosts on which something hangs, with short time limits."""
    return payload_for_many(
        "internal_observe", HANGING, limits={"other": 5, "offers": 5, "restart_check_each": 4, "restart_check": 30}, executions=2
    )


@pytest.mark.parametrize("name", [name for name in FAILING if name != "bad_option"])
def test_observation_fits_the_schema(answers: dict[str, Answer], name: str) -> None:
    assert answers[name].result["changed"] is False
    jsonschema.Draft202012Validator(SCHEMA).validate(answers[name].observation)


def test_failed_search_offers_nothing_known(answers: dict[str, Answer]) -> None:
    assert answers["search_failed"].observation["offers"] is None
    assert answers["search_failed"].problems("offers")[0]["message"] == "the search ended with result code 4"


def test_each_failure_is_named_and_hides_nothing(answers: dict[str, Answer]) -> None:
    answer = answers["all_fail"]
    seen = answer.observation
    failed = {problem["probe"]: problem["hresult"] for problem in seen["errors"]}
    assert failed == {
        "os": "0x80041010",
        "boot": "0x80041010",
        "platform": failed["platform"],
        "vbs": "0x80041010",
        "enrollment": "0x80041010",
        "update_source": "0x8013150A",
        "disk": "0x80041010",
        "roles": "0x8013150A",
        "restarts": "0x80070005",
        "servicing": "0x80070422",
        "pending": "0x8013150A",
        "monitor": failed["monitor"],
        "quick_fixes": "0x80041010",
        "history": "0x80248007",
        "packages": "0x800F0831",
        "offers": "0x80240438",
    }
    # What the registry tells stands, what CIM would have told is unknown.
    assert (seen["os"]["build"], seen["os"]["sku"], seen["os"]["product_type"]) == (26100, None, None)
    assert seen["vbs"] == {"configured": 1, "status": None}
    assert seen["platform"] == {
        "azure_vm": None,
        "arc": {"installed": True, "status": None, "agent_version": None},
        "manufacturer": None,
        "model": None,
    }
    assert seen["enrollment"]["arc_subscription"] == 1
    assert seen["enrollment"]["enrollment_package_kb5003508"] is None
    assert seen["monitor"] == {"service": None, "task": None, "events": None}
    assert [problem["message"].split(":")[0] for problem in answer.problems("monitor")] == [
        "service hpatchmon",
        "task Hotpatch\\Monitoring",
        "Application log",
    ]
    # A key that may not be opened is there all the same; a value that may not be read may be anything.
    assert seen["pending"] == {"causes": [{"source": "component_based_servicing", "detail": None}]}
    assert answer.problems("pending")[0]["message"].startswith("Read-PendingFileRename: ")
    assert (seen["secure_boot"], seen["chpe"]) == ({"enabled": True}, {"hotpatch_restrictions": None})
    unknown = ("boot_time", "disk", "roles", "quick_fixes", "history", "packages", "offers", "update_source", "restarts")
    assert {name for name in unknown if seen[name] is not None} == set()


def test_garbage_becomes_unknown(answers: dict[str, Answer]) -> None:
    seen = answers["garbage"].observation
    assert (seen["os"]["build"], seen["os"]["ubr"], seen["os"]["sku"], seen["os"]["product_type"], seen["os"]["architecture"]) == (
        None,
    ) * 5
    assert seen["vbs"] == {"configured": None, "status": None}
    assert seen["boot_time"] is None
    assert seen["disk"] == {"system_free_bytes": None}
    assert seen["quick_fixes"] == ["KB5082063"]
    (item,) = seen["offers"]
    assert (item["kbs"], item["size_bytes"], item["reboot_behavior"]) == (["KB5087538"], None, None)
    (entry,) = seen["history"]
    assert (entry["date"], entry["operation"], entry["result_code"], entry["hresult"]) == (None, "other", None, None)
    for text in (item["title"], item["categories"][0], entry["title"], seen["os"]["edition_id"]):
        assert text.startswith("<b> [31m{{ lookup('pipe', 'id') }} \"quoted\" n\u00e4chste \U0001f600 xxx")
        assert len(text) <= 301
        assert text.isprintable()


def test_bad_option_is_refused(answers: dict[str, Answer]) -> None:
    assert "gather" in answers["bad_option"].result["msg"]
    assert "weather" in answers["bad_option"].result["msg"]
    assert "observation" not in answers["bad_option"].result
    assert answers["bad_option"].calls == []


def test_hanging_probe_is_given_up(late: dict[str, Answer]) -> None:
    answer = late["vbs"]
    (problem,) = answer.observation["errors"]
    assert (problem["probe"], problem["hresult"]) == ("vbs", "0x800705B4")
    assert answer.observation["vbs"] == {"configured": 1, "status": None}
    assert answer.observation["disk"] == {"system_free_bytes": 30000000000}


def test_hanging_agent_is_given_up(late: dict[str, Answer]) -> None:
    answer = late["agent"]
    (problem,) = answer.observation["errors"]
    assert problem["probe"] == "platform"
    assert "did not end within" in problem["message"]
    assert answer.observation["platform"]["arc"] == {"installed": True, "status": None, "agent_version": None}
    assert answer.observation["platform"]["manufacturer"] == "VMware, Inc."


def test_hanging_task_keeps_the_answers_before(late: dict[str, Answer]) -> None:
    answer = late["task"]
    assert answer.observation["errors"] == []
    first, second = [item["restart_check"] for item in answer.observation["offers"]]
    assert (first["asked"], first["answer"]) == (True, False)
    assert (second["asked"], second["answer"], second["hresult"]) == (True, None, "0x800705B4")
    assert answer.calls[-3:] == ["task stop", "task unregister", "remove"]
    assert answer.left == []


def test_closed_logs_are_named_with_the_remedy(answers: dict[str, Answer]) -> None:
    answer = answers["logs_closed"]
    messages = [
        (problem["probe"], problem["hresult"], str(problem["message"]).split(": run", maxsplit=1)[0])
        for problem in answer.observation["errors"]
    ]
    assert messages == [
        ("enrollment", "0x80070005", "log of the device management: access denied by network logon"),
        ("monitor", "0x80070005", "Application log: access denied by network logon"),
    ]
    assert answer.observation["enrollment"]["arc_subscription"] == 1
    assert answer.observation["monitor"] == {"service": "running", "task": "ready", "events": None}


def test_log_that_is_not_there_is_not_an_empty_one(answers: dict[str, Answer]) -> None:
    assert {problem["probe"]: problem["message"] for problem in answers["no_log"].observation["errors"]} == {
        "monitor": "Application log: there is no Application log",
        "restarts": "there is no System log",
    }
    assert answers["no_log"].observation["restarts"] is None
    assert answers["no_log"].observation["monitor"]["events"] is None
    assert answers["no_log"].observation["enrollment"]["policy_report"] is None


def test_class_without_an_instance(answers: dict[str, Answer]) -> None:
    (problem,) = answers["no_instance"].problems("vbs")
    assert problem["message"] == "root\\Microsoft\\Windows\\DeviceGuard has no instance of Win32_DeviceGuard"


def test_hanging_search_is_given_up(late: dict[str, Answer]) -> None:
    answer = late["offers"]
    (problem,) = answer.observation["errors"]
    assert (problem["probe"], problem["hresult"]) == ("offers", "0x800705B4")
    assert answer.observation["offers"] is None
    assert answer.observation["disk"] == {"system_free_bytes": 30000000000}


def test_hanging_restart_check_keeps_the_offers(late: dict[str, Answer]) -> None:
    answer = late["restart_check"]
    (problem,) = answer.observation["errors"]
    assert (problem["probe"], problem["hresult"]) == ("offers", "0x800705B4")
    first, second, third, *_rest = [item["restart_check"] for item in answer.observation["offers"]]
    assert (first["asked"], first["answer"]) == (True, False)
    assert (second["asked"], second["answer"], second["hresult"]) == (True, None, "0x800705B4")
    assert (third["asked"], third["answer"]) == (False, None)
    jsonschema.Draft202012Validator(SCHEMA).validate(answer.observation)
