# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about a host that earlier runs know and its observation cannot show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._policy.rules import Hold
from .._values.build import Build
from .._values.outcome import Outcome
from .restart_journal import Act, JournalEntry

# The runs in which an update may fail on a host before no run tries it any more by itself.
TRIES = 2


@dataclass(frozen=True, slots=True)
class RunAtWork:
    """Another run that is at work on the host: a sentence that says which one, and what to do.

    C(until) is the time, by the clock of the host, after which the host may be free, where that is known.
    """

    reason: str
    remedy: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActingRun:
    """The last run that acted on the host: its name, a word on when it began and where, and what it was about to do.

    C(cut_off) says that it did not see the end of its work, as one that was stopped or has lost the host, C(act) is what of it bears on
    restarts.
    """

    name: str
    began: str
    action: str | None = None
    kb: str | None = None
    build: Build | None = None
    cut_off: bool = False
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class LastRestart:
    """The last restart that a run asked for: the start of Windows before it, and the causes for a restart that were pending then.

    C(outlived) are those of them that were still there after it, None where the run did not come to look.
    """

    boot_time: datetime | None
    pending: frozenset[str]
    outlived: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class HostHistory:
    """The past of one host, as its run records have it.

    C(last_outcome) is that of the last run that acted, C(last_acting): one that looked or was refused says nothing of the host. C(followed)
    says that a later run has found nothing left to do. C(denials_over) are the updates whose denial has ended. C(failures) counts the runs
    in a row in which an update could not be installed, or was undone by Windows. C(hold) was written on the host for jobs at work,
    C(out_of_service) says by which run the host was taken out of service and not brought back, C(memory_unusable) why the memory of the
    host cannot be written. C(last_restart) is that of the last run that acted, unless a later one has found nothing left to do.
    C(boot_time) is the last start of Windows that a run has seen, C(new_restarts) are the restarts since that nobody asked for here, and
    C(restart_journal) has those that earlier runs have told of, too.
    """

    last_outcome: Outcome | None = None
    last_acting: ActingRun | None = None
    followed: bool = False
    at_work: RunAtWork | None = None
    reachable: bool = True
    rolled_back: dict[str, Any] | None = None
    denied: list[dict[str, Any]] = field(default_factory=list)
    denials_over: frozenset[str] = frozenset()
    failures: dict[str, int] = field(default_factory=dict)
    enrollment_requested_at: datetime | None = None
    hold: Hold | None = None
    last_restart: LastRestart | None = None
    boot_time: datetime | None = None
    restart_journal: tuple[JournalEntry, ...] = ()
    new_restarts: tuple[JournalEntry, ...] = ()
    out_of_service: str | None = None
    memory_unusable: str | None = None

    def gave_up(self, kb: str) -> bool:
        """True if KB has failed so often that only a person may try it again."""
        return self.failures.get(kb, 0) >= TRIES
