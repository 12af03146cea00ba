# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays of the controller stay on the controller, also where the inventory connects everything to Windows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.conftest import CHECKOUT
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.known_cves import BOTH, CVES
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import as_json, month

WINDOWS = {
    "ansible_shell_type": "powershell",
    "ansible_become": True,
    "ansible_become_method": "runas",
    "ansible_become_user": "SYSTEM",
    "ansible_python_interpreter": "C:\\Python\\python.exe",
    "ansible_pwsh_interpreter": "C:\\Program Files\\PowerShell\\7\\pwsh.exe",
    # As those who keep a password per host have it: on the controller there is none.
    "ansible_password": "{{ password_of_this_host }}",
}
SETUPS = {
    f"{connection}-{where}": (connection, where == "listed") for connection in ("psrp", "winrm", "ssh") for where in ("listed", "implicit")
}
FILES = {"catalog": "catalog.json", "cve": "cve.json", "catalog_update": "overlay.json", "rehearse": "out/summary.txt"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, fleet_type: Any) -> Path:
    """What the playbooks read: the records of one host, CVEs, a document of MSRC and a fleet."""
    folder = tmp_path_factory.mktemp("shared")
    fleet = fleet_type(folder, "2026-08-20", srv01={"start_kb": "KB5120228"})
    args = {"hotpatch_now": fleet.now, "hotpatch_records": str(folder / "records")}
    run = run_playbook(folder, "winops.hotpatch.assess", fleet.inventory(), "-e", json.dumps(args))
    assert run.returncode == 0, run.output
    (folder / "cves.json").write_text(json.dumps(CVES))
    (folder / "document.json").write_bytes(as_json(month()))
    hosts = {"all": {"hosts": {"good": {"ansible_connection": "winops.hotpatch.rehearsal", "hotpatch_rehearsal_line": "ws2025"}}}}
    (folder / "rehearsed.yml").write_text(json.dumps(hosts))
    return folder


def extra_of(playbook: str, shared: Path, out: str) -> dict[str, Any]:
    if playbook == "catalog":
        return {"hotpatch_catalog_out": out, "hotpatch_as_of": "2026-09-20"}
    if playbook == "cve":
        given = {"hotpatch_records": str(shared / "records"), "hotpatch_cve_files": [str(shared / "cves.json")]}
        return {**given, "hotpatch_cves": [BOTH], "hotpatch_cve_out": out, "hotpatch_now": "2026-08-20"}
    if playbook == "catalog_update":
        return {"hotpatch_catalog_sources": [str(shared / "document.json")], "hotpatch_catalog_dest": out}
    given = {"from": "2025-12", "to": "2025-12", "extra_days": [], "inventory": str(shared / "rehearsed.yml"), "out": str(Path(out).parent)}
    return {f"hotpatch_rehearsal_{name}": value for name, value in given.items()}


def play(folder: Path, playbook: str, shared: Path, inventory: dict[str, Any], *args: str, **extra: Any) -> tuple[Run, str]:
    """Run PLAYBOOK in FOLDER and return what it wrote, without the names of folders."""
    folder.mkdir(exist_ok=True)
    source = folder / "inventory.yml"
    source.write_text(json.dumps({"all": inventory}))
    out = folder / FILES[playbook]
    run = run_playbook(folder, f"winops.hotpatch.{playbook}", source, "-e", json.dumps(extra_of(playbook, shared, str(out)) | extra), *args)
    return run, out.read_text().replace(str(folder), "") if out.exists() else ""


def untracked() -> str:
    command = ["git", "status", "--porcelain", "--untracked-files=all", "."]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def expected(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each playbook writes without an inventory."""
    found = {}
    for playbook in FILES:
        run, found[playbook] = play(tmp_path_factory.mktemp("plain"), playbook, shared, {})
        assert run.returncode == 0, run.output
        assert found[playbook]
    return found


@pytest.mark.parametrize("playbook", sorted(FILES))
@pytest.mark.parametrize("setup", sorted(SETUPS))
def test_an_inventory_set_up_for_windows_changes_nothing(
    tmp_path: Path, shared: Path, expected: dict[str, str], setup: str, playbook: str
) -> None:
    connection, listed = SETUPS[setup]
    before = untracked()
    inventory = {"vars": {**WINDOWS, "ansible_connection": connection}, "hosts": {"localhost": {}} if listed else {}}
    run, written = play(tmp_path, playbook, shared, inventory)
    assert run.returncode == 0, run.output
    assert written == expected[playbook]
    assert untracked() == before, "something was left in the folder of the collection"


@pytest.mark.parametrize("playbook", ["catalog", "catalog_update", "cve"])
def test_extra_variables_that_no_play_can_pin_change_nothing_either(
    tmp_path: Path, shared: Path, expected: dict[str, str], playbook: str
) -> None:
    extra = {"ansible_connection": "psrp", "ansible_shell_type": "powershell", "ansible_become": True, "ansible_become_method": "runas"}
    run, written = play(tmp_path, playbook, shared, {}, **extra, ansible_python_interpreter="C:\\Python\\python.exe")
    assert run.returncode == 0, run.output
    assert written == expected[playbook]


def test_a_rehearsal_names_the_extra_variable_that_would_change_its_hosts(tmp_path: Path, shared: Path) -> None:
    run = play(tmp_path, "rehearse", shared, {}, ansible_connection="psrp")[0]
    assert run.returncode == 2
    assert (
        "The extra variable (-e) ansible_connection wins over the connection of every host in it. Leave it out."
        in run.of("localhost")["msg"]
    )


@pytest.mark.parametrize("playbook", ["assess", "cycle", "field_probe", "rollback"])
def test_the_check_of_the_input_needs_no_windows(tmp_path: Path, playbook: str) -> None:
    """Bad input is told before a library of the connection is missed, or a password that one host does not have."""
    source = tmp_path / "inventory.yml"
    source.write_text(json.dumps({"all": {"vars": {**WINDOWS, "ansible_connection": "psrp"}, "hosts": {"web01": {}}}}))
    run = run_playbook(tmp_path, f"winops.hotpatch.{playbook}", source, "-e", "hotpatch_hosts=web01", "-e", "hotpatch_polcy={}")
    assert run.returncode == 2
    assert "hotpatch_polcy: there is no such variable. Did you mean hotpatch_policy?" in run.of("web01")["msg"]


def test_a_file_is_written_in_the_current_folder_and_only_if_it_changes(tmp_path: Path, shared: Path) -> None:
    args = {"hotpatch_catalog_out": "catalog.json", "hotpatch_as_of": "2026-09-20"}
    task = "Write the catalog as JSON"
    first, text = play(tmp_path, "catalog", shared, {}, "--check", "--diff", **args)
    assert (first.of("localhost", task)["changed"], text) == (True, "")
    assert '+  "schema": "winops.hotpatch/catalog_info/1"' in first.output
    for changed in (True, False):
        run, text = play(tmp_path, "catalog", shared, {}, **args)
        assert run.of("localhost", task)["changed"] is changed, run.output
        assert json.loads(text)["schema"] == "winops.hotpatch/catalog_info/1"


@pytest.mark.parametrize("check", [(), ("--check",)])
def test_a_file_that_cannot_be_written_is_told_with_its_variable(tmp_path: Path, shared: Path, check: tuple[str, ...]) -> None:
    for out in (tmp_path, tmp_path / "nowhere" / "catalog.json"):
        run = play(tmp_path, "catalog", shared, {}, *check, hotpatch_catalog_out=str(out))[0]
        assert run.returncode == 2
        message = run.of("localhost", "Write the catalog as JSON")["msg"]
        assert message.startswith(f"hotpatch_catalog_out: {str(out)!r} cannot be written: ")
        assert message.endswith("Name a file in a folder that you may write to.")
