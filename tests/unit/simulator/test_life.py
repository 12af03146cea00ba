# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What installing and restarting do to a host; and that looking does nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.windows import release_data

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
    assert {key for key, value in found.items() if value is None} == set(SCHEMA["properties"]) - {
        "schema", "observed_at", "powershell", "os", "offers", "errors", "timings_ms",
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


@pytest.mark.parametrize(
    ("by", "logged", "user"),
    [
        ("event", [109, 1074], "REHEARSAL\\operator"),
        ("windows", [109, 1074], "NT AUTHORITY\\SYSTEM"),
        ("power", [], None),
    ],
)
def test_the_system_log_tells_who_restarted_the_host(host: Any, by: str, logged: list[int], user: str | None) -> None:
    srv = host(events=[{"at": "2025-11-11T20:00:00Z", "do": "restart", "by": by}])
    srv.observe()
    found = srv.at("2025-11-12").observe()
    jsonschema.validate(found, SCHEMA)
    events = found["restarts"]
    after = [event["id"] for event in events if event["time"] >= found["boot_time"]]
    assert after == ([6008, 41, 12] if by == "power" else [12])
    before = [event for event in events if "2025-11-11T19" < event["time"] < found["boot_time"]]
    assert [event["id"] for event in before] == logged
    assert [event["user"] for event in before if event["id"] == 1074] == ([user] if user else [])
