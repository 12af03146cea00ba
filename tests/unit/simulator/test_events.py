# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Things that happen on a host by themselves, and what Windows refuses meanwhile."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_disabled_service_and_a_busy_host(host: Any) -> None:
    off = host(wuauserv="disabled")
    assert (off.observe()["offers"], off.observe()["errors"][0]["hresult"]) == (None, "0x80070422")
    assert off.update("KB5068966")["exit"]["exception"]["hresult"] & 0xFFFFFFFF == 0x80070422
    busy = host("busy", servicing_busy=True, events=[{"at": "2025-11-12", "do": "idle"}])
    assert busy.observe()["servicing"]["in_progress"]
    assert busy.update("KB5068966")["exit"]["exception"]["hresult"] & 0xFFFFFFFF == 0x80240009
    assert busy.at("2025-11-12").update("KB5068966")["exit"]["failed"] is False


def test_events_happen_once_and_in_order(host: Any) -> None:
    events = [
        {"at": "2025-11-20", "do": "restart"},
        {"at": "2025-11-12", "do": "install", "kb": "KB5068966"},
        {"at": "2025-11-13", "do": "vbs_stop"},
    ]
    srv = host(now="2025-11-11", events=events)
    srv.observe()
    before = srv.truth_path.read_bytes()
    srv.at("2025-12-09")
    srv.module("ansible.windows.win_ping", True)
    assert srv.truth_path.read_bytes() == before
    seen = srv.observe()
    assert (seen["os"]["ubr"], seen["vbs"]["status"], seen["boot_time"]) == (7092, 1, "2025-11-20T18:06:00Z")
    srv.observe()
    assert [boot["requested_by"] for boot in srv.truth().boots] == ["setup", "event"]


def test_windows_installs_and_restarts_by_itself(host: Any) -> None:
    srv = host(now="2026-06-08", events=[{"at": "2026-06-10", "do": "install", "kb": "KB5094125", "restart": True}])
    srv.observe()
    assert srv.at("2026-06-11").observe()["os"]["ubr"] == 32995
    assert (srv.truth().boots[-1]["requested_by"], srv.truth().boots[-1]["kb"]) == ("windows", "KB5094125")


@pytest.mark.parametrize(
    ("event", "section", "value"),
    [
        ({"do": "unenroll"}, "enrollment", None),
        ({"do": "vbs_start"}, "vbs", {"configured": 1, "status": 2}),
        ({"do": "monitor_stop"}, "monitor", {"service": "stopped", "task": "ready", "events": []}),
        ({"do": "monitor_start"}, "monitor", {"service": "running", "task": "ready", "events": []}),
        ({"do": "busy"}, "servicing", {"in_progress": True, "asked": "update_client"}),
        ({"do": "pending", "source": "domain_join"}, "pending", {"causes": [{"source": "domain_join", "detail": "JoinDomain"}]}),
        ({"do": "arc_status", "status": "Expired"}, "platform", None),
    ],
)
def test_events(host: Any, event: dict[str, Any], section: str, value: Any) -> None:
    seen = host(vbs_status=1, monitor="stopped", events=[{"at": "2025-11-11", **event}]).observe()
    if section == "enrollment":
        assert set(seen[section].values()) == {None, False}
    elif section == "platform":
        assert seen[section]["arc"]["status"] == "Expired"
    else:
        assert seen[section] == value
