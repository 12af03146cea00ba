# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real modules and actions of ansible.windows over the connection: ping, facts, updates, restarts, lost connections."""

from __future__ import annotations

from typing import Any

import pytest

PING: dict[str, Any] = {"ansible.windows.win_ping": {}}
FACTS: dict[str, Any] = {"ansible.builtin.setup": {}}
REBOOT: dict[str, Any] = {"ansible.windows.win_reboot": {}}
LOOK = {"payload": {"module": "winops.hotpatch.internal_observe"}}


def updates(kb: str, **args: Any) -> dict[str, Any]:
    return {"ansible.windows.win_updates": {"category_names": ["*"], "accept_list": [rf"{kb}(?!\d)"], **args}}


def counts(result: dict[str, Any]) -> tuple[int, int, int]:
    return result["found_update_count"], result["installed_update_count"], result["failed_update_count"]


def test_ping_facts_observation_and_become(fleet: Any) -> None:
    become = {"become": True, "become_method": "ansible.builtin.runas", "become_user": "SYSTEM"}
    run = fleet.play({**PING, **become}, FACTS, {**LOOK, **become}, {"ansible.builtin.raw": "whoami"})
    assert run.returncode == 0, run.output
    assert run.of("srv01", "ansible.windows.win_ping")["ping"] == "pong"
    assert run.of("srv01", "ansible.builtin.setup")["ansible_facts"]["ansible_os_family"] == "Windows"
    assert run.of("srv01", "payload")["observation"]["os"]["ubr"] == 6899
    assert "administrator" in run.of("srv01", "ansible.builtin.raw")["stdout"]
    assert [(call["n"], call["kind"], call["outcome"]) for call in fleet.log()] == [
        (1, "module", "answered"), (2, "module", "answered"), (3, "module", "answered"), (4, "raw", "answered"),
    ]  # fmt: skip


def test_a_hotpatch_month_and_its_second_run(fleet: Any) -> None:
    run = fleet.play(updates("KB5068966"))
    assert run.returncode == 0, run.output
    assert counts(run.of("srv01")) == (1, 1, 0)
    assert run.of("srv01")["reboot_required"] is False
    again = fleet.play(updates("KB5068966"))
    assert counts(again.of("srv01")) == (0, 0, 0)
    assert again.of("srv01")["changed"] is False
    assert fleet.state()["build"] == "26100.7092"
    assert [boot["requested_by"] for boot in fleet.state()["boots"]] == ["setup"]
    assert [(call["operation"], call["check_mode"]) for call in fleet.log()[:4]] == [
        ("start", False), ("poll", False), ("poll", False), ("cancel", False),
    ]  # fmt: skip


def test_a_baseline_month_with_its_restart(fleet: Any) -> None:
    fleet.now = "2026-06-09"
    run = fleet.play(updates("KB5094125"), REBOOT, LOOK)
    assert run.returncode == 0, run.output
    assert run.of("srv01", "ansible.windows.win_updates")["reboot_required"] is True
    assert run.of("srv01", "ansible.windows.win_reboot")["rebooted"] is True
    seen = run.of("srv01")["observation"]
    assert (seen["os"]["ubr"], seen["pending"]["causes"]) == (32995, [])
    assert [boot["requested_by"] for boot in fleet.state()["boots"]] == ["setup", "controller"]


def test_check_mode_leaves_the_host_as_it_is(fleet: Any) -> None:
    fleet.play(LOOK)
    before = (fleet.truth / "srv01.json").read_bytes()
    fleet.now = "2025-12-09"
    run = fleet.play(updates("KB5072014"), REBOOT, LOOK, check=True)
    assert run.returncode == 0, run.output
    assert run.of("srv01", "ansible.windows.win_updates")["changed"] is True
    assert counts(run.of("srv01", "ansible.windows.win_updates"))[0] == 1
    assert (fleet.truth / "srv01.json").read_bytes() == before


def test_check_mode_of_a_host_that_was_never_met(fleet: Any) -> None:
    assert fleet.play(LOOK, check=True).returncode == 0
    assert not fleet.truth.exists()


def test_an_install_error_is_read_by_the_real_action(fleet: Any) -> None:
    fleet.hosts["srv01"] = {"faults": [{"fault": "install_error", "hresult": "0x80240017"}]}
    run = fleet.play(updates("KB5068966"))
    assert run.status("srv01") == "failed"
    (update,) = run.of("srv01")["updates"].values()
    assert update["failure_hresult_code"] == 0x80240017
    assert "0x80240017" in update["failure_msg"].lower()


def test_a_pending_restart_is_refused_by_the_real_module(fleet: Any) -> None:
    fleet.hosts["srv01"] = {"pending": ["windows_update"]}
    run = fleet.play(updates("KB5068966"))
    assert run.status("srv01") == "failed"
    assert run.of("srv01")["msg"] == "A reboot is required before more updates can be installed"


def test_one_lost_poll_is_repeated(fleet: Any) -> None:
    fleet.hosts["srv01"] = {"faults": [{"fault": "connection_lost", "at_call": 3}]}
    run = fleet.play(updates("KB5068966"))
    assert run.returncode == 0, run.output
    assert counts(run.of("srv01")) == (1, 1, 0)
    assert [call["outcome"] for call in fleet.log()] == ["answered", "answered", "lost", "answered", "answered"]


def test_the_connection_dies_at_each_call_in_turn(fleet: Any) -> None:
    """Whatever call dies, and whether or not the host got it, the next run ends where it should; nothing is installed twice."""
    fleet.now = "2025-11-11"
    fleet.hosts = {
        f"srv{call}{lost}": {"faults": [{"fault": "connection_lost", "at_call": call, "lost": lost}]}
        for call in (1, 2, 5)
        for lost in ("request", "answer")
    }
    # Where an answer to a poll is lost, the messages in it are lost too; the real action then fails without knowing what was installed.
    first = fleet.play(updates("KB5068966"), LOOK)
    assert {entry["status"] for entry in first.results if entry["status"] != "ok"} <= {"unreachable", "failed"}, first.output
    second = fleet.play(updates("KB5068966"), LOOK)
    for host in fleet.hosts:
        assert second.status(host) == "ok", second.output
        assert [call["outcome"] for call in fleet.log(host)].count("lost") == 1
        state = fleet.state(host)
        assert (state["build"], state["counters"]["installs"], len(state["boots"])) == ("26100.7092", 1, 1)


def test_a_restart_over_a_connection_that_dies(fleet: Any) -> None:
    fleet.hosts["srv01"] = {"faults": [{"fault": "connection_lost", "at_call": 2, "lost": "answer"}]}
    run = fleet.play(REBOOT)
    assert run.returncode == 0, run.output
    assert len(fleet.state()["boots"]) == 2


def test_a_host_that_stays_away(fleet: Any) -> None:
    fleet.hosts["srv01"] = {"faults": [{"fault": "stays_down", "times": 1}]}
    run = fleet.play({"ansible.windows.win_reboot": {"reboot_timeout": 1}})
    assert run.status("srv01") == "failed"
    assert "Timed out waiting for last boot time check" in run.of("srv01")["msg"]


def test_an_update_that_restarts_the_host_by_itself(fleet: Any) -> None:
    fleet.hosts = {
        "after": {"faults": [{"fault": "restarts_itself"}]},
        "during": {"faults": [{"fault": "restarts_itself", "when": "during"}]},
    }
    run = fleet.play(updates("KB5068966"))
    assert run.of("after")["installed_update_count"] == 1
    assert run.status("during") in ("failed", "unreachable")
    for host in fleet.hosts:
        assert [boot["requested_by"] for boot in fleet.state(host)["boots"]] == ["setup", "update"]


def test_many_hosts_at_once(fleet: Any) -> None:
    fleet.hosts = {
        f"srv{number:02}": {"line": line} for number, line in enumerate(["ws2025", "ws2022_azure", "win11_24h2", "win11_25h2"] * 3)
    }
    run = fleet.play(updates("KB(5068966|5068840)"))
    assert run.returncode == 0, run.output
    assert {run.of(host)["installed_update_count"] for host in fleet.hosts} == {1}


def test_delegation_reaches_the_right_host(fleet: Any) -> None:
    fleet.hosts = {"one": {}, "two": {}}
    fleet.play({**LOOK, "delegate_to": "two", "run_once": True})
    assert [path.stem for path in fleet.truth.iterdir()] == ["two"]


def test_an_address_does_not_matter(fleet: Any) -> None:
    fleet.hosts = {"one": {}, "two": {"ansible_host": "192.0.2.1"}}
    assert fleet.play({**LOOK, "delegate_to": "two", "run_once": True}).returncode == 0
    assert [path.stem for path in fleet.truth.iterdir()] == ["two"]
    assert fleet.play(LOOK).returncode == 0
    assert sorted(path.stem for path in fleet.truth.iterdir()) == ["one", "two"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"truth": ""}, ["hotpatch_rehearsal_truth", "Give a string"]),
        ({"now": "tomorrow"}, ["hotpatch_rehearsal_now", "tomorrow", "2026-06-09T18:00:00Z"]),
        ({"line": "ws2019"}, ["line", "ws2019", "ws2022_azure"]),
        ({"enrolled": "maybe"}, ["hotpatch_rehearsal_enrolled", "maybe", "true or false"]),
        ({"os": "Home"}, ["os", "Home"]),
        ({"faults": [{"fault": "fire"}]}, ["hotpatch_rehearsal_faults[0].fault", "fire", "connection_lost"]),
        ({"offers_extra": [{"kb": "NET"}]}, ["hotpatch_rehearsal_offers_extra[0].kb", "NET", "KB5094125"]),
    ],
)
def test_a_wrong_inventory_is_named(fleet: Any, given: dict[str, Any], told: list[str]) -> None:
    fleet.hosts["srv01"] = given
    run = fleet.play(PING)
    assert run.returncode != 0
    assert run.status("srv01") == "failed"
    for text in told:
        assert text in run.output
    assert not fleet.truth.exists()


def test_what_is_not_played_says_so(fleet: Any) -> None:
    run = fleet.play({"ansible.windows.win_reg_stat": {"path": "HKLM:\\SOFTWARE"}})
    assert run.status("srv01") == "failed"
    assert "does not play the module ansible.windows.win_reg_stat" in run.of("srv01")["msg"]
    copied = fleet.play({"ansible.windows.win_copy": {"content": "x", "dest": "C:\\x"}})
    assert copied.status("srv01") == "failed"
