# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the result of every task on every host as a JSON line, the same with all versions of core."""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

# Every fork that speaks to a simulated host needs the model; where it is there before they are made, none of them compiles it anew.
import_module("ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.gate")

DOCUMENTATION = """
name: collect
type: notification
short_description: Results for the tests
description: Writes each task's result to the file that COLLECT_RESULTS names.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core has no types
    """One line a result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "collect"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, status: str, result: Any) -> None:
        host = getattr(result, "host", None) or result._host
        task = getattr(result, "task", None) or result._task
        found = getattr(result, "result", None) or result._result
        entry = {"host": host.get_name(), "task": task.get_name(), "status": status, "result": found}
        with Path(os.environ["COLLECT_RESULTS"]).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._write("unreachable", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._write("skipped", result)
