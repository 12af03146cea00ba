# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator's rules for one host, read from the policy option and judged before anything is asked of the host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .._values.moments import read_moment
from .._values.names import normalize_kb
from .._values.printable import clean


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


class PolicyError(ValueError):
    """A policy cannot be used. The message names the option, its value and what to write instead."""

    def __init__(self, option: str, value: object, remedy: str) -> None:
        super().__init__(f"policy.{clean(option)}: {clean(repr(value))} cannot be used. {clean(remedy)}")
        self.option = option
        self.value = value
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Deny:
    """A KB that must not be installed."""

    kb: str
    until: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A host that must not be touched."""

    reason: str
    owner: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time."""

    begin: datetime
    end: datetime
    reason: str | None

    def contains(self, now: datetime) -> bool:
        """True if NOW lies in it; the end does not."""
        return self.begin <= now < self.end


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for one host."""

    deny: tuple[Deny, ...] = ()
    hold: Hold | None = None
    opted_out: bool = False
    freezes: tuple[Span, ...] = ()
    windows: tuple[Span, ...] = ()
    observation_max_age_hours: int | None = None
    catalog_max_age_days: int | None = None
    allow_managed: bool = False
    leave_track: bool = False

    def hold_at(self, now: datetime) -> Hold | None:
        """Return the hold that is in force at NOW."""
        return self.hold if self.hold and (self.hold.until is None or now < self.hold.until) else None

    def freeze_at(self, now: datetime) -> Span | None:
        """Return the freeze that NOW lies in."""
        return next((span for span in self.freezes if span.contains(now)), None)

    def outside_windows(self, now: datetime) -> bool:
        """True if windows are given and NOW lies in none of them."""
        return bool(self.windows) and not any(span.contains(now) for span in self.windows)

    def next_window(self, now: datetime) -> datetime | None:
        """Return the beginning of the next window."""
        return min((span.begin for span in self.windows if span.begin > now), default=None)

    def denial_of(self, kb: str, now: datetime) -> Deny | None:
        """Return the rule that denies KB at NOW."""
        return next((rule for rule in self.deny if rule.kb == kb and (rule.until is None or now < rule.until)), None)


def parse_policy(raw: Mapping[str, Any] | None) -> Policy:
    """Return the policy that RAW describes, whose keys and types ansible-core has checked.

    Raises PolicyError, naming option, value and remedy, for what an argument spec cannot check: moments, ages, and the entries of C(deny).
    """
    data = dict(raw or {})
    return Policy(
        deny=tuple(map(_deny, data.get("deny") or ())),
        hold=_hold(data["hold"]) if data.get("hold") else None,
        opted_out=bool(data.get("opted_out")),
        freezes=tuple(_span("freezes", item) for item in data.get("freezes") or ()),
        windows=tuple(_span("windows", item) for item in data.get("windows") or ()),
        observation_max_age_hours=_age("observation_max_age_hours", data.get("observation_max_age_hours"), "hours"),
        catalog_max_age_days=_age("catalog_max_age_days", data.get("catalog_max_age_days"), "days"),
        allow_managed=bool(data.get("allow_managed")),
        leave_track=bool(data.get("leave_track")),
    )


def _age(option: str, value: int | None, unit: str) -> int | None:
    # True is a whole number to Python and to ansible-core.
    if value is not None and (isinstance(value, bool) or value <= 0):
        raise PolicyError(option, value, f"Write a number of {unit} above zero.")
    return value


def _moment(option: str, value: Any, *, end_of_day: bool = False) -> datetime:
    moment = read_moment(value, end_of_day=end_of_day)
    if moment is None:
        raise PolicyError(option, value, "Write a UTC date such as 2026-12-20, or a time such as 2026-12-20T18:00:00Z.")
    return moment


def _end(option: str, value: Any) -> datetime | None:
    return None if value is None else _moment(option, value, end_of_day=True)


def _deny(item: Any) -> Deny:
    data = {"kb": item} if isinstance(item, (str, int)) and not isinstance(item, bool) else item
    if not isinstance(data, Mapping):
        raise PolicyError("deny", item, "Write a KB such as KB5070881, or a mapping of kb, until and reason.")
    for key in data:
        if key not in ("kb", "until", "reason"):
            raise PolicyError(f"deny.{key}", data[key], "There is no such key; known keys are kb, reason, until.")
    kb, reason = normalize_kb(str(data.get("kb"))), data.get("reason")
    if kb is None:
        raise PolicyError("deny.kb", data.get("kb"), "Write a KB such as KB5070881.")
    if reason is not None and not isinstance(reason, str):
        raise PolicyError("deny.reason", reason, "Write a string.")
    return Deny(kb, _end("deny.until", data.get("until")), reason)


def _hold(data: Mapping[str, Any]) -> Hold:
    if not data["reason"]:
        raise PolicyError("hold.reason", data["reason"], "Give the reason for which the host is held.")
    return Hold(data["reason"], data.get("owner"), _end("hold.until", data.get("until")))


def _span(option: str, data: Mapping[str, Any]) -> Span:
    begin, end = _moment(f"{option}.from", data["from"]), _moment(f"{option}.to", data["to"], end_of_day=True)
    if end <= begin:
        raise PolicyError(f"{option}.to", data["to"], f"It must come after from ({data['from']}).")
    return Span(begin, end, data.get("reason"))
