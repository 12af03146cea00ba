# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of every action of this collection: whatever goes wrong in one is returned, and nothing is raised."""

from __future__ import annotations

import traceback
from abc import abstractmethod
from typing import Any, final

from ansible.errors import AnsibleActionFail, AnsibleActionSkip, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from .._values.printable import MESSAGE, clean, clean_lines
from .errors import ActionError, HostLostError


class ReturningAction(ActionBase):  # type: ignore[misc]  # ansible-core has no types
    """An action that hands over to C(_hotpatch_do) of the subclass and returns its failures as results.

    Up to 2.18, ansible-core marks as text, and not as a template, only what an action returns. What it raises becomes a result without that
    mark, so whoever writes the text of an error (a host, a server, a file of release data) could have the controller run a template as soon
    as a playbook shows the result. No action of this collection may therefore have a C(run) of its own.
    """

    @final
    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module."""
        self._supports_check_mode = True
        self._supports_async = False
        try:
            super().run(tmp, task_vars)
            return self._hotpatch_do(task_vars or {})
        except Exception as error:
            failure = failure_of(error)
            return failure | self._hotpatch_explain(failure)

    def _hotpatch_explain(self, failure: dict[str, Any]) -> dict[str, Any]:
        """Return the fields by which FAILURE, a result, says what it means for the host. To be given by a subclass that has such fields."""
        return {}

    @abstractmethod
    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do what the module is for and return its result. To be given by the subclass."""


def failure_of(error: Exception) -> dict[str, Any]:
    """Return ERROR, which is being handled, as a result.

    What an action says on purpose is said by its message. Everything else is a defect, of this collection or of another one, and comes with
    the traceback, which ansible-core shows with C(-vvv) or as its setting C(DISPLAY_TRACEBACK) says.
    """
    message = clean(str(error) or type(error).__name__, MESSAGE)
    if isinstance(error, HostLostError | AnsibleConnectionFailure):
        return {"unreachable": True, "msg": message}
    if isinstance(error, AnsibleActionSkip):
        return {"skipped": True, "msg": message}
    if isinstance(error, ActionError | AnsibleActionFail):
        return {"failed": True, "msg": message}
    if not isinstance(error, AnsibleError):
        message = clean(f"Unexpected failure: {type(error).__name__}: {message}", MESSAGE)
    return {"failed": True, "msg": message, "exception": clean_lines(traceback.format_exc())}
