# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The updates that are installed and come into force with the next restart: the restart is judged like their installation."""

from __future__ import annotations

from dataclasses import replace

from .._host.installed import goes_with_restart, is_cumulative, is_install_pending, is_of
from .._host.offers import LEAVING, Restart, class_of_kb
from .._host.track import TrackVerdict
from .._observation.update_facts import Package
from .decision import Decision, DecisionInput, Target
from .denials import denial
from .refusals import Refusal

_REMOVE = "Remove it before the host restarts (module rollback; for an update off the track, module package with state=absent)"


def staged_refusal(case: DecisionInput, removed: tuple[str, ...] = ()) -> Decision | None:
    """Return the refusal of a restart that would bring into force what this run would not install, or None.

    An update whose removal waits for the restart may go, and so may REMOVED, the KBs that the run takes off before.
    """
    packages = [package for package in case.record.observation.packages or () if is_install_pending(package)]
    for kb in _known(case, packages):
        refused = None if kb in removed else _refusal_of(case, kb)
        if refused is not None:
            return refused
    strangers = [package for package in packages if is_cumulative(package) and not _names(case, package)]
    if strangers:
        reason = (
            f"{strangers[0].identity} waits for a restart, and no release of the catalog explains it, so it may leave the hotpatch track."
        )
        remedy = f"Update the catalog, or look the build up and add it to an overlay file (option catalog). {_REMOVE} if it is not wanted."
        return case.refuse(Refusal.RESTART_UNKNOWN, reason, remedy=remedy, restart=Restart.YES)
    return None


def _known(case: DecisionInput, packages: list[Package]) -> list[str]:
    """Return the KBs that come into force with the restart."""
    record = case.record
    found = dict.fromkeys(kb for package in packages for kb in _names(case, package))
    release = record.view.by_kb(record.staged_kb) if record.view and record.staged_kb else None
    gone = release is not None and goes_with_restart(record.observation, release.kb, release.builds)
    if record.staged_kb and not gone:
        found[record.staged_kb] = None
    return list(found)


def _names(case: DecisionInput, package: Package) -> list[str]:
    """Return the KB of PACKAGE: the one that it names, else that of the releases with its build."""
    if package.kb is not None:
        return [package.kb]
    view = case.record.view
    return [kb for kb, builds in view.updates if is_of(package, kb, builds)] if view else []


def _refusal_of(case: DecisionInput, kb: str) -> Decision | None:
    view = case.record.view
    release = view.by_kb(kb) if view else None
    offer_class = class_of_kb(view, case.catalog, kb) if view else None
    target = Target(kb, None, release.kind.value if release else None, release.month if release else None, release, offer_class)
    shown = str(release) if release else kb
    if release is not None and release.withdrawn is not None:
        return _refuse(
            case, f"{shown} is installed, comes into force with the next restart, and was withdrawn: {release.withdrawn.rstrip('.')}."
        )
    denied = denial(case, target)
    if denied is not None:
        told = _refuse(case, f"{shown} is installed and comes into force with the next restart. {denied.reason}")
        return replace(told, until=denied.until)
    if offer_class in LEAVING and not case.policy.leave_track and case.record.track.verdict is not TrackVerdict.OFF:
        back = view.next_planned_baseline() if view else None
        reason = f"{shown} is an ordinary cumulative update that is installed and waits for a restart, which would take the host off the"
        reason += f" hotpatch track until the baseline planned for {back.date}." if back else " hotpatch track."
        remedy = f"{_REMOVE}; or set leave_track in a policy, with owner and reason, to let it come into force."
        return case.refuse(Refusal.LEAVES_TRACK, reason, target=target, remedy=remedy, restart=Restart.YES)
    return None


def _refuse(case: DecisionInput, reason: str) -> Decision:
    remedy = f"{_REMOVE}, or correct the denial: deny of the policy, or the overlay file (option catalog) that says so."
    return case.refuse(Refusal.DENIED, reason, remedy=remedy, restart=Restart.YES)
