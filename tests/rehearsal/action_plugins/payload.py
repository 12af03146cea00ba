# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one module on the host without any action plugin of its own around it, so that the bare payload's answer can be seen."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core has no types
    """Takes `module` and `args`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._supports_check_mode = True
        super().run(tmp, task_vars)
        found: dict[str, Any] = self._execute_module(
            module_name=self._task.args["module"], module_args=dict(self._task.args.get("args") or {}), task_vars=task_vars
        )
        return found
