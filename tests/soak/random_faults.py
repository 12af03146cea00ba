# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of simulated hosts, made at random; each kind that the simulator knows has its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ansible_collections.winops.hotpatch.tests.soak.rules import text

PROBES = (
    "os",
    "boot",
    "vbs",
    "update_source",
    "pending",
    "history",
    "quick_fixes",
    "packages",
    "offers",
    "restart_check",
    "monitor",
    "servicing",
)
HRESULTS = ("0x80240017", "0x80073712", "0x800F0922", "0x80070643", "0x8024200B")


def _cut(random: Random) -> dict[str, Any]:
    return {"at_call": random.randint(1, 9), "lost": random.choice(["request", "answer"])}


KINDS: dict[str, Callable[[Random], dict[str, Any]]] = {
    "connection_lost": lambda random: _cut(random) | {"seen_as": random.choice(["unreachable", "http_400", "garbled"])},
    "hang": lambda random: _cut(random) | {"seconds": 0, "lost": random.choice(["request", "answer", "none"])},
    "stays_down": lambda random: {"minutes": random.choice([5, 90, 600]), "times": 1},
    "install_error": lambda random: {"hresult": random.choice(HRESULTS), "times": random.randint(1, 3)},
    "slow_install": lambda random: {"minutes": random.choice([1, 7, 30, 80])},
    "needs_prerequisite": lambda _random: {},
    "restarts_itself": lambda random: {"when": random.choice(["during", "after"]), "times": 1},
    "rolls_back": lambda random: {"times": random.randint(1, 3)},
    "mark_outlives_restart": lambda random: {"source": random.choice(["component_based_servicing", "windows_update"])},
    "system_log_cleared": lambda _random: {},
    "build_stays": lambda random: {"times": random.randint(1, 2)},
    "health_broken": lambda random: {"times": random.randint(1, 2)},
    "not_offered": lambda _random: {},
    "restart_check_error": lambda _random: {},
    "restart_check_wrong": lambda random: {"answer": random.random() < 0.5},
    "probe_error": lambda random: {"probe": random.choice(PROBES), "hresult": "0x80070005"},
    "dism_unregistered": lambda random: {"seconds": random.choice([0, 130])},
    "clock_skew": lambda random: {"seconds": random.choice([-7200, -600, -90, 90, 600, 7200])},
    "memory_unwritable": lambda _random: {},
    "memory_locked": lambda _random: {},
    "memory_unreadable": lambda _random: {},
    "memory_garbage": lambda random: {"text": random.choice(["{", "[]", "null", '{"schema": "other/1"}'])},
    "enrollment_stuck": lambda _random: {},
}
# Where one of these may hold, the memory of the host is not what the steps before have written into it.
OF_MEMORY = ("memory_unwritable", "memory_locked", "memory_unreadable", "memory_garbage")


def random_faults(random: Random, times: list[datetime]) -> list[dict[str, Any]]:
    """Return no fault, one or two; some of them begin right after a run of TIMES has looked, or end before another."""
    found = []
    for kind in random.sample(sorted(KINDS), random.choice([0, 0, 1, 1, 2])):
        fault = {"fault": kind, **KINDS[kind](random)}
        if random.random() < 0.3:
            fault["from"] = text(random.choice(times) + timedelta(seconds=random.choice([0, 1])))
        if random.random() < 0.4:
            fault["to"] = text(random.choice(times) + timedelta(hours=3))
        found.append(fault)
    return found
