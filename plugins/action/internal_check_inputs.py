# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the variables of all hosts of a run before any of them is touched. Runs on the controller only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ansible.errors import AnsibleError

from ..plugin_utils._actions.returning import ReturningAction
from ..plugin_utils._actions.specs import SPECS
from ..plugin_utils._inputs.input_kinds import flat, names_of_groups
from ..plugin_utils._inputs.inputs import host_problems, merge_problems, run_problems, shown
from ..plugin_utils._inputs.playbook_inputs import RESTARTING, WITH_ROLE, is_slice, kb_needed, prefix_of, run_needs, unheard
from ..plugin_utils._inputs.two_places import Places, over_inventory, two_places
from ..plugin_utils._inputs.unknown_names import More
from ..plugin_utils._policy.policy import RestartPolicy
from ..plugin_utils._rehearsal.variables import OTHERS, VARIABLES
from ..plugin_utils._run_records.lasting import Job, job_of, refused
from ..plugin_utils._run_records.lasting import told as as_warning
from ..plugin_utils._run_records.store import RecordsError, RunStore
from ..plugin_utils._values.plain import plain
from ..plugin_utils._values.printable import MESSAGE, clean
from ..plugin_utils._values.scalars import is_blank

# The variable by which a playbook says to its check what it is.
_PLAYBOOK = "hotpatch_playbook"
MOST = 50  # problems that one message tells


class ActionModule(ReturningAction):
    """Variables in, sentences out; every value is resolved as the host itself would see it, and no connection is made."""

    _requires_connection = False
    _hotpatch_spec = SPECS["internal_check_inputs"]

    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module."""
        args = plain(self._hotpatch_validate())
        # A pattern knows nothing of --limit. The order stays that of the inventory.
        within = set(task_vars["ansible_play_hosts_all"])
        args["hosts"] = [host for host in args["hosts"] if host in within]
        pattern, limit = self._value("hotpatch_hosts", task_vars), self._value("ansible_limit", task_vars)
        problems = run_needs(args["playbook"], pattern, limit, self._value("hotpatch_memory_do", task_vars))
        problems += run_problems(self._value("hotpatch_serial", task_vars), self._value("hotpatch_max_fail_percentage", task_vars))
        if not args["hosts"]:
            problems.insert(0, _no_host(pattern, limit))
        hostvars = task_vars["hostvars"]
        beneath, above = _of_play(task_vars, hostvars.raw_get(task_vars["inventory_hostname"]))
        places = Places(hostvars._inventory, self._loader) if args["playbook"] in WITH_ROLE else None
        # The variables of a host are put together anew each time that they are asked for, which is what takes time: once is enough.
        found: dict[str, list[str]] = {}
        names: set[str] = set()
        kbs: dict[str, Any] = {}
        job, warnings = job_of(task_vars), set()
        fail_on: dict[str, list[str]] = {}
        spread: dict[str, list[str]] = {}
        restarting: list[str] = []
        for host in args["hosts"]:
            given = hostvars.raw_get(host)
            names |= given.keys()
            own = _of_run(hostvars, host) | ({_PLAYBOOK} - given.keys())
            variables = {**beneath, **given, **above}
            found[host] = self._of_host(variables, args["playbook"], own)
            if places:
                found[host] += two_places(places.of_host(host), over_inventory(hostvars._variable_manager, host, above))
            if args["playbook"] in WITH_ROLE:
                wrong, doubts = self._of_records(variables, WITH_ROLE[args["playbook"]], job)
                found[host] += wrong
                warnings |= doubts
            if args["playbook"] == "rollback":
                kbs[host] = self._resolve(variables, "rollback_kb", "hotpatch_rollback_kb")
            if words := [word for word in flat(self._resolve(variables, "hotpatch_fail_on")) if not is_blank(word)]:
                fail_on[host] = [str(word) for word in words]
            if args["playbook"] in RESTARTING and self._may_restart(variables, args["playbook"]):
                restarting.append(host)
                spread[host] = names_of_groups(self._resolve(variables, "hotpatch_spread"))
        problems += merge_problems(found)
        if args["playbook"] in (*WITH_ROLE, "field_probe", "memory"):
            problems += unheard(names, {*_of_command_line(hostvars), *above})
        problems += kb_needed(kbs)
        if problems:
            # Lines of its own, each of them cleaned where it was made; a whole fleet can be wrong.
            more = [f"There are {len(problems) - MOST} more."] if len(problems) > MOST else []
            return {"failed": True, "msg": "\n".join(clean(problem, MESSAGE) for problem in problems[:MOST] + more)}
        hosts = args["hosts"]
        told = {"playbook": args["playbook"], "hosts": hosts, "fail_on": fail_on, "restarting": restarting, "spread": spread}
        told["sliced"] = is_slice({name: self._value(name, task_vars) for name in task_vars if name.startswith(("awx_", "tower_"))})
        told |= {"warnings": sorted(warnings)} if warnings else {}
        return {"changed": False, **told, "msg": f"The variables of {len(hosts)} hosts can be used."}

    def _of_host(self, variables: dict[str, Any], playbook: str, own: set[str]) -> list[str]:
        templar = self._templar.copy_with_new_env(available_variables=variables)

        def value_of(name: str) -> Any:
            try:
                return plain(templar.template(variables[name]))
            except AnsibleError as error:
                raise ValueError(f"it cannot be resolved: {clean(error)}.") from error

        return host_problems([str(name) for name in variables], value_of, playbook, More(VARIABLES, OTHERS), own)

    def _may_restart(self, variables: dict[str, Any], playbook: str) -> bool:
        policy = self._resolve(variables, f"{prefix_of(playbook)}restart_policy", "hotpatch_restart_policy")
        return not is_blank(policy) and policy != RestartPolicy.NEVER

    def _of_records(self, variables: dict[str, Any], prefix: str, job: Job | None) -> tuple[list[str], set[str]]:
        """Return the problems of the folder of records of one host, and the warning where nothing shows that it outlives JOB."""
        root = self._resolve(variables, f"{prefix}records", "hotpatch_records")
        if is_blank(root) or not isinstance(root, str):
            return [], set()
        problem, doubt = _look_at(root, job)
        if problem or not doubt:
            return [f"hotpatch_{problem}"] if problem else [], set()
        memory = self._resolve(variables, f"{prefix}memory", "hotpatch_memory")
        return ([refused(doubt)], set()) if memory == "records" else ([], {as_warning(doubt)})

    def _resolve(self, variables: dict[str, Any], *names: str) -> Any:
        """Return the value of the first of NAMES that one host has; what cannot be resolved is told elsewhere, and is its own name here."""
        name = next((name for name in names if name in variables), None)
        try:
            templar = self._templar.copy_with_new_env(available_variables=variables)
            return plain(templar.template(variables[name])) if name else None
        except AnsibleError:
            return name

    def _value(self, name: str, task_vars: Mapping[str, Any]) -> Any:
        return plain(self._templar.template(task_vars[name])) if name in task_vars else None


@lru_cache(maxsize=1024)
def _look_at(root: str, job: Job | None) -> tuple[str | None, str | None]:
    """Return the problem of the folder ROOT, and the doubt whether it outlives JOB. A path that is not absolute is told elsewhere."""
    try:
        store = RunStore(root, job)
    except RecordsError:
        return None, None
    try:
        store.check()
    except RecordsError as error:
        return str(error), None
    return None, store.doubt()


def _no_host(pattern: Any, limit: Any) -> str:
    within = f" within --limit {clean(limit)}" if limit else ""
    return (
        f"hotpatch_hosts: {shown('all' if is_blank(pattern) else pattern)} matches no host of this inventory{within}."
        " Correct the pattern, the limit or the inventory."
    )


def _of_run(hostvars: Any, host: str) -> set[str]:
    """Return the variables of HOST that tasks of this run have set, and nobody from outside: another playbook may have run before.

    Ansible-core offers no other way to tell a variable by its source.
    """
    return set(hostvars._variable_manager._nonpersistent_fact_cache.get(host, ())) - _of_command_line(hostvars)


def _of_command_line(hostvars: Any) -> set[str]:
    """Return the variables that the command line gives."""
    return set(hostvars._variable_manager.extra_vars)


def _of_play(task_vars: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the variables of TASK_VARS that are of the play and not of its host, which has OWN: beneath those of hosts, and above.

    A variable of a play wins over those of hosts. How it reaches the controller is not how it reaches its hosts, so that stays beneath.
    """
    more = {str(name): value for name, value in task_vars.items() if name != "vars" and (name not in own or value != own[name])}
    beneath = {name: more.pop(name) for name in list(more) if name.startswith("ansible_")}
    return beneath, more
