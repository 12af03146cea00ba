# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the observation of a host to its record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from .._catalog.catalog import Catalog
from .._catalog.catalog_view import CatalogView
from .._catalog.release import HOTPATCHES
from .._host.eligibility import judge_eligibility
from .._host.enrollment import EnrollmentVerdict, judge_enrollment
from .._host.health import judge_health
from .._host.history import HostHistory
from .._host.in_force import judge_in_force
from .._host.installed import Evidence, is_install_pending, is_of, read_evidence
from .._host.offers import judge_offers
from .._host.pending_restart import Needed, judge_restart
from .._host.product_line import find_line
from .._host.running import Identity, identify
from .._host.track import Track, TrackVerdict, judge_track
from .._observation.facts import Observation
from .._observation.parsing import parse_observation
from .._policy.policy import Policy
from .record import Record
from .state_rules import derive_state


def interpret(
    host: str, observation: Observation | None, catalog: Catalog, policy: Policy, now: datetime, history: HostHistory | None = None
) -> Record:
    """Return the record that OBSERVATION (None: the host did not answer) gives at NOW (UTC, aware).

    HISTORY is what earlier runs left behind. Raises ValueError where NOW has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    history = history or HostHistory()
    reachable = observation is not None and history.reachable
    seen = observation if observation is not None else parse_observation(None)
    match = find_line(seen.os)
    view = catalog.view(match.line, now) if match.line else None
    evidence = read_evidence(seen)
    identity = identify(view, seen.os.full_build if seen.os else None, evidence) if view else None
    hotpatch_seen = _hotpatch_seen(view, identity)
    eligibility = judge_eligibility(seen, match, hotpatch_seen)
    enrollment = judge_enrollment(seen, match.line, hotpatch_seen, history.enrollment_requested_at, now)
    if view and identity:
        track = judge_track(
            view, identity, evidence, seen.os.full_build if seen.os else None, enrolled=enrollment.verdict is EnrollmentVerdict.ENROLLED
        )
    else:
        track = Track(TrackVerdict.NONE if match.applies.value == "no" else TrackVerdict.UNKNOWN, match.reason, position="none")
    month = view.monthly(view.month) if view else None
    in_force = judge_in_force(seen, view, identity, evidence, eligibility, enrollment)
    restart = judge_restart(seen, view, track)
    base = seen.os.build if seen.os and seen.os.build else 0
    offers = None if seen.offers is None else judge_offers(seen.offers, view, catalog, base)
    record = Record(
        host=host,
        now=now,
        observation=seen,
        reachable=reachable,
        history=history,
        policy=policy,
        generated=catalog.generated_for(match.line),
        overlays=tuple(catalog.overlays),
        match=match,
        view=view,
        evidence=evidence,
        identity=identity,
        eligibility=eligibility,
        enrollment=enrollment,
        track=track,
        month=month,
        target=view.newest_track() if view and month else None,
        offers=offers,
        in_force=in_force,
        restart=restart,
        health=judge_health(seen, in_force.installed_at),
        staged_kb=_staged_kb(view, identity, evidence, seen) if restart.needed is Needed.YES else None,
    )
    state, step = derive_state(record)
    return replace(record, state=state, next_step=step)


def _hotpatch_seen(view: CatalogView | None, identity: Identity | None) -> str | None:
    """Return the hotpatch of the current cycle that the host runs: the one proof of enrollment that cannot be a mere setting."""
    release = identity.on if identity else None
    if view is None or release is None or release.kind not in HOTPATCHES:
        return None
    return release.kb if view.baseline_of(release) == view.newest_baseline() else None


def _staged_kb(view: CatalogView | None, identity: Identity | None, evidence: Evidence, seen: Observation) -> str | None:
    """Return the cumulative update that is installed and comes into force with the restart that is pending."""
    build = seen.os.full_build if seen.os else None
    if view is None or build is None:
        return None
    for kb, builds in sorted(view.updates, key=lambda item: item[1][0], reverse=True):
        if builds[0] <= build:
            return None
        staged = any(is_install_pending(package) and is_of(package, kb, builds) for package in seen.packages or ())
        if staged or evidence.has(kb):
            return kb
    return None
