# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The eligibility of a host for hotpatching, and the checks that stand against it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .._observation.facts import Observation
from .._values.plain_fields import PlainFields
from .checks.check import Check, CheckInput, Result, Weight
from .checks.every_check import CHECKS
from .product_line import Applies, LineMatch


class EligibilityVerdict(StrEnum):
    """The eligibility of a host."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Eligibility(PlainFields):
    """The verdict and every check."""

    verdict: EligibilityVerdict
    checks: tuple[Check, ...]

    def deciding(self, result: Result) -> tuple[Check, ...]:
        """Return the checks with RESULT that count for the verdict."""
        weights = (Weight.PREREQUISITE, Weight.IF_KNOWN) if result is Result.FAIL else (Weight.PREREQUISITE,)
        return tuple(check for check in self.checks if check.result is result and check.weight in weights)


def judge_eligibility(observation: Observation, finding: LineMatch, hotpatch_seen: str | None) -> Eligibility:
    """Return the eligibility of the host of OBSERVATION. Without a product line only its version is judged."""
    given = CheckInput(observation, finding, hotpatch_seen)
    checks = tuple(check(given) for check in (CHECKS if finding.line else CHECKS[:1]))
    found = Eligibility(EligibilityVerdict.ELIGIBLE, checks)
    failed = found.deciding(Result.FAIL)
    if any(check.never for check in failed):
        return Eligibility(EligibilityVerdict.NOT_APPLICABLE, checks)
    if failed:
        return Eligibility(EligibilityVerdict.INELIGIBLE, checks)
    if finding.applies is Applies.UNKNOWN or found.deciding(Result.UNKNOWN):
        return Eligibility(EligibilityVerdict.UNKNOWN, checks)
    return found
