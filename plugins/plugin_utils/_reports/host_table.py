# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of one run, each with its last word, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._advice.advise import advise, advise_on_inventory
from .._decision.decision import Action
from .._values.outcome import Outcome
from .._values.printable import MESSAGE, clean
from .._values.text_table import table_lines

_COLUMNS = ("host", "state", "outcome", "KB", "reason")
_WIDEST = 110
# So many hosts are named with a remedy.
_NAMED = 5
NOT_BEGUN = "The run ended before it reached this host, and nothing was done on it. Run again."
NOT_ASKED = "A task failed before the host was asked; see its output."
BEFORE = "A task failed before the host was asked:"
# What ansible-core puts before its own words since 2.19.
_CORE = "Task failed: "
LATER = "A later task failed; see its output."
STOPPED = "The run stopped before its end on this host, as it does when others fail. If it is out of service, put it back."
# A host with such a decision may have been taken out of service already.
_BEGINS = ("install", "restart", "remove")


@dataclass(slots=True)
class HostRun:
    """The results of one run on one host so far, in the words of its modules.

    C(failed) says that a task has failed since the last of them, C(ended) that Ansible has taken the host out of the run.
    """

    decision: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    outcome: Outcome | None = None
    message: str = ""
    remedy: str = ""
    asked: bool = False
    acted: bool = False
    explained: bool = False
    failed: bool = False
    ended: bool = False

    def add(self, result: Mapping[str, Any]) -> None:
        """Take in RESULT, of a module that observes or changes a host."""
        if not self.asked:
            # A task that failed before was rescued.
            self.message = ""
        self.asked, self.failed, self.remedy = True, False, str(result.get("remedy") or "")
        if result.get("unreachable"):
            # Only what had decided something can lose a host on the way.
            known = self.decision or result.get("outcome") == Outcome.LOST
            self.outcome = Outcome.LOST if known else Outcome.UNREACHABLE
            self.message, self.explained = self._without_remedy(result), True
            return
        decision, record = result.get("decision"), result.get("after") or result.get("before") or result.get("record")
        if isinstance(decision, Mapping) and not self.acted:
            self.decision = decision
        if isinstance(record, Mapping):
            self.record = record
        self.acted |= "outcome" in result
        outcome = Outcome.read(result.get("outcome"))
        if outcome is None and result.get("failed") and not isinstance(decision, Mapping):
            outcome = Outcome.FAILED
        if result.get("failed") and not self.remedy and not isinstance(decision, Mapping):
            # Where core has refused the task, no action of this collection could.
            self.remedy = advise_on_inventory(str(result.get("msg") or "")) or ""
        if outcome is not None:
            self.outcome, self.message = outcome, self._without_remedy(result)

    def fail(self, result: Mapping[str, Any]) -> None:
        """Take in RESULT, the failure of a task of core, of another collection, or of the user."""
        self.failed = True
        if self.asked:
            return
        said = str(result.get("msg") or "").removeprefix(_CORE)
        self.message = clean(f"{BEFORE} {said}", MESSAGE) if said else ""
        # What a connection says in another task, it says of the same inventory.
        self.remedy = (advise(said) if result.get("unreachable") else advise_on_inventory(said)) or ""

    def explain(self, result: Mapping[str, Any]) -> None:
        """Take in RESULT, the failure that the role has put into words: it has the last word, but for a host that is lost."""
        self.remedy = str(result.get("remedy") or "")
        self.outcome = Outcome.read(result.get("ended")) or Outcome.FAILED
        # The remedy stands within these words, and is shown once for all hosts that need it.
        said = str(result.get("message") or "")
        self.message = " ".join(filter(None, (part.strip() for part in said.split(self.remedy)))) if self.remedy else said
        self.asked = self.explained = True
        self.failed = False

    @property
    def left_off(self) -> bool:
        """True if something was decided that the run has neither done nor given up."""
        return self.asked and not self.acted and not self.explained and self.decision.get("action") in _BEGINS

    def cells(self, host: str) -> tuple[str, ...]:
        """Return the row of HOST."""
        outcome, reason = self._last_word()
        out_of_reach = outcome in (Outcome.LOST, Outcome.UNREACHABLE)
        state = self.record.get("state") or ("unreachable" if out_of_reach else "unknown")
        code = self.decision.get("code")
        return (
            host,
            str(state),
            outcome,
            str(self.decision.get("kb") or ""),
            clean(f"{code}: {reason}" if code and f"{code}: " not in reason else reason, MESSAGE),
        )

    def next_step(self) -> str:
        """Return what is to be done about this host before a run can do anything with it; empty where that is nothing, or not known."""
        if self.remedy:
            return self.remedy
        refused = not self.explained and not self.failed and self._last_word()[0] in (Action.REFUSE, Outcome.REFUSED)
        return str(self.decision.get("remedy") or "") if refused else ""

    def _without_remedy(self, result: Mapping[str, Any]) -> str:
        """Return the message of RESULT without the remedy at its end, which is shown once for all hosts that need it."""
        return str(result.get("msg") or "").removesuffix(self.remedy).rstrip()

    def _last_word(self) -> tuple[str, str]:
        message = self.message or str(self.decision.get("reason") or "")
        if not self.asked:
            return ("failed", self.message or NOT_ASKED) if self.failed else ("-", NOT_BEGUN)
        if self.explained or self.outcome is Outcome.FAILED:
            return str(self.outcome), message
        if self.ended and self.failed:
            return Outcome.FAILED, f"{LATER} {message}"
        if self.ended and (self.acted or self.decision.get("action") in _BEGINS):
            return Outcome.INTERRUPTED, f"{STOPPED} {message}"
        # A host on which nothing was to be done has a decision and no outcome.
        return str(self.outcome or self.decision.get("action") or "-"), message


def host_lines(hosts: Mapping[str, HostRun], others: Iterable[str] = ()) -> list[str]:
    """Return the table of HOSTS and of OTHERS, which the run has not come to, and below it the remedies, each with its hosts."""
    rows = {**{name: HostRun() for name in others}, **hosts}
    table = table_lines(_COLUMNS, [rows[name].cells(name) for name in sorted(rows)], widest=_WIDEST)
    return [*table, *_remedy_lines(rows)]


def _remedy_lines(rows: Mapping[str, HostRun]) -> list[str]:
    by_remedy: dict[str, list[str]] = {}
    for name in sorted(rows):
        if remedy := clean(rows[name].next_step(), MESSAGE):
            by_remedy.setdefault(remedy, []).append(clean(name))
    if not by_remedy:
        return []
    most_first = sorted(by_remedy.items(), key=lambda item: (-len(item[1]), item[0]))
    return ["", "What to do", *(line for remedy, names in most_first for line in (f"  {_some_of(names)}:", f"    {remedy}"))]


def _some_of(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_NAMED])} and {more} more"
