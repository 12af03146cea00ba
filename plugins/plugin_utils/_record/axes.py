# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The independent answers that a state is derived from, and what is said about the state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .._catalog.catalog_view import CatalogView
from .._catalog.release import Release
from .._host.eligibility import Eligibility, EligibilityVerdict
from .._host.enrollment import Enrolment, EnrolmentVerdict
from .._host.health import Health
from .._host.history import HostHistory
from .._host.in_force import InForce
from .._host.pending_restart import RestartNeed
from .._host.product_line import LineMatch
from .._host.track import Track
from .._observation.facts import Observation
from .._policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Axes:
    """The independent answers that a state is derived from."""

    now: datetime
    observation: Observation
    reachable: bool
    context: HostHistory
    policy: Policy
    generated: date
    finding: LineMatch
    view: CatalogView | None
    eligibility: Eligibility
    enrolment: Enrolment
    track: Track
    month: Release | None
    target: Release | None
    in_force: InForce
    restart: RestartNeed
    health: Health
    waiting: str | None
    newest_lcu: bool

    @property
    def enrolled(self) -> bool:
        """Whether the host is eligible and enrolled, so that its track matters."""
        return self.eligibility.verdict is EligibilityVerdict.ELIGIBLE and self.enrolment.verdict is EnrolmentVerdict.ENROLLED

    @property
    def in_target(self) -> bool:
        """Whether the newest release of the track is what the host runs."""
        return self.target is not None and self.in_force.release_kb == self.target.kb

    @property
    def withdrawn_in_force(self) -> Release | None:
        """The release that the host runs, where it was withdrawn and nothing newer took its place."""
        running = self.view.by_kb(self.in_force.release_kb) if self.view and self.in_force.release_kb else None
        if running is None or running.withdrawn is None or (self.target is not None and self.target.build > running.build):
            return None
        return running


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a state was chosen, and what to do next."""

    reason: str
    action: str
    when: str | None = None

    @property
    def summary(self) -> str:
        """One line that holds both."""
        return f"{self.reason} Next: {self.action}{f' ({self.when})' if self.when else ''}."
