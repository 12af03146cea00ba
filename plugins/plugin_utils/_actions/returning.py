# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of every action of this collection: whatever goes wrong in one is returned, and nothing is raised."""

from __future__ import annotations

import traceback
from abc import abstractmethod
from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any, ClassVar, final

from ansible.errors import AnsibleActionFail, AnsibleActionSkip, AnsibleConnectionFailure, AnsibleError
from ansible.module_utils.common.validation import check_type_bool, check_type_float, check_type_int
from ansible.plugins.action import ActionBase

from .._values.printable import MESSAGE, clean, clean_lines
from .._values.scalars import is_blank, read_whole
from .errors import ActionError, HostLostError, LeaseLostError
from .needs import UNMET

# Core's own converters of single values, and what they make.
_SCALARS = {"int": check_type_int, "bool": check_type_bool, "float": check_type_float}
_SAID = {"int": "a whole number", "bool": "true or false", "float": "a number"}
# What a defect is said with.
UNEXPECTED = "Unexpected failure: "


class ReturningAction(ActionBase):  # type: ignore[misc]  # ansible-core has no types
    """An action that hands over to C(_hotpatch_do) of the subclass and returns its failures as results.

    Up to 2.18, ansible-core marks as text, and not as a template, only what an action returns. What it raises becomes a result without that
    mark, so the author of the text of an error (a host, a server, a file of release data) could have the controller run a template as soon
    as a playbook shows the result. No action of this collection may therefore have a C(run) of its own.
    """

    # What the module takes, as specs.py has it: the arguments of core's validate_argument_spec.
    _hotpatch_spec: ClassVar[dict[str, Any]] = {}

    @final
    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module."""
        self._supports_check_mode = True
        self._supports_async = False
        try:
            if UNMET:
                raise ActionError(UNMET)
            super().run(tmp, task_vars)
            return self._hotpatch_do(task_vars or {})
        except Exception as error:
            failure = self._hotpatch_advise(failure_of(error), error)
            return failure | self._hotpatch_explain(failure)

    def _hotpatch_advise(self, failure: dict[str, Any], error: Exception) -> dict[str, Any]:
        """Return FAILURE, the result that tells of ERROR, with the remedy where one is known. To be given by a subclass that knows some."""
        return failure

    def _hotpatch_explain(self, failure: dict[str, Any]) -> dict[str, Any]:
        """Return the fields by which FAILURE, a result, says what it means for the host. To be given by a subclass that has such fields."""
        return {}

    def _hotpatch_validate(self, apart: Collection[str] = ()) -> dict[str, Any]:
        """Return the options of the task, checked by core's validator against C(_hotpatch_spec) of the subclass, with their defaults.

        An option that is given as null counts as not given, and so does a blank text, as a survey gives it, for a number, a truth or a
        choice. C(10.0) is C(10). APART are options that the action reads by itself: they come back as if they were not given.
        Raises ActionError where core's own message would not name the option.
        """
        options, given = self._hotpatch_spec["argument_spec"], self._task.args
        args = {
            name: _whole(value) if options.get(name, {}).get("type") == "int" else value
            for name, value in given.items()
            if name not in apart and not _is_nothing(value, options.get(name, {}))
        }
        together = _named(self._hotpatch_spec)
        for name, value in args.items():
            if name in together and value == "":
                raise ActionError(f"{name}: '' is empty. Give a value, or leave the option out.")
        _check_mappings(options, args)
        _check_scalars(options, args)
        # Core's validator reads the task. A task that is tried again runs this with the arguments that it was given.
        self._task.args = args
        try:
            # A copy, because ansible-core writes the defaults of suboptions into the default of their option.
            _result, checked = self.validate_argument_spec(**deepcopy(self._hotpatch_spec))
        finally:
            self._task.args = given
        return dict(checked)

    @abstractmethod
    def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do what the module is for and return its result. To be given by the subclass."""


def _is_nothing(value: object, option: Mapping[str, Any]) -> bool:
    if value is None:
        return not option.get("required")
    return is_blank(value) and (option.get("type") in ("bool", "int", "float") or "choices" in option)


def _whole(value: object) -> object:
    found = read_whole(value)
    return value if found is None else found


def _check_mappings(options: Mapping[str, Any], given: Mapping[Any, Any], within: str = "") -> None:
    """Refuse what is not a mapping where one is wanted: within an option, core makes one of a text and raises on anything else."""
    for name, value in given.items():
        spec = options.get(name, {})
        if spec.get("type") != "dict" or value is None or (within and isinstance(value, str)):
            continue
        if not isinstance(value, Mapping):
            keys = ", ".join(sorted(spec.get("options", {})))
            raise ActionError(f"{within}{name}: {clean(repr(str(value)))} is not a mapping. Write a mapping of these keys: {keys}.")
        _check_mappings(spec.get("options", {}), value, f"{within}{name}.")


def _check_scalars(options: Mapping[str, Any], given: Mapping[Any, Any]) -> None:
    """Refuse by its value what is no number or no truth: core before 2.17 names its type instead."""
    for name, value in given.items():
        kind = options.get(name, {}).get("type")
        if kind not in _SCALARS:
            continue
        try:
            # True is a whole number to core, and up to 2.17 so is 10.5.
            whole = kind != "int" or read_whole(value) is not None
            _SCALARS[kind](value)
        except TypeError:
            whole = False
        if not whole:
            raise ActionError(f"{name}: {clean(repr(value))} cannot be read as {_SAID[kind]}.")


def _named(spec: Mapping[str, Any]) -> set[str]:
    """Return the options that SPEC makes depend on one another: an empty text would satisfy core there, and no module."""
    found = {name for kind in ("mutually_exclusive", "required_one_of") for entry in spec.get(kind, ()) for name in entry}
    found |= {name for option, needed in spec.get("required_by", {}).items() for name in (option, *needed)}
    return found | {name for entry in spec.get("required_if", ()) for name in (entry[0], *entry[2])}


def failure_of(error: Exception) -> dict[str, Any]:
    """Return ERROR, which is being handled, as a result.

    What an action says on purpose is said by its message. Everything else is a defect, of this collection or of another one, and comes with
    the traceback, which ansible-core shows with C(-vvv) or as its setting C(DISPLAY_TRACEBACK) says.
    """
    message = clean(str(error) or type(error).__name__, MESSAGE)
    if isinstance(error, HostLostError | AnsibleConnectionFailure):
        outcome = error.outcome if isinstance(error, HostLostError) else None
        return {"unreachable": True, "msg": message} | ({"outcome": outcome.value} if outcome else {})
    if isinstance(error, AnsibleActionSkip):
        return {"skipped": True, "msg": message}
    if isinstance(error, LeaseLostError):
        return {"failed": True, "msg": message, "outcome": error.outcome.value}
    if isinstance(error, ActionError | AnsibleActionFail):
        return {"failed": True, "msg": message}
    if not isinstance(error, AnsibleError):
        message = clean(f"{UNEXPECTED}{type(error).__name__}: {message}", MESSAGE)
    return {"failed": True, "msg": message, "exception": clean_lines(traceback.format_exc())}
