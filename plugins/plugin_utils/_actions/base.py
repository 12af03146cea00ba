# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions that reach a host: options, the run record, and the way out when the host is lost."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from .._advice.advise import advise, advise_on_host
from .._decision.decision import Decision
from .._inputs.given_policy import OPTION, GivenPolicyError, given_policy, unknown_updates
from .._policy.policy import NO_POLICY
from .._run_records.lasting import job_of, told
from .._run_records.memory_file import MemoryFile
from .._run_records.run_record import RunRecord
from .._run_records.store import RecordsError
from .._values.outcome import Outcome
from .._values.plain import plain
from .._values.printable import MESSAGE, clean
from .errors import ActionError, HostLostError, LeaseLostError, NoAnswerError, OrphanError
from .host import ASK_ALONE, Host
from .host_memory import HostMemory
from .options import OptionError, Options, read_options
from .past import Past
from .returning import UNEXPECTED, ReturningAction, failure_of
from .shell import RefusedError, refuse_other_shells, without_interpreter
from .time_limit import STILL_AT_WORK, TimeIsUpError, limited


class HotpatchAction(ReturningAction):
    """Template of an action: it validates, then hands over to C(_hotpatch_run) of the subclass.

    Hooks and helpers carry the prefix C(_hotpatch_) so that they can never collide with names that core may add to ActionBase.
    """

    # What the connection raised, if it did, and whether anything was decided, and so may have been begun.
    _hotpatch_raised: Exception | None = None
    _hotpatch_decided = False

    @abstractmethod
    def _hotpatch_run(self, host: Host, run: RunRecord) -> dict[str, Any]:
        """Do on HOST what the module is for and return its result. RUN is the record of it, not yet written."""

    def _hotpatch_check(self, options: Options) -> None:
        """Raise OptionError when options contradict one another. To be given by a subclass that has such options."""

    def _hotpatch_keeps_record(self, options: Options) -> bool:
        """Return False where the run leaves no record although OPTIONS name a folder of records."""
        return not self._task.check_mode

    def _hotpatch_only_asks(self, options: Options, task_vars: Mapping[str, Any]) -> bool:
        """Return True if nothing follows from what is decided.

        A task of a run that acts may be in check mode by itself: what it decides is done by the next one.
        """
        return bool(self._task.check_mode and task_vars.get("ansible_check_mode"))

    def _hotpatch_refused(self, decision: Decision) -> dict[str, Any]:
        """Return the fields that tell of DECISION, by which a host is refused unasked. To be given by a subclass that has such fields."""
        return {}

    def _hotpatch_advise(self, failure: dict[str, Any], error: Exception) -> dict[str, Any]:
        """Return FAILURE with the remedy, where ERROR tells of the way to the host, or of its shell. Nothing else is the inventory's."""
        words = str(failure.get("msg") or "")
        if isinstance(error, HostLostError):
            if isinstance(error.__cause__, TimeIsUpError):
                return _with_remedy(failure, STILL_AT_WORK)
            # A host that was lost on the way has been reached before.
            return failure if failure.get("outcome") == Outcome.LOST else _with_remedy(failure, advise(words))
        if isinstance(error, NoAnswerError):
            return _with_remedy(failure, advise_on_host(words))
        return _with_remedy(failure, advise(words)) if error is self._hotpatch_raised and not self._hotpatch_decided else failure

    def _hotpatch_ask(self, run: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """RUN a module or an action, and keep what its connection raised."""
        try:
            return run()
        except ActionError:
            raise
        except Exception as error:
            self._hotpatch_raised = error
            raise

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module. Bad options end here, before the host is touched."""
        policy = NO_POLICY
        if OPTION in self._hotpatch_spec["argument_spec"]:
            try:
                policy = given_policy(self._task.args.get(OPTION), task_vars, self._templar.template, self._loader)
            except GivenPolicyError as error:
                raise OptionError(str(error)) from error
        args = self._hotpatch_validate(apart=(OPTION,))
        started = datetime.now(UTC).replace(microsecond=0)
        options = read_options(args, started, policy, job_of(task_vars))
        options = replace(options, asked=bool(args.get("as_of")) and self._hotpatch_only_asks(options, task_vars))
        self._hotpatch_check(options)
        task_vars = without_interpreter(task_vars)
        host = Host(
            name=str(task_vars.get("inventory_hostname", "unknown")),
            options=options,
            started=started,
            run_module=lambda name, given: self._hotpatch_ask(
                partial(self._execute_module, module_name=name, module_args=given, task_vars=task_vars)
            ),
            run_action=lambda name, given, limit: self._hotpatch_ask(partial(self._hotpatch_run_action, task_vars, name, given, limit)),
            # A connection may have a clock of its own, by which time passes.
            wait=getattr(self._connection, "pass_time", time.sleep),
        )
        run = self._hotpatch_open(host)
        file = None
        if args.get("memory") == "records" and options.store:
            file = MemoryFile(options.store, host.name, read_only=self._task.check_mode)
        memory = HostMemory(kept=args.get("memory") == "host" or file is not None, file=file)
        memory.hand_over(args.get("remembered"))
        host = replace(host, past=Past(options.store, host.name, self._hotpatch_claim(host, run), memory))
        try:
            refuse_other_shells(self._connection)
            result = _with_warnings(plain(self._hotpatch_run(host, run)), host)
        except RefusedError as error:
            # Nothing was begun, so a later run does not judge the host by this one, and yet nobody should take it for done.
            run.decision = error.decision.to_dict()
            _close(host, run, str(error), Outcome.REFUSED)
            return failure_of(error) | self._hotpatch_refused(error.decision)
        except HostLostError as error:
            # A host that could not be reached, or was lost on the way, has a record of that.
            self._hotpatch_decided = bool(run.decision)
            error.outcome = Outcome.LOST if run.decision else Outcome.UNREACHABLE
            _close(host, run, str(error), error.outcome)
            raise
        except RecordsError as error:
            # What was done is told by what the record still says, or by this one if there is room by now.
            _close(host, run, str(error), Outcome.FAILED)
            raise ActionError(str(error)) from error
        except (OrphanError, LeaseLostError) as error:
            self._hotpatch_decided = bool(run.decision)
            _close(host, run, str(error), Outcome.INTERRUPTED)
            raise
        except Exception as error:
            # Whatever it was, the run leaves a record of it on this host, and Ansible reports it as ever.
            self._hotpatch_decided = bool(run.decision)
            _close(host, run, str(error) or type(error).__name__, Outcome.FAILED)
            raise
        except BaseException as error:
            # The task ran out of time, or was stopped: the run on this host has ended here, and what it had begun is not known.
            _close(host, run, f"The task was stopped: {str(error) or type(error).__name__}", Outcome.INTERRUPTED)
            raise
        if not result.get("failed"):
            result.pop("failed", None)
            return dict(result)
        # With a decision it is the host that failed, and not its shell.
        return dict(result) if "decision" in result else _with_remedy(dict(result), advise_on_host(str(result.get("msg") or "")))

    def _hotpatch_open(self, host: Host) -> RunRecord:
        """Return this run's record of HOST, not yet written."""
        options = host.options
        return RunRecord(
            host=host.name,
            run_id=options.run_id,
            started_at=options.now,
            restart_policy=str(options.restart_policy),
            intent=str(options.intent),
            store=options.store if self._hotpatch_keeps_record(options) else None,
        )

    def _hotpatch_claim(self, host: Host, run: RunRecord) -> str | None:
        """Give RUN its name and return it; None if it keeps no record. A folder that cannot be used ends here, the host untouched."""
        try:
            if host.options.store:
                host.options.store.check_host(host.name)
            run.claim()
        except RecordsError as error:
            raise OptionError(str(error)) from error
        return run.run_id if run.store else None

    def _hotpatch_run_action(self, task_vars: dict[str, Any], name: str, args: dict[str, Any], limit: float | None) -> Mapping[str, Any]:
        """Run another collection's public action NAME with ARGS, for LIMIT seconds at most, and return its result."""
        task = self._task.copy()
        task.args = args
        task.async_val = 0
        action = self._shared_loader_obj.action_loader.get(
            name,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        if action is None:
            collection = name.rpartition(".")[0]
            raise ActionError(f"{name} was not found. Install it: ansible-galaxy collection install {collection}")
        if limit is not None:
            action._execute_module = limited(action._execute_module, limit)
        result: Mapping[str, Any] = action.run(task_vars=task_vars)
        return result


def _with_warnings(result: dict[str, Any], host: Host) -> dict[str, Any]:
    """Return RESULT with a warning for each run record that could not be read, since what it said, such as a denial, does not count.

    An update of the policy that nothing knows is told as well.
    """
    given = host.options
    doubt = given.store.doubt() if given.store else None
    found = [
        # In the same words for each host and for the check of the whole run: Ansible shows a warning once.
        *([told(doubt)] if doubt else []),
        *host.past.passed_over(None if given.args.get("as_of") else host.now()),
        *unknown_updates(given.policy, given.catalog, given.now),
    ]
    return result | {"warnings": [*result.get("warnings", []), *found]} if found else result


def _with_remedy(failure: dict[str, Any], remedy: str | None) -> dict[str, Any]:
    """Return FAILURE, a result, with REMEDY at the end of its message and beside it, and without the traceback that nobody needs then."""
    if remedy is None:
        return failure
    words = str(failure["msg"]).removeprefix(UNEXPECTED).removesuffix(ASK_ALONE).rstrip(" .")
    known = {key: value for key, value in failure.items() if key != "exception"}
    return known | {"msg": f"{clean(words, MESSAGE - len(remedy) - 2)}. {remedy}", "remedy": remedy}


def _close(host: Host, run: RunRecord, message: str, outcome: Outcome) -> None:
    """Close a record that is still open."""
    if run.finished_at is None:
        run.note(message)
        run.finish_if_possible(outcome, host.now())
