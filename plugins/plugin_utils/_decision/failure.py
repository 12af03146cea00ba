# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages of the roles about a host on which the run failed: the fault, the outcome of the host, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from .._values.outcome import Outcome
from .._values.printable import MESSAGE, clean
from .decision import Action
from .explanation import NOTHING_DONE, explain_rollback
from .refusals import Refusal

LOOK_BY_HAND = "Check this host by hand before you install anything else on it."
KEPT_OUT = "The host was not put back into service: do that when it is healthy, or see hotpatch_resume_after_failure."
NO_TASK = "a task file could not be loaded, or a failure on another host ended the run; see the output."
_NOT_STARTED = "not_started"
# A file of tasks or a role that cannot be loaded has asked the host nothing and proves nothing.
_LOADING = frozenset({"include_tasks", "include_role"})

# What a failed update, and the rollback after failed health tasks, may end with; everything else has failed.
_OF_UPDATE = (Outcome.UNVERIFIED, Outcome.REFUSED, Outcome.LOST, Outcome.UNREACHABLE)
_OF_ROLLBACK = (Outcome.ROLLED_BACK, Outcome.WOULD_ROLL_BACK, Outcome.LOST)


class ResumeAfterFailure(StrEnum):
    """The failed hosts that go back into service: none, those that this run has not changed, or all."""

    NEVER = "never"
    UNCHANGED = "unchanged"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class FailedTask:
    """The task that ended the run on a host.

    Ansible names none, with neither action nor message, where a file of tasks could not be loaded, and where another host failed and
    any_errors_fatal ends the run on all.
    """

    name: str
    action: str
    message: str

    @property
    def loads_tasks(self) -> bool:
        """True if none of the tasks has failed: they were not loaded, or not run."""
        return not self.action or self.action.rpartition(".")[2] in _LOADING

    @property
    def reason(self) -> str:
        """Why it failed, as a sentence."""
        text = clean(self.message or (f"see the output of {self.name}" if self.name else NO_TASK), MESSAGE)
        return text if text.endswith((".", "!", "?", "…", '"')) else f"{text}."


@dataclass(frozen=True, slots=True)
class FailedRun:
    """The facts that a role has about a failed run.

    C(work) names the subject of the run, C(kb) its update, C(result) is the result of the module. C(resumes) is true if there are tasks
    that put the host back into service.
    """

    host: str
    work: str
    kb: str | None
    result: Mapping[str, Any]
    task: FailedTask
    resume_after_failure: ResumeAfterFailure
    resumes: bool

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that the module returned; None if the module itself failed."""
        return Outcome.read(self.result.get("outcome"))

    @property
    def stands(self) -> bool:
        """True if an update of this run is on the host, or that cannot be ruled out."""
        return bool((self.result.get("conclusion") or {}).get("stands"))

    @property
    def module_failed(self) -> bool:
        """True if the module failed, and not a task that came after it."""
        return bool(self.result.get("failed"))

    @property
    def remedy(self) -> str:
        """The remedy that the module has named for its failure, or for its refusal; empty where it knows none."""
        if not self.module_failed:
            return ""
        refused = (self.result.get("decision") or {}) if self.outcome is Outcome.REFUSED else {}
        return clean(self.result.get("remedy") or refused.get("remedy") or "", MESSAGE)

    @property
    def untouched(self) -> bool:
        """True if the module has failed before it began anything."""
        return self.module_failed and self.result.get("explanation") == NOTHING_DONE

    @property
    def health_failed(self) -> bool:
        """True if a health task of the user failed: the only proof of harm, and so the only reason to take an update off again."""
        return not self.module_failed and not self.task.loads_tasks

    @property
    def goes_back(self) -> bool:
        """True if the host goes back into service despite the failure.

        An update that stands keeps it out, and so does a module that cannot say how far it came. One that another run has is left to it.
        """
        if is_taken_over(self.result):
            return False
        changed = self.stands if "conclusion" in self.result else bool(self.result.get("changed"))
        # What became of a lost host is not known.
        unchanged = self.outcome not in (None, Outcome.LOST) and not changed
        wanted = self.resume_after_failure
        return wanted is ResumeAfterFailure.ALWAYS or (wanted is ResumeAfterFailure.UNCHANGED and unchanged)

    @property
    def said(self) -> str:
        """The message of the failed task, without the outcome that a module of this collection puts before it."""
        return self.task.reason.removeprefix(f"{self.outcome}: ")


@dataclass(frozen=True, slots=True)
class Failure:
    """The failure of a host, as C(internal_explain_failure) returns it. C(ended) is the outcome in the table of the run.

    C(out_of_service) is true for a host that was taken out of service and is not put back.
    """

    kb: str | None
    installed: bool
    roll_back: bool
    resume: bool
    outcome: str
    ended: Outcome
    task: str
    reason: str
    message: str
    remedy: str
    out_of_service: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return asdict(self) | {"ended": self.ended.value}


def is_taken_over(result: Mapping[str, Any]) -> bool:
    """Return True if RESULT, of a module, says that another run is at work on the host."""
    return Outcome.read(result.get("outcome")) is Outcome.INTERRUPTED or (result.get("decision") or {}).get("code") == Refusal.BUSY


def work_of(action: str, kb: str | None) -> str:
    """Return the name of the work that a decision for ACTION on KB asks for, as part of a sentence."""
    if action in ("rollback", Action.REMOVE):
        return f"the rollback of {kb}" if kb else "the rollback"
    return f"the update to {kb}" if kb else "the restart"


def not_drained(run: FailedRun) -> Failure:
    """Return the failure of a host that could not be taken out of service, before anything was changed on it."""
    cause = f'"{run.task.name}" failed: {run.said}' if run.task.name else run.said
    message = f"{run.host} was not taken out of service: {cause} {_capital(run.work)} was not started. Remove the cause and run again."
    resume = run.resume_after_failure is not ResumeAfterFailure.NEVER
    return _failure(run, message, installed=False, resume=resume, outcome=_NOT_STARTED, ended=Outcome.FAILED)


def update_failed(run: FailedRun, rollback: Mapping[str, Any], kept: str = "") -> Failure:
    """Return the failure of an update, or of the health tasks after it. ROLLBACK is what the rollback returned, empty before.

    C(roll_back) says whether the update is to be taken off again. KEPT is the reason for which the run does not do it.
    """
    wanted = run.stands and run.health_failed
    tried = rollback if wanted and not kept else {}
    ended = Outcome.read(tried.get("outcome") if wanted else run.outcome)
    if ended is None or ended not in (_OF_ROLLBACK if wanted else _OF_UPDATE):
        ended = Outcome.FAILED
    told = (kept or tried.get("explanation")) if wanted else run.result.get("explanation")
    if wanted and told == NOTHING_DONE:
        # That is so of the rollback, and the update stands.
        told = explain_rollback(Outcome.FAILED, clean(tried.get("msg") or "", MESSAGE), {}, "")
    resume = run.goes_back and not is_taken_over(tried)
    service = KEPT_OUT if run.resumes and not resume else ""
    message = " ".join(filter(None, (_what_failed(run), told, service)))
    return _failure(run, message, installed=run.stands, roll_back=wanted, resume=resume, ended=ended)


def rollback_failed(run: FailedRun) -> Failure:
    """Return the failure of a rollback that was asked for, or of the health tasks after it."""
    if run.outcome is Outcome.REFUSED:
        message = f"{_capital(run.work)} was refused on {run.host}: {run.said} {NOTHING_DONE if run.untouched else ''}".rstrip()
    else:
        message = f"{_what_failed(run)} {NOTHING_DONE if run.untouched else LOOK_BY_HAND}"
    return _failure(run, message, installed=bool(run.result.get("changed")), ended=run.outcome or Outcome.FAILED)


def not_confirmed(run: FailedRun) -> Failure:
    """Return the failure of a host on which something could not be read: the update stays, and a person has to look."""
    back = ", which is back in service" if run.resumes else ""
    said = clean(run.result.get("msg") or "", MESSAGE).removeprefix(f"{run.outcome}: ")
    message = f"{_capital(run.work)} is not confirmed on {run.host}{back}. {said}"
    return _failure(run, message, installed=run.stands, resume=run.resumes)


def _failure(
    run: FailedRun,
    message: str,
    *,
    installed: bool,
    roll_back: bool = False,
    resume: bool | None = None,
    outcome: str | None = None,
    ended: Outcome = Outcome.UNVERIFIED,
) -> Failure:
    resume = run.goes_back if resume is None else resume
    return Failure(
        kb=run.kb,
        installed=installed,
        roll_back=roll_back,
        resume=resume,
        outcome=outcome or (run.outcome.value if run.outcome else "unknown"),
        ended=ended,
        task=run.task.name or "loading the tasks, or a task of another host",
        reason=run.said,
        message=clean(message, 2 * MESSAGE),
        remedy=run.remedy,
        out_of_service=run.resumes and not resume,
    )


def _what_failed(run: FailedRun) -> str:
    if run.module_failed:
        how = "was refused" if run.outcome is Outcome.REFUSED else "failed"
        return f"{_capital(run.work)} {how} on {run.host}: {run.said}"
    how = "did not finish" if not run.task.action else "could not be loaded" if run.task.loads_tasks else "failed"
    where = f', in "{run.task.name}"' if run.task.name else ""
    return f"The health tasks {how} on {run.host} after {run.work}{where}: {run.said}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
