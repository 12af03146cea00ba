# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook in the background that can be killed in the middle of what it does to a host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook, settings

DAY = "2026-06-14T02:00:00Z"
HOST = {"start_kb": "KB5087423"}


def extra(fleet: Any, now: str = DAY, **more: Any) -> str:
    fleet.now = now
    given = {"hotpatch_now": now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_restart_policy": "allowed", **more}
    return json.dumps(given)


def cycle(fleet: Any, now: str = DAY, playbook: str = "cycle", **more: Any) -> Any:
    given = extra(fleet, now, **more)
    return run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", fleet.inventory(), "-e", given)


def hanging(seconds: int, lost: str = "answer") -> dict[str, Any]:
    """A host whose update client has installed and does not answer for so long, if ever."""
    return {**HOST, "faults": [{"fault": "hang", "at_call": 4, "lost": lost, "seconds": seconds}]}


@contextmanager
def in_background(fleet: Any, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A cycle over the fleet as it is now; what is left of the playbook itself is ended in the end."""
    given = extra(fleet, **more)
    command = [sys.executable, "-m", "ansible", "playbook", "-i", str(fleet.inventory()), "winops.hotpatch.cycle"]
    log = (fleet.folder / "background.log").open("wb")
    env = os.environ | settings(fleet.folder, fleet.folder / "background.jsonl")
    process = subprocess.Popen([*command, "-e", given], cwd=fleet.folder, stdout=log, stderr=log, env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def wait_for(true: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def record_of(fleet: Any, run_id: str, host: str = "srv01") -> dict[str, Any]:
    path = Path(fleet.folder) / "records" / host / f"{run_id}.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def installs(fleet: Any, host: str = "srv01") -> int:
    try:
        return int(fleet.state(host)["counters"]["installs"])
    except (OSError, ValueError):
        return 0


def restarts(fleet: Any, host: str = "srv01") -> int:
    return len([boot for boot in fleet.state(host)["boots"] if boot["requested_by"] != "setup"])
