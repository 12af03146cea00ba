# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interpreted state of one host: the only thing that reports, plans and decisions read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from .._catalog.catalog_view import CatalogView
from .._catalog.release import Release
from .._host.eligibility import Eligibility, EligibilityVerdict
from .._host.enrollment import Enrollment, EnrollmentVerdict
from .._host.health import Health
from .._host.history import HostHistory
from .._host.in_force import InForce
from .._host.installed import Evidence
from .._host.offers import JudgedOffer
from .._host.pending_restart import RestartNeed
from .._host.platform import find_platform
from .._host.product_line import LineMatch
from .._host.running import Identity
from .._host.track import Track
from .._observation.facts import Observation
from .._policy.policy import Policy
from .._values.moments import iso
from .state import SEVERITY, State

SCHEMA = "winops.hotpatch/record/1"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The reason for a state, and the next step."""

    reason: str
    action: str
    when: str | None = None

    @property
    def summary(self) -> str:
        """One line that holds both."""
        return f"{self.reason} Next: {self.action}{f' ({self.when})' if self.when else ''}."


@dataclass(frozen=True, slots=True)
class Record:
    """One host at one time. The observation that it was made from stays with it, so that two records can be compared."""

    host: str
    now: datetime
    observation: Observation
    reachable: bool
    history: HostHistory
    policy: Policy
    generated: date
    overlays: tuple[str, ...]
    match: LineMatch
    view: CatalogView | None
    evidence: Evidence
    identity: Identity | None
    eligibility: Eligibility
    enrollment: Enrollment
    track: Track
    month: Release | None
    target: Release | None
    offers: tuple[JudgedOffer, ...] | None
    in_force: InForce
    restart: RestartNeed
    health: Health
    staged_kb: str | None
    state: State = State.UNKNOWN
    next_step: NextStep = NextStep("The state was not derived yet.", "derive it")

    @property
    def line(self) -> str | None:
        """The product line."""
        return self.match.line

    @property
    def enrolled(self) -> bool:
        """True if the host is eligible and enrolled, so that its track matters."""
        return self.eligibility.verdict is EligibilityVerdict.ELIGIBLE and self.enrollment.verdict is EnrollmentVerdict.ENROLLED

    @property
    def in_target(self) -> bool:
        """True if the newest release of the track is what the host runs."""
        return self.target is not None and self.in_force.release_kb == self.target.kb

    @property
    def withdrawn_in_force(self) -> Release | None:
        """The release that the host runs, where it was withdrawn and nothing newer took its place."""
        running = self.view.by_kb(self.in_force.release_kb) if self.view and self.in_force.release_kb else None
        if running is None or running.withdrawn is None or (self.target is not None and self.target.build > running.build):
            return None
        return running

    @property
    def newest_lcu(self) -> bool:
        """True if the host runs the newest ordinary cumulative update (in a baseline month: the baseline)."""
        newest = self.view.newest_lcu_build() if self.view else None
        return newest is not None and self.in_force.release_kb == newest[0]

    @property
    def summary(self) -> str:
        """One sentence that says what the host is and what to do next."""
        return self.next_step.summary

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form, schema C(winops.hotpatch/record/1)."""
        os = asdict(self.observation.os) if self.observation.os else {}
        return {
            "schema": SCHEMA,
            "host": self.host,
            "observed_at": iso(self.observation.observed_at),
            "catalog": {"generated": self.generated.isoformat(), "overlays": list(self.overlays)},
            "os": {**os, "product_line": self.line},
            "platform": find_platform(self.observation).to_dict(),
            "eligibility": self.eligibility.to_dict(),
            "enrollment": self.enrollment.to_dict(),
            "track": self.track.to_dict(),
            "month": _month(self.month),
            "offers": None if self.offers is None else [offer.to_dict() for offer in self.offers],
            "in_force": self.in_force.to_dict(),
            "installed": sorted(self.evidence.installed) if self.evidence.known else None,
            "staged_kb": self.staged_kb,
            "policy": self.policy.to_dict(self.now),
            "out_of_service": self.history.out_of_service,
            "boot_time": iso(self.observation.boot_time),
            "restart_journal": [entry.to_dict() for entry in self.history.restart_journal],
            "restart": self.restart.to_dict(),
            "health": self.health.to_dict(),
            "errors": [asdict(error) for error in self.observation.errors],
            "state": self.state.value,
            "severity": SEVERITY[self.state],
            "summary": self.next_step.summary,
            "next_step": {"action": self.next_step.action, "when": self.next_step.when},
        }


def _month(release: Release | None) -> dict[str, Any] | None:
    if release is None:
        return None
    return {
        "month": release.month,
        "planned_kind": release.planned_kind.value if release.planned_kind else None,
        "kind": release.kind.value,
        "kb": release.kb,
        "build": str(release.build),
        "released": release.released.isoformat(),
        "restart": release.restart,
        "source": list(release.source),
    }
