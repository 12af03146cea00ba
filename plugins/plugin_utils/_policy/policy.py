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


_OPTIONS = {
    "deny",
    "hold",
    "opted_out",
    "freezes",
    "windows",
    "observation_max_age_hours",
    "catalog_max_age_days",
    "allow_managed",
    "leave_track",
}


def parse_policy(raw: Mapping[str, Any] | None) -> Policy:
    """Return the policy that RAW describes; raise PolicyError naming option, value and remedy."""
    data = dict(raw or {})
    for key in data:
        if key not in _OPTIONS:
            raise PolicyError(str(key), data[key], f"There is no such option; known options are {', '.join(sorted(_OPTIONS))}.")
    return Policy(
        deny=tuple(_deny(item) for item in _list("deny", data.get("deny"))),
        hold=_hold(data.get("hold")),
        opted_out=_flag("opted_out", data.get("opted_out")),
        freezes=tuple(_span("freezes", item) for item in _list("freezes", data.get("freezes"))),
        windows=tuple(_span("windows", item) for item in _list("windows", data.get("windows"))),
        observation_max_age_hours=_count("observation_max_age_hours", data.get("observation_max_age_hours"), "hours"),
        catalog_max_age_days=_count("catalog_max_age_days", data.get("catalog_max_age_days"), "days"),
        allow_managed=_flag("allow_managed", data.get("allow_managed")),
        leave_track=_flag("leave_track", data.get("leave_track")),
    )


def _list(option: str, value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise PolicyError(option, value, "Write a list.")
    return list(value)


def _flag(option: str, value: Any) -> bool:
    """Booleans only arrive as words when a template has made them so; accept what YAML would have accepted."""
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "yes", "false", "no"):
        return value.lower() in ("true", "yes")
    raise PolicyError(option, value, "Write true or false.")


def _count(option: str, value: Any, unit: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isdecimal() and len(value) < 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise PolicyError(option, value, f"Write a number of {unit} above zero.")
    return value


def _mapping(option: str, value: Any, known: set[str], example: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyError(option, value, f"Write {example}.")
    for key in value:
        if key not in known:
            raise PolicyError(f"{option}.{key}", value[key], f"There is no such key; known keys are {', '.join(sorted(known))}.")
    return dict(value)


def _moment(option: str, value: Any, *, end_of_day: bool = False) -> datetime:
    moment = read_moment(value, end_of_day=end_of_day)
    if moment is None:
        raise PolicyError(option, value, "Write a UTC date such as 2026-12-20, or a time such as 2026-12-20T18:00:00Z.")
    return moment


def _text(option: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise PolicyError(option, value, "Write a text.")
    return value


def _deny(item: Any) -> Deny:
    if isinstance(item, (str, int)) and not isinstance(item, bool):
        item = {"kb": item}
    data = _mapping("deny", item, {"kb", "until", "reason"}, "a KB such as KB5070881, or a mapping of kb, until and reason")
    kb = normalize_kb(str(data.get("kb")))
    if kb is None:
        raise PolicyError("deny.kb", data.get("kb"), "Write a KB such as KB5070881.")
    until = data.get("until")
    return Deny(kb, None if until is None else _moment("deny.until", until, end_of_day=True), _text("deny.reason", data.get("reason")))


def _hold(value: Any) -> Hold | None:
    if value is None or value is False:
        return None
    data = _mapping("hold", value, {"reason", "owner", "until"}, "a mapping of reason, owner and until")
    reason = _text("hold.reason", data.get("reason"))
    if not reason:
        raise PolicyError("hold.reason", data.get("reason"), "Say why the host is held: whoever finds it will want to know.")
    until = data.get("until")
    return Hold(reason, _text("hold.owner", data.get("owner")), None if until is None else _moment("hold.until", until, end_of_day=True))


def _span(option: str, item: Any) -> Span:
    data = _mapping(option, item, {"from", "to", "reason"}, "a mapping of from, to and reason")
    begin = _moment(f"{option}.from", data.get("from"))
    end = _moment(f"{option}.to", data.get("to"), end_of_day=True)
    if end <= begin:
        raise PolicyError(f"{option}.to", data.get("to"), f"It must come after from ({data.get('from')}).")
    return Span(begin, end, _text(f"{option}.reason", data.get("reason")))
