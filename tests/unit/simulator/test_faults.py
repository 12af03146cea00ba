# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault by its name."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator import session
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.faults.fault import KINDS
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host.probes import PROBES

TESTED = {
    "connection_lost", "hang", "install_error", "needs_prerequisite", "restarts_itself", "rolls_back",
    "restart_check_error", "restart_check_wrong", "enrollment_stuck", "health_broken", "probe_error", "clock_skew",
    "dism_unregistered", "memory_garbage", "memory_locked", "memory_unreadable", "memory_unwritable",
    "not_offered", "stays_down", "build_stays", "mark_outlives_restart", "system_log_cleared", "slow_install",
}  # fmt: skip


def test_every_fault_has_a_test() -> None:
    assert set(KINDS) == TESTED


def _fault(name: str, **keys: Any) -> dict[str, Any]:
    return {"faults": [{"fault": name, **keys}]}


@pytest.mark.parametrize(("lost", "installed"), [("request", False), ("answer", True)])
def test_connection_lost(host: Any, lost: str, installed: bool) -> None:
    srv = host(**_fault("connection_lost", at_call=2, lost=lost))
    srv.observe()
    with pytest.raises(session.ConnectionLostError):
        srv.update("KB5068966")
    assert (srv.truth().build == "26100.7092") is installed
    assert [(call["n"], call["outcome"]) for call in srv.calls()] == [(1, "answered"), (2, "lost")]
    # The next run goes through, and nothing is installed twice.
    srv.update("KB5068966")
    assert (srv.truth().build, srv.truth().counters["installs"]) == ("26100.7092", 1)


def test_an_installation_goes_on_without_the_connection(host: Any) -> None:
    srv = host(**_fault("connection_lost", at_call=2))
    with pytest.raises(session.ConnectionLostError):
        srv.update("KB5068966")
    assert srv.observe()["os"]["ubr"] == 7092


def test_connection_lost_on_one_day_only(host: Any) -> None:
    srv = host(**_fault("connection_lost", at_call=1, on="2025-12-09"))
    srv.observe()
    srv.at("2025-12-09")
    with pytest.raises(session.ConnectionLostError):
        srv.observe()
    assert [call["n"] for call in srv.calls()] == [1, 1]


def test_a_lost_answer_takes_its_messages_with_it(host: Any) -> None:
    srv = host(**_fault("connection_lost", at_call=3, lost="answer"))
    with pytest.raises(session.ConnectionLostError):
        srv.update("KB5068966")
    connection = srv.connect()
    answer = srv.module("ansible.windows.win_updates", session=connection, _operation="poll", _operation_options={"pipe_name": "x"})
    assert "Timed out waiting for server pipe" in answer["msg"]


def test_hang(host: Any) -> None:
    srv = host(**_fault("hang", at_call=1, seconds=0.0))
    began = time.monotonic()
    with pytest.raises(session.ConnectionLostError, match="no answer"):
        srv.observe()
    assert time.monotonic() - began < 5


def test_install_error(host: Any) -> None:
    srv = host(**_fault("install_error", hresult="0x80073712", times=1))
    done = srv.update("KB5068966")
    assert done["exit"]["failed"]
    assert done["install_result"]["info"][0] == {
        "id": done["search_result"]["updates"][0]["id"], "result_code": 4, "hresult": 0x80073712 - (1 << 32), "reboot_required": False,
    }  # fmt: skip
    assert srv.observe()["history"][0]["result_code"] == 4
    assert srv.update("KB5068966")["exit"]["failed"] is False


def test_install_error_of_another_update_or_time(host: Any) -> None:
    srv = host(**_fault("install_error", hresult="0x80073712", kb="KB5070881"))
    assert srv.update("KB5068966")["exit"]["failed"] is False
    srv = host("other", **_fault("install_error", hresult="0x80073712", to="2025-11-01"))
    assert srv.update("KB5068966")["exit"]["failed"] is False


def test_needs_prerequisite(host: Any) -> None:
    srv = host(now="2026-06-09", **_fault("needs_prerequisite"))
    args = {"state": "present", "path": "C:\\kb5094125.msu"}
    assert srv.module("winops.hotpatch.package", **args)["hresult"] == "0x800F0838"
    assert srv.module("winops.hotpatch.package", **args, prerequisites=[{"path": "C:\\kb5043080.msu", "sha256": None}])["changed"]


def test_restarts_itself(host: Any) -> None:
    srv = host(**_fault("restarts_itself"))
    assert srv.update("KB5068966")["exit"]["failed"] is False
    boot = srv.truth().boots[-1]
    assert (len(srv.truth().boots), boot["requested_by"], boot["kb"]) == (2, "update", "KB5068966")


def test_restarts_itself_during_the_installation(host: Any) -> None:
    srv = host(**_fault("restarts_itself", when="during"))
    with pytest.raises(session.ConnectionLostError, match="it restarted"):
        srv.update("KB5068966")
    assert srv.observe()["os"]["ubr"] == 7092


def test_mark_outlives_restart(host: Any) -> None:
    srv = host(pending=["component_based_servicing", "windows_update"], **_fault("mark_outlives_restart", source="windows_update"))
    srv.restart()
    assert srv.observe()["pending"]["causes"] == [{"source": "windows_update", "detail": None}]


def test_system_log_cleared(host: Any) -> None:
    assert [event["id"] for event in host().observe()["restarts"]] == [12]
    seen = host(**_fault("system_log_cleared")).observe()
    assert (seen["restarts"], seen["errors"]) == ([], [])


def test_rolls_back(host: Any) -> None:
    srv = host(now="2026-06-09", **_fault("rolls_back", kb="KB5094125"))
    before = srv.observe()["os"]["ubr"]
    srv.update("KB5094125")
    srv.restart()
    seen = srv.observe()
    assert (seen["os"]["ubr"], seen["pending"]["causes"], srv.offered()) == (before, [], ["KB5094125"])
    assert (seen["history"][0]["kb"], seen["history"][0]["result_code"]) == ("KB5094125", 4)


def test_restart_check_error(host: Any) -> None:
    restart_check = host(**_fault("restart_check_error")).observe()["offers"][0]["restart_check"]
    assert (restart_check["answer"], restart_check["hresult"]) == (None, "0x80246007")


def test_restart_check_wrong(host: Any) -> None:
    assert host(**_fault("restart_check_wrong", answer=True, kb=5068966)).observe()["offers"][0]["restart_check"]["answer"] is True
    assert (
        host("other", **_fault("restart_check_wrong", answer=True, kb=5070881)).observe()["offers"][0]["restart_check"]["answer"] is False
    )


def test_enrollment_stuck(host: Any) -> None:
    enroll = [{"at": "2025-11-01", "do": "enroll"}]
    stuck = host(now="2025-10-20", enrolled=False, events=enroll, **_fault("enrollment_stuck"))
    good = host("good", now="2025-10-20", enrolled=False, events=enroll)
    for srv in (stuck, good):
        assert srv.observe()["enrollment"]["arc_subscription"] is None
        srv.at("2025-11-11")
    assert stuck.observe()["enrollment"]["arc_subscription"] is None
    assert good.observe()["enrollment"]["arc_subscription"] == 1
    assert (stuck.truth().enrollment, good.truth().enrollment) == ("stuck", "enrolled")


def test_build_stays(host: Any) -> None:
    srv = host(**_fault("build_stays", kb="KB5068966"))
    before = srv.observe()
    srv.update("KB5068966")
    found = srv.observe()
    assert found["os"]["ubr"] == before["os"]["ubr"]
    assert [entry["state"] for entry in found["packages"] if entry["kb"] == "KB5068966"] == ["Installed"]


def test_health_broken_until_the_update_is_gone(host: Any) -> None:
    srv = host(**_fault("health_broken", kb="KB5068966"))
    assert srv.observe()["monitor"]["events"] == []
    srv.update("KB5068966")
    broken = srv.observe()["monitor"]
    assert (broken["service"], broken["events"][0]["level"]) == ("stopped", "error")
    srv.restart()
    assert srv.observe()["monitor"]["service"] == "stopped"
    identity = next(package["identity"] for package in srv.observe()["packages"] if package["kb"] == "KB5068966")
    srv.module("winops.hotpatch.package", state="absent", identity=identity)
    srv.restart()
    assert srv.observe()["monitor"] == {"service": "running", "task": "ready", "events": []}


@pytest.mark.parametrize("probe", [name for name in PROBES if name != "restart_check"])
def test_probe_error(host: Any, probe: str) -> None:
    found = host(**_fault("probe_error", probe=probe, hresult="0x80240438", message="No route.")).observe()
    assert found["errors"] == [{"probe": probe, "hresult": "0x80240438", "message": "No route."}]
    assert found["boot_time" if probe == "boot" else probe] is None


def test_probe_error_of_the_restart_check(host: Any) -> None:
    found = host(**_fault("probe_error", probe="restart_check", hresult="0x80240438")).observe()
    assert (found["offers"][0]["restart_check"]["answer"], found["offers"][0]["restart_check"]["hresult"]) == (None, "0x80240438")


@pytest.mark.parametrize(("seconds", "hresult"), [(0, "0x80040154"), (119, "0x80040154"), (130, "0x800705B4")])
def test_dism_unregistered(host: Any, seconds: int, hresult: str) -> None:
    """Packages are not known, whether that takes longer than the probe waits or not; nothing is added or removed."""
    srv = host(powershell="7.7.0", **_fault("dism_unregistered", seconds=seconds))
    found = srv.observe()
    assert (found["packages"], [error["hresult"] for error in found["errors"]]) == (None, [hresult])
    assert found["powershell"] == {"edition": "Core", "version": "7.7.0", "administrator": True}
    srv.update("KB5068966")
    before = srv.truth()
    answers = [
        srv.module("winops.hotpatch.package_info"),
        srv.module("winops.hotpatch.package", state="absent", kb="KB5068966"),
        srv.module("winops.hotpatch.package", state="present", path="C:\\windows11.0-kb5068861-x64.msu"),
    ]
    assert [(answer.get("failed"), answer["hresult"], answer["packages"]) for answer in answers] == [(True, "0x80040154", [])] * 3
    assert srv.truth() == before


def test_clock_skew(host: Any) -> None:
    right, wrong = host("right").observe(), host("wrong", **_fault("clock_skew", seconds=-7200)).observe()
    assert (right["observed_at"], wrong["observed_at"]) == ("2025-11-11T18:00:00Z", "2025-11-11T16:00:00Z")
    assert wrong["boot_time"] < right["boot_time"]
    assert wrong["history"][0]["date"] < right["history"][0]["date"]


def test_not_offered(host: Any) -> None:
    assert host(**_fault("not_offered", kb="KB5068966")).offered() == []


def test_stays_down(host: Any) -> None:
    srv = host(**_fault("stays_down", minutes=60, times=1))
    srv.restart()
    with pytest.raises(session.ConnectionLostError, match="not come back"):
        srv.observe()
    assert srv.at("2025-11-12").observe()["os"]["ubr"] == 6899
