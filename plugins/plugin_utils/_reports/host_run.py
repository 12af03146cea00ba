# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One host of one run: what its modules said, what came after them, and so how the run ended on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._advice.advise import advise, advise_on_inventory
from .._decision.decision import Action
from .._decision.refusals import TEXTS, Refusal
from .._record.state import SEVERITY, State
from .._values.outcome import Outcome
from .._values.printable import MESSAGE, clean

NOT_BEGUN = "The run ended before it reached this host, and nothing was done on it. Run again."
NOT_ASKED = "A task failed before the host was asked; see its output."
BEFORE = "A task failed before the host was asked:"
# What ansible-core puts before its own words since 2.19.
_CORE = "Task failed: "
LATER = "A later task failed; see its output."
STOPPED = "The run stopped before its end on this host, as it does when others fail. If it is out of service, put it back."
GONE = "The host was lost in a task of yours:"
ANSWERS = "Find out why the host does not answer, then run again: the next run looks at it first."
# A host with such a decision may have been taken out of service already.
BEGINS = ("install", "restart", "remove")
# The outcome of a host on which nothing was to be done, or nothing has been done yet, by its decision.
_OUTCOME_OF: dict[str, Outcome] = {
    Action.REFUSE: Outcome.REFUSED,
    Action.WAIT: Outcome.WAITING,
    Action.NONE: Outcome.NONE,
    Action.INSTALL: Outcome.WOULD_INSTALL,
    Action.RESTART: Outcome.WOULD_RESTART,
    Action.REMOVE: Outcome.WOULD_ROLL_BACK,
}
# In place of an outcome: the run has not come to the host.
NOTHING = "-"
_WOULD = (Outcome.WOULD_INSTALL, Outcome.WOULD_RESTART, Outcome.WOULD_ROLL_BACK)


@dataclass(slots=True)
class HostRun:
    """The results of one run on one host so far, in the words of its modules.

    C(failed) says that a task has failed since the last of them, C(given_up) that the failure was the end of the run on this host, and
    C(ended) that Ansible has taken the host out of the run. C(unhealthy) says that an update of this run stands and a health task failed.
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
    given_up: bool = False
    ended: bool = False
    held_back: bool = False
    unhealthy: bool = False
    out_of_service: bool = False
    # An earlier run had left the host out of service, and this one has brought it back.
    left_out: bool = False
    brought_back: bool = False
    changed: bool = False
    restarted: bool = False

    def add(self, result: Mapping[str, Any]) -> None:
        """Take in RESULT, of a module that observes or changes a host."""
        if not self.asked:
            # A task that failed before was rescued.
            self.message, self.outcome = "", None
        self.asked, self.failed, self.remedy = True, False, str(result.get("remedy") or "")
        if result.get("unreachable"):
            # Only what had decided something can lose a host on the way.
            known = self.decision or result.get("outcome") == Outcome.LOST
            self.outcome = Outcome.LOST if known else Outcome.UNREACHABLE
            self.message, self.explained = self._without_remedy(result), True
            return
        decision, record = result.get("decision"), result.get("after") or result.get("before") or result.get("record")
        if isinstance(decision, Mapping) and (not self.acted or self._is_drifted):
            # A host that had changed since the decision is decided on anew.
            self.decision, self.acted, self.outcome, self.message = decision, False, None, ""
        if isinstance(record, Mapping):
            self.record = record
            self.left_out |= bool(record.get("out_of_service"))
            self.out_of_service |= self.left_out
        self.acted |= "outcome" in result
        self.changed |= bool(result.get("changed"))
        self.restarted |= bool(result.get("restarted") or result.get("restarts_not_allowed"))
        outcome = Outcome.read(result.get("outcome"))
        if outcome is None and result.get("failed") and not isinstance(decision, Mapping):
            outcome = Outcome.FAILED
        if result.get("failed") and not self.remedy and not isinstance(decision, Mapping):
            # Where core has refused the task, no action of this collection could.
            self.remedy = advise_on_inventory(str(result.get("msg") or "")) or ""
        if outcome is not None:
            self.outcome, self.message = outcome, self._without_remedy(result)

    @property
    def _is_drifted(self) -> bool:
        return self.outcome is Outcome.REFUSED and self.decision.get("code") == Refusal.PLAN_DRIFT

    def fail(self, result: Mapping[str, Any]) -> None:
        """Take in RESULT, the failure of a task of core, of another collection, or of the user."""
        self.failed = True
        said = str(result.get("msg") or "").removeprefix(_CORE)
        if self.asked:
            if result.get("unreachable") and not self.explained:
                self.outcome, self.message, self.explained = Outcome.LOST, clean(f"{GONE} {said}", MESSAGE), True
            return
        self.message = clean(f"{BEFORE} {said}", MESSAGE) if said else ""
        # What a connection says in another task, it says of the same inventory.
        self.remedy = (advise(said) if result.get("unreachable") else advise_on_inventory(said)) or ""
        self.outcome = Outcome.UNREACHABLE if result.get("unreachable") else None

    def explain(self, result: Mapping[str, Any]) -> None:
        """Take in RESULT, the failure that the role has put into words: it has the last word, but for a host that is lost."""
        self.remedy = str(result.get("remedy") or "")
        if self.outcome is not Outcome.LOST or result.get("ended") != Outcome.UNREACHABLE:
            self.outcome = Outcome.read(result.get("ended")) or Outcome.FAILED
        # The remedy stands within these words, and is shown once for all hosts that need it.
        said = str(result.get("message") or "")
        self.message = " ".join(filter(None, (part.strip() for part in said.split(self.remedy)))) if self.remedy else said
        self.asked = self.explained = True
        self.failed = False
        self.unhealthy |= bool(result.get("roll_back"))
        # A hotpatch takes no host out of service, and brings back none that an earlier run has left out.
        self.out_of_service = bool(result.get("out_of_service")) or self.left_out

    def give_back(self, *, in_service: bool) -> None:
        """Note that this run has let go of the host, which is IN_SERVICE or not."""
        self.out_of_service, self.brought_back = not in_service, in_service and self.left_out

    def hold_back(self, why: str) -> None:
        """Note that the run does not begin on this host, because of WHY."""
        self.held_back, self.message = True, why

    @property
    def left_off(self) -> bool:
        """True if something was decided that the run has neither done nor given up."""
        return self.asked and not self.acted and not self.explained and not self.given_up and self.decision.get("action") in BEGINS

    @property
    def not_reached(self) -> bool:
        """True if the host did not answer, before anything was decided about it."""
        return self.last_word()[0] == Outcome.UNREACHABLE

    @property
    def state(self) -> str:
        """The state of the host as it was seen last."""
        out_of_reach = self.last_word()[0] in (Outcome.LOST, Outcome.UNREACHABLE)
        return str(self.record.get("state") or ("unreachable" if out_of_reach else "unknown"))

    @property
    def code(self) -> str | None:
        """The code of the refusal, if the host was refused."""
        return Refusal.BUDGET_SPENT if self.held_back else self.decision.get("code")

    @property
    def ended_badly(self) -> bool:
        """True if the host failed, is unverified or cannot be reached: the exit code of the run says so."""
        outcome = Outcome.read(self.last_word()[0])
        return self.given_up or (outcome is not None and (outcome.needs_person or outcome in (Outcome.UNREACHABLE, Outcome.UNVERIFIED)))

    @property
    def needs_person(self) -> bool:
        """True if somebody has to look at this host: it ended badly, it is in a bad state, or it is out of service."""
        not_begun = self.last_word()[0] == NOTHING
        stuck = self.code == Refusal.RESTART_DID_NOT_HELP
        return (
            self.ended_badly
            or self.out_of_service
            or not_begun
            or stuck
            or (self.state in set(State) and SEVERITY[State(self.state)] == "bad")
        )

    def events(self, wanted: Iterable[str]) -> list[str]:
        """Return those of WANTED, words of C(hotpatch_fail_on), that happened to the host, or that would have."""
        outcome = Outcome.read(self.last_word()[0])
        would = outcome in _WOULD
        found = {
            "changes": self.changed or would,
            "restarts": self.restarted or (would and (outcome is not Outcome.WOULD_INSTALL or self.decision.get("restart") != "no")),
            "refusals": outcome is Outcome.REFUSED,
            "drift": self.code == Refusal.PLAN_DRIFT,
        }
        return sorted(word for word in set(wanted) if found.get(word))

    def cells(self, host: str) -> tuple[str, ...]:
        """Return the row of HOST."""
        outcome, reason = self.last_word()
        code = self.code
        # The outcome has a column of its own, and a refusal its code.
        reason = reason.removeprefix(f"{outcome}: ") if code else reason
        said = f"{code}: {reason}" if code and f"{code}: " not in reason else reason
        return host, self.state, str(outcome), str(self.decision.get("kb") or ""), clean(said, MESSAGE)

    def next_step(self) -> str:
        """Return what is to be done about this host before a run can do anything with it; empty where that is nothing, or not known."""
        if self.held_back:
            return TEXTS[Refusal.BUDGET_SPENT].remedy
        if self.remedy:
            return self.remedy
        outcome = self.last_word()[0]
        if outcome in (Outcome.LOST, Outcome.UNREACHABLE):
            return ANSWERS
        refused = not self.explained and not self.failed and outcome == Outcome.REFUSED
        return str(self.decision.get("remedy") or "") if refused else ""

    def last_word(self) -> tuple[str, str]:
        """Return the outcome and the reason."""
        message = self.message or str(self.decision.get("reason") or "")
        if self.held_back:
            return Outcome.REFUSED, message
        if not self.asked:
            failed = self.outcome or Outcome.FAILED
            return (failed, self.message or NOT_ASKED) if self.failed else (NOTHING, NOT_BEGUN)
        if self.explained or self.outcome is Outcome.FAILED:
            return str(self.outcome), message
        if (self.ended or self.given_up) and self.failed:
            return Outcome.FAILED, f"{LATER} {message}"
        if self.ended and (self.acted or self.decision.get("action") in BEGINS):
            return Outcome.INTERRUPTED, f"{STOPPED} {message}"
        return str(self.outcome or _OUTCOME_OF.get(str(self.decision.get("action"))) or NOTHING), message

    def _without_remedy(self, result: Mapping[str, Any]) -> str:
        """Return the message of RESULT without the remedy at its end, which is shown once for all hosts that need it."""
        return str(result.get("msg") or "").removesuffix(self.remedy).rstrip()
