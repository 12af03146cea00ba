# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DISM adds, removes and refuses."""

from __future__ import annotations

from typing import Any

import pytest


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
