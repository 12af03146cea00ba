# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of the way to the host: no answer comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from ..host import values
from .fault import Fault, Interruption


class ConnectionLost(Fault):
    """The connection breaks at the n-th call since the fleet's date last moved; `on` limits it to one day."""

    name = "connection_lost"
    keys: ClassVar[Mapping[str, values.Check]] = {
        "at_call": values.at_least(1),
        "on": values.moment,
        "lost": values.choice("request", "answer"),
        "seen_as": values.choice("unreachable", "http_400", "garbled"),
    }
    required = ("at_call",)

    def interrupts(self, call: int) -> Interruption | None:
        if call != self.given["at_call"]:
            return None
        message = "the connection was closed by the simulated host"
        return Interruption(self.given.get("lost", "request"), 0, message, self.given.get("seen_as", "unreachable"))


class Hang(ConnectionLost):
    """The host does not answer; after so many seconds of real time the connection gives up, or the answer comes after all."""

    name = "hang"
    keys: ClassVar[Mapping[str, values.Check]] = {
        **ConnectionLost.keys,
        "lost": values.choice("request", "answer", "none"),
        "seconds": values.at_least(0),
    }

    def interrupts(self, call: int) -> Interruption | None:
        seconds = float(self.given.get("seconds", 1))
        found = super().interrupts(call)
        return found and replace(found, seconds=seconds, message=f"the simulated host gave no answer for {seconds:g} seconds")


class StaysDown(Fault):
    """After a restart the host cannot be reached for so many simulated minutes."""

    name = "stays_down"
    keys: ClassVar[Mapping[str, values.Check]] = {"minutes": values.at_least(1)}

    def down_for_minutes(self) -> int:
        return int(self.given.get("minutes", 60 * 24))
