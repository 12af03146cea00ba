# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets of simulated hosts, made at random."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ansible_collections.winops.hotpatch.tests.soak.random_faults import random_faults
from ansible_collections.winops.hotpatch.tests.soak.releases import LINES, on_track_before, releases
from ansible_collections.winops.hotpatch.tests.soak.rules import Layer, Rules, span, text

PENDING = ("component_based_servicing", "windows_update", "pending_file_rename", "server_manager")
DOTNET = {"kb": "KB5099001", "title": "2026-06 Cumulative Update for .NET Framework 3.5 and 4.8.1 (KB5099001)", "requires_restart": True}
DRIVER = {"kb": "KB5099002", "title": "Contoso - Net - 1.2.3 (KB5099002)", "reboot_behavior": 2, "categories": ["Drivers"]}


@dataclass
class SoakHost:
    """One host: what stands in its inventory without the prefix of the rehearsal, and the rules that count for it."""

    name: str
    line: str
    given: dict[str, Any]
    layers: dict[str, Layer] = field(default_factory=dict)
    hooks: tuple[str, ...] = ()

    def rules(self, *more: Layer) -> Rules:
        return Rules([*self.layers.values(), *more])


def random_fleet(random: Random, times: list[datetime], size: int) -> list[SoakHost]:
    """Return hosts for runs at TIMES."""
    fleet = random_layer(random, times, _kbs(LINES[0]), often=0.35)
    ring = random_layer(random, times, _kbs(LINES[1]), often=0.3)
    hooks = random.choice(
        [(), ("drain", "health", "resume"), ("drain", "health", "resume"), ("before", "drain", "health", "resume", "after")]
    )
    hosts = []
    for number in range(1, size + 1):
        line = random.choice([LINES[0], *LINES])
        host = SoakHost(f"srv{number:02}", line, random_host(random, line, times), {"hotpatch_policy_fleet": fleet}, hooks)
        if number % 2:
            host.layers["hotpatch_policy_ring"] = ring
        if random.random() < 0.6:
            host.layers["hotpatch_policy_host"] = random_layer(random, times, _kbs(line), often=0.35)
        hosts.append(host)
    return hosts


def _kbs(line: str) -> list[str]:
    return [release.kb for release in releases(line) if release.month >= "2025-07"]


def random_host(random: Random, line: str, times: list[datetime]) -> dict[str, Any]:
    """Return the description of a host; most are in good order."""
    found: dict[str, Any] = {"line": line, "faults": random_faults(random, times), "events": _events(random, line, times)}
    earlier = on_track_before(line, times[0])[-4:]
    if earlier and random.random() < 0.7:
        found["start_kb"] = random.choice(earlier).kb
    if line == "ws2025":
        found["platform"] = random.choice(["arc", "arc", "arc", "azure", "azure", "azure_local", "on_premises"])
    rare: dict[str, Any] = {
        "enrollment": random.choice(["not_enrolled", "pending", "stuck"]),
        "vbs_status": random.choice([0, 1]),
        "update_source": random.choice(["wsus", "configmgr"]),
        "administrator": False,
        "powershell": "7.5.1",
        "roles": [random.choice(["failover_cluster", "domain_controller"])],
        "monitor": random.choice(["stopped", "missing"]),
        "servicing_busy": True,
        "wuauserv": "disabled",
        "free_bytes": 10_000_000,
    }
    found |= {name: value for name, value in rare.items() if random.random() < 0.02}
    if random.random() < 0.15:
        found["pending"] = [random.choice(PENDING)]
    if random.random() < 0.15:
        found["offers_extra"] = [random.choice([DOTNET, DRIVER])]
    if random.random() < 0.06:
        extra = [entry.kb for entry in releases(line) if entry.kind == "oob_lcu" and entry.released < times[0].date()]
        found["start_extra"] = extra[-1:]
    return found


def _events(random: Random, line: str, times: list[datetime]) -> list[dict[str, Any]]:
    """Return things that happen by themselves, many of them while a run is at work."""
    found = []
    for _number in range(random.choice([0, 0, 0, 1, 2])):
        at = random.choice(times) + timedelta(minutes=random.choice([-120, -3, 2, 5, 9, 20, 30, 300]))
        kb = random.choice([release.kb for release in releases(line) if abs(release.released - times[0].date()) < timedelta(days=70)])
        event: dict[str, Any] = random.choice(
            [
                {"do": "restart", "by": random.choice(["event", "windows", "power"])},
                {"do": "install", "kb": kb, "restart": random.random() < 0.5},
                {"do": "pending", "source": random.choice(PENDING)},
                {"do": "busy"},
                {"do": random.choice(["vbs_stop", "vbs_start", "unenroll", "enroll", "monitor_stop", "monitor_start", "clone"])},
            ]
        )
        found.append({"at": text(at), **event})
        if event["do"] == "busy":
            found.append({"at": text(at + timedelta(hours=random.choice([1, 30]))), "do": "idle"})
    return found


def random_layer(random: Random, times: list[datetime], kbs: list[str], *, often: float) -> Layer:
    """Return rules that begin and end near TIMES, also within the minutes that a run takes."""

    def edges() -> tuple[datetime, datetime]:
        edge = random.choice(times) + timedelta(minutes=random.choice([-60, -1, 0, 1, 8, 12, 20, 28, 33, 40]))
        length = timedelta(minutes=random.choice([20, 45, 600, 3000]))
        return (edge, edge + length) if random.random() < 0.6 else (edge - length, edge)

    layer = Layer()
    for spans, chance in ((layer.restarts, 0.5), (layer.changes, 0.25), (layer.holds, 0.2)):
        if random.random() < chance * often:
            last = "until" if spans is layer.holds else "to"
            spans.append(span(*edges(), last, days=random.random() < 0.2))
    if random.random() < often * 0.6:
        layer.windows += [
            span(time - timedelta(minutes=30), time + timedelta(minutes=random.choice([12, 25, 35, 44, 300]))) for time in times
        ]
        layer.windows = random.sample(layer.windows, max(1, len(times) * 2 // 3))
    if random.random() < often * 0.6:
        for kb in random.sample(kbs, min(4, len(kbs))):
            layer.denials[kb] = span(*edges(), days=True)
    layer.opted_out = random.random() < 0.03 * often
    return layer
