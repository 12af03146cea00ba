# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of one run on one host, as it is written to its file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .._values.outcome import Outcome
from .._values.plain_fields import PlainFields
from .._values.printable import MESSAGE, clean
from .process import this_process
from .reading import SCHEMA, RecordsError
from .store import RunStore

__all__ = ["SCHEMA", "RunRecord"]


@dataclass(slots=True)
class RunRecord(PlainFields):
    """A run record in the making. It is saved before anything is changed and again when the run on this host has ended.

    Until then its outcome reads C(interrupted): that is what stands in the file of a run that was cut off.
    """

    host: str
    run_id: str
    started_at: datetime
    restart_policy: str
    intent: str
    store: RunStore | None
    outcome: Outcome = Outcome.INTERRUPTED
    finished_at: datetime | None = None
    line: str | None = None
    month: str | None = None
    decision: dict[str, Any] | None = None
    installed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    restarts: list[dict[str, Any]] = field(default_factory=list)
    restart_journal: list[dict[str, Any]] = field(default_factory=list)
    boot_time: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    verification: dict[str, Any] | None = None
    exposure: dict[str, Any] | None = None
    denied: list[dict[str, Any]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    controller: dict[str, Any] = field(default_factory=this_process)

    def claim(self) -> None:
        """Take a name of its own in the store, if records are kept. Raises RecordsError."""
        if self.store:
            self.run_id = self.store.claim(self.to_dict())

    def note(self, message: str) -> None:
        """Keep MESSAGE, as one line of text and no page of it: part of it may come from a host. An empty one says nothing."""
        text = clean(message, MESSAGE)
        if text and text not in self.messages:
            self.messages.append(text)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form, schema C(winops.hotpatch/run/1)."""
        found = PlainFields.to_dict(self)
        del found["store"]
        return {"schema": SCHEMA, **found, "check_mode": False}

    def save(self) -> Path | None:
        """Write the record if records are kept and return its path."""
        return self.store.write(self.to_dict()) if self.store else None

    def finish(self, outcome: Outcome, at: datetime) -> Path | None:
        """Close the record with OUTCOME and write it. Raises RecordsError; the record is still open then."""
        self.outcome, was = outcome, self.outcome
        self.finished_at = at
        try:
            return self.save()
        except RecordsError:
            self.outcome, self.finished_at = was, None
            raise

    def finish_if_possible(self, outcome: Outcome, at: datetime) -> None:
        """Close the record after a failure, which is what is to be told, and not that the record could not be written either."""
        with suppress(RecordsError):
            self.finish(outcome, at)
