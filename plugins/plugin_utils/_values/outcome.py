# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The word for the end of a run on one host, as results and run records have it."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of a run on one host."""

    # The host was changed, and the change is proven.
    INSTALLED = "installed"
    RESTARTED = "restarted"
    REMOVED = "removed"
    ROLLED_BACK = "rolled_back"
    # The host was left as it was.
    NONE = "none"
    WAITING = "waiting"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    # The host was changed, and something about it is not known.
    UNVERIFIED = "unverified"
    # The run ended without a good result.
    FAILED = "failed"
    LOST = "lost"
    INTERRUPTED = "interrupted"
    # Decided by a run that has yet to act.
    DUE = "due"
    # Decided in check mode, which acts on nothing.
    WOULD_INSTALL = "would_install"
    WOULD_RESTART = "would_restart"
    WOULD_ROLL_BACK = "would_roll_back"

    @classmethod
    def read(cls, value: object) -> Outcome | None:
        """Return the outcome that VALUE, which may come from a file, names; None if it names none."""
        return cls(value) if isinstance(value, str) and value in _WORDS else None

    @property
    def leaves_the_host_alone(self) -> bool:
        """True if the host is as the run saw it before: nothing was begun on it."""
        return self in _UNTOUCHED

    @property
    def out_of_reach(self) -> bool:
        """True if the host did not answer when the run ended."""
        return self in (Outcome.LOST, Outcome.UNREACHABLE)

    @property
    def needs_person(self) -> bool:
        """True if the run ended without a result, so that a person has to look at its record."""
        return self in (Outcome.FAILED, Outcome.LOST, Outcome.INTERRUPTED)

    @property
    def leaves_work(self) -> bool:
        """True if the same work is still to be done, by a later run."""
        return self.needs_person or self in (Outcome.UNREACHABLE, Outcome.DUE)


_WORDS = frozenset(Outcome)
_UNTOUCHED = frozenset(
    {
        Outcome.NONE,
        Outcome.WAITING,
        Outcome.REFUSED,
        Outcome.UNREACHABLE,
        Outcome.DUE,
        Outcome.WOULD_INSTALL,
        Outcome.WOULD_RESTART,
        Outcome.WOULD_ROLL_BACK,
    }
)
