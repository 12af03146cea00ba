# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell of a host: whether it is one of Windows, and which PowerShell runs what is sent to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._advice.shells import NOT_OF_WINDOWS
from .._decision.decision import Action, Decision
from .._decision.refusals import TEXTS, Refusal
from .._host.offers import Restart
from .._values.printable import clean
from .errors import ActionError

# How ansible-core 2.21 and later choose the interpreter of a PowerShell module, and how an operator overrides what is chosen here.
_INTERPRETER = "ansible_pwsh_interpreter"
_OVERRIDE = "hotpatch_powershell"
_DELEGATES = "ansible_delegated_vars"
# Whoever reaches the controller this way reaches no Windows: Ansible does not run there.
_CONTROLLER = "local"
_NOT_OF_WINDOWS = re.compile(NOT_OF_WINDOWS)


class RefusedError(ActionError):
    """The host is refused before anything is sent to it, for the reason that C(decision) gives. The task fails."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"{decision.code}: {decision.reason} {decision.remedy}")
        self.decision = decision


def refuse_other_shells(connection: Any) -> None:
    """Raise RefusedError unless the shell of CONNECTION is one of Windows, on another machine. Nothing is sent for that."""
    shell = getattr(connection, "_shell", None)
    # By this mark core's own actions tell the shells of Windows from all others.
    if getattr(shell, "_IS_WINDOWS", False):
        if str(connection.transport).rpartition(".")[2] == _CONTROLLER:
            raise RefusedError(_not_windows("The connection local leads to the controller, which does not run Windows."))
        return
    family = clean(getattr(shell, "SHELL_FAMILY", None) or "not known")
    raise RefusedError(_not_windows(f"The shell of connection {clean(connection.transport)} is {family}."))


def refuse_other_systems(result: Mapping[str, Any]) -> None:
    """Raise RefusedError where RESULT of a payload says that the host is not Windows.

    From ansible-core 2.21 on payloads are sent to PowerShell 7 on Linux too, where the shell of the connection is taken for one of Windows.
    A payload looks at that before anything else.
    """
    told = result.get("not_windows")
    if result.get("failed") and isinstance(told, str):
        raise RefusedError(_not_windows(clean(told)))


def refuse_other_answers(text: str) -> None:
    """Raise RefusedError where TEXT, which no payload wrote, is the answer of a shell that knows no PowerShell.

    The inventory may call the shell of any host one of Windows.
    """
    if _NOT_OF_WINDOWS.search(text):
        raise RefusedError(_not_windows(f"The shell of the host is not one of Windows: {clean(text).rstrip(' .')}."))


def without_interpreter(task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of TASK_VARS by which core runs modules in Windows PowerShell, or in what C(hotpatch_powershell) names.

    PowerShell 7 may be a package in which DISM does not work and which SYSTEM does not find. Core takes the interpreter of a delegated task
    from the variables of the delegate. Up to 2.20 core knows none of this, and nothing changes.
    """
    chosen = _choose(task_vars)
    if task_vars.get(_DELEGATES):
        chosen[_DELEGATES] = {name: _choose(variables) for name, variables in task_vars[_DELEGATES].items()}
    return chosen


def _choose(variables: Mapping[str, Any]) -> dict[str, Any]:
    chosen = dict(variables)
    chosen.pop(_INTERPRETER, None)
    if chosen.get(_OVERRIDE):
        # Handed on as it is: core resolves the template that it may be.
        chosen[_INTERPRETER] = chosen[_OVERRIDE]
    return chosen


def _not_windows(reason: str) -> Decision:
    return Decision(
        action=Action.REFUSE,
        code=Refusal.NOT_WINDOWS,
        kb=None,
        build=None,
        kind=None,
        month=None,
        restart=Restart.UNKNOWN,
        restart_allowed=False,
        reason=reason,
        remedy=TEXTS[Refusal.NOT_WINDOWS].remedy,
        until=None,
    )
