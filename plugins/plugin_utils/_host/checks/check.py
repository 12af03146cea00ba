# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..._observation.facts import Observation
from ..._values.plain_fields import PlainFields
from ..product_line import LineMatch

DOC_HOTPATCH = "learn.microsoft.com/windows-server/get-started/hotpatch"
DOC_SERVER = "learn.microsoft.com/windows-server/get-started/enable-hotpatch-azure-arc-enabled-servers"
DOC_CLIENT = "learn.microsoft.com/intune/device-updates/windows/hotpatch"


class Result(StrEnum):
    """The outcome of one check."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not_needed"


class Weight(StrEnum):
    """The weight of a check in the verdict."""

    PREREQUISITE = "prerequisite"  # a failure makes the host ineligible, an unknown makes the verdict unknown
    IF_KNOWN = "if_known"  # a failure makes the host ineligible, an unknown is only reported
    REPORT = "report"  # only reported here: the decision has its own rule for it


@dataclass(frozen=True, slots=True)
class Check(PlainFields):
    """One check and its outcome. C(never) says that no remedy exists: this Windows can never hotpatch."""

    id: str
    result: Result
    observed: str | None
    required: str
    reason: str
    remedy: str | None
    needs_restart: bool
    source: str | None
    weight: Weight
    never: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        found = PlainFields.to_dict(self)
        del found["weight"], found["never"]
        return found


@dataclass(frozen=True, slots=True)
class Criterion:
    """The requirement of a check; its methods make the outcome."""

    id: str
    required: str
    source: str | None = None
    weight: Weight = Weight.PREREQUISITE

    def passed(self, observed: str | None, reason: str) -> Check:
        """It is met."""
        return Check(self.id, Result.PASS, observed, self.required, reason, None, False, self.source, self.weight, False)

    def not_needed(self, reason: str, observed: str | None = None) -> Check:
        """It does not apply to this host."""
        return Check(self.id, Result.NOT_NEEDED, observed, self.required, reason, None, False, self.source, self.weight, False)

    def unknown(self, reason: str, remedy: str, observed: str | None = None) -> Check:
        """Return this criterion as unknown, with REASON and REMEDY."""
        return Check(self.id, Result.UNKNOWN, observed, self.required, reason, remedy, False, self.source, self.weight, False)

    def failed(self, observed: str | None, reason: str, remedy: str, *, needs_restart: bool = False) -> Check:
        """It is not met, and REMEDY changes that."""
        return Check(self.id, Result.FAIL, observed, self.required, reason, remedy, needs_restart, self.source, self.weight, False)

    def never(self, observed: str | None, reason: str, remedy: str) -> Check:
        """It is not met and cannot be on this Windows."""
        return Check(self.id, Result.FAIL, observed, self.required, reason, remedy, False, self.source, self.weight, True)


@dataclass(frozen=True, slots=True)
class CheckInput:
    """The facts that a check may look at. C(hotpatch_seen) is an installed hotpatch: the proof that settles disputed editions."""

    observation: Observation
    finding: LineMatch
    hotpatch_seen: str | None

    @property
    def line(self) -> str:
        """The product line; empty where there is none."""
        return self.finding.line or ""

    @property
    def is_client(self) -> bool:
        """True if the line is one of clients."""
        return self.line.startswith("win11")
