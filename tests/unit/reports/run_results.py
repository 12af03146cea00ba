# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules return of a host, as far as its last word needs it."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_run import HostRun

KB = "KB5068966"
INFO: dict[str, Any] = {
    "record": {"state": "hotpatch_due"},
    "decision": {"action": "install", "code": None, "kb": KB, "reason": "It is due."},
    "msg": "x",
}
DONE = {"outcome": "installed", "decision": INFO["decision"], "before": INFO["record"], "after": {"state": "current"}, "msg": "All well."}
HELD = {"action": "refuse", "code": "held", "kb": None, "reason": "It is held."}
REFUSE = {**INFO, "decision": HELD}
OFF = {"outcome": "rolled_back", "decision": {"action": "remove", "kb": "KB1"}, "after": {"state": "rolled_back"}, "msg": "It is off."}
FAILED = {"ended": "failed", "message": "The health tasks failed."}
LOST = {"unreachable": True, "msg": "No route."}


def some(count: int, *results: dict[str, Any], name: str = "srv") -> dict[str, HostRun]:
    """Return COUNT hosts of which the modules returned RESULTS."""
    found = {f"{name}{number:03}": HostRun() for number in range(count)}
    for run in found.values():
        for result in results:
            run.explain(result) if "ended" in result else run.add(result)
    return found
