# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host whose shell is not one of Windows is refused, and no interpreter of the inventory decides which PowerShell runs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.plugins.loader import shell_loader
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.shell import (
    RefusedError,
    refuse_other_shells,
    without_interpreter,
)

REMEDY = "Set ansible_connection: winrm or psrp; over SSH ansible_shell_type: powershell or cmd; or take the host out of the group."
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
