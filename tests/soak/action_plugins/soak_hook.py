# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task of the user, for a hook: it writes into a file of the controller that it ran on the host, or that it failed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core has no types
    """Takes C(hook), C(log) a folder, and C(fails), the hooks that fail on this host in this run."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._supports_check_mode = True
        super().run(tmp, task_vars)
        args, known = self._task.args, task_vars or {}
        failed = args["hook"] in args["fails"]
        entry = {"hook": args["hook"], "run": known["hotpatch_run_id"], "wall": round(time.time(), 3), "failed": failed}
        log = Path(args["log"]) / f"{known['inventory_hostname']}.jsonl"
        if not self._task.check_mode:
            handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            os.write(handle, f"{json.dumps(entry)}\n".encode())
            os.close(handle)
        return {"changed": False, "failed": failed, "msg": f"{args['hook']} {'says no' if failed else 'is done'}"}
