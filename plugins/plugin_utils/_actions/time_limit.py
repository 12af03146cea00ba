# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A limit of time for an action of another collection that asks its host again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

# The action of ansible.windows.win_updates ends its conversation so, which ends the installation as well, if one is going on.
_CANCEL = "cancel"
STILL_AT_WORK = (
    "Wait until its update client has ended, then run again: the next run looks at the host first. If installations take that long there,"
    " give hotpatch_install_timeout more seconds."
)
Execute = Callable[..., Mapping[str, Any]]


class TimeIsUpError(BaseException):
    """The action has used up its time. No Exception, since the action would take that for a failure and cancel what it has begun."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def limited(execute: Execute, seconds: float) -> Execute:
    """Return EXECUTE, the method that runs a module for an action, until SECONDS are over; it raises TimeIsUpError then.

    What was begun on the host goes on: that it be canceled is not passed on.
    """
    ends = time.monotonic() + seconds

    def run(*args: Any, **given: Any) -> Mapping[str, Any]:
        if time.monotonic() < ends:
            return execute(*args, **given)
        if (given.get("module_args") or {}).get("_operation") == _CANCEL:
            return {}
        raise TimeIsUpError(seconds)

    return run
