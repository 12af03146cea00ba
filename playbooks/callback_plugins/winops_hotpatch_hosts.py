# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the table of hosts at the end of a run, however it ends.

A play cannot: once every host of a batch has failed, or more than hotpatch_max_fail_percentage, Ansible runs no task and no play more.
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

from collections.abc import Mapping
from typing import Any

from ansible import constants
from ansible.plugins.callback import CallbackBase
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.playbook_inputs import WITH_ROLE
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_table import HostRun, host_lines

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
        self._all: list[str] = []
        self._acts = False
        self._seen: dict[str, HostRun] = {}

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
        self._listen(result, failed=True, ends=True)

    def v2_playbook_on_stats(self, stats: object) -> None:
        """Print the table: nothing follows."""
        self._note_ended()
        self._print()

    def _listen(self, result: Any, *, failed: bool, ends: bool = False) -> None:
        # The names without an underscore came with ansible-core 2.19.
        host = (getattr(result, "host", None) or result._host).get_name()
        action = (getattr(result, "task", None) or result._task).action
        found: Mapping[str, Any] = getattr(result, "result", None) or result._result
        if action == f"{_OURS}internal_check_inputs":
            # Another playbook of this collection begins.
            self._print()
            self._all = list(found.get("hosts", ())) if found.get("playbook") in WITH_ROLE else []
            self._acts = found.get("playbook") in _ACTING
        elif not self._all:
            return
        elif action in _TELLING:
            # Ansible takes the key "failed" out of what a callback gets.
            self._seen.setdefault(host, HostRun()).add({**found, "failed": failed})
        elif action == f"{_OURS}internal_explain_failure" and "ended" in found:
            self._seen.setdefault(host, HostRun()).explain(found)
        elif ends:
            self._seen.setdefault(host, HostRun()).fail(found)

    def _note_ended(self) -> None:
        if self._play is None or not self._seen:
            return
        variables = self._play.get_variable_manager().get_vars(play=self._play, include_hostvars=False)
        for host in set(variables["ansible_play_hosts_all"]) - set(variables["ansible_play_hosts"]):
            if host in self._seen:
                self._seen[host].ended = True
        if self._acts:
            # Core before 2.17 leaves the hosts in the play that any_errors_fatal stops.
            for run in self._seen.values():
                run.ended |= run.left_off

    def _print(self) -> None:
        # Text after its document would spoil what these print.
        if self._all and not constants.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2].startswith("json"):
            self._display.display("\n".join(["", *host_lines(self._seen, self._all)]))
        self._all, self._seen = [], {}
