# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines that are not modules: those with which ansible.windows.win_reboot restarts a host and waits for it."""

from __future__ import annotations

import json
import re

from ..host import times
from ..windows import restart
from .modules import Stage

_SHUTDOWN = re.compile(r"shutdown(?:\.exe)?\s+/r", re.IGNORECASE)
_ABORT = re.compile(r"shutdown(?:\.exe)?\s+/a", re.IGNORECASE)
_SETTLED = re.compile(r"'(success-[0-9a-f-]+)'")
_COMMENT = re.compile(r"/c\s+(?:'((?:[^']|'')*)'|\"([^\"]*)\"|(\S+))")
_ECHO = re.compile(r"^\s*(?:echo|Write-Output)\s+(.*?)\s*(?:; If \(-not.*)?$", re.IGNORECASE | re.DOTALL)

Answer = tuple[int, str, str]


def run(stage: Stage, script: str) -> Answer:
    """Return code, standard output and standard error."""
    if _SHUTDOWN.search(script):
        return _restart(stage, script)
    if _ABORT.search(script):
        return 1116, "", "Unable to abort the system shutdown because no shutdown was in progress.(1116)"
    settled = _SETTLED.search(script)
    if settled:
        return 0, f"{settled.group(1)}\r\n", ""
    if "LastBootUpTime" in script:
        return 0, f"{times.filetime(stage.truth.boot_time)}\r\n", ""
    if re.match(r"\s*whoami\b", script, re.IGNORECASE):
        return 0, "rehearsal\\administrator\r\n", ""
    said = _ECHO.match(script)
    if said:
        return 0, said.group(1).strip("'\"") + "\r\n", ""
    shown = " ".join(script.split())[:200]
    return 1, "", f"The rehearsal does not play this command: {shown}. It plays: echo, whoami, shutdown /r, and what win_reboot asks."


def _restart(stage: Stage, script: str) -> Answer:
    comment = _COMMENT.search(script)
    cause = next((text for text in comment.groups() if text), None) if comment else None
    restart.restart(stage.truth, stage.faults, cause or "restart asked for", "controller", restart.waiting_kb(stage.truth))
    stage.changed_truth = True
    return 0, json.dumps({"stdout": "", "stderr": "", "rc": 0}), ""
