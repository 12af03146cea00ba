# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One host as an action reaches it: payloads, actions of other collections, observations and the clock of the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible.errors import AnsibleConnectionFailure

from .._decision.decision import Decision, DecisionInput
from .._decision.restart_door import restart_put_off
from .._host.history import HostHistory
from .._observation.facts import Observation
from .._observation.parsing import parse_observation
from .._record.interpret import interpret
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._values.moments import iso, read_moment
from .._values.outcome import Outcome
from .._values.plain import plain
from .._values.printable import clean
from .connection_loss import is_connection_loss
from .errors import HostLostError, NoAnswerError
from .host_memory import Change
from .options import Options
from .past import Past
from .shell import refuse_other_answers, refuse_other_systems
from .time_limit import TimeIsUpError

# A leading underscore would hide the module as a private one, but validate-modules before core 2.18 takes such a name for a deprecated one.
OBSERVE = "winops.hotpatch.internal_observe"

# The sections that are asked for right before a restart: they cost the host least.
_AT_THE_DOOR = ["os", "servicing"]
# The remedy where no better one is known.
ASK_ALONE = "Run winops.hotpatch.assess with -vvv against this host alone."
_NO_REASON = "no reason was given, or the answer could not be read."
# The message of ansible-core, up to 2.18 and since, where what came back is no answer of a module.
_NO_ANSWER = ("MODULE FAILURE", "Module result deserialization failed")


@dataclass(frozen=True, slots=True)
class Host:
    """One host of the play, and the run that is at work on it.

    C(run_module) and C(run_action) are handed over by the action that made this: they run one payload, or one action, by its name with
    its arguments and return its result; an action in so many seconds at most. C(started) is the time of the controller when the run
    began. C(wait) lets so many seconds pass, C(past) is what earlier runs left.
    """

    name: str
    options: Options
    started: datetime
    run_module: Callable[[str, dict[str, Any]], Mapping[str, Any]]
    run_action: Callable[[str, dict[str, Any], float | None], Mapping[str, Any]]
    wait: Callable[[float], None] = time.sleep
    past: Past = field(default_factory=Past)

    def now(self) -> datetime:
        """Return the moment of this run plus the time that has really passed, so that a run for another date keeps its own clock."""
        elapsed = datetime.now(UTC) - self.started
        return self.options.now + timedelta(seconds=int(elapsed.total_seconds()))

    def module(self, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Run the payload of module NAME on the host and return its result. Counts as one round trip.

        Raises HostLostError when the host was lost, RefusedError when it is not Windows.
        """
        with _losses(name):
            result = self.run_module(name, dict(plain(args)))
        reached = _reached(name, result)
        refuse_other_systems(reached)
        # A payload returns what it was given; what comes without that is of a shell, or of what runs payloads.
        if reached.get("failed") and "invocation" not in reached:
            refuse_other_answers(words_of(reached))
        return reached

    def action(self, name: str, args: Mapping[str, Any], limit: float | None = None) -> dict[str, Any]:
        """Run another collection's public action NAME within this one and return its result.

        Module defaults of that action do not apply. Raises HostLostError when it lost the host, or has not ended after LIMIT seconds.
        """
        with _losses(name):
            result = self.run_action(name, dict(plain(args)), limit)
        return _reached(name, plain(result))

    def observe(
        self, gather: list[str] | None = None, *, fresh: bool = False, judge_last_run: bool = False, claim: Change | None = None
    ) -> tuple[Record, Any]:
        """Ask the host for its facts, in one round trip, and return the record and the raw observation.

        FRESH leaves out what earlier runs say: after a change the host is judged on what it shows now. JUDGE_LAST_RUN says also how the
        last run ended; a run that makes good what the last one left undone does not judge the host by that. CLAIM changes the memory of
        the host before it is asked, if it is still what was found. Raises ActionError where the
        payload gave no observation, HostLostError when the host was lost.
        """
        raw = self.look(gather, claim)
        if fresh:
            return self.record_of(raw), plain(raw)
        seen = parse_observation(raw)
        return self._record(seen, self.past.history(self.options.now, judge_last_run=judge_last_run, seen=seen)), plain(raw)

    def take_up(self, raw: Any, remembered: Mapping[str, Any]) -> tuple[Record, Any]:
        """Return the same without a round trip, from RAW and REMEMBERED, which an earlier task of this run has returned."""
        self.past.memory.hand_over(remembered)
        seen = parse_observation(raw)
        return self._record(seen, self.past.history(self.options.now, judge_last_run=True, seen=seen)), plain(raw)

    def record_of(self, raw: object) -> Record:
        """Return the record that RAW, an observation of now, gives by itself."""
        return self._record(parse_observation(raw), HostHistory())

    def _record(self, seen: Observation, history: HostHistory) -> Record:
        return interpret(self.name, seen, self.options.catalog, self.options.policy, self.now(), history)

    def look(self, gather: list[str] | None = None, change: Change | None = None) -> Any:
        """Return what the host says of itself, as it says it and whatever it is; its memory is read before, and written as CHANGE says.

        A run that holds the host renews its claim so. Raises as C(observe) does, and LeaseLostError when another run has taken the host.
        """
        memory = self.past.memory
        given = {} if gather is None else {"gather": gather}
        asked = memory.request(change)
        file = memory.file if asked is not None else None
        result = self.module(OBSERVE, given | ({} if asked is None or file else {"memory": asked}))
        memory.take(file.answer(asked or {}, _clock_of(result) or iso(self.now())) if file else result.get("memory"))
        memory.must_be_held(self.name)
        if result.get("failed") or "observation" not in result:
            said = words_of(result).rstrip(" .") or "the payload returned no observation"
            raise NoAnswerError(f"The host could not be observed: {said}. {ASK_ALONE}")
        return plain(result["observation"])

    def restart_put_off(self, before: Record, *, look: bool) -> Decision | None:
        """Return the reason for which the host must not be restarted now, or None. BEFORE is the record of the decision.

        LOOK asks the host for its time and whether it is at work, which is of use once something was done on it.

        The policy is asked with the moment of the decision plus the time that has passed since, by the clock of the host or by that of the
        controller, whichever is more. Raises HostLostError when the host was lost.
        """
        given, seen = self.options, None
        if look:
            # What cannot be asked says nothing, and the clock of the controller counts.
            with suppress(NoAnswerError):
                seen = self.observe(_AT_THE_DOOR, fresh=True)[0].observation
        servicing = seen.servicing.in_progress if seen and seen.servicing else None
        now = self.moment(before, seen)
        # A word of an operator to jobs at work stands in the memory, which was read a moment ago.
        known = replace(before, history=self.past.memory.into(before.history, now, seen))
        began = before.observation.observed_at
        theirs = began + (now - given.now) if began else None
        case = DecisionInput(known, given.catalog, given.policy, given.restart_policy, given.intent, now, given.kb, False, theirs)
        return restart_put_off(case, servicing)

    def moment(self, before: Record, seen: Observation | None) -> datetime:
        """Return the moment of the decision, made on BEFORE, plus the time that has passed since.

        By the clock of the host, which was SEEN since, or by that of the controller, whichever is more.
        """
        began, passed = before.observation.observed_at, self.now() - self.options.now
        if seen is not None and seen.observed_at and began:
            passed = max(passed, seen.observed_at - began)
        return self.options.now + passed

    def with_past(self, record: Record, run: RunRecord, outcome: Outcome) -> Record:
        """Return RECORD, taken at the end of RUN, with what its runs say of the host once this one has ended with OUTCOME.

        That is what the next run will find: an update that was taken off is denied, and so is not due.
        """
        history = self.past.with_this(run, outcome, record.now)
        return interpret(self.name, record.observation, self.options.catalog, self.options.policy, record.now, history)


def _clock_of(result: Mapping[str, Any]) -> str | None:
    """Return the time of the host in RESULT, an observation; it may be anything."""
    seen = result.get("observation")
    said = seen.get("observed_at") if isinstance(seen, Mapping) else None
    return said if isinstance(said, str) and read_moment(said) is not None else None


def words_of(result: Mapping[str, Any]) -> str:
    """Return what RESULT, of a module that failed, says of that: its message or, where that is core's own, what the host wrote."""
    message = str(result.get("msg") or "")
    if message.startswith(_NO_ANSWER) or not message:
        message = str(result.get("module_stderr") or "").strip() or str(result.get("module_stdout") or "").strip() or message
    return clean(message)


@contextmanager
def _losses(name: str) -> Iterator[None]:
    """Say in one way that the host is lost, whatever the connection plugin raised."""
    try:
        yield
    except AnsibleConnectionFailure as error:
        refuse_other_answers(str(error))
        # pywinrm names the transport alone where it cannot read an answer.
        said = clean(error)
        raise HostLostError(f"{said} {_NO_REASON}" if said.endswith(":") else said) from error
    except TimeIsUpError as error:
        raise HostLostError(f"{name} has not ended in {error.seconds:.0f} seconds, and goes on on the host") from error
    except Exception as error:
        if is_connection_loss(error):
            raise HostLostError(f"the connection was lost during {name}: {clean(error)}") from error
        raise


def _reached(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return RESULT of module NAME, unless it says that the host was lost."""
    if result.get("unreachable"):
        raise HostLostError(clean(result.get("msg") or f"the connection was lost during {name}"))
    return dict(result)
