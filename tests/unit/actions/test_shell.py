# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host whose shell is not one of Windows is refused, and no interpreter of the inventory decides which PowerShell runs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from ansible.plugins.loader import shell_loader
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.base import HotpatchAction
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.host import Host
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.shell import (
    RefusedError,
    refuse_other_shells,
    refuse_other_systems,
    without_interpreter,
)
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord

REMEDY = "Set ansible_connection to winrm or psrp (over SSH, ansible_shell_type to powershell or cmd), or take the host out of the group."
KEY, OVERRIDE, DELEGATES = "ansible_pwsh_interpreter", "hotpatch_powershell", "ansible_delegated_vars"


def connection(name: str, shell: Any) -> Any:
    return SimpleNamespace(transport=name, _shell=shell)


@pytest.mark.parametrize("name", ["powershell", "cmd"])
def test_the_shells_of_windows_pass(name: str) -> None:
    refuse_other_shells(connection("ssh", shell_loader.get(name)))


@pytest.mark.parametrize(
    ("shell", "family"),
    [(shell_loader.get("sh"), "sh"), (None, "not known"), (SimpleNamespace(SHELL_FAMILY="fish\x1b[2J\n"), "fish [2J")],
    ids=["sh", "none", "hostile"],
)
def test_every_other_shell_is_refused_with_the_remedy(shell: Any, family: str) -> None:
    with pytest.raises(RefusedError) as caught:
        refuse_other_shells(connection("ssh", shell))
    assert str(caught.value) == f"not_windows: The shell of connection ssh is {family}. {REMEDY}"
    told = caught.value.decision.to_dict()
    assert (told["action"], told["code"], told["remedy"], told["steps"]) == ("refuse", "not_windows", REMEDY, [])


def test_a_payload_on_another_system_is_refused_with_the_remedy() -> None:
    with pytest.raises(RefusedError) as caught:
        refuse_other_systems({"failed": True, "msg": "not_windows: x", "not_windows": "PowerShell 7.6.1 runs on Unix\x1b[2J there."})
    assert str(caught.value) == f"not_windows: PowerShell 7.6.1 runs on Unix [2J there. {REMEDY}"
    assert caught.value.decision.to_dict()["code"] == "not_windows"


@pytest.mark.parametrize(
    "result", [{}, {"failed": True, "msg": "not_windows"}, {"not_windows": "x"}, {"failed": True, "not_windows": None}], ids=repr
)
def test_every_other_answer_of_a_payload_passes(result: dict[str, Any]) -> None:
    refuse_other_systems(result)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 1, KEY: "pwsh"}, {"a": 1}),
        ({KEY: "pwsh", OVERRIDE: ""}, {OVERRIDE: ""}),
        ({OVERRIDE: "{{ mine }}"}, {OVERRIDE: "{{ mine }}", KEY: "{{ mine }}"}),
        ({KEY: "pwsh", OVERRIDE: "C:\\7\\pwsh.exe"}, {OVERRIDE: "C:\\7\\pwsh.exe", KEY: "C:\\7\\pwsh.exe"}),
    ],
)
def test_the_interpreter_is_that_of_core_or_of_the_collection(given: dict[str, Any], expected: dict[str, Any]) -> None:
    """At the top and for each delegate; what was given, which other tasks see, stays as it is."""
    both = {**given, DELEGATES: {"one": dict(given), "two": {KEY: "other"}}}
    before = repr(both)
    assert without_interpreter(given) == expected
    assert without_interpreter(both) == {**expected, DELEGATES: {"one": expected, "two": {}}}
    assert repr(both) == before


def test_a_delegate_has_an_override_of_its_own() -> None:
    given = {OVERRIDE: "top", DELEGATES: {"one": {KEY: "pwsh", OVERRIDE: "mine"}, "two": {KEY: "pwsh"}}}
    assert without_interpreter(given)[DELEGATES] == {"one": {OVERRIDE: "mine", KEY: "mine"}, "two": {}}


def test_payloads_and_actions_of_others_get_the_same_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the collection runs on a host goes one of two ways."""
    seen: list[tuple[str, Any]] = []

    class Acting(HotpatchAction):
        _hotpatch_spec: ClassVar[dict[str, Any]] = {"argument_spec": {}}

        def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
            host.module("winops.hotpatch.package_info", {})
            host.action("ansible.windows.win_reboot", {})
            return {"changed": False}

        def _execute_module(self, *, module_name: str, module_args: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
            seen.append((module_name, task_vars))
            return {}

    def other(name: str, **given: Any) -> Any:
        def run(task_vars: dict[str, Any]) -> dict[str, Any]:
            seen.append((name, task_vars))
            return {}

        return SimpleNamespace(run=run)

    task = SimpleNamespace(async_val=0, check_mode=False, args={}, action="winops.hotpatch.update", environment=None)
    task.copy = lambda: task
    shell = SimpleNamespace(tmpdir="", _IS_WINDOWS=True)
    loaders = SimpleNamespace(action_loader=SimpleNamespace(get=other))
    action = Acting(task, SimpleNamespace(_shell=shell, transport="winrm"), SimpleNamespace(), None, None, None)
    monkeypatch.setattr(action, "_shared_loader_obj", loaders)
    monkeypatch.setattr(action, "validate_argument_spec", lambda **spec: (None, {}))
    given = {"inventory_hostname": "srv01", KEY: "pwsh", OVERRIDE: "mine", DELEGATES: {"other": {KEY: "pwsh"}}}
    assert action.run(task_vars=given) == {"changed": False}
    wanted = {"inventory_hostname": "srv01", KEY: "mine", OVERRIDE: "mine", DELEGATES: {"other": {}}}
    assert seen == [("winops.hotpatch.package_info", wanted), ("ansible.windows.win_reboot", wanted)]
