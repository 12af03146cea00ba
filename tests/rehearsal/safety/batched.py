# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cycle over hosts that must not restart together, and the proof from what they keep themselves that none did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook

BASELINE_DAY, HOTPATCH_DAY = "2025-10-14T20:00:00Z", "2025-11-11T20:00:00Z"
OBSERVE = "winops.hotpatch.internal_observe"
LOOK, DECIDE = "Look at the host", "Ask the host what it is, and decide"


def cycle(fleet: Any, policy: str | None = "allowed", *args: str, playbook: str = "cycle", **variables: Any) -> Run:
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), **variables}
    extra |= {} if policy is None else {"hotpatch_restart_policy": policy}
    return run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", fleet.inventory(), "-e", json.dumps(extra), *args)


def words(run: Run) -> dict[str, str]:
    """Return the outcome of each host as the table has it."""
    return {host: line.split()[2] for host, line in run.table().items()}


def restarts(fleet: Any, host: str) -> int:
    return int(fleet.state(host)["counters"]["restarts"])


def batches(run: Run) -> list[list[str]]:
    """Return the batches as -v lists them."""
    lines = [line.strip().partition(": ") for line in run.output.splitlines() if line.startswith("  batch ")]
    return [names.split(", ") for _number, _colon, names in lines]


def at_work(fleet: Any, host: str) -> tuple[float, float] | None:
    """Return the real times between which a host was being changed, from the log of its calls; None if it never was."""
    times = [entry["real"] for entry in fleet.log(host) if entry["changed"]]
    return (min(times), max(times)) if times else None


def assert_apart(fleet: Any, hosts: Iterable[str]) -> None:
    """No two of HOSTS were at work at the same time, and all of them were."""
    spans = {host: at_work(fleet, host) for host in hosts}
    assert all(spans.values()), spans
    for one, other in combinations(spans, 2):
        assert spans[one][1] < spans[other][0] or spans[other][1] < spans[one][0], (one, other, spans)  # type: ignore[index]


def most_at_once(fleet: Any, hosts: Sequence[str]) -> int:
    spans = [span for host in hosts if (span := at_work(fleet, host))]
    return max(sum(begin <= start <= end for begin, end in spans) for start, _end in spans)
