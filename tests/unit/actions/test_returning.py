# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No action raises, whatever goes wrong in it: what is raised is a template to ansible-core up to 2.18."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleActionSkip, AnsibleConnectionFailure, AnsibleError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.errors import ActionError, HostLostError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.options import OptionError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.returning import ReturningAction
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.printable import MESSAGE

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
ACTIONS = sorted(path.stem for path in (PLUGINS / "action").glob("*.py"))
HOSTILE = "{{ lookup('pipe', 'id') }}\x1b[2J\u202e\nforged"


def ended(error: BaseException) -> dict[str, Any]:
    """How an action ends in which ERROR is raised."""

    class Raising(ReturningAction):
        def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
            raise error

    task = SimpleNamespace(async_val=0, check_mode=False, args={}, action="winops.hotpatch.update", environment=None)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="", _IS_WINDOWS=True), has_pipelining=True, always_pipeline_modules=True)
    return Raising(task, connection, SimpleNamespace(), None, None, None).run(task_vars={})


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_returns_its_failures(name: str) -> None:
    action = import_module(f"ansible_collections.winops.hotpatch.plugins.action.{name}").ActionModule
    assert issubclass(action, ReturningAction)
    assert action.run is ReturningAction.run


def test_nothing_else_says_to_core_what_went_wrong() -> None:
    """In an action, an error of core's own would bring the text of its causes along, uncut; a connection has no other way."""
    for path in [*(PLUGINS / "action").glob("*.py"), *(PLUGINS / "plugin_utils").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
                assert not node.exc.func.id.startswith("Ansible"), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (AnsibleConnectionFailure(HOSTILE), "unreachable"),
        (HostLostError(HOSTILE), "unreachable"),
        (AnsibleActionSkip(HOSTILE), "skipped"),
        (AnsibleActionFail(HOSTILE), "failed"),
        (ActionError(HOSTILE), "failed"),
        (OptionError(HOSTILE), "failed"),
        (AnsibleError(HOSTILE), "failed"),
        (KeyError(HOSTILE), "failed"),
    ],
)
def test_an_error_becomes_a_result(error: Exception, key: str) -> None:
    result = ended(error)
    assert {name for name in ("failed", "unreachable", "skipped") if result.get(name)} == {key}
    assert "{{ lookup('pipe', 'id') }}" in result["msg"]
    assert result["msg"].isprintable()


def test_a_defect_can_be_found() -> None:
    result = ended(KeyError("x" * 1_000_000 + HOSTILE))
    assert result["msg"].startswith("Unexpected failure: KeyError: ")
    assert len(result["msg"]) <= MESSAGE
    assert "in _hotpatch_do" in result["exception"]
    assert "    raise error" in result["exception"]
    assert len(result["exception"]) < 20_000
    assert result["exception"].replace("\n", "").isprintable()


def test_what_is_said_on_purpose_needs_no_traceback() -> None:
    assert ended(OptionError("kb: no")) == {"failed": True, "msg": "kb: no"}
    assert ended(HostLostError("gone")) == {"unreachable": True, "msg": "gone"}


def test_a_lost_host_says_how_far_the_run_had_come() -> None:
    error = HostLostError("gone")
    error.outcome = Outcome.LOST
    assert ended(error) == {"unreachable": True, "msg": "gone", "outcome": "lost"}


def test_an_error_without_words_has_its_name() -> None:
    assert ended(ActionError(""))["msg"] == "ActionError"


def test_an_interruption_stays_one() -> None:
    """The time limit of a task and Ctrl-C are no failure of the action."""
    with pytest.raises(KeyboardInterrupt):
        ended(KeyboardInterrupt())
