# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release in force on a host, and the strength of its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .._catalog.catalog_view import CatalogView
from .._catalog.release import HOTPATCHES
from .._observation.facts import Observation
from .._values.build import Build
from .._values.plain_fields import PlainFields
from .eligibility import Eligibility, EligibilityVerdict
from .enrollment import Enrollment, EnrollmentVerdict
from .installed import Evidence
from .running import Identity

PROOF_NAMES = (
    "nothing",
    "configured",
    "prerequisites_running",
    "enrolled",
    "installed",
    "build_matches",
    "no_restart_since_baseline",
)
# Below this a release is installed without being confirmed.
CONFIRMED = 5


@dataclass(frozen=True, slots=True)
class InForce(PlainFields):
    """The release that a host runs, and the rung of the ladder of proof that it reaches."""

    build: Build | None
    release_kb: str | None
    kind: str | None
    installed_at: datetime | None
    proof: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return PlainFields.to_dict(self) | {"proof_name": PROOF_NAMES[self.proof]}


def judge_in_force(
    observation: Observation,
    view: CatalogView | None,
    identity: Identity | None,
    evidence: Evidence,
    eligibility: Eligibility,
    enrollment: Enrollment,
) -> InForce:
    """Return the release in force and its proof. Each rung needs the one below it; a rung that cannot be judged ends the climb."""
    build = observation.os.full_build if observation.os else None
    kb = kind = None
    if identity is not None and identity.on is not None:
        kb, kind = identity.on.kb, identity.on.kind.value
    elif identity is not None and identity.off is not None:
        kb, kind = identity.off.kb, identity.off.kind
    installed_at = evidence.since.get(kb) if kb else None
    return InForce(build, kb, kind, installed_at, _climb(observation, view, identity, evidence, eligibility, enrollment))


def _climb(
    observation: Observation,
    view: CatalogView | None,
    identity: Identity | None,
    evidence: Evidence,
    eligibility: Eligibility,
    enrollment: Enrollment,
) -> int:
    enrolled = enrollment.verdict is EnrollmentVerdict.ENROLLED
    vbs = observation.vbs
    if not enrolled and not (vbs and (vbs.configured == 1 or vbs.status in (1, 2))):
        return 0
    if eligibility.verdict is not EligibilityVerdict.ELIGIBLE:
        return 1
    if not enrolled:
        return 2
    release = identity.on if identity else None
    if view is None or release is None or not evidence.has(release.kb):
        return 3
    # The host was identified by its build, so from here the build equals the catalog's unless that build is disputed.
    if observation.os is None or observation.os.full_build not in release.builds:
        return 4
    if release.kind not in HOTPATCHES:
        return 5
    baseline = view.baseline_of(release)
    dates = [evidence.since.get(item.kb) for item in (view.cycle(baseline) if baseline else ()) if item.kind in HOTPATCHES]
    first = min((day for day in dates if day is not None), default=None)
    if first is None or observation.boot_time is None or observation.boot_time > first:
        return 5
    return 6
