# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the variables of a run, made before any host is touched; pure except for a look at the files that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from .._policy.entries import PolicyError, as_json
from .._policy.layer_names import is_layer
from .._policy.layers import read_layer
from .._values.printable import clean
from .._values.scalars import is_blank
from .input_kinds import complaints, flat
from .playbook_inputs import WITH_ROLE, missing, prefix_of
from .unknown_names import NO_MORE, More, unknown_names
from .variables import READ_BY, VARIABLES

_SERIAL = re.compile(r"[1-9][0-9]*%?")
_PERCENTAGE = re.compile(r"[0-9]|[1-9][0-9]|100")


def run_problems(serial: Any, max_fail_percentage: Any) -> list[str]:
    """Return the problems of the values that Ansible reads before there are hosts; what is blank is not set."""
    found = (
        []
        if is_blank(serial)
        else [
            f'hotpatch_serial: {shown(item)} is neither a number of hosts nor a percentage. Write it like 10, "25%" or [1, 5, "50%"].'
            for item in flat(serial)
            if isinstance(item, bool) or not _SERIAL.fullmatch(str(item))
        ]
    )
    if not is_blank(max_fail_percentage) and not _PERCENTAGE.fullmatch(str(max_fail_percentage)):
        found.append(f"hotpatch_max_fail_percentage: {shown(max_fail_percentage)} is not a whole percentage. Write a number from 0 to 100.")
    return found


def host_problems(
    names: Iterable[str], value_of: Callable[[str], Any], playbook: str, more: More = NO_MORE, own: Container[str] = ()
) -> list[str]:
    """Return the problems of the variables of one host, a sentence each that begins with the variable as the user wrote it.

    NAMES are all variables of the host. VALUE_OF returns the value of one and raises ValueError with the reason where it has none; only
    those that PLAYBOOK reads are asked for. MORE are the variables of another part; a playbook that is not known here reads those. OWN are
    the names that the run itself has given a value.
    """
    prefix, known = prefix_of(playbook), {**VARIABLES, **more.variables}
    read = READ_BY.get(playbook) or (VARIABLES if playbook in WITH_ROLE else more.variables)
    present = list(names)
    found = unknown_names(present, more, own)
    values: dict[str, Any] = {}
    for name in present:
        layer = is_layer(name) and playbook in WITH_ROLE
        if layer or name in read or (name not in VARIABLES and _of_role(name, prefix) in VARIABLES):
            try:
                values[name] = value_of(name)
            except ValueError as error:
                found.append(f"{name}: {clean(error)} Correct its template, or the variables in it.")
    told = {problem.partition(":")[0] for problem in found}
    found += [sentence for name, sentence in missing(playbook, values) if name not in told]
    for name, value in values.items():
        if is_layer(name):
            found += [] if name in told else _policy(name, value)
            continue
        entry = known[name] if name in known else VARIABLES[_of_role(name, prefix)]
        # The role's own variables are made from these by its defaults; where one is set by hand, only single words are looked at here.
        if name in known or "choices" in entry or entry.get("check") in ("seconds", "wait"):
            found += _check(name, value, entry)
    return found


def merge_problems(problems: Mapping[str, list[str]]) -> list[str]:
    """Return the problems of all hosts, each once, with the host that had it first."""
    first: dict[str, str] = {}
    for host, found in problems.items():
        for problem in found:
            first.setdefault(problem, host)
    return [f"{problem} (First seen on {clean(host)}.)" for problem, host in first.items()]


def shown(value: Any) -> str:
    """Return VALUE as a message shows it, in one line of JSON."""
    return as_json(value)


def _of_role(name: str, prefix: str) -> str:
    return f"hotpatch_{name.removeprefix(prefix)}" if prefix and name.startswith(prefix) else name


def _policy(name: str, value: Any) -> list[str]:
    try:
        if not is_blank(value):
            read_layer(name, value)
    except PolicyError as error:
        return [str(error)]
    return []


def _check(name: str, value: Any, entry: Mapping[str, Any]) -> list[str]:
    # What a survey leaves empty counts as not set.
    if is_blank(value):
        return []
    choices, kind = entry.get("choices"), entry.get("check")
    if choices is not None:
        wrong = [item for item in (flat(value) if kind == "words" else [value]) if item not in choices]
        return [f"{name}: {shown(item)} is not valid. Use {_any_of(choices)}." for item in wrong]
    if kind is None:
        return []
    return [f"{name}: {shown(item)} {complaint}" for item, complaint in complaints(kind, value, entry)]


def _any_of(choices: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
