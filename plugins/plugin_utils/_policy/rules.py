# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The single rules of a policy. Each says which layer it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from .._values.moments import iso, utc_text


class Forbids(StrEnum):
    """What a freeze forbids: restarts, or every change and with it the restarts."""

    RESTARTS = "restarts"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class End:
    """The end of a rule. It no longer counts from C(moment) on; C(day) is the last day as the operator wrote it."""

    moment: datetime
    day: date
    whole_day: bool

    @property
    def text(self) -> str:
        """The end for a sentence, as it was written: a date includes the whole day."""
        return f"{self.day}" if self.whole_day else f"{self.moment:%Y-%m-%d %H:%M} UTC"

    @property
    def plain(self) -> str:
        """The end for a machine, as it was written: a date, or a time in UTC."""
        return f"{self.day}" if self.whole_day else utc_text(self.moment)


@dataclass(frozen=True, slots=True)
class Deny:
    """An update that must not be installed."""

    kb: str
    until: End | None
    reason: str | None
    layer: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {"kb": self.kb, "until": _plain(self.until), "reason": self.reason, "layer": self.layer}


@dataclass(frozen=True, slots=True)
class Lift:
    """An update that may be tried again, although it was rolled back on the host or failed there again and again."""

    kb: str
    until: End
    layer: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {"kb": self.kb, "until": self.until.plain, "layer": self.layer}


@dataclass(frozen=True, slots=True)
class Hold:
    """A host that must not be touched."""

    reason: str
    owner: str | None
    begin: datetime | None
    until: End | None
    layer: str

    def contains(self, now: datetime) -> bool:
        """Return True if NOW lies in it."""
        return (self.begin is None or self.begin <= now) and (self.until is None or now < self.until.moment)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "reason": self.reason,
            "owner": self.owner,
            "from": iso(self.begin),
            "until": _plain(self.until),
            "layer": self.layer,
        }


@dataclass(frozen=True, slots=True)
class Freeze:
    """A period without restarts, or without any change."""

    begin: datetime
    end: End
    forbids: Forbids
    reason: str | None
    layer: str

    def contains(self, now: datetime) -> bool:
        """Return True if NOW lies in it."""
        return self.begin <= now < self.end.moment

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "from": utc_text(self.begin),
            "to": self.end.plain,
            "forbids": self.forbids.value,
            "reason": self.reason,
            "layer": self.layer,
        }


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which restarts may happen."""

    begin: datetime
    end: End
    layer: str

    def contains(self, now: datetime) -> bool:
        """Return True if NOW lies in it."""
        return self.begin <= now < self.end.moment

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {"from": utc_text(self.begin), "to": self.end.plain, "layer": self.layer}


@dataclass(frozen=True, slots=True)
class Limit:
    """The greatest value that one layer allows."""

    value: int
    layer: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {"value": self.value, "layer": self.layer}


def _plain(end: End | None) -> str | None:
    return end.plain if end else None
