# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restart check of internal_observe.ps1: every answer, in the own logon and through a task."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import decision_of, record_of


def test_only_the_bootstrapper_is_downloaded(observed: dict[str, Answer]) -> None:
    downloads = [call for answer in observed.values() for call in answer.calls if call.startswith("download2")]
    assert downloads
    assert all(call.startswith("download2 1 ") for call in downloads)


def _restart_check(answer: bool | None, hresult: str | None = None) -> dict[str, Any]:
    return {"asked": True, "answer": answer, "hresult": hresult}


def test_answers_of_the_restart_check(observed: dict[str, Answer]) -> None:
    seen = {item["kbs"][0]: item["restart_check"] for item in observed["restart_checks"].observation["offers"]}
    messages = {kb: restart_check.pop("message") for kb, restart_check in seen.items() if restart_check}
    assert seen == {
        "KB5000001": _restart_check(False),
        "KB5000002": _restart_check(True),
        "KB5000003": _restart_check(None, "0x80240037"),
        "KB5000004": _restart_check(None, "0x80240438"),
        "KB5000005": _restart_check(None, "0x80246007"),
        "KB5000006": _restart_check(None),
        "KB5000007": _restart_check(None),
        "KB5000008": None,
        "KB5000010": _restart_check(None, "0x80240037"),
    }
    assert messages["KB5000001"] is None
    assert messages["KB5000006"] == "DoesUpdateRequireReboot is neither true nor false: perhaps"
    assert observed["restart_checks"].observation["errors"] == []


def test_restart_check_not_asked(observed: dict[str, Answer]) -> None:
    (item,) = observed["no_restart_check"].observation["offers"]
    assert item["restart_check"] == {"asked": False, "answer": None, "hresult": None, "message": None}
    assert not [call for call in observed["no_restart_check"].calls if call.startswith(("restart_check", "download"))]


def test_network_logon_has_a_task_ask_the_restart_check(observed: dict[str, Answer]) -> None:
    answer = observed["network_logon"]
    seen = {item["kbs"][0]: item["restart_check"] for item in answer.observation["offers"]}
    for restart_check in filter(None, seen.values()):
        del restart_check["message"]
    assert seen == {
        "KB5000001": _restart_check(False),
        "KB5000002": _restart_check(True),
        "KB5000003": _restart_check(None, "0x80240037"),
        "KB5000006": _restart_check(None),
        "KB5000008": None,
    }
    assert answer.observation["errors"] == []
    # One task, which is gone afterwards, with the folder in which it worked.
    assert answer.left == []
    tasks = [call for call in answer.calls if call.startswith("task ") and "Hotpatch" not in call]
    assert tasks == ["task register S-1-5-18", "task start", "task stop", "task unregister"]
    # The installer refuses as well; then the processes have to do.
    assert answer.observation["servicing"] == {"in_progress": False, "asked": "processes"}


@pytest.mark.parametrize("name", ["no_task", "task_fails"])
def test_network_logon_without_a_task_is_named_with_its_remedy(observed: dict[str, Answer], name: str) -> None:
    answer = observed[name]
    (problem,) = answer.problems("restart_check")
    for item in answer.observation["offers"]:
        assert item["restart_check"]["answer"] is None
        assert item["restart_check"]["hresult"] == "0x80070005"
        assert item["restart_check"]["message"].startswith("access denied by network logon: run the task with become")
    if name == "no_task":
        assert problem["hresult"] == "0x80070005"
        assert problem["message"].startswith("scheduled task: access denied by network logon: run the task with become")
    else:
        assert problem["message"].startswith("scheduled task: ")
        assert "no route" in problem["message"]


@pytest.mark.parametrize("name", ["session_refused", "search_refused"])
def test_an_update_client_that_refuses_the_logon_proves_nothing_and_the_remedy_is_named(observed: dict[str, Answer], name: str) -> None:
    raw = observed[name].observation
    assert raw["offers"] is None
    assert "0x80070005" in [problem["hresult"] for problem in raw["errors"]]
    assert record_of(raw, "2026-05-12").state.value != "current"
    found = decision_of(raw, "2026-05-12")
    assert found.action.value == "refuse"
    assert "SYSTEM" in f"{found.reason} {found.remedy}"


def test_what_a_task_leaves_behind_is_named(observed: dict[str, Answer]) -> None:
    answer = observed["task_stays"]
    (problem,) = answer.problems("restart_check")
    assert re.fullmatch(r"left behind on the host: the scheduled task winops\.hotpatch \d+, the folder \S+", problem["message"])
    # The answers count all the same.
    assert [item["restart_check"]["answer"] for item in answer.observation["offers"] if item["restart_check"]][:2] == [False, True]
