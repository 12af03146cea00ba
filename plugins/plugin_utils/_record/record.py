# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interpreted state of one host: the only thing that reports, plans and decisions read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from .._catalog.catalog import Catalog
from .._catalog.catalog_view import CatalogView
from .._catalog.release import HOTPATCHES, Release
from .._host.eligibility import Eligibility, judge_eligibility
from .._host.enrollment import Enrolment, EnrolmentVerdict, judge_enrolment
from .._host.health import Health, judge_health
from .._host.history import HostHistory
from .._host.in_force import InForce, judge_in_force
from .._host.installed import Evidence, is_of, is_pending, is_removal_pending, read_evidence
from .._host.offers import JudgedOffer, judge_offers
from .._host.pending_restart import Needed, RestartNeed, judge_restart
from .._host.platform import find_platform
from .._host.product_line import LineMatch, find_line
from .._host.running import Identity, identify, off_releases
from .._host.track import Track, TrackVerdict, judge_track
from .._observation.facts import Observation
from .._observation.parsing import parse_observation
from .._policy.policy import Policy
from .._values.times import iso
from .axes import Axes, Finding
from .state import SEVERITY, State, derive_state

SCHEMA = "winops.hotpatch/record/1"


@dataclass(frozen=True, slots=True)
class Record:
    """One host at one time. The observation that it was made from stays with it, so that two records can be compared."""

    host: str
    now: datetime
    observation: Observation
    context: HostHistory
    generated: date
    overlays: tuple[str, ...]
    finding: LineMatch
    view: CatalogView | None
    evidence: Evidence
    identity: Identity | None
    eligibility: Eligibility
    enrolment: Enrolment
    track: Track
    month: Release | None
    target: Release | None
    offers: tuple[JudgedOffer, ...] | None
    in_force: InForce
    restart: RestartNeed
    health: Health
    waiting: str | None
    state: State
    outlook: Finding

    @property
    def line(self) -> str | None:
        """The product line."""
        return self.finding.line

    @property
    def summary(self) -> str:
        """One sentence that says what the host is and what to do next."""
        return self.outlook.summary

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
            "enrolment": self.enrolment.to_dict(),
            "track": self.track.to_dict(),
            "month": _month(self.month),
            "offers": None if self.offers is None else [offer.to_dict() for offer in self.offers],
            "in_force": self.in_force.to_dict(),
            "installed": sorted(self.evidence.installed) if self.evidence.known else None,
            "waiting": self.waiting,
            "restart": self.restart.to_dict(),
            "health": self.health.to_dict(),
            "errors": [asdict(error) for error in self.observation.errors],
            "state": self.state.value,
            "severity": SEVERITY[self.state],
            "summary": self.outlook.summary,
            "next_action": {"action": self.outlook.action, "when": self.outlook.when},
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


def interpret(
    host: str, observation: Observation | None, catalog: Catalog, policy: Policy, now: datetime, context: HostHistory | None = None
) -> Record:
    """Return what OBSERVATION (None: the host did not answer) means at NOW."""
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    context = context or HostHistory()
    reachable = observation is not None and context.reachable
    seen = observation if observation is not None else parse_observation(None)
    finding = find_line(seen.os)
    view = catalog.view(finding.line, now) if finding.line else None
    evidence = read_evidence(seen)
    identity = identify(view, seen.os.full_build if seen.os else None, evidence) if view else None
    hotpatch_seen = _hotpatch_seen(view, identity)
    eligibility = judge_eligibility(seen, finding, hotpatch_seen)
    enrolment = judge_enrolment(seen, finding.line, hotpatch_seen, context.enrolment_requested_at, now)
    if view and identity:
        track = judge_track(
            view, identity, evidence, seen.os.full_build if seen.os else None, enrolled=enrolment.verdict is EnrolmentVerdict.ENROLLED
        )
    else:
        track = Track(TrackVerdict.NONE if finding.applies.value == "no" else TrackVerdict.UNKNOWN, finding.reason, position="none")
    month = view.monthly(view.month) if view else None
    target = view.newest_track() if view and month else None
    in_force = judge_in_force(seen, view, identity, evidence, eligibility, enrolment)
    restart = judge_restart(seen, view, track)
    health = judge_health(seen, in_force.installed_at)
    base = seen.os.build if seen.os and seen.os.build else 0
    offers = None if seen.offers is None else judge_offers(seen.offers, view, catalog, base)
    waiting = _waiting(view, identity, evidence, seen) if restart.needed is Needed.YES else None
    newest = view.newest_lcu_build() if view else None
    generated = catalog.generated_for(finding.line)
    axes = Axes(
        now=now,
        observation=seen,
        reachable=reachable,
        context=context,
        policy=policy,
        generated=generated,
        finding=finding,
        view=view,
        eligibility=eligibility,
        enrolment=enrolment,
        track=track,
        month=month,
        target=target,
        in_force=in_force,
        restart=restart,
        health=health,
        waiting=waiting,
        newest_lcu=newest is not None and in_force.release_kb == newest[0],
    )
    state, outlook = derive_state(axes)
    return Record(
        host=host,
        now=now,
        observation=seen,
        context=context,
        generated=generated,
        overlays=tuple(catalog.overlays),
        finding=finding,
        view=view,
        evidence=evidence,
        identity=identity,
        eligibility=eligibility,
        enrolment=enrolment,
        track=track,
        month=month,
        target=target,
        offers=offers,
        in_force=in_force,
        restart=restart,
        health=health,
        waiting=waiting,
        state=state,
        outlook=outlook,
    )


def _hotpatch_seen(view: CatalogView | None, identity: Identity | None) -> str | None:
    """Return the hotpatch of the current cycle that the host runs: the one proof of enrolment that cannot be a mere setting."""
    release = identity.on if identity else None
    if view is None or release is None or release.kind not in HOTPATCHES:
        return None
    return release.kb if view.baseline_of(release) == view.newest_baseline() else None


def _waiting(view: CatalogView | None, identity: Identity | None, evidence: Evidence, seen: Observation) -> str | None:
    """Return the cumulative update that is installed and comes into force with the restart that is pending."""
    build = seen.os.full_build if seen.os else None
    if view is None or build is None:
        return None
    candidates = [(release.kb, release.builds) for release in view.track]
    candidates += [(release.kb, (release.build,)) for release in off_releases(view)]
    for kb, builds in sorted(candidates, key=lambda item: item[1][0], reverse=True):
        if builds[0] <= build:
            return None
        staged = any(
            is_pending(package) and not is_removal_pending(package) and is_of(package, kb, builds) for package in seen.packages or ()
        )
        if staged or evidence.has(kb):
            return kb
    return None
