# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a campaign can be judged by: the truth of the hosts, the calls, the hooks, and the files of the product."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.tests.soak.rules import moment

RESTART_TAKES = timedelta(minutes=6)
DAMAGED = "damaged"
NOT_APPLICABLE = 0x80240017 - (1 << 32)
# What passes on a host of itself, while nobody does anything to it.
OF_TIME = ("clock", "fleet_now", "seen_at")


@dataclass(frozen=True)
class Boot:
    """One start of a host, and the moment at which the restart began."""

    requested_by: str
    began: datetime
    kb: str | None


class Truth:
    """One host as its truth file has it."""

    def __init__(self, data: dict[str, Any] | None) -> None:
        self.data = data or {}

    @property
    def boots(self) -> list[Boot]:
        return [Boot(boot["requested_by"], moment(boot["at"]) - RESTART_TAKES, boot.get("kb")) for boot in self.data.get("boots", [])]

    @property
    def memory(self) -> dict[str, Any]:
        """What the host remembers; nothing where that cannot be read."""
        try:
            found = json.loads(self.data.get("memory") or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def clock(self) -> datetime | None:
        return moment(self.data["clock"]) if self.data else None

    def in_force(self, kb: str) -> bool:
        return any(entry["kb"] == kb and entry["state"] == "Installed" for entry in self.data.get("installed", []))

    def there(self, kb: str) -> bool:
        return any(entry["kb"] == kb for entry in self.data.get("installed", []))

    def under_way(self) -> list[str]:
        work = self.data.get("under_way")
        return list(work["kbs"]) if work and work["results"] is None else []

    def still(self) -> dict[str, Any]:
        """Return what must not change while a run only looks."""
        return {key: value for key, value in self.data.items() if key not in OF_TIME}


class Change:
    """What happened on a host between two moments, and which of it was the product's doing."""

    def __init__(self, before: Truth, after: Truth, events: list[dict[str, Any]]) -> None:
        self.before, self.after = before, after
        done = set(after.data.get("events_done", [])) - set(before.data.get("events_done", []))
        self.events = [events[int(key.partition(":")[0])] for key in done]
        older = len(before.data.get("history", []))
        # The newest come first. A host that appears comes with what it has.
        newest = after.data.get("history", [])[: len(after.data.get("history", [])) - older] if before.data else []
        of_others = {event["kb"] for event in self.events if event["do"] == "install"} | set(before.under_way())
        ours = [entry for entry in newest if entry["kb"] not in of_others]
        self.installed = [entry["kb"] for entry in reversed(ours) if entry["operation"] == "install" and entry["result_code"] == 2]
        self.removed = [entry["kb"] for entry in reversed(ours) if entry["operation"] == "uninstall" and entry["result_code"] == 2]
        self.in_vain = [entry["kb"] for entry in ours if entry["hresult"] == NOT_APPLICABLE and entry["operation"] == "install"]
        self.boots = after.boots[max(1, len(before.boots)) :]

    @property
    def restarts(self) -> list[Boot]:
        return [boot for boot in self.boots if boot.requested_by == "controller"]

    @property
    def acts(self) -> int:
        """How much the product has done."""
        return len(self.installed) + len(self.removed) + len(self.restarts)


def truths(folder: Path) -> dict[str, Truth]:
    """Return the hosts that have appeared, by their names."""
    return {path.stem: Truth(json.loads(path.read_text())) for path in (folder / "truth").glob("*.json")}


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a log; none where there is no log yet."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def records(folder: Path) -> dict[str, str]:
    """Return the digest of each run record of all controllers that has ended, an empty text for the others, and DAMAGED for half a file."""
    found = {}
    for path in folder.glob("records-*/*/*.json"):
        data = path.read_bytes()
        try:
            record = json.loads(data)
        except ValueError:
            found[str(path.relative_to(folder))] = DAMAGED
            continue
        ended = record.get("finished_at") and record.get("outcome") != "due"
        found[str(path.relative_to(folder))] = hashlib.sha256(data).hexdigest() if ended else ""
    return found


def out_of_service(entries: list[dict[str, Any]]) -> bool:
    """Return whether a host is out of service by its hooks: a drain has begun, and no resume has ended well since."""
    drained = False
    for entry in entries:
        if entry["hook"] == "drain":
            drained = True
        elif entry["hook"] == "resume" and not entry["failed"]:
            drained = False
    return drained
