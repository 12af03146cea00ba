# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the account of a run over all of its hosts, and prints their table at the end, however the run ends.

A play cannot: where all hosts of a batch are lost in tasks of the user, Ansible runs no task and no play more.
Ansible loads what lies here with the playbooks beside it, and only then.
"""

from __future__ import annotations

DOCUMENTATION = """
name: winops_hotpatch_hosts
type: notification
short_description: The table of hosts at the end of a run
version_added: "1.0.0"
description:
  - Part of the playbooks of this collection.
options: {}
author:
  - winops.hotpatch contributors (@winops)
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible import constants
from ansible.plugins.callback import CallbackBase
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.playbook_inputs import WITH_ROLE
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_table import host_lines
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.run_account import RunAccount, current, note_limits, open_account
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.run_batches import Batches

_OURS = "winops.hotpatch."
# The playbooks that do what is decided, and do not only tell of it.
_ACTING = frozenset({"cycle", "rollback"})
_TELLING = frozenset({f"{_OURS}host_info", f"{_OURS}update", f"{_OURS}rollback"})


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core has no types
    """Listens to what the modules say of each host, and sums it up when nothing follows."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "winops_hotpatch_hosts"

    def __init__(self) -> None:
        super().__init__()
        self._play: Any = None
        open_account()

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Keep the play: it knows which hosts have left it. Each batch of hosts is a play of its own here."""
        self._note_ended()
        self._play = play

    def v2_runner_on_ok(self, result: Any) -> None:
        """Listen to a task that went well."""
        self._listen(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Listen to a task that failed."""
        self._listen(result, failed=True, ends=not ignore_errors)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Listen to a host that was lost."""
        self._listen(result, failed=True, ends=not getattr(_task(result), "ignore_unreachable", False))

    def v2_playbook_on_stats(self, stats: object) -> None:
        """Print the table: nothing follows."""
        self._note_ended()
        self._print()

    def _listen(self, result: Any, *, failed: bool, ends: bool = False) -> None:
        # The names without an underscore came with ansible-core 2.19.
        host = (getattr(result, "host", None) or result._host).get_name()
        action = _task(result).action
        found: Mapping[str, Any] = getattr(result, "result", None) or result._result
        account = current()
        if action == f"{_OURS}internal_check_inputs":
            # Another playbook of this collection begins.
            self._print()
            if found.get("playbook") in WITH_ROLE:
                ahead = Batches(found.get("restarting", ()), found.get("spread", {}), bool(found.get("sliced")))
                open_account(found["playbook"], found["hosts"], found.get("fail_on"), ahead)
        elif account.closed:
            return
        elif action == f"{_OURS}internal_account":
            self._keep(account, host, found)
        elif action == f"{_OURS}internal_look" and not failed:
            account.ahead.look(host, found)
        elif action == f"{_OURS}internal_batches":
            self._batch(account, found)
        elif action in _TELLING:
            # Ansible takes the key "failed" out of what a callback gets.
            account.of(host).add({**found, "failed": failed})
            # Whoever asks again means to ask the host, unless it could not be reached.
            if not found.get("unreachable"):
                account.ahead.looks.pop(host, None)
        elif action == f"{_OURS}internal_explain_failure" and "ended" in found:
            account.of(host).explain(found)
        elif action == f"{_OURS}internal_memory" and "in_service" in found:
            account.of(host).give_back(in_service=bool(found["in_service"]))
        elif ends:
            account.of(host).fail(found)

    def _keep(self, account: RunAccount, host: str, found: Mapping[str, Any]) -> None:
        step = found.get("step")
        if step == "give_up":
            account.of(host).given_up = True
        elif step == "close":
            account.closed = True
        elif step == "look":
            note_limits(account, found)
            if found["batch"]:
                account.begin_batch(found["batch"])
            if found["spent"]:
                account.hold_back(str(found["msg"]))
            account.hold_back_beside(found.get("held") or {})

    def _batch(self, account: RunAccount, found: Mapping[str, Any]) -> None:
        if found.get("step") == "make":
            account.refuse(account.ahead.make(account.hosts, found["sizes"]))
            self._say(account.ahead.lines(len(account.hosts), in_full=self._display.verbosity > 0))

    def _note_ended(self) -> None:
        account = current()
        if self._play is None or account.closed:
            return
        variables = self._play.get_variable_manager().get_vars(play=self._play, include_hostvars=False)
        for host in set(variables["ansible_play_hosts_all"]) - set(variables["ansible_play_hosts"]):
            if host in account.runs:
                account.runs[host].ended = True
        if account.playbook in _ACTING:
            # Whatever stops a play in the middle leaves its hosts in it.
            for run in account.runs.values():
                run.ended |= run.left_off and not run.held_back

    def _print(self) -> None:
        account = current()
        # Text after its document would spoil what these print.
        if account.hosts:
            self._say(host_lines(account.runs, account.hosts, account.fail_on, in_full=self._display.verbosity > 0))
        open_account()

    def _say(self, lines: Sequence[str]) -> None:
        # Text beside its document would spoil what these print.
        if not constants.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2].startswith("json"):
            self._display.display("\n".join(["", *lines]))


def _task(result: Any) -> Any:
    return getattr(result, "task", None) or result._task
