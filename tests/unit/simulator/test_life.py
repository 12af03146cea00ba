# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What installing, restarting and removing do to a host; and that looking does nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator import release_data
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.truth_file import TruthError

SCHEMA = json.loads((Path(release_data.DATA).parent / "observation.schema.json").read_text())


@pytest.mark.parametrize("line", [*release_data.LINES, "none"])
def test_an_observation_has_the_shape_of_the_schema(host: Any, line: str) -> None:
    os = (
        {"build": 17763, "ubr": 1, "sku": 8, "installation_type": "Server", "product_name": "Windows Server 2019"} if line == "none" else {}
    )
    seen = host(line=line, os=os, offers_extra=[{"kb": 5066131}], pending=["pending_file_rename"], monitor_errors=[{"id": 107}])
    jsonschema.validate(seen.observe(), SCHEMA)
    seen.update("KB5066131")
    seen.restart()
    jsonschema.validate(seen.observe(), SCHEMA)
    assert len(seen.truth().boots) == 2


def test_a_section_that_is_not_asked_for_is_null(host: Any) -> None:
    found = host().observe(gather=["os", "offers"])
    jsonschema.validate(found, SCHEMA)
    assert {key for key, value in found.items() if value is None} == set(SCHEMA["required"]) - {
        "schema", "observed_at", "os", "offers", "errors", "timings_ms",
    }  # fmt: skip
    assert found["offers"][0]["restart_check"]["asked"] is False


def test_a_hotpatch_is_in_force_at_once(host: Any) -> None:
    srv = host()
    assert srv.observe()["os"]["ubr"] == 6899
    done = srv.update("KB5068966")
    assert done["install_result"]["info"][0]["result_code"] == 2
    assert done["exit"] == {"changed": True, "failed": False, "reboot_required": False, "action": None, "exception": None}
    seen = srv.observe()
    assert (seen["os"]["ubr"], seen["pending"]["causes"], seen["offers"]) == (7092, [], [])
    assert seen["quick_fixes"] == ["KB5066835", "KB5068966"]
    assert seen["history"][0]["kb"] == "KB5068966"
    assert len(srv.truth().boots) == 1


def test_a_baseline_waits_for_its_restart(host: Any) -> None:
    srv = host(now="2026-06-09")
    before = srv.observe()
    assert srv.update("KB5094125")["exit"]["reboot_required"] is True
    waiting = srv.observe()
    assert waiting["os"]["ubr"] == before["os"]["ubr"]
    assert {cause["source"] for cause in waiting["pending"]["causes"]} == {"component_based_servicing", "windows_update"}
    assert "InstallPending" in {package["state"] for package in waiting["packages"]}
    srv.restart()
    after = srv.observe()
    assert (after["os"]["ubr"], after["pending"]["causes"], after["offers"]) == (32995, [], [])
    assert after["boot_time"] > before["boot_time"]
    boot = srv.truth().boots[-1]
    assert (boot["requested_by"], boot["kb"], boot["cause"]) == ("controller", "KB5094125", "Reboot initiated by Ansible")


def test_nothing_more_installs_before_the_restart(host: Any) -> None:
    srv = host(pending=["windows_update"])
    done = srv.update("KB5068966")
    assert done["exit"]["failed"]
    assert done["exit"]["exception"]["message"] == "A reboot is required before more updates can be installed"
    assert srv.update("KB5068966", state="searched")["exit"]["failed"] is False


def test_a_cumulative_update_leaves_the_track_until_the_next_baseline(host: Any) -> None:
    srv = host(now="2025-10-23", start_kb="KB5066835", offers_extra=[{"kb": "KB5070881", "to": "2025-10-24"}])
    srv.update("KB5070881")
    srv.restart()
    srv.at("2025-11-11")
    assert srv.offered() == ["KB5068861"]
    srv.at("2026-01-13")
    assert srv.update("KB5073379")["exit"]["reboot_required"]
    srv.restart()
    assert srv.at("2026-02-10").offered() == ["KB5075942"]


def test_two_updates_of_one_build_are_told_apart(host: Any) -> None:
    left = host("left", start_kb="KB5066835", start_extra=["KB5070881"]).observe()
    kept = host("kept", start_kb="KB5070893").observe()
    assert left["os"]["ubr"] == kept["os"]["ubr"] == 6905
    assert {package["identity"] for package in left["packages"]} != {package["identity"] for package in kept["packages"]}


def test_looking_and_check_mode_change_nothing(host: Any) -> None:
    srv = host()
    srv.update("KB5068966", check_mode=True)
    assert not srv.truth_path.exists()
    srv.observe()
    before = srv.truth_path.read_bytes()
    srv.at("2025-12-09")
    checked = srv.update("KB5072014", check_mode=True)
    assert (checked["exit"]["changed"], "install_result" in checked) == (True, False)
    assert srv.update("KB5072014", state="searched")["exit"]["changed"] is False
    identity = "Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.6899.1.16"
    assert srv.module("winops.hotpatch.package", True, state="absent", identity=identity)["changed"]
    srv.observe()
    assert srv.truth_path.read_bytes() == before


def test_a_second_run_finds_nothing(host: Any) -> None:
    srv = host()
    srv.update("KB5068966")
    assert srv.update("KB5068966")["search_result"] == {"updates": [], "filtered": []}


def test_downloading_ahead_is_remembered(host: Any) -> None:
    srv = host()
    done = srv.update("KB5068966", state="downloaded")
    assert ("download_result" in done, "install_result" in done) == (True, False)
    assert "download_result" not in srv.update("KB5068966")


@pytest.mark.parametrize(
    ("args", "reasons"),
    [
        ({"accept_list": ["KB505(?!\\d)"]}, ["accept_list"]),
        ({"accept_list": ["^KB5068966$"]}, ["accept_list"]),
        ({"accept_list": ["5068966"], "category_names": ["Definition Updates"]}, ["category_names"]),
        ({"accept_list": [], "reject_list": ["kb5068966"]}, ["reject_list"]),
        ({"accept_list": [], "category_names": ["SecurityUpdates"]}, None),
    ],
)
def test_selection(host: Any, args: dict[str, Any], reasons: list[str] | None) -> None:
    found = host().update("KB5068966", state="searched", **args)["search_result"]
    assert [entry["reasons"] for entry in found["filtered"]] == ([reasons] if reasons else [])


def test_a_hotpatch_is_removed_with_a_restart(host: Any) -> None:
    srv = host(now="2025-12-09", start_kb="KB5068966")
    srv.update("KB5072014")
    seen = srv.observe()
    newest = next(package["identity"] for package in seen["packages"] if package["kb"] == "KB5072014")
    older = next(package["identity"] for package in seen["packages"] if package["state"] == "Superseded")
    refused = srv.module("winops.hotpatch.package", state="absent", identity=older)
    assert (refused["failed"], refused["hresult"]) == (True, "0x800F0825")
    removed = srv.module("winops.hotpatch.package", state="absent", identity=newest)
    assert (removed["changed"], removed["restart_needed"], removed["exit_code"]) == (True, True, 3010)
    assert srv.module("winops.hotpatch.package", state="absent", identity=newest)["changed"] is False
    assert srv.observe()["os"]["ubr"] == 7392
    srv.restart()
    after = srv.observe()
    assert (after["os"]["ubr"], after["quick_fixes"]) == (6899, ["KB5066835"])
    assert after["history"][0]["operation"] == "uninstall"
    assert srv.offered() == ["KB5072014"]


def test_removing_a_baseline_gives_back_what_it_replaced(host: Any) -> None:
    srv = host(now="2026-06-09", start_kb="KB5087423")
    srv.update("KB5094125")
    srv.restart()
    identity = next(package["identity"] for package in srv.observe()["packages"] if package["kb"] == "KB5094125")
    srv.module("winops.hotpatch.package", state="absent", identity=identity)
    srv.restart()
    seen = srv.observe()
    assert (seen["os"]["ubr"], seen["quick_fixes"]) == (32772, ["KB5082063", "KB5087423"])


def test_a_package_is_added_from_a_file(host: Any) -> None:
    srv = host(now="2026-06-09")
    path = "C:\\updates\\windows-server-2025-kb5094125-x64.msu"
    assert srv.module("winops.hotpatch.package", True, state="present", path=path)["changed"]
    added = srv.module("winops.hotpatch.package", state="present", path=path, sha256="0" * 64)
    assert (added["changed"], added["restart_needed"], added["packages"][0]["state"]) == (True, True, "InstallPending")
    assert srv.module("winops.hotpatch.package", state="present", path=path)["changed"] is False
    assert srv.module("winops.hotpatch.package_info")["packages"][-1]["kb"] == "KB5094125"
    srv.restart()
    assert srv.observe()["os"]["ubr"] == 32995


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"state": "present", "path": "C:\\x.msu"}, "0x800F0805"),
        ({"state": "present", "path": "C:\\kb5068966.msu", "sha256": "12"}, "64 hexadecimal"),
        ({"state": "present", "path": "C:\\kb5068966.msu"}, "0x800F081E"),
        ({"state": "gone"}, "present, absent"),
        ({"state": "absent", "identity": "Package_for_ServicingStack_6899~31bf3856ad364e35~amd64~~26100.6899.1.1"}, "0x800F0825"),
    ],
)
def test_dism_refuses(host: Any, args: dict[str, Any], told: str) -> None:
    answer = host(vbs_status=0, start_kb="KB5066835").module("winops.hotpatch.package", **args)
    assert answer["failed"]
    assert told in answer["msg"]


def test_time_never_goes_back(host: Any) -> None:
    srv = host()
    srv.update("KB5068966")
    with pytest.raises(ValueError, match="hotpatch_rehearsal_now"):
        srv.at("2025-11-10").observe()


def test_a_host_cannot_change_its_line(host: Any) -> None:
    srv = host()
    srv.observe()
    srv.given["line"] = "ws2022_azure"
    with pytest.raises(ValueError, match="hotpatch_rehearsal_line"):
        srv.observe()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"schema": "other"}', b'{"schema": "winops.hotpatch/truth/1", "packages": [], "installed": []}']
)
def test_a_damaged_truth_file_is_named(host: Any, content: bytes) -> None:
    srv = host()
    srv.observe()
    srv.truth_path.write_bytes(content)
    with pytest.raises(TruthError, match=r"srv01\.json is not a state of a simulated host"):
        srv.observe()


def test_the_same_year_gives_the_same_bytes(host: Any) -> None:
    found = []
    for name in ("first.example.test", "second.example.test"):
        srv = host(name, now="2025-10-14")
        for now, kb in (("2025-10-14", "KB5066835"), ("2025-11-11", "KB5068966"), ("2025-12-09", "KB5072014"), ("2026-01-13", "KB5073379")):
            srv.at(now).update(kb)
            if srv.truth().pending:
                srv.restart()
        found.append(srv.truth_path.read_text().replace(name, "host"))
    assert found[0] == found[1]


def test_an_unknown_module_says_what_is_played(host: Any) -> None:
    answer = host().module("community.windows.win_scoop")
    assert answer["failed"]
    assert "community.windows.win_scoop" in answer["msg"]
    assert "ansible.windows.win_ping" in answer["msg"]


def test_raw_commands(host: Any) -> None:
    srv = host()
    assert srv.raw("whoami")[1] == "rehearsal\\administrator"
    assert srv.raw("echo hello")[1] == "hello"
    assert srv.raw("shutdown.exe /a")[0] == 1116
    assert "does not play" in srv.raw("Format-Volume C")[2]
    assert srv.raw("Get-Item -LiteralPath 'x'; 'success-1234abcd'")[1] == "success-1234abcd"
    boot_time = "(Get-CimInstance -ClassName Win32_OperatingSystem -Property LastBootUpTime).LastBootUpTime.ToFileTime()"
    before = int(srv.raw(boot_time)[1])
    srv.restart()
    assert int(srv.raw(boot_time)[1]) > before


def test_a_line_that_has_no_release_yet_starts_from_its_media(host: Any) -> None:
    seen = host(line="win11_25h2", now="2025-10-14")
    assert (seen.observe()["os"]["ubr"], seen.observe()["history"], seen.offered()) == (6584, [], ["KB5066835"])
    seen.update("KB5066835")
    seen.restart()
    assert seen.at("2025-11-11").offered() == ["KB5068966"]
