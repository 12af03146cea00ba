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
    monkeypatch.setattr(callback, "_display", SimpleNamespace(display=lambda text: lines.extend(text.splitlines())))
    return callback, lines


def begin(callback: CallbackModule, playbook: str = "cycle") -> None:
    callback.v2_runner_on_ok(result("winops.hotpatch.internal_check_inputs", {"playbook": playbook, "hosts": ["a", "b"]}))


def test_one_table_at_the_end_of_each_playbook(printed: Any) -> None:
    callback, lines = printed
    begin(callback, "assess")
    callback.v2_runner_on_ok(result("winops.hotpatch.host_info", INFO))
    assert lines == []
    begin(callback)
    assert [line.split()[:3] for line in lines] == [
        [],
        ["host", "state", "outcome"],
        ["a", "hotpatch_due", "install"],
        ["b", "unknown", "-"],
    ]
    callback.v2_playbook_on_play_start(play(["a", "b"]))
    callback.v2_runner_on_ok(result("winops.hotpatch.host_info", INFO))
    callback.v2_runner_on_failed(result("ansible.builtin.debug", {"failed": True}), ignore_errors=True)
    callback.v2_runner_on_unreachable(result("ansible.builtin.debug", {"unreachable": True}, "b"))
    callback.v2_playbook_on_play_start(play(["b"]))
    callback.v2_playbook_on_stats(object())
    assert [line.split()[:3] for line in lines[6:]] == [["a", "hotpatch_due", "interrupted"], ["b", "unknown", "failed"]]


def test_a_host_that_could_not_be_asked_says_why(printed: Any) -> None:
    """A callback gets a result without its key "failed"."""
    callback, lines = printed
    begin(callback)
    callback.v2_runner_on_failed(result("winops.hotpatch.host_info", {"changed": False, "msg": "catalog: x is not a file."}))
    callback.v2_playbook_on_stats(object())
    assert lines[2].split(maxsplit=4) == ["a", "unknown", "failed", "-", "catalog: x is not a file."]


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
