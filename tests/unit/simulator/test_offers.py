# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows Update offers: enrolled or not, on or off the baseline, in each kind of month, on each line."""

from __future__ import annotations

from typing import Any

import pytest

BEHIND_SERVER = {"line": "ws2025", "start_kb": "KB5066835"}  # October 2025 baseline, the one of January 2026 missed
BEHIND_CLIENT = {"line": "win11_24h2", "start_kb": "KB5066835"}


@pytest.mark.parametrize(
    ("given", "now", "offered"),
    [
        # on the track: the newest hotpatch of the cycle, the baseline, the hotpatch after an out-of-band one
        ({"line": "ws2025"}, "2025-11-11", ["KB5068966"]),
        ({"line": "ws2022_azure"}, "2025-11-11", ["KB5068840"]),
        ({"line": "win11_25h2"}, "2025-11-11", ["KB5068966"]),
        ({"line": "win11_25h2"}, "2025-11-21", ["KB5072753"]),
        ({"line": "ws2025"}, "2025-10-14", ["KB5066835"]),
        ({"line": "ws2025"}, "2025-10-20", []),
        ({"line": "ws2025", "start_kb": "KB5066835"}, "2025-10-24", ["KB5070893"]),
        ({"line": "ws2025", "start_kb": "KB5070893"}, "2025-11-11", ["KB5068966"]),
        ({"line": "ws2025", "start_kb": "KB5066835"}, "2025-12-09", ["KB5072014"]),
        ({"line": "ws2025"}, "2026-06-09", ["KB5094125"]),
        ({"line": "ws2025"}, "2026-09-08", ["KB5122871"]),
        ({"line": "win11_24h2", "start_kb": "KB5122871"}, "2026-09-15", None),
        # before ten o'clock in Redmond the month has not begun
        ({"line": "ws2025"}, "2026-06-09T16:59:59Z", []),
        # behind the baseline
        (BEHIND_SERVER, "2026-02-10", ["KB5073379", "KB5075899"]),
        (BEHIND_CLIENT, "2026-02-10", ["KB5074109", "KB5077212"]),
        (BEHIND_SERVER, "2026-01-13", ["KB5073379"]),
        ({**BEHIND_SERVER, "start_kb": "KB5094125"}, "2026-07-14", ["KB5099536"]),
        # off the track since an out-of-band cumulative update, until the next baseline
        ({**BEHIND_SERVER, "start_extra": ["KB5070881"]}, "2025-11-11", ["KB5068861"]),
        ({**BEHIND_SERVER, "start_extra": ["KB5070881"]}, "2026-01-13", ["KB5073379"]),
        # not enrolled, pending, stuck, without VBS, without license, with compiled hybrid code, Home: the cumulative update
        ({"enrolled": False}, "2025-11-11", ["KB5068861"]),
        ({"enrolled": False}, "2025-11-18", ["KB5072359"]),
        ({"enrollment": "pending"}, "2025-11-11", ["KB5068861"]),
        ({"enrollment": "stuck"}, "2025-11-11", ["KB5068861"]),
        ({"vbs_status": 1}, "2025-11-11", ["KB5068861"]),
        ({"arc_status": "Expired"}, "2025-11-11", ["KB5068861"]),
        ({"line": "win11_24h2", "architecture": "arm64", "chpe_off": False}, "2025-11-11", ["KB5068861"]),
        ({"line": "win11_24h2", "os": {"edition_id": "Core", "sku": 101}}, "2025-11-11", ["KB5068861"]),
        ({"line": "win11_24h2", "architecture": "arm64"}, "2025-11-11", ["KB5068966"]),
        # WSUS and ConfigMgr: what was approved
        ({"update_source": "wsus"}, "2025-11-11", []),
        ({"update_source": "wsus", "wsus_approved": ["KB5068966"]}, "2025-11-11", ["KB5068966"]),
        ({"update_source": "wsus", "wsus_approved": ["KB5068861"]}, "2025-11-11", ["KB5068861"]),
        ({"update_source": "configmgr", "wsus_approved": ["5066835"]}, "2025-11-11", []),
        # from elsewhere: .NET, and what must never be offered
        ({"offers_extra": [{"kb": 5066131, "title": ".NET"}]}, "2025-11-11", ["KB5068966", "KB5066131"]),
        ({"offers_extra": [{"kb": "KB5070881", "from": "2025-10-23", "to": "2025-10-24"}]}, "2025-10-23", ["KB5070881"]),
        ({"offers_extra": [{"kb": "KB5070881", "from": "2025-10-23", "to": "2025-10-24"}]}, "2025-10-25", ["KB5070893"]),
        # a Windows without a calendar
        ({"line": "none", "os": {"build": 17763, "ubr": 1, "sku": 8, "installation_type": "Server"}}, "2025-11-11", []),
    ],
)
def test_offers(host: Any, given: dict[str, Any], now: str, offered: list[str] | None) -> None:
    if offered is None:
        with pytest.raises(ValueError, match="No release of the line win11_24h2"):
            host(now=now, **given).offered()
    else:
        assert host(now=now, **given).offered() == offered


def test_the_policy_can_be_passed_by(host: Any) -> None:
    managed = host(update_source="wsus")
    assert managed.update("KB5068966", check_mode=True)["search_result"]["updates"] == []
    found = managed.update("KB5068966", check_mode=True, server_selection="windows_update")["search_result"]["updates"]
    assert [update["kb"] for update in found] == [["KB5068966"]]


@pytest.mark.parametrize(
    ("given", "now", "restart_check", "behavior"),
    [
        ({}, "2025-11-11", {"asked": True, "answer": False, "hresult": None, "message": None}, 0),
        ({}, "2026-06-09", {"asked": True, "answer": True, "hresult": None, "message": None}, 2),
        ({"line": "ws2022_azure"}, "2025-11-11", None, 0),
        ({"line": "ws2022_azure"}, "2026-06-09", None, 2),
    ],
)
def test_the_restart_check_answers_from_build_26100_on(
    host: Any, given: dict[str, Any], now: str, restart_check: Any, behavior: int
) -> None:
    (offer,) = host(now=now, **given).observe()["offers"]
    assert (offer["restart_check"], offer["reboot_behavior"]) == (restart_check, behavior)


def test_an_update_from_elsewhere_has_no_bootstrapper(host: Any) -> None:
    offers = host(now="2025-10-20", offers_extra=[{"kb": 5066131}]).observe()["offers"]
    assert offers[0]["restart_check"]["hresult"] == "0x80240037"
    assert offers[0]["restart_check"]["answer"] is None


@pytest.mark.parametrize(
    ("line", "now", "title"),
    [
        (
            "ws2022_azure",
            "2025-09-09",
            "2025-09 Cumulative Update for Microsoft server operating system version 21H2 for x64-based Systems (KB5065306)",
        ),
        ("win11_24h2", "2025-09-09", "2025-09 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems (KB5065474)"),
        ("ws2025", "2025-11-11", "2025-11 Security Update (KB5068966) (26100.7092)"),
        ("win11_25h2", "2025-11-11", "2025-11 Security Update (KB5068966) (26200.7092)"),
    ],
)
def test_titles_never_tell_a_hotpatch(host: Any, line: str, now: str, title: str) -> None:
    assert [offer["title"] for offer in host(line=line, now=now).observe()["offers"]] == [title]
