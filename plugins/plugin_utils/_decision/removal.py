# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The updates that a rollback would remove and restore, and the exposure of the host. A rollback is a planned restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .._catalog.catalog import Catalog
from .._catalog.catalog_view import CatalogView
from .._catalog.release import Release
from .._host.installed import is_installed, is_of, is_pending, is_removal_pending, state_of
from .._host.pending_restart import Needed
from .._observation.facts import Package
from .._policy.policy import PolicyError
from .._record.record import Record
from .._values.moments import iso
from .._values.names import normalize_kb
from .decision import Action
from .refusals import TEXTS, Refusal


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """The decision on a rollback. C(action) is remove, refuse or none."""

    action: str
    code: Refusal | None
    kb: str | None
    kind: str | None
    remove: tuple[str, ...]
    removed_kbs: tuple[str, ...]
    restore: Release | None
    restore_needed: bool
    exposure_since: datetime | None
    deny_until: date | None
    reason: str
    remedy: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        exposure = None
        if self.exposure_since is not None:
            until = self.deny_until.isoformat() if self.deny_until else None
            exposure = {"since": iso(self.exposure_since), "until": until, "kbs": list(self.removed_kbs)}
        return {
            "action": self.action,
            "code": self.code.value if self.code else None,
            "kb": self.kb,
            "kind": self.kind,
            "remove": list(self.remove),
            "restore_kb": self.restore.kb if self.restore else None,
            "restore_build": str(self.restore.build) if self.restore else None,
            "restore_needed": self.restore_needed,
            "restart": "yes" if self.action == "remove" else "no",
            "exposure": exposure,
            "deny": [{"kb": kb, "until": self.deny_until.isoformat() if self.deny_until else None} for kb in self.removed_kbs],
            "reason": self.reason,
            "remedy": self.remedy,
        }


def _stop(action: str, reason: str, code: Refusal | None = None, kb: str | None = None, remedy: str | None = None) -> RollbackPlan:
    text = remedy or (TEXTS[code].remedy if code else None)
    return RollbackPlan(action, code, kb, None, (), (), None, False, None, None, reason, text)


def plan_rollback(
    record: Record,
    catalog: Catalog,
    now: datetime,
    kb: str | None = None,
    deny_until: date | None = None,
    restore_baseline: bool = True,
) -> RollbackPlan:
    """Return the plan to remove KB (default: the newest hotpatch or baseline in force), newest package first."""
    wanted = normalize_kb(kb) if kb is not None else None
    if kb is not None and wanted is None:
        raise PolicyError("kb", kb, "Write a KB such as KB5094125.")
    seen, view = record.observation, record.view
    if view is None or seen.os is None or not record.history.reachable:
        return _stop(Action.REFUSE.value, record.match.reason, Refusal.UNKNOWN_HOST, wanted)
    if record.history.in_progress or (seen.servicing and seen.servicing.in_progress):
        return _stop(Action.REFUSE.value, "The host is being serviced now.", Refusal.BUSY, wanted)
    if seen.packages is None:
        reason = f"The packages of the host are not known: {seen.error_of('packages')}."
        return _stop(Action.REFUSE.value, reason, Refusal.UNKNOWN_HOST, wanted)
    running = record.identity.on if record.identity else None
    release = view.by_kb(wanted) if wanted else running
    if release is None or not release.on_track:
        reason = (
            f"{wanted} is not a baseline or hotpatch of {view.line}."
            if wanted
            else f"No hotpatch or baseline to remove: {record.track.reason}"
        )
        remedy = "Name the KB of the hotpatch or baseline that is to go."
        return _stop(Action.REFUSE.value if wanted else Action.NONE.value, reason, Refusal.UNKNOWN_HOST if wanted else None, wanted, remedy)
    pending = [cause for cause in record.restart.causes if release.kb not in cause]
    if record.restart.needed is Needed.YES and record.waiting is None and not _removal_pending(record, release):
        return _stop(
            Action.REFUSE.value,
            f"A restart is pending ({(pending or list(record.restart.causes))[0]}).",
            Refusal.PENDING_RESTART,
            release.kb,
        )
    chain = [item for item in reversed(view.track) if item.released >= release.released and item.build >= release.build]
    found: list[tuple[Release, Package]] = []
    for item in chain:
        found += [(item, package) for package in seen.packages if _removable(package) and is_of(package, item.kb, item.builds)]
    if not any(item == release for item, _package in found):
        if record.evidence.has(release.kb) or running == release:
            reason = f"{release} is installed, and no package of the host carries its KB or its build, so it cannot be removed by identity."
            return _stop(Action.REFUSE.value, reason, Refusal.UNKNOWN_HOST, release.kb, "Look it up with DISM /Online /Get-Packages.")
        return _stop(Action.NONE.value, f"{release} is not installed.", None, release.kb)
    return _plan(record, view, release, found, now, deny_until, restore_baseline)


def _plan(
    record: Record,
    view: CatalogView,
    release: Release,
    found: list[tuple[Release, Package]],
    now: datetime,
    deny_until: date | None,
    restore_baseline: bool,
) -> RollbackPlan:
    gone = list(dict.fromkeys(item.kb for item, _package in found))
    # A cycle's hotpatches rest on its baseline, which is left when they are gone; a removed baseline leaves the one before it.
    oldest = min((item for item, _package in found), key=lambda item: item.build)
    last_good = view.baseline_before(oldest) if oldest.is_baseline else view.baseline_of(oldest)
    until = deny_until or view.next_planned_baseline().date
    below = any(package for package in record.observation.packages or () if last_good and is_of(package, last_good.kb, last_good.builds))
    reason = f"Removing {' and '.join(gone)} takes a restart and leaves the host exposed and off the track until {until}"
    reason += f"; the last good baseline is {last_good}." if last_good else "; the catalog knows no baseline below it."
    return RollbackPlan(
        action="remove",
        code=None,
        kb=release.kb,
        kind=release.kind.value,
        remove=tuple(package.identity for _item, package in found),
        removed_kbs=tuple(gone),
        restore=last_good if restore_baseline else None,
        restore_needed=restore_baseline and last_good is not None and not below,
        exposure_since=now,
        deny_until=until,
        reason=reason,
        remedy="Install the next baseline when it comes; until then the host lacks these updates.",
    )


def _removable(package: Package) -> bool:
    return (is_installed(package) and state_of(package) != "superseded") or (is_pending(package) and not is_removal_pending(package))


def _removal_pending(record: Record, release: Release) -> bool:
    return any(is_removal_pending(package) and is_of(package, release.kb, release.builds) for package in record.observation.packages or ())
