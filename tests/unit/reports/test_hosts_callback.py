# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback beside the playbooks: which results it listens to, and when it prints."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants
from ansible_collections.winops.hotpatch.playbooks.callback_plugins.winops_hotpatch_hosts import CallbackModule
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_run import GONE
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.run_account import current

REST = "The hosts at work finish first and are put back into service."
INFO = {"record": {"state": "hotpatch_due"}, "decision": {"action": "install", "kb": "KB5068966", "reason": "It is due."}}


def result(action: str, found: dict[str, Any], host: str = "a") -> Any:
    """Return a result as ansible-core 2.18 hands it over."""
    return SimpleNamespace(_host=SimpleNamespace(get_name=lambda: host), _task=SimpleNamespace(action=action), _result=found)


def play(left: list[str]) -> Any:
    variables = {"ansible_play_hosts_all": ["a", "b"], "ansible_play_hosts": left}
    return SimpleNamespace(get_variable_manager=lambda: SimpleNamespace(get_vars=lambda **_given: variables))


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> tuple[CallbackModule, list[str]]:
    callback, lines = CallbackModule(), []
    monkeypatch.setattr(callback, "_display", SimpleNamespace(display=lambda text: lines.extend(text.splitlines()), verbosity=0))
    return callback, lines


def begin(callback: CallbackModule, playbook: str = "cycle") -> None:
    callback.v2_runner_on_ok(result("winops.hotpatch.internal_check_inputs", {"playbook": playbook, "hosts": ["a", "b"]}))


def test_one_table_at_the_end_of_each_playbook(printed: Any) -> None:
    callback, lines = printed
    begin(callback, "assess")
    callback.v2_runner_on_ok(result("winops.hotpatch.host_info", INFO))
    assert lines == []
    begin(callback)
    assert [line.split()[:3] for line in lines[5:]] == [
        ["host", "state", "outcome"],
        ["b", "unknown", "-"],
        ["a", "hotpatch_due", "would_install"],
    ]
    lines.clear()
    callback.v2_playbook_on_play_start(play(["a", "b"]))
    callback.v2_runner_on_ok(result("winops.hotpatch.host_info", INFO))
    callback.v2_runner_on_failed(result("ansible.builtin.debug", {"failed": True}), ignore_errors=True)
    callback.v2_runner_on_unreachable(result("ansible.builtin.debug", {"unreachable": True}, "b"))
    callback.v2_playbook_on_play_start(play(["b"]))
    callback.v2_playbook_on_stats(object())
    assert [line.split()[:3] for line in lines[6:8]] == [["a", "hotpatch_due", "interrupted"], ["b", "unreachable", "unreachable"]]


def test_a_host_that_could_not_be_asked_says_why(printed: Any) -> None:
    """A callback gets a result without its key "failed"."""
    callback, lines = printed
    begin(callback)
    callback.v2_runner_on_failed(result("winops.hotpatch.host_info", {"changed": False, "msg": "catalog: x is not a file."}))
    callback.v2_playbook_on_stats(object())
    assert lines[6].split(maxsplit=4) == ["a", "unknown", "failed", "-", "catalog: x is not a file."]


def test_input_that_is_refused_leaves_no_table(printed: Any) -> None:
    callback, lines = printed
    callback.v2_runner_on_failed(result("winops.hotpatch.internal_check_inputs", {"msg": "hotpatch_intnet: there is no such variable."}))
    callback.v2_playbook_on_stats(object())
    assert lines == []


@pytest.mark.parametrize("playbook", ["catalog", "field_probe"])
def test_other_playbooks_and_other_plays_end_without_a_table(printed: Any, playbook: str) -> None:
    callback, lines = printed
    callback.v2_runner_on_ok(result("winops.hotpatch.update", {}))
    begin(callback, playbook)
    callback.v2_runner_on_ok(result("winops.hotpatch.update", {}))
    callback.v2_runner_on_failed(result("winops.hotpatch.internal_check_inputs", {"failed": True, "msg": "no"}))
    callback.v2_playbook_on_stats(object())
    assert lines == []


@pytest.mark.parametrize("name", ["json", "ansible.posix.json", "ansible.posix.jsonl"])
def test_nothing_is_printed_behind_a_document(printed: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    callback, lines = printed
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", name)
    begin(callback)
    callback.v2_playbook_on_stats(object())
    assert lines == []


def account(step: str, **found: Any) -> Any:
    return result("winops.hotpatch.internal_account", {"step": step, **found})


def test_nothing_that_follows_the_account_changes_the_table(printed: Any) -> None:
    """The hosts that did not end well fail once more, and plays of others may follow."""
    callback, lines = printed
    begin(callback)
    for host in ("a", "b"):
        callback.v2_runner_on_ok(result("winops.hotpatch.update", {**INFO, "outcome": "installed"}, host))
    callback.v2_runner_on_ok(account("close"))
    callback.v2_runner_on_failed(result("ansible.builtin.fail", {"msg": "no"}))
    callback.v2_runner_on_unreachable(result("winops.hotpatch.host_info", {"unreachable": True}, "b"))
    callback.v2_playbook_on_stats(object())
    assert [line.split()[:3] for line in lines[6:8]] == [["a", "hotpatch_due", "installed"], ["b", "hotpatch_due", "installed"]]


def test_a_failure_that_ends_the_run_on_a_host_is_told_from_one_that_was_rescued(printed: Any) -> None:
    callback, lines = printed
    begin(callback)
    for host in ("a", "b"):
        callback.v2_runner_on_ok(result("winops.hotpatch.update", {**INFO, "outcome": "installed"}, host))
        callback.v2_runner_on_failed(result("ansible.builtin.uri", {"msg": "no"}, host))
    callback.v2_runner_on_ok(account("give_up"))
    callback.v2_playbook_on_stats(object())
    assert [line.split()[:3] for line in lines[6:8]] == [["a", "hotpatch_due", "failed"], ["b", "hotpatch_due", "installed"]]


def test_who_has_not_begun_when_the_budget_is_spent_is_refused(printed: Any) -> None:
    callback, lines = printed
    begin(callback)
    callback.v2_runner_on_ok(account("look", batch=["a"], spent=False, msg="", max_fail_percentage=20.0, rollback_max=1))
    callback.v2_runner_on_ok(result("winops.hotpatch.update", {**INFO, "outcome": "failed", "msg": "It failed."}))
    assert current().spent() == "A batch failed as a whole (a), so no new host begins. " + REST
    assert (current().max_fail_percentage, current().rollback_max) == (20, 1)
    callback.v2_runner_on_ok(account("look", batch=["b"], spent=True, msg="Too many."))
    callback.v2_playbook_on_stats(object())
    assert [line.split(maxsplit=4) for line in lines[6:8]] == [
        ["a", "hotpatch_due", "failed", "KB5068966", "It failed."],
        ["b", "unknown", "refused", "-", "budget_spent: Too many."],
    ]


def test_a_host_that_is_lost_in_a_task_of_the_user_is_lost_unless_the_task_says_otherwise(printed: Any) -> None:
    callback, lines = printed
    begin(callback)
    for host in ("a", "b"):
        callback.v2_runner_on_ok(result("winops.hotpatch.update", {**INFO, "outcome": "installed"}, host))
    callback.v2_runner_on_unreachable(result("ansible.windows.win_ping", {"unreachable": True, "msg": "No route."}))
    ignored = result("ansible.windows.win_ping", {"unreachable": True, "msg": "No route."}, "b")
    ignored._task.ignore_unreachable = True
    callback.v2_runner_on_unreachable(ignored)
    callback.v2_playbook_on_stats(object())
    assert [line.split(maxsplit=4)[2::2] for line in lines[6:8]] == [["lost", f"{GONE} No route."], ["installed", "It is due."]]
