# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules of this collection share: options, one observation, the run record, and the way out when a host is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from ansible.errors import AnsibleConnectionFailure

from .._host.history import HostHistory
from .._observation.parsing import parse_observation
from .._record.interpret import interpret
from .._record.record import Record
from .._run_records.history_of_runs import context_of
from .._run_records.run_record import RunRecord
from .._values.printable import clean
from .connection_loss import is_connection_loss
from .errors import ActionError, HostLostError
from .options import Options, plain, read_options
from .returning import ReturningAction

OBSERVE = "winops.hotpatch.host_info"


@contextmanager
def _losses(name: str) -> Iterator[None]:
    """Say in one way that the host is lost, whatever the connection plugin raised."""
    try:
        yield
    except AnsibleConnectionFailure as error:
        raise HostLostError(clean(error)) from error
    except Exception as error:
        if is_connection_loss(error):
            raise HostLostError(f"the connection was lost during {name}: {clean(error)}") from error
        raise


def _reached(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return RESULT of module NAME, unless it says that the host was lost."""
    if result.get("unreachable"):
        raise HostLostError(clean(result.get("msg") or f"the connection was lost during {name}"))
    return dict(result)


class HotpatchAction(ReturningAction):
    """Template of an action: it validates, then hands over to C(_hotpatch_run) of the subclass.

    Hooks and helpers carry the prefix C(_hotpatch_) so that they can never collide with names that core may add to ActionBase.
    """

    _hotpatch_spec: ClassVar[dict[str, Any]] = {}

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module. Bad options end here, before the host is touched."""
        self._hotpatch_vars = task_vars
        self._hotpatch_check_mappings()
        # A copy, because ansible-core writes the defaults of suboptions into the default of their option.
        _result, args = self.validate_argument_spec(argument_spec=deepcopy(self._hotpatch_spec))
        self._hotpatch_started = datetime.now(UTC).replace(microsecond=0)
        self._hotpatch_options = read_options(args, self._hotpatch_started)
        self._hotpatch_check(self._hotpatch_options)
        self._hotpatch_open: RunRecord | None = None
        try:
            result = self._hotpatch_run(self._hotpatch_options)
        except HostLostError as error:
            self._hotpatch_lost(str(error))
            raise
        except Exception as error:
            # Whatever it was, the run leaves a record of it on this host, and Ansible reports it as ever.
            self._hotpatch_broken(str(error) or type(error).__name__)
            raise
        result = plain(result)
        if not result.get("failed"):
            result.pop("failed", None)
        return dict(result)

    def _hotpatch_check_mappings(self) -> None:
        """Name the option that should be a mapping and is none: ansible-core's own message does not."""
        for name, spec in self._hotpatch_spec.items():
            value = self._task.args.get(name)
            if spec.get("type") == "dict" and value is not None and not isinstance(value, Mapping):
                keys = ", ".join(sorted(spec.get("options", {})))
                raise ActionError(f"{name}: {clean(repr(str(value)))} is not a mapping. Write a mapping of these keys: {keys}.")

    def _hotpatch_check(self, options: Options) -> None:
        """Raise OptionError when options contradict one another. To be given by a subclass that has such options."""

    def _hotpatch_run(self, options: Options) -> dict[str, Any]:
        """Do what the module is for and return its result. To be given by the subclass."""
        raise NotImplementedError(f"{type(self).__module__} does not say what it does with {options.run_id}")

    @property
    def _hotpatch_host(self) -> str:
        return str(self._hotpatch_vars.get("inventory_hostname", "unknown"))

    def _hotpatch_now(self) -> datetime:
        """Return the moment of this run plus the time that has really passed, so that a run for another date keeps its own clock."""
        elapsed = datetime.now(UTC) - self._hotpatch_started
        return self._hotpatch_options.now + timedelta(seconds=int(elapsed.total_seconds()))

    def _hotpatch_module(self, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Run the payload of module NAME on the host and return its result. Counts as one round trip."""
        with _losses(name):
            result = self._execute_module(module_name=name, module_args=dict(plain(args)), task_vars=self._hotpatch_vars)
        return _reached(name, result)

    def _hotpatch_call(self, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Run another collection's public action NAME within this one and return its result.

        Module defaults of that action do not apply. Raises HostLostError when it lost the host.
        """
        task = self._task.copy()
        task.args = dict(plain(args))
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
        with _losses(name):
            result = action.run(task_vars=self._hotpatch_vars)
        return _reached(name, plain(result))

    def _hotpatch_observe(self, options: Options, gather: list[str] | None = None, *, fresh: bool = False) -> tuple[Record, dict[str, Any]]:
        """Ask the host for its facts, in one round trip, and return the record and the raw observation.

        FRESH leaves out what earlier runs say: after a change the host is judged on what it shows now.
        """
        result = self._hotpatch_module(OBSERVE, {"gather": gather} if gather else {})
        if result.get("failed") or "observation" not in result:
            why = result.get("msg") or result.get("module_stderr") or "the payload returned no observation"
            raise ActionError(
                f"The host could not be observed: {clean(why)} Run winops.hotpatch.assess with -vvv against this host alone,"
                " and check that its PowerShell is 5.1 or later."
            )
        raw = result["observation"]
        context = HostHistory() if fresh else self._hotpatch_context(options)
        observation = parse_observation(raw)
        record = interpret(self._hotpatch_host, observation, options.catalog, options.policy, self._hotpatch_now(), context)
        return record, plain(raw)

    def _hotpatch_context(self, options: Options) -> HostHistory:
        if options.store is None:
            return HostHistory()
        earlier = [data for data in options.store.of_host(self._hotpatch_host) if data.get("run_id") != options.run_id]
        context = context_of(earlier, options.now)
        # A run makes good what the last one left undone, so it does not judge the host by how that one ended.
        return replace(context, last_outcome=None) if self._hotpatch_is_run(options) else context

    def _hotpatch_is_run(self, options: Options) -> bool:
        """Return True if this module carries a run out, or only looks."""
        return True

    def _hotpatch_begin(self, options: Options) -> RunRecord:
        """Return this run's record of this host, not yet written. Check mode leaves none."""
        store = None if self._task.check_mode else options.store
        self._hotpatch_open = RunRecord(
            host=self._hotpatch_host,
            run_id=store.claim(self._hotpatch_host, options.run_id) if store else options.run_id,
            started_at=options.now,
            restart_policy=str(options.restart_policy),
            intent=str(options.intent),
            store=store,
        )
        return self._hotpatch_open

    def _hotpatch_finish(self, run: RunRecord, outcome: str) -> str | None:
        """Close the run's record with OUTCOME, write it, and return its path."""
        self._hotpatch_open = None
        path = run.finish(outcome, self._hotpatch_now())
        return str(path) if path else None

    def _hotpatch_lost(self, message: str) -> None:
        """Leave a record of a host that could not be reached, or was lost on the way."""
        run = self._hotpatch_open or self._hotpatch_begin(self._hotpatch_options)
        run.note(message)
        self._hotpatch_finish(run, "lost" if run.decision else "unreachable")

    def _hotpatch_broken(self, message: str) -> None:
        """Leave a record of a run that ended in an error of its own."""
        run = self._hotpatch_open or self._hotpatch_begin(self._hotpatch_options)
        run.note(message)
        self._hotpatch_finish(run, "failed")
