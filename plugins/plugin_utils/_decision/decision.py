# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from .._catalog.catalog import Catalog
from .._catalog.release import Kind, Release
from .._host.offers import JudgedOffer, OfferClass, Restart
from .._policy.policy import Intent, Policy, RestartPolicy
from .._policy.rules import Freeze
from .._record.record import Record
from .._values.build import Build
from .._values.moments import iso
from .._values.plain_fields import PlainFields
from .refusals import TEXTS, Refusal
from .step import Action, Step, install_steps

__all__ = ["Action", "Decision", "DecisionInput", "Removal", "Step", "Target"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Target:
    """The update that a decision is about. C(offer_class) is None where the catalog does not know the KB."""

    kb: str
    build: Build | None
    kind: str | None
    month: str | None
    release: Release | None
    offer_class: OfferClass | None


@dataclass(frozen=True, slots=True)
class Removal:
    """The packages that a rollback removes, newest first, the baseline that it restores, and the time for which the host is exposed."""

    packages: tuple[str, ...] = ()
    kbs: tuple[str, ...] = ()
    restore: Release | None = None
    restore_needed: bool = False
    exposure_since: datetime | None = None
    deny_until: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        day = self.deny_until.isoformat() if self.deny_until else None
        since = self.exposure_since
        return {
            "remove": list(self.packages),
            "restore_kb": self.restore.kb if self.restore else None,
            "restore_build": str(self.restore.build) if self.restore else None,
            "restore_needed": self.restore_needed,
            "exposure": {"since": iso(since), "until": day, "kbs": list(self.kbs)} if since else None,
            "deny": [{"kb": kb, "until": day} for kb in self.kbs],
        }


@dataclass(frozen=True, slots=True)
class Decision(PlainFields):
    """The action of a run on a host, and the reason. Only a rollback gives C(removal)."""

    action: Action
    code: Refusal | None
    kb: str | None
    build: Build | None
    kind: str | None
    month: str | None
    restart: Restart
    restart_allowed: bool
    reason: str
    remedy: str | None
    until: date | None
    steps: tuple[Step, ...] = ()
    removal: Removal | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        found = PlainFields.to_dict(self)
        del found["removal"]
        return found | (self.removal.to_dict() if self.removal else {})


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """Everything that one decision rests on.

    C(now) is the time of the controller, C(host_now) that of the host; None: as the host said when it was observed. What forbids something
    counts by either, what allows something by both. C(asked) says that nothing is done and C(now) is the moment that is asked about:
    windows count at that moment then, whatever the time of the host is today.
    """

    record: Record
    catalog: Catalog
    policy: Policy
    restart_policy: RestartPolicy
    intent: Intent
    now: datetime
    kb: str | None
    offline: bool
    host_now: datetime | None = None
    asked: bool = False

    @property
    def moments(self) -> tuple[datetime, ...]:
        """The moments that now may be: by the clock of the controller, and by that of the host."""
        theirs = self.host_now or self.record.observation.observed_at
        return (self.now,) if theirs is None or theirs == self.now else (self.now, theirs)

    @property
    def window_moments(self) -> tuple[datetime, ...]:
        """The moments at which the windows have to be open."""
        return (self.now,) if self.asked else self.moments

    def by_either(self, ask: Callable[[datetime], _T | None]) -> tuple[_T | None, str]:
        """Return the first answer of ASK at one of the moments, and the words that say so where only the clock of the host gives it."""
        for moment in self.moments:
            found = ask(moment)
            if found:
                return found, "" if moment == self.now else ", by the clock of the host"
        return None, ""

    @property
    def restart_allowed(self) -> bool:
        """True if this run may restart the host now."""
        shut = any(self.policy.outside_windows(at) for at in self.window_moments)
        return self._policy_allows() and not shut and not any(map(self.policy.freeze_at, self.moments))

    def _policy_allows(self) -> bool:
        if self.restart_policy is not RestartPolicy.PLANNED:
            return self.restart_policy is RestartPolicy.ALLOWED
        view = self.record.view
        return view is not None and view.planned_kind(view.month) is Kind.BASELINE

    def restart_veto(self, release: Release | None) -> Decision | None:
        """Return the refusal of a restart that RELEASE (None: something else) would need, or None where it is allowed."""
        if not self._policy_allows():
            return self._policy_veto(release)
        freeze, by = self.by_either(self.policy.freeze_at)
        if freeze is not None:
            return self.refuse_frozen(freeze, by)
        for moment in self.window_moments:
            closed = self.policy.closed_at(moment)
            if not closed:
                continue
            begins = self.policy.next_window(moment)
            by = "" if moment == self.now else ", the time of the host,"
            reason = f"{moment:%Y-%m-%d %H:%M} UTC{by} is in no window of {' and in none of '.join(closed)} that allows restarts"
            reason += f"; the next begins at {begins:%Y-%m-%d %H:%M} UTC." if begins else " and no later one is given."
            return self.refuse(Refusal.OUTSIDE_WINDOW, reason, until=begins.date() if begins else None, restart=Restart.YES)
        return None

    def _policy_veto(self, release: Release | None) -> Decision:
        view = self.record.view
        planned = view.planned_kind(view.month) if view else None
        turned = release is not None and release.kind is Kind.UNPLANNED_BASELINE
        what = f"{release} needs a restart" if release else "A restart is needed"
        if turned and release is not None:
            reason = f"{release.month} was planned as a hotpatch and became baseline {release.kb}, which needs a restart; "
        else:
            reason = f"{what}; "
        reason += f"restart_policy is {self.restart_policy.value}"
        if self.restart_policy is RestartPolicy.PLANNED and view:
            reason += f" and {view.month} was planned as {planned.value if planned else 'nothing that is known'}"
        code = Refusal.MONTH_TURNED_BASELINE if turned else Refusal.RESTART_NOT_ALLOWED
        return self.refuse(code, reason + ".", restart=Restart.YES)

    def refuse_frozen(self, freeze: Freeze, by: str) -> Decision:
        """Return the refusal by FREEZE. BY are the words that by_either has for the clock."""
        why = f" ({freeze.reason})" if freeze.reason else ""
        reason = f"A freeze in {freeze.layer} forbids {freeze.forbids} until {freeze.end.text}{by}{why}."
        return self.refuse(Refusal.FROZEN, reason, until=freeze.end.day, restart=Restart.YES)

    def refuse(
        self,
        code: Refusal,
        reason: str,
        *,
        target: Target | None = None,
        until: date | None = None,
        remedy: str | None = None,
        restart: Restart = Restart.UNKNOWN,
    ) -> Decision:
        """Return a refusal with its remedy."""
        return self.make(Action.REFUSE, reason, code=code, target=target, until=until, remedy=remedy or TEXTS[code].remedy, restart=restart)

    def refuse_unsettled(self, release: Release) -> Decision:
        """Return the refusal of a month in which RELEASE may be anything."""
        reason = (
            f"The kind of {release.kb} ({release.month}, {release.build}) is not settled"
            f"{f': {release.note}' if release.note else ''}. It may be a baseline, so it is not known what to install."
        )
        remedy = (
            f"Look {release.kb} up in Microsoft's release notes and put into an overlay file (option catalog) its month, kb, kind, restart "
            "and, for a baseline or the month's hotpatch, planned_kind; or withdrawn: true with a reason, if it does not concern this line."
        )
        return self.refuse(Refusal.CATALOG_MISSING_MONTH, reason, remedy=remedy)

    def make(
        self,
        action: Action,
        reason: str,
        *,
        code: Refusal | None = None,
        target: Target | None = None,
        until: date | None = None,
        remedy: str | None = None,
        restart: Restart = Restart.NO,
        offer: JudgedOffer | None = None,
    ) -> Decision:
        """Return a decision about TARGET, which the host has on OFFER, with the steps of an installation or a restart."""
        month = self.record.month
        allowed = False if action is Action.REFUSE else self.restart_allowed
        return Decision(
            action=action,
            code=code,
            kb=target.kb if target else None,
            build=target.build if target else None,
            kind=target.kind if target else None,
            month=target.month if target else (month.month if month else None),
            restart=restart,
            restart_allowed=allowed,
            reason=reason,
            remedy=remedy,
            until=until,
            steps=_steps(action, target, offer, restart),
        )


def _steps(action: Action, target: Target | None, offer: JudgedOffer | None, restart: Restart) -> tuple[Step, ...]:
    if action is Action.INSTALL and target is not None:
        return install_steps(target.kb, offer, restart)
    return (Step(Action.RESTART, None),) if action is Action.RESTART else ()
