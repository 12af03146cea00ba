# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy that an action is given: its option, and the variables of its host that are layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleError

from .._policy.entries import PolicyError
from .._policy.layer_names import layers_among, misplaced
from .._policy.layers import read_policy
from .._policy.policy import Policy
from .._values.plain import plain
from .._values.printable import clean
from .options import OptionError

OPTION = "policy"


def given_policy(option: object, variables: Mapping[str, Any], template: Callable[[Any], Any]) -> Policy:
    """Return the policy that OPTION and those of VARIABLES that are layers make together. TEMPLATE resolves the value of one.

    Raises OptionError, naming the place, its value and a remedy.
    """
    layers: dict[str, Any] = {OPTION: plain(option)}
    for name in layers_among(variables):
        wrong = misplaced(name)
        if wrong:
            raise OptionError(f"{clean(name)}: this is not the name of a policy. {wrong}")
        try:
            layers[name] = plain(template(variables[name]))
        except AnsibleError as error:
            raise OptionError(
                f"{clean(name)}: it cannot be resolved: {clean(error)}. Correct its template, or the variables in it."
            ) from error
    try:
        return read_policy(layers)
    except PolicyError as error:
        raise OptionError(str(error)) from error
