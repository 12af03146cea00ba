# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that each playbook requires, and those that require one another."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from .._values.printable import clean
from .._values.scalars import is_blank

NO_RECORDS = "hotpatch_records: not set. Set it in the inventory to a folder on the controller; every run leaves a record per host there."
NO_FOLDER = "hotpatch_records: not set. Set it to the folder that winops.hotpatch.assess keeps its records in."
NOBODY_NAMED = (
    "hotpatch_hosts: not set, and no --limit was given. Name the hosts to roll back, like -e hotpatch_hosts=web01 (all for every host)."
)
NOBODY_MEANT = (
    "hotpatch_hosts: not set, and no --limit was given, and hotpatch_memory_do is {deed}. Name the hosts whose memory it is about, like"
    " -e hotpatch_hosts=web01 (all for every host)."
)
SHOW = "show"
NO_KB = (
    "hotpatch_rollback_kb: not set, and {count} hosts would be rolled back, each of whatever it has. Name the update to remove,"
    " like -e hotpatch_rollback_kb=KB5094125, or one host alone in hotpatch_hosts."
)
OTHER_KB = (
    "hotpatch_kb: it names what winops.hotpatch.cycle installs. Name the update to remove in hotpatch_rollback_kb, or do without"
    " hotpatch_kb."
)
NO_DEST = "hotpatch_catalog_dest: not set. Give the overlay file to write, by its absolute path."
NO_SOURCES = (
    'hotpatch_catalog_months: not set, and neither is hotpatch_catalog_sources. Give months such as ["2026-06"], or files, folders or URLs.'
)
NOTHING_TO_COMPARE = (
    "hotpatch_catalog_fail_on_change: needs hotpatch_catalog_compare_with. Name the other catalog there; [] is the built-in data."
)
NO_SIGNATURE = (
    "hotpatch_memory_{name}: not set, and hotpatch_memory_do is {deed}. Somebody has to answer for it: give an owner and a reason, and to"
    " lift a denial the update in hotpatch_memory_kb."
)
# What decides on which hosts a run acts, and on how many at once. To ignore it is to act on all of them.
BEFORE_HOSTS = ("hotpatch_hosts", "hotpatch_serial", "hotpatch_max_fail_percentage")
UNHEARD = (
    "{name}: set in the inventory, where a play cannot see it before it has its hosts, so all hosts would be taken."
    " Give it with -e, or name the hosts with --limit, and remove it from the inventory."
)
# The playbooks that restart hosts where their policy allows it.
RESTARTING = ("cycle", "rollback")
# The playbooks that import a role, and the prefix of its own variables, which count as well.
WITH_ROLE = {"assess": "assess_", "cycle": "cycle_", "resume": "cycle_", "rollback": "rollback_"}


def prefix_of(playbook: str) -> str:
    """Return the prefix of the variables of the role that PLAYBOOK imports; empty if it imports none."""
    return WITH_ROLE.get(playbook, "")


def missing(playbook: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the variables that PLAYBOOK needs and VALUES, those of one host, lack, each with the sentence about it."""
    return [(name, sentence) for name, sentence in _NEEDS.get(playbook, _nothing)(values) if is_blank(values.get(name))]


def run_needs(playbook: str, hosts: Any, limit: Any, deed: Any = None) -> list[str]:
    """Return the requirements of PLAYBOOK for a whole run that are not met. What acts on everything has to be asked for by name.

    DEED is what the playbook memory is to do.
    """
    if not is_blank(hosts) or not is_blank(limit):
        return []
    if playbook == "memory" and not is_blank(deed) and deed != SHOW:
        return [NOBODY_MEANT.format(deed=clean(deed))]
    return [NOBODY_NAMED] if playbook == "rollback" else []


def is_slice(variables: Mapping[str, Any]) -> bool:
    """Return True if VARIABLES, which AWX gives to a job, are those of a slice: of a workflow that has the name of its job template.

    AWX makes such a workflow of a job template that is sliced, and tells the job nothing else of it.
    """
    names = [(variables.get(f"{tool}_workflow_job_name"), variables.get(f"{tool}_job_template_name")) for tool in ("awx", "tower")]
    return any(not is_blank(workflow) and workflow == template for workflow, template in names)


def unheard(in_inventory: Iterable[str], known_to_play: Container[str]) -> list[str]:
    """Return a sentence for each variable that a play reads before it has hosts, and that only the inventory sets: it would be ignored.

    IN_INVENTORY are the variables of hosts, KNOWN_TO_PLAY those of the command line and of the play.
    """
    return [UNHEARD.format(name=name) for name in BEFORE_HOSTS if name in set(in_inventory) and name not in known_to_play]


def kb_needed(kbs: Mapping[str, Any]) -> list[str]:
    """Return the sentence about a rollback of several hosts without an update for each. KBS are the updates named, by host."""
    nameless = [host for host, kb in kbs.items() if is_blank(kb)]
    return [f"{NO_KB.format(count=len(kbs))} (First seen on {clean(nameless[0])}.)"] if nameless and len(kbs) > 1 else []


_Needs = list[tuple[str, str]]


def _nothing(values: Mapping[str, Any]) -> _Needs:
    return []


def _records(values: Mapping[str, Any]) -> _Needs:
    return [("hotpatch_records", NO_RECORDS)]


def _cve(values: Mapping[str, Any]) -> _Needs:
    return [("hotpatch_records", NO_FOLDER)]


def _catalog(values: Mapping[str, Any]) -> _Needs:
    asked = not is_blank(values.get("hotpatch_catalog_fail_on_change")) and boolean(values["hotpatch_catalog_fail_on_change"], strict=False)
    return [("hotpatch_catalog_compare_with", NOTHING_TO_COMPARE)] if asked else []


def _catalog_update(values: Mapping[str, Any]) -> _Needs:
    sources = bool(values.get("hotpatch_catalog_sources") or values.get("hotpatch_catalog_months"))
    return [("hotpatch_catalog_dest", NO_DEST), *([] if sources else [("hotpatch_catalog_months", NO_SOURCES)])]


def _rollback(values: Mapping[str, Any]) -> _Needs:
    taken_for_it = not is_blank(values.get("hotpatch_kb"))
    return [*_records(values), *([("hotpatch_rollback_kb", OTHER_KB)] if taken_for_it else [])]


def _memory(values: Mapping[str, Any]) -> _Needs:
    deed = str(values.get("hotpatch_memory_do") or SHOW)
    names = [] if deed == SHOW else ["owner", "reason", *(["kb"] if deed == "lift" else [])]
    return [(f"hotpatch_memory_{name}", NO_SIGNATURE.format(name=name, deed=clean(deed))) for name in names]


_NEEDS: dict[str, Callable[[Mapping[str, Any]], _Needs]] = {
    "cycle": _records,
    "rollback": _rollback,
    "cve": _cve,
    "catalog": _catalog,
    "memory": _memory,
    "catalog_update": _catalog_update,
}
