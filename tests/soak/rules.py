# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator forbids, as it is written into an inventory, and what it means at a moment by plain comparison of times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any


def text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """From BEGIN up to and without END; WRITTEN is what stands in the inventory."""

    begin: datetime
    end: datetime
    written: dict[str, Any]

    def holds(self, at: datetime) -> bool:
        return self.begin <= at < self.end


def span(begin: datetime, end: datetime, last: str = "to", *, days: bool = False) -> Span:
    """Make a span, written with times, or with whole DAYS, of which the last is included."""
    if not days:
        return Span(begin, end, {"from": text(begin), last: text(end)})
    first, until = begin.replace(hour=0, minute=0, second=0), end.replace(hour=0, minute=0, second=0)
    return Span(first, until + timedelta(days=1), {"from": f"{first:%Y-%m-%d}", last: f"{until:%Y-%m-%d}"})


@dataclass
class Layer:
    """One variable hotpatch_policy_*."""

    restarts: list[Span] = field(default_factory=list)
    changes: list[Span] = field(default_factory=list)
    windows: list[Span] = field(default_factory=list)
    holds: list[Span] = field(default_factory=list)
    denials: dict[str, Span] = field(default_factory=dict)
    opted_out: bool = False

    def written(self) -> dict[str, Any]:
        """Return it as it stands in the inventory."""
        freezes = [entry.written for entry in self.restarts] + [entry.written | {"forbids": "changes"} for entry in self.changes]
        denied = [{"kb": kb, "until": entry.written["to"]} for kb, entry in self.denials.items()]
        found: dict[str, Any] = {"freezes": freezes, "windows": [entry.written for entry in self.windows], "deny": denied}
        # A layer has one hold.
        hold = self.holds[0].written | {"reason": "audit", "owner": "team-a"} if self.holds else None
        flags = {"opted_out": True} if self.opted_out else {}
        return {key: value for key, value in {**found, "hold": hold, **flags}.items() if value}


@dataclass
class Rules:
    """All layers that count for one host."""

    layers: list[Layer] = field(default_factory=list)

    def forbids_change(self, at: datetime) -> str | None:
        """Return the kind of the rule that forbids any change AT that moment."""
        if any(layer.opted_out for layer in self.layers):
            return "opted_out"
        if _any(at, (layer.holds for layer in self.layers)):
            return "hold"
        return "freeze of changes" if _any(at, (layer.changes for layer in self.layers)) else None

    def forbids_restart(self, at: datetime) -> str | None:
        """Return the kind of the rule that forbids a restart AT that moment."""
        if _any(at, (layer.restarts for layer in self.layers)):
            return "freeze of restarts"
        if any(layer.windows and not _any(at, [layer.windows]) for layer in self.layers):
            return "window"
        return self.forbids_change(at)

    def denies(self, kb: str, at: datetime) -> bool:
        return any(kb in layer.denials and at < layer.denials[kb].end for layer in self.layers)


def _any(at: datetime, groups: Iterable[list[Span]]) -> bool:
    return any(entry.holds(at) for group in groups for entry in group)
