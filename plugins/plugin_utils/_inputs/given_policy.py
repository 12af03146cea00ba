# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy that an action is given: its option, and the variables of its host that are layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ansible.errors import AnsibleError

from .._catalog.catalog import Catalog
from .._policy.entries import PolicyError
from .._policy.layer_names import layers_among, misplaced
from .._policy.layers import read_policy
from .._policy.policy import Policy
from .._policy.rules import Deny, Lift
from .._values.plain import plain
from .._values.printable import clean
from .two_places import Places, over_inventory, two_places

OPTION = "policy"


class GivenPolicyError(ValueError):
    """The policy that was given cannot be used. The message names the place, its value and what to do."""


def unknown_updates(policy: Policy, catalog: Catalog, now: datetime) -> list[str]:
    """Return a sentence for each denial or lift of POLICY that is in force at NOW for an update that CATALOG does not know.

    It may be one that is yet to come, so it counts all the same; but it may also be a slip of the pen.
    """
    denied: list[tuple[Deny | Lift, str]] = [(rule, "denies") for rule in policy.deny if policy.denial_of((rule.kb,), now)]
    lifted: list[tuple[Deny | Lift, str]] = [(rule, "lifts the denial of") for rule in policy.lifts if policy.lift_of((rule.kb,), now)]
    return [
        f"{rule.layer} {what} {rule.kb}, and no release in the catalog has that number. It counts all the same; look whether it is meant."
        for rule, what in (*denied, *lifted)
        if not catalog.knows(rule.kb)
    ]


def given_policy(option: object, variables: Mapping[str, Any], template: Callable[[Any], Any], loader: Any) -> Policy:
    """Return the policy that OPTION and those of VARIABLES, of the host of a task, that are layers make together.

    TEMPLATE resolves the value of one, and LOADER reads what stands beside the inventory. Raises GivenPolicyError, also where one name is
    in two places: a playbook of somebody's own has not looked for that before its first host.
    """
    layers: dict[str, Any] = {OPTION: plain(option)}
    named = layers_among(variables)
    hostvars, host = variables.get("hostvars"), str(variables.get("inventory_hostname"))
    if named and hostvars is not None:
        places = Places(hostvars._inventory, loader).of_host(host)
        found = two_places(places, over_inventory(hostvars._variable_manager, host))
        if found:
            raise GivenPolicyError(" ".join(found))
    for name in named:
        wrong = misplaced(name)
        if wrong:
            raise GivenPolicyError(f"{clean(name)}: this is not the name of a policy. {wrong}")
        try:
            layers[name] = plain(template(variables[name]))
        except AnsibleError as error:
            raise GivenPolicyError(
                f"{clean(name)}: it cannot be resolved: {clean(error)}. Correct its template, or the variables in it."
            ) from error
    try:
        return read_policy(layers)
    except PolicyError as error:
        raise GivenPolicyError(str(error)) from error
