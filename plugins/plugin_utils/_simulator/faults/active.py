# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of one host: checked as its inventory gives them, and asked together at its present time.

All faults take `kb` (only with this update), `from` and `to` (only between these times) and `times` (so many times and never again).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..host import values
from ..host.model import Truth
from ..host.problems import DescriptionError
from . import connection, memory, reports, updates
from .fault import KINDS, Fault

# Importing a file enters its faults in KINDS; this keeps them.
_FILES = (connection, memory, reports, updates)
_COMMON: dict[str, values.Check] = {"kb": values.kb, "from": values.moment, "to": values.moment, "times": values.at_least(1)}


def FAULT(variable: str, value: Any) -> dict[str, Any]:  # noqa: N802 - a check, like those made in host_description
    """The check of one entry of the inventory's list of faults."""
    if not isinstance(value, Mapping) or value.get("fault") not in KINDS:
        named = value.get("fault") if isinstance(value, Mapping) else value
        raise DescriptionError(f"{variable}.fault", named, f"Give a mapping with fault: one of {', '.join(sorted(KINDS))}.")
    kind = KINDS[str(value["fault"])]
    check = values.mapping({"fault": values.text, **_COMMON, **kind.keys}, required=("fault", *kind.required))
    found: dict[str, Any] = check(variable, value)
    return found


class Faults:
    """All faults of one host, asked together at its present time."""

    def __init__(self, given: list[dict[str, Any]], truth: Truth) -> None:
        self._all = [KINDS[entry["fault"]](number, entry) for number, entry in enumerate(given)]
        self._truth = truth

    def active(self, kb: str | None = None) -> Iterator[Fault]:
        """Those that hold now, for this update where one is named."""
        clock = self._truth.clock
        for fault in self._all:
            given = fault.given
            if kb is not None and given.get("kb", kb) != kb:
                continue
            if clock < given.get("from", clock) or clock > given.get("to", clock) or given.get("on", clock)[:10] != clock[:10]:
                continue
            if self._truth.faults_met.get(fault.id, 0) >= given.get("times", fault.times):
                continue
            yield fault

    def met(self, fault: Fault) -> None:
        """Counts that a fault struck; only what changes the host may count."""
        self._truth.faults_met[fault.id] = self._truth.faults_met.get(fault.id, 0) + 1
