# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator's rules for one host, of all layers together, and what they say at a moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from .rules import Deny, End, Forbids, Freeze, Hold, Lift, Limit, Window

_Rule = TypeVar("_Rule", Deny, Hold, Freeze)
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class RestartPolicy(StrEnum):
    """The restarts that a run may do."""

    NEVER = "never"
    PLANNED = "planned"
    ALLOWED = "allowed"


class Intent(StrEnum):
    """The kind of update that a run is to install."""

    AUTO = "auto"
    HOTPATCH = "hotpatch"
    BASELINE = "baseline"
    LCU = "lcu"


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for one host.

    C(opted_out), C(allow_managed) and C(leave_track) are the layers that say so, none where the host is as any other.
    """

    deny: tuple[Deny, ...] = ()
    holds: tuple[Hold, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    windows: tuple[Window, ...] = ()
    observation_age: Limit | None = None
    catalog_age: Limit | None = None
    opted_out: tuple[str, ...] = ()
    allow_managed: tuple[str, ...] = ()
    leave_track: tuple[str, ...] = ()
    lifts: tuple[Lift, ...] = ()

    def hold_at(self, now: datetime) -> Hold | None:
        """Return the hold that is in force at NOW; of several the one that ends last."""
        return _last((hold for hold in self.holds if hold.contains(now)), lambda hold: hold.until)

    def freeze_at(self, now: datetime, forbids: Forbids = Forbids.RESTARTS) -> Freeze | None:
        """Return the freeze that NOW lies in and that FORBIDS this; of several the one that ends last. No changes means no restarts."""
        kinds = (Forbids.CHANGES,) if forbids is Forbids.CHANGES else tuple(Forbids)
        return _last((freeze for freeze in self.freezes if freeze.forbids in kinds and freeze.contains(now)), lambda freeze: freeze.end)

    def closed_at(self, now: datetime) -> tuple[str, ...]:
        """Return the layers that have windows of which none is open at NOW. A restart may happen only where there are none."""
        layers = dict.fromkeys(window.layer for window in self.windows)
        is_open = {window.layer for window in self.windows if window.contains(now)}
        return tuple(layer for layer in layers if layer not in is_open)

    def outside_windows(self, now: datetime) -> bool:
        """Return True if a layer has windows and NOW lies in none of them."""
        return bool(self.closed_at(now))

    def closes_by(self, now: datetime, then: datetime) -> bool:
        """Return True if not all of the windows stay open from NOW to THEN."""
        ends = [window.end.moment for window in self.windows if now < window.end.moment <= then]
        return any(self.outside_windows(moment) for moment in (now, *ends, then))

    def next_window(self, now: datetime) -> datetime | None:
        """Return the next moment at which the windows of all layers are open."""
        begins = sorted(window.begin for window in self.windows if window.begin > now)
        return next((moment for moment in begins if not self.outside_windows(moment)), None)

    def denial_of(self, kbs: Collection[str], now: datetime) -> Deny | None:
        """Return the rule that denies at NOW the update with the numbers KBS; of several the one that ends last."""
        return _last((rule for rule in self.deny if rule.kb in kbs and _goes_on(rule.until, now)), lambda rule: rule.until)

    def lift_of(self, kbs: Collection[str], now: datetime) -> Lift | None:
        """Return the rule by which the update with the numbers KBS may be tried again at NOW, whatever became of it on the host before."""
        return next((rule for rule in self.lifts if rule.kb in kbs and _goes_on(rule.until, now)), None)

    def to_dict(self, now: datetime) -> dict[str, Any]:
        """Return the JSON-plain form of what is in force at NOW, or comes later, each rule with its layer."""
        return {
            "deny": [rule.to_dict() for rule in self.deny if _goes_on(rule.until, now)],
            "holds": [hold.to_dict() for hold in self.holds if _goes_on(hold.until, now)],
            "freezes": [freeze.to_dict() for freeze in self.freezes if _goes_on(freeze.end, now)],
            "windows": [window.to_dict() for window in self.windows if _goes_on(window.end, now)],
            "observation_max_age_hours": self.observation_age.to_dict() if self.observation_age else None,
            "catalog_max_age_days": self.catalog_age.to_dict() if self.catalog_age else None,
            "opted_out": list(self.opted_out),
            "allow_managed": list(self.allow_managed),
            "leave_track": list(self.leave_track),
            "lift": [rule.to_dict() for rule in self.lifts if _goes_on(rule.until, now)],
        }


NO_POLICY = Policy()


def _goes_on(end: End | None, now: datetime) -> bool:
    return end is None or now < end.moment


def _last(rules: Iterable[_Rule], end_of: Callable[[_Rule], End | None]) -> _Rule | None:
    """Return the one of RULES that ends last; what has no end lasts for ever."""

    def moment(rule: _Rule) -> datetime:
        end = end_of(rule)
        return end.moment if end else _FOR_EVER

    return max(rules, key=moment, default=None)
