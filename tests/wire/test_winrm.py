# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The payloads over the real winrm connection: the right answer, in one execution a host."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.payload.hosts import (
    BASELINE,
    WINDOWS,
    Host,
    date,
    offer,
    server_2022_azure,
    server_2025,
    windows_11_arm64,
)
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, USER, Wire
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import calls_of

HOTPATCH = "KB5087423"
FLEET: dict[str, Host] = {
    "web01": server_2025(offers=[offer(HOTPATCH, restart_check={"bootstrapper": True, "answer": False})]),
    "sql01": server_2022_azure(),
    "pc-07": windows_11_arm64(),
}
ASKED = "winops.hotpatch.assess : Ask the host what it is, and decide what a run would do"
MSU = "windows11.0-kb5094125-x64.msu"
ADDED = {
    "PackageName": "Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.32995.1.9",
    "PackageState": "InstallPending",
    "ReleaseType": "SecurityUpdate",
    "InstallTime": date("2026-05-12T18:30:00Z", "local_unspecified"),
    "Description": "Update for Microsoft Windows",
    "SupportInformation": "https://support.microsoft.com/help/5094125",
}
# Of all packages only those that updates are made of are reported.
UPDATES = "Package_for_"
ADD_HOST = server_2025(package_adds={MSU: [ADDED]})


def updates_of(host: Host) -> list[str]:
    return [entry["PackageName"] for entry in host["packages"] if entry["PackageName"].startswith(UPDATES)]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


@pytest.fixture(scope="module")
def assessed(wire: Wire, records: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    for name, host in FLEET.items():
        wire.host(name, host)
    folder = tmp_path_factory.mktemp("assess")
    return wire.run(folder, "winops.hotpatch.assess", list(FLEET), "-vvv", hotpatch_now=NOW, hotpatch_records=str(records))


def test_every_host_answers(assessed: Run) -> None:
    assert assessed.returncode == 0, assessed.output
    assert {name: assessed.status(name, ASKED) for name in FLEET} == dict.fromkeys(FLEET, "ok")


@pytest.mark.parametrize("name", FLEET)
def test_record_is_that_of_the_host(assessed: Run, name: str) -> None:
    host, result = FLEET[name], assessed.of(name, ASKED)
    windows, system = host["registry"][WINDOWS], host["cim"]["Win32_OperatingSystem"][0]
    record, observation = result["record"], result["observation"]
    assert record["host"] == name
    assert record["observed_at"] == host["now"]
    os_facts = {
        "build": int(windows["CurrentBuild"]),
        "ubr": windows["UBR"],
        "product_name": system["Caption"],
        "sku": system["OperatingSystemSKU"],
    }
    assert {key: record["os"][key] for key in os_facts} == os_facts
    assert record["os"]["edition_id"] == windows["EditionID"]
    assert [entry["title"] for entry in record["offers"]] == [entry["title"] for entry in host["offers"]]
    assert observation["boot_time"] == system["LastBootUpTime"]["date"]
    assert [entry["identity"] for entry in observation["packages"]] == updates_of(host)
    assert [entry["title"] for entry in observation["history"]] == [entry["Title"] for entry in host["history"]]
    assert record["errors"] == observation["errors"] == []


def test_decision_follows_the_offer(assessed: Run) -> None:
    decision = assessed.of("web01", ASKED)["decision"]
    assert (decision["action"], decision["kb"]) == ("install", HOTPATCH)
    assert assessed.of("web01", ASKED)["record"]["state"] == "hotpatch_due"


def test_run_records_tell_the_same(assessed: Run, records: Path) -> None:
    for name in FLEET:
        result = assessed.of(name, ASKED)
        (written,) = (records / name).glob("*.json")
        data = json.loads(written.read_text(encoding="utf-8"))
        assert (data["host"], data["decision"]["action"]) == (name, result["decision"]["action"])
        assert result["run_record"] == str(written)


def test_one_execution_a_host(assessed: Run, wire: Wire) -> None:
    assert {name: len(wire.endpoint.of(name, "Command")) for name in FLEET} == dict.fromkeys(FLEET, 1)
    assert all("-EncodedCommand" in item.command_line for name in FLEET for item in wire.endpoint.of(name, "Command"))
    # And as the connection counts them. A file that it copied would be an execution as well.
    assert assessed.output.count("EXEC (via pipeline wrapper)") == len(FLEET)
    assert 'PUT "' not in assessed.output
    # One remote shell a host, and in it one search for updates.
    assert {name: len(wire.endpoint.of(name, "Create")) for name in FLEET} == dict.fromkeys(FLEET, 1)
    for name in FLEET:
        assert sum(call.startswith("search ") for call in calls_of(wire.root, name)) == 1


def test_nothing_is_left_at_the_endpoint(assessed: Run, wire: Wire) -> None:
    assert assessed.returncode == 0
    assert {name: wire.endpoint.hosts[name].shells for name in FLEET} == {name: {} for name in FLEET}


@pytest.fixture(scope="module")
def packaged(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, str]:
    """One host asked for its packages, then given one, and one of which it is told another digest."""
    folder = tmp_path_factory.mktemp("packages")
    path = folder / MSU
    path.write_text(MSU, encoding="utf-8")
    add: dict[str, Any] = {"state": "present", "path": str(path), "sha256": hashlib.sha256(MSU.encode()).hexdigest()}
    wire.host("add01", ADD_HOST)
    ran = wire.play(
        folder,
        ["add01"],
        {"name": "query", "winops.hotpatch.package_info": {}},
        {"name": "add", "winops.hotpatch.package": add},
        {"name": "add what is not that", "winops.hotpatch.package": add | {"sha256": "0" * 64}, "ignore_errors": True},
    )
    return ran, str(path)


def test_package_query(packaged: tuple[Run, str]) -> None:
    ran, _dummy = packaged
    assert ran.returncode == 0, ran.output
    assert [entry["identity"] for entry in ran.of("add01", "query")["packages"]] == updates_of(ADD_HOST) == [BASELINE]


def test_package_add(packaged: tuple[Run, str], wire: Wire) -> None:
    ran, _dummy = packaged
    result = ran.of("add01", "add")
    assert (result["changed"], result["restart_needed"]) == (True, True)
    assert ADDED["PackageName"] in [entry["identity"] for entry in result["packages"]]
    assert calls_of(wire.root, "add01").count(f"dism add {MSU}") == 1


def test_package_of_another_digest_is_not_added(packaged: tuple[Run, str]) -> None:
    ran, path = packaged
    assert ran.status("add01", "add what is not that") == "failed"
    assert path in ran.of("add01", "add what is not that")["msg"]


def test_one_execution_a_task(packaged: tuple[Run, str], wire: Wire) -> None:
    assert len(packaged[0].results) == len(wire.endpoint.of("add01", "Command")) == 3


def test_wrong_password_is_unreachable(wire: Wire, tmp_path: Path) -> None:
    wire.host("locked", FLEET["web01"])
    wrong = "not-the-password-of-the-host"
    ran = wire.run(tmp_path, "winops.hotpatch.assess", ["locked"], "-vvvv", hotpatch_now=NOW, ansible_password=wrong)
    assert ran.table()["locked"].split()[1:3] == ["unreachable", "unreachable"], ran.table()
    assert "the specified credentials were rejected by the server" in ran.of("locked")["msg"]
    assert wire.endpoint.of("locked") == []
    assert USER in ran.output
    assert wrong not in ran.output
