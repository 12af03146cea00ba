# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run over hosts that must not restart together, and the proof, from the logs of their calls, that none did."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook

BASELINE_DAY, HOTPATCH_DAY = "2025-10-14T20:00:00Z", "2025-11-11T20:00:00Z"
OBSERVE = "winops.hotpatch.internal_observe"
GONE = {"faults": [{"fault": "connection_lost", "at_call": 1, "lost": "request"}]}
NO_ROLES = {"faults": [{"fault": "probe_error", "probe": "roles"}]}
Span = tuple[float, float]


def run(fleet: Any, policy: str | None = "allowed", *args: str, playbook: str = "cycle", **variables: Any) -> Run:
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), **variables}
    extra |= {} if policy is None else {"hotpatch_restart_policy": policy}
    return run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", fleet.inventory(), "-e", json.dumps(extra), *args)


def words(done: Run) -> dict[str, str]:
    """Return the outcome of each host as the table has it."""
    return {host: line.split()[2] for host, line in done.table().items()}


def batches(done: Run) -> list[list[str]]:
    """Return the hosts that each play of the run began with together."""
    found = [entry["result"] for entry in done.results if entry["task"] == "Look at the budget"]
    return [list(result["batch"]) for result in found]


def restarts(fleet: Any, host: str) -> int:
    return int(fleet.state(host)["counters"]["restarts"])


def looks(fleet: Any, host: str) -> int:
    """Return how often a host was asked what it is, before and after."""
    return sum(entry["name"] == OBSERVE for entry in fleet.log(host))


def at_work(fleet: Any, host: str, since: float = 0) -> Span:
    """Return the real times between which something was done on a host SINCE then: from the first call that is no question to the last."""
    log = [entry for entry in fleet.log(host) if entry["wall"] > since]
    begun = next(number for number, entry in enumerate(log) if entry["name"] != OBSERVE)
    return log[begun]["wall"], log[-1]["wall"]


def together(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def never_together(fleet: Any, hosts: Iterable[str], since: float = 0) -> bool:
    """All of HOSTS have restarted, and no two of them were worked on at the same time SINCE then."""
    names = list(hosts)
    assert all(restarts(fleet, host) for host in names), names
    return not any(together(at_work(fleet, one, since), at_work(fleet, other, since)) for one, other in combinations(names, 2))
