# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""internal_observe.ps1 on a real PowerShell: every section, every cause of a pending restart."""

from __future__ import annotations

import json

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PLUGINS
from ansible_collections.winops.hotpatch.tests.payload.host_info_cases import ANSWERING, ASKED, logged

NO_NAMES = {"cluster_name": None, "domain": None, "directory_name": None, "netlogon_site": None}
SCHEMA = json.loads((PLUGINS / "plugin_utils" / "data" / "observation.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ANSWERING)
def test_observation_fits_the_schema(observed: dict[str, Answer], name: str) -> None:
    assert observed[name].result["changed"] is False
    jsonschema.Draft202012Validator(SCHEMA).validate(observed[name].observation)


def test_server_2025_in_full(observed: dict[str, Answer]) -> None:
    seen = observed["server_2025"].observation
    timings = seen.pop("timings_ms")
    assert set(timings) == {
        name for name in SCHEMA["properties"] if name not in ("schema", "observed_at", "powershell", "boot_time", "errors", "timings_ms")
    } | {"boot"}
    assert seen == {
        "schema": "winops.hotpatch/observation/1",
        "observed_at": "2026-05-12T18:00:00Z",
        "powershell": {"edition": "Desktop", "version": "5.1.26100.32690", "administrator": True},
        "os": {
            "edition_id": "ServerDatacenter",
            "installation_type": "Server",
            "product_name": "Microsoft Windows Server 2025 Datacenter",
            "display_version": "24H2",
            "sku": 8,
            "product_type": 3,
            "build": 26100,
            "ubr": 32690,
            "architecture": "amd64",
        },
        "boot_time": "2026-04-14T20:11:00Z",
        "platform": {
            "azure_vm": False,
            "arc": {"installed": True, "status": "Connected", "agent_version": "1.50"},
            "manufacturer": "VMware, Inc.",
            "model": "VMware20,1",
        },
        "vbs": {"configured": 1, "status": 2},
        "secure_boot": {"enabled": True},
        "chpe": {"hotpatch_restrictions": None},
        "enrollment": {
            "dynamic_installed_name": None,
            "dynamic_installed_version": None,
            "hotpatch_table_size": 4096,
            "enrollment_package_kb5003508": False,
            "arc_subscription": 1,
            "environment_allow_rebootless": 1,
            "policy_allow_rebootless": None,
            "policy_provider_set": None,
            "policy_winning_provider": None,
            "policy_report": None,
            "licensing_mutex": False,
        },
        "update_source": {
            "wu_server": None,
            "use_wu_server": None,
            "no_auto_update": None,
            "defer_quality_days": None,
            "service_start": "manual",
            "configmgr_client": False,
        },
        "pending": {"causes": []},
        "history": [
            {
                "kb": "KB5082063",
                "title": "2026-04 Security Update (KB5082063) (26100.32690)",
                "date": "2026-04-14T19:58:00Z",
                "operation": "install",
                "result_code": 2,
                "hresult": 0,
            }
        ],
        "quick_fixes": ["KB5082063"],
        "packages": [
            {
                "identity": hosts.BASELINE,
                "state": "Installed",
                "release_type": "Security Update",
                "install_time": "2026-04-14T19:58:00Z",
                "kb": "KB5082063",
            }
        ],
        "offers": [
            {
                "update_id": "00000000-0000-4000-8000-000005087538",
                "kbs": ["KB5087538"],
                "title": "2026-05 Security Update (KB5087538) (26100.32860)",
                "categories": ["Security Updates"],
                "size_bytes": 734003200,
                "reboot_behavior": 2,
                "restart_check": {"asked": True, "answer": False, "hresult": None, "message": None},
            }
        ],
        "monitor": {"service": "running", "task": "ready", "events": []},
        "disk": {"system_free_bytes": 30000000000},
        "servicing": {"in_progress": False, "asked": "update_client"},
        "roles": {"failover_cluster": False, "domain_controller": False, **NO_NAMES},
        "restarts": [
            logged("2026-04-14T20:11:00Z", 12),
            logged(
                "2026-04-14T20:06:00Z",
                1074,
                **ASKED,
            ),
        ],
        "errors": [],
    }


def test_check_mode_reports_the_same(observed: dict[str, Answer]) -> None:
    real, check = observed["server_2025"].observation, observed["check_mode"].observation
    real.pop("timings_ms")
    check.pop("timings_ms")
    assert check == real


def test_server_2022_azure(observed: dict[str, Answer]) -> None:
    seen = observed["server_2022_azure"].observation
    assert seen["errors"] == []
    assert seen["os"]["sku"] == 407
    assert seen["platform"]["azure_vm"] is True
    assert seen["platform"]["arc"] == {"installed": False, "status": None, "agent_version": None}
    assert seen["enrollment"]["dynamic_installed_name"] == "Hotpatch Enrollment Package"
    assert seen["enrollment"]["dynamic_installed_version"] == "10.0.20348.1129"
    assert seen["enrollment"]["enrollment_package_kb5003508"] is True
    assert seen["quick_fixes"] == ["KB5003508", "KB5073457"]
    # Its update client has no such question to ask.
    assert [item["restart_check"] for item in seen["offers"]] == [None]


def test_windows_11_arm64(observed: dict[str, Answer]) -> None:
    seen = observed["windows_11_arm64"].observation
    assert seen["errors"] == []
    assert (seen["os"]["architecture"], seen["os"]["product_type"], seen["os"]["build"]) == ("arm64", 1, 26200)
    # The registry of Windows 11 says Windows 10.
    assert seen["os"]["product_name"] == "Microsoft Windows 11 Enterprise"
    assert seen["chpe"]["hotpatch_restrictions"] == 1
    assert seen["enrollment"]["policy_allow_rebootless"] == 1
    assert seen["enrollment"]["policy_winning_provider"] == "B04F44A4-B696-4B56-934A-C11667E944E4"
    assert seen["update_source"]["defer_quality_days"] == 2


def test_pending_causes(observed: dict[str, Answer]) -> None:
    seen = observed["pending"].observation
    assert seen["errors"] == []
    assert seen["pending"]["causes"] == [
        {"source": "component_based_servicing", "detail": None},
        {"source": "windows_update", "detail": None},
        {"source": "pending_file_rename", "detail": "C:\\Temp\\a.dll"},
        {"source": "pending_computer_rename", "detail": "WEB01 to WEB02"},
        {"source": "domain_join", "detail": "JoinDomain"},
        {"source": "server_manager", "detail": None},
        {"source": "configmgr", "detail": None},
    ]
    assert seen["update_source"]["configmgr_client"] is True


def test_managed_host(observed: dict[str, Answer]) -> None:
    seen = observed["managed"].observation
    assert seen["update_source"] == {
        "wu_server": "https://wsus.example.com:8531",
        "use_wu_server": 1,
        "no_auto_update": 1,
        "defer_quality_days": None,
        "service_start": "disabled",
        "configmgr_client": False,
    }
    assert seen["roles"] == {"failover_cluster": True, "domain_controller": True, **NO_NAMES, "domain": "corp.example.com"}
    assert seen["servicing"] == {"in_progress": True, "asked": "update_client"}
    # Without the key the firmware is asked, and a BIOS has no Secure Boot.
    assert seen["secure_boot"] == {"enabled": False}
    # Found with errors: there may be more on offer.
    assert len(seen["offers"]) == 1
    assert [item["message"] for item in observed["managed"].problems("offers")] == ["the search ended with result code 3"]


def test_sweep_asks_for_nothing_else(observed: dict[str, Answer]) -> None:
    answer = observed["sweep"]
    gathered = {name for name, value in answer.observation.items() if value is not None}
    assert gathered == {"schema", "observed_at", "powershell", "errors", "timings_ms", "os", "boot_time", "vbs"}
    assert not [call for call in answer.calls if call.startswith(("com", "dism", "events", "history"))]


def test_marks_of_the_device_management(observed: dict[str, Answer]) -> None:
    seen = observed["managed_device"].observation
    assert seen["enrollment"]["policy_provider_set"] == 1
    assert seen["enrollment"]["licensing_mutex"] is True
    assert seen["enrollment"]["policy_report"] == {
        "time": "2026-05-02T00:00:00Z",
        "id": 814,
        "message": '{"Orchestrator":{"UpdatePolicy":{"Update/AllowRebootlessUpdates":true}}} isEnrolled: 1',
    }
    assert observed["unmanaged_device"].observation["enrollment"]["policy_report"] is None
    assert [item["observation"]["errors"] for item in (observed["managed_device"].result, observed["unmanaged_device"].result)] == [[], []]


def test_monitor(observed: dict[str, Answer]) -> None:
    seen = observed["monitor"].observation["monitor"]
    assert (seen["service"], seen["task"], len(seen["events"])) == ("missing", "disabled", 50)
    assert seen["events"][0]["time"] == "2026-05-02T00:00:00Z"
    assert seen["events"][0]["level"] == "warning"
    assert seen["events"][1] == {
        "time": "2026-05-01T00:00:00Z",
        "level": "error",
        # The newest record of the moment.
        "id": 59,
        "source": "Hotpatch Monitor",
        "message": "VBS stopped",
    }
    off = observed["monitor_off"].observation["monitor"]
    assert off == {"service": "disabled", "task": "missing", "events": []}


def test_odd_updates(observed: dict[str, Answer]) -> None:
    answer = observed["odd_updates"]
    assert [(item["kb"], item["operation"]) for item in answer.observation["history"]] == [("KB5082063", "uninstall"), (None, "other")]
    # A number that the update does not give is taken from its title; an update that cannot be read is named.
    assert [item["kbs"] for item in answer.observation["offers"]] == [["KB5087538"], []]
    assert [problem["message"].split(":")[0] for problem in answer.problems("offers")] == ["update 2 of the search"]
    assert [item["kb"] for item in answer.observation["packages"]] == [None]


def test_processes_that_service(observed: dict[str, Answer]) -> None:
    assert observed["wusa_runs"].observation["servicing"] == {"in_progress": True, "asked": "processes"}
    assert observed["monitor_stopped"].observation["monitor"] == {"service": "stopped", "task": "ready", "events": []}


def test_nothing_there_is_not_nothing_known(observed: dict[str, Answer]) -> None:
    seen = observed["no_history"].observation
    assert (seen["history"], seen["offers"], seen["packages"]) == ([], [], [])
    assert seen["errors"] == []
