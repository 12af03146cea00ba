# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_info.ps1 on a real PowerShell: every section, every pending cause, every answer of the oracle, each failing by itself."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.conftest import PLUGINS, Answer, Call, Run
from ansible_collections.winops.hotpatch.tests.payload.hosts import date, offer, server_2025, with_cim, with_registry

SCHEMA = json.loads((PLUGINS / "plugin_utils" / "data" / "observation.schema.json").read_text(encoding="utf-8"))
ACCESS_DENIED = {"hresult": "0x80070005", "message": "Access is denied."}
SEARCH = "search IsInstalled=0 and DeploymentAction='Installation'"


def _pending() -> hosts.Host:
    """A host on which everything waits for a restart that can."""
    host = with_registry(
        server_2025(),
        {
            rf"{hosts.CBS}\RebootPending": {},
            rf"{hosts.AUTO_UPDATE}\RebootRequired": {},
            rf"{hosts.CONTROL}\Session Manager": {
                "PendingFileRenameOperations": ["\\??\\C:\\Temp\\a.dll", "", "\\??\\C:\\b", "!\\??\\C:\\c"]
            },
            rf"{hosts.CONTROL}\ComputerName\ComputerName": {"ComputerName": "WEB02"},
            rf"{hosts.SERVICES}\Netlogon": {"JoinDomain": "example.com"},
            r"SOFTWARE\Microsoft\ServerManager": {"CurrentRebootAttempts": 1},
            rf"{hosts.SERVICES}\CcmExec": {"Start": 2},
        },
    )
    host["cim"]["CCM_ClientUtilities.DetermineIfRebootPending"] = {"RebootPending": True, "IsHardRebootPending": False}
    return host


def _oracles() -> hosts.Host:
    """A host with one offer for each way in which the oracle can answer, and one that is hidden."""
    return server_2025(
        offers=[
            offer("KB5000001", oracle={"bootstrapper": True, "answer": False}),
            offer("KB5000002", oracle={"bootstrapper": True, "answer": True}),
            offer("KB5000003", oracle={"bootstrapper": False, "answer": None}),
            offer("KB5000004", oracle={"bootstrapper": True, "answer": None, "download_hresult": "0x80240438"}),
            offer("KB5000005", oracle={"bootstrapper": True, "answer": None}),
            offer("KB5000006", oracle={"bootstrapper": True, "answer": "perhaps"}),
            offer("KB5000007", oracle={"bootstrapper": "perhaps", "answer": True}),
            offer("KB5000008"),
            offer("KB5000009", oracle={"bootstrapper": True, "answer": False}, hidden=True),
            offer("KB5000010", oracle={"bootstrapper": True, "answer": False}),
        ],
        faults={
            "oracle ask 00000000-0000-4000-8000-000005000005": {"hresult": "0x80246007", "message": "not downloaded"},
            "oracle static 00000000-0000-4000-8000-000005000010": {"hresult": "0x80240037", "message": "not supported"},
        },
    )


def _garbage() -> hosts.Host:
    """A host whose answers have the wrong type, are huge, or would do harm where they are shown."""
    nasty = "<b>\u001b[31m{{ lookup('pipe', 'id') }}\u202e\"quoted\"\r\nn\u00e4chste \U0001f600 " + "x" * 1_000_000
    host = with_registry(
        server_2025(
            offers=[
                offer(
                    "KB5087538",
                    title=nasty,
                    kbs=["not a number", "5087538", "5087538"],
                    categories=[nasty, ""],
                    size="big",
                    reboot_behavior=7,
                )
            ],
            history=[{"Title": nasty, "Date": "yesterday", "Operation": "x", "ResultCode": "y", "HResult": None}],
            packages=[
                {
                    "PackageName": f"Package_for_{nasty}",
                    "PackageState": None,
                    "ReleaseType": "",
                    "InstallTime": "never",
                    "Description": nasty,
                }
            ],
        ),
        {
            hosts.WINDOWS: {"EditionID": nasty, "CurrentBuild": "many", "UBR": "0x1f"},
            hosts.ENVIRONMENT: {"PROCESSOR_ARCHITECTURE": "VAX"},
            rf"{hosts.CONTROL}\DeviceGuard": {"EnableVirtualizationBasedSecurity": ["1", "2"]},
        },
    )
    return with_cim(
        host,
        Win32_DeviceGuard=[{"VirtualizationBasedSecurityStatus": 9}],
        Win32_OperatingSystem=[{"Caption": nasty, "OperatingSystemSKU": "x", "ProductType": 77, "LastBootUpTime": "x"}],
        Win32_LogicalDisk=[{"DeviceID": "C:", "FreeSpace": None}],
        Win32_QuickFixEngineering=[
            {"HotFixID": ""},
            {"HotFixID": None},
            {"HotFixID": "KB123"},
            {"HotFixID": "KB5082063"},
            {"HotFixID": "KB5082063"},
        ],
    )


def _events() -> list[dict[str, Any]]:
    """More complaints of the monitor than are reported, and entries that are none of ours."""
    ours = {
        "TimeCreated": date("2026-05-01T00:00:00Z"),
        "Level": 2,
        "Id": 107,
        "ProviderName": "Hotpatch Monitor",
        "Message": "VBS\nstopped",
    }
    return [
        {**ours, "TimeCreated": date("2026-05-02T00:00:00Z"), "Level": 3, "ProviderName": "hpatchmon"},
        *({**ours, "Id": number} for number in range(60)),
        {**ours, "ProviderName": "SQL", "Message": "nothing of ours", "TimeCreated": date("2026-05-03T00:00:00Z")},
        {**ours, "TimeCreated": date("2026-04-01T00:00:00Z")},
    ]


def _faulty(**faults: Any) -> hosts.Host:
    return server_2025(faults={name.replace("__", " "): fault for name, fault in faults.items()})


CLOSED = [rf"{hosts.CBS}\RebootPending", rf"{hosts.CONTROL}\Session Manager", rf"{hosts.CONTROL}\ProductOptions", hosts.UPDATE_POLICY]
CIM_FAULT = {"kind": "cim", "hresult": "0x80041010", "message": "Invalid class"}
CALLS = {
    "server_2025": Call(server_2025()),
    "server_2022_azure": Call(hosts.server_2022_azure()),
    "windows_11_arm64": Call(hosts.windows_11_arm64()),
    "check_mode": Call(server_2025(), check=True),
    "pending": Call(_pending()),
    "oracles": Call(_oracles()),
    "garbage": Call(_garbage()),
    "monitor": Call(with_cim(server_2025(tasks={hosts.MONITOR_TASK: "Disabled"}, events={"Application": _events()}), Win32_Service=[])),
    "monitor_off": Call(
        with_cim(server_2025(tasks={}), Win32_Service=[{"Name": "hpatchmon", "State": "Stopped", "StartMode": "Disabled"}])
    ),
    "sweep": Call(server_2025(), {"gather": ["os", "boot", "vbs"]}),
    "no_oracle": Call(server_2025(), {"gather": ["offers"]}),
    "network_logon": Call(
        server_2025(offers=_oracles()["offers"][:2], faults={"downloader": ACCESS_DENIED, "installer": ACCESS_DENIED}),
        {"gather": ["servicing", "offers", "oracle"]},
    ),
    "managed": Call(
        with_registry(
            server_2025(installer_busy=True, search_result=3, processes=["notepad"]),
            {
                hosts.UPDATE_POLICY: {"WUServer": "https://wsus.example.com:8531"},
                rf"{hosts.UPDATE_POLICY}\AU": {"UseWUServer": 1, "NoAutoUpdate": 1},
                rf"{hosts.SERVICES}\wuauserv": {"Start": 4},
                rf"{hosts.SERVICES}\ClusSvc": {"Start": 2},
                rf"{hosts.CONTROL}\ProductOptions": {"ProductType": "LanmanNT"},
                rf"{hosts.CONTROL}\SecureBoot\State": None,
            },
        )
    ),
    # Every source of facts fails, each in its own way.
    "all_fail": Call(
        server_2025(
            arc="no json",
            registry_closed=[
                rf"{hosts.CBS}\RebootPending",
                rf"{hosts.CONTROL}\Session Manager",
                rf"{hosts.CONTROL}\ProductOptions",
                hosts.UPDATE_POLICY,
            ],
            faults={
                "cim Win32_OperatingSystem": CIM_FAULT,
                "cim Win32_ComputerSystem": CIM_FAULT,
                "cim Win32_DeviceGuard": CIM_FAULT,
                "cim Win32_QuickFixEngineering": CIM_FAULT,
                "cim Win32_LogicalDisk": CIM_FAULT,
                "cim Win32_Service": CIM_FAULT,
                f"task {hosts.MONITOR_TASK}": ACCESS_DENIED,
                "history": {"hresult": "0x80248007", "message": "no data"},
                "dism list": {"hresult": "0x800F0831", "message": "store corruption"},
                SEARCH: {"hresult": "0x80240438", "message": "no route"},
                "installer": {"hresult": "0x80070422", "message": "disabled"},
            },
        )
    ),
    "search_failed": Call(server_2025(search_result=4), {"gather": ["offers", "oracle"]}),
    "no_history": Call(server_2025(history=[], offers=[], packages=[]), {"gather": ["history", "offers", "packages"]}),
    "bad_option": Call(server_2025(), {"gather": ["os", "weather"]}),
}
# Hanging calls cannot be interrupted, as calls into COM cannot.
HANGING = {
    "vbs": Call(_faulty(cim__Win32_DeviceGuard={"hang": 600}), {"gather": ["os", "vbs", "disk"]}),
    "offers": Call(_faulty(**{SEARCH.replace(" ", "__"): {"hang": 600}}), {"gather": ["offers", "oracle", "disk"]}),
    "oracle": Call(
        _oracles() | {"faults": {"oracle ask 00000000-0000-4000-8000-000005000002": {"hang": 600}}},
        {"gather": ["offers", "oracle"]},
    ),
}


@pytest.fixture(scope="module")
def answers(payload: Run) -> dict[str, Answer]:
    """What the payload said of all hosts, in one run."""
    return payload("host_info", CALLS)


@pytest.fixture(scope="module")
def late(payload: Run) -> dict[str, Answer]:
    """What the payload said of the hosts on which something hangs, with short time limits."""
    return payload("host_info", HANGING, limits={"other": 10, "offers": 10, "oracle_each": 5, "oracle": 30})


@pytest.mark.parametrize("name", [name for name in CALLS if name != "bad_option"])
def test_observation_fits_the_schema(answers: dict[str, Answer], name: str) -> None:
    assert answers[name].result["changed"] is False
    jsonschema.Draft202012Validator(SCHEMA).validate(answers[name].observation)


def test_server_2025_in_full(answers: dict[str, Answer]) -> None:
    seen = answers["server_2025"].observation
    timings = seen.pop("timings_ms")
    assert set(timings) == {
        name for name in SCHEMA["properties"] if name not in ("schema", "observed_at", "boot_time", "errors", "timings_ms")
    } | {"boot"}
    assert seen == {
        "schema": "winops.hotpatch/observation/1",
        "observed_at": "2026-05-12T18:00:00Z",
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
        "enrolment": {
            "dynamic_installed_name": None,
            "dynamic_installed_version": None,
            "hotpatch_table_size": 4096,
            "enrolment_package_kb5003508": False,
            "arc_subscription": 1,
            "environment_allow_rebootless": 1,
            "policy_allow_rebootless": None,
            "policy_winning_provider": None,
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
                "oracle": {"asked": True, "answer": False, "hresult": None, "message": None},
            }
        ],
        "monitor": {"service": "running", "task": "ready", "events": []},
        "disk": {"system_free_bytes": 30000000000},
        "servicing": {"in_progress": False},
        "roles": {"failover_cluster": False, "domain_controller": False},
        "errors": [],
    }


def test_check_mode_reports_the_same(answers: dict[str, Answer]) -> None:
    real, check = answers["server_2025"].observation, answers["check_mode"].observation
    real.pop("timings_ms")
    check.pop("timings_ms")
    assert check == real


def test_only_the_bootstrapper_is_downloaded(answers: dict[str, Answer]) -> None:
    downloads = [call for answer in answers.values() for call in answer.calls if call.startswith("download2")]
    assert downloads
    assert all(call.startswith("download2 1 ") for call in downloads)


def test_server_2022_azure(answers: dict[str, Answer]) -> None:
    seen = answers["server_2022_azure"].observation
    assert seen["errors"] == []
    assert seen["os"]["sku"] == 407
    assert seen["platform"]["azure_vm"] is True
    assert seen["platform"]["arc"] == {"installed": False, "status": None, "agent_version": None}
    assert seen["enrolment"]["dynamic_installed_name"] == "Hotpatch Enrollment Package"
    assert seen["enrolment"]["dynamic_installed_version"] == "10.0.20348.1129"
    assert seen["enrolment"]["enrolment_package_kb5003508"] is True
    assert seen["quick_fixes"] == ["KB5003508", "KB5073457"]
    # Its update client has no such question to ask.
    assert [item["oracle"] for item in seen["offers"]] == [None]


def test_windows_11_arm64(answers: dict[str, Answer]) -> None:
    seen = answers["windows_11_arm64"].observation
    assert seen["errors"] == []
    assert (seen["os"]["architecture"], seen["os"]["product_type"], seen["os"]["build"]) == ("arm64", 1, 26200)
    # The registry of Windows 11 says Windows 10.
    assert seen["os"]["product_name"] == "Microsoft Windows 11 Enterprise"
    assert seen["chpe"]["hotpatch_restrictions"] == 1
    assert seen["enrolment"]["policy_allow_rebootless"] == 1
    assert seen["enrolment"]["policy_winning_provider"] == "B04F44A4-B696-4B56-934A-C11667E944E4"
    assert seen["update_source"]["defer_quality_days"] == 2


def test_pending_causes(answers: dict[str, Answer]) -> None:
    seen = answers["pending"].observation
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


def test_managed_host(answers: dict[str, Answer]) -> None:
    seen = answers["managed"].observation
    assert seen["update_source"] == {
        "wu_server": "https://wsus.example.com:8531",
        "use_wu_server": 1,
        "no_auto_update": 1,
        "defer_quality_days": None,
        "service_start": "disabled",
        "configmgr_client": False,
    }
    assert seen["roles"] == {"failover_cluster": True, "domain_controller": True}
    assert seen["servicing"] == {"in_progress": True}
    # Without the key the firmware is asked, and a BIOS has no Secure Boot.
    assert seen["secure_boot"] == {"enabled": False}
    # Found with errors: there may be more on offer.
    assert len(seen["offers"]) == 1
    assert [item["message"] for item in answers["managed"].problems("offers")] == ["the search ended with result code 3"]


def _oracle(answer: bool | None, hresult: str | None = None) -> dict[str, Any]:
    return {"asked": True, "answer": answer, "hresult": hresult}


def test_answers_of_the_oracle(answers: dict[str, Answer]) -> None:
    seen = {item["kbs"][0]: item["oracle"] for item in answers["oracles"].observation["offers"]}
    messages = {kb: oracle.pop("message") for kb, oracle in seen.items() if oracle}
    assert seen == {
        "KB5000001": _oracle(False),
        "KB5000002": _oracle(True),
        "KB5000003": _oracle(None, "0x80240037"),
        "KB5000004": _oracle(None, "0x80240438"),
        "KB5000005": _oracle(None, "0x80246007"),
        "KB5000006": _oracle(None),
        "KB5000007": _oracle(None),
        "KB5000008": None,
        "KB5000010": _oracle(None, "0x80240037"),
    }
    assert messages["KB5000001"] is None
    assert messages["KB5000006"] == "DoesUpdateRequireReboot is neither true nor false: perhaps"
    assert answers["oracles"].observation["errors"] == []


def test_oracle_not_asked(answers: dict[str, Answer]) -> None:
    (item,) = answers["no_oracle"].observation["offers"]
    assert item["oracle"] == {"asked": False, "answer": None, "hresult": None, "message": None}
    assert not [call for call in answers["no_oracle"].calls if call.startswith(("oracle", "download"))]


def test_network_logon_is_named_with_its_remedy(answers: dict[str, Answer]) -> None:
    answer = answers["network_logon"]
    (problem,) = answer.problems("oracle")
    assert problem["hresult"] == "0x80070005"
    assert problem["message"].startswith("access denied by network logon: run the task with become")
    for item in answer.observation["offers"]:
        assert item["oracle"] == {"asked": True, "answer": None, "hresult": "0x80070005", "message": problem["message"]}
    # The installer refuses as well; then the processes have to do.
    assert answer.observation["servicing"] == {"in_progress": False}
    assert answer.problems("servicing") == []


def test_sweep_asks_for_nothing_else(answers: dict[str, Answer]) -> None:
    answer = answers["sweep"]
    gathered = {name for name, value in answer.observation.items() if value is not None}
    assert gathered == {"schema", "observed_at", "errors", "timings_ms", "os", "boot_time", "vbs"}
    assert not [call for call in answer.calls if call.startswith(("com", "dism", "events", "history"))]


def test_monitor(answers: dict[str, Answer]) -> None:
    seen = answers["monitor"].observation["monitor"]
    assert (seen["service"], seen["task"], len(seen["events"])) == ("missing", "disabled", 50)
    assert seen["events"][0]["time"] == "2026-05-02T00:00:00Z"
    assert seen["events"][0]["level"] == "warning"
    assert seen["events"][1] == {
        "time": "2026-05-01T00:00:00Z",
        "level": "error",
        "id": 0,
        "source": "Hotpatch Monitor",
        "message": "VBS stopped",
    }
    off = answers["monitor_off"].observation["monitor"]
    assert off == {"service": "disabled", "task": "missing", "events": []}


def test_nothing_there_is_not_nothing_known(answers: dict[str, Answer]) -> None:
    seen = answers["no_history"].observation
    assert (seen["history"], seen["offers"], seen["packages"]) == ([], [], [])
    assert seen["errors"] == []


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
        "enrolment": "0x80041010",
        "update_source": "0x8013150A",
        "disk": "0x80041010",
        "roles": "0x8013150A",
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
    assert seen["enrolment"]["arc_subscription"] == 1
    assert seen["enrolment"]["enrolment_package_kb5003508"] is None
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
    assert [seen[name] for name in ("boot_time", "disk", "roles", "quick_fixes", "history", "packages", "offers", "update_source")] == [
        None
    ] * 8


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


def test_hanging_search_is_given_up(late: dict[str, Answer]) -> None:
    answer = late["offers"]
    (problem,) = answer.observation["errors"]
    assert (problem["probe"], problem["hresult"]) == ("offers", "0x800705B4")
    assert answer.observation["offers"] is None
    assert answer.observation["disk"] == {"system_free_bytes": 30000000000}


def test_hanging_oracle_keeps_the_offers(late: dict[str, Answer]) -> None:
    answer = late["oracle"]
    (problem,) = answer.observation["errors"]
    assert (problem["probe"], problem["hresult"]) == ("offers", "0x800705B4")
    first, second, third, *_rest = [item["oracle"] for item in answer.observation["offers"]]
    assert (first["asked"], first["answer"]) == (True, False)
    assert (second["asked"], second["answer"], second["hresult"]) == (True, None, "0x800705B4")
    assert (third["asked"], third["answer"]) == (False, None)
    jsonschema.Draft202012Validator(SCHEMA).validate(answer.observation)
