# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy of an operator."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.specs import SPECS
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy, PolicyError, parse_policy
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import at, stamp


def checked(raw: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Return what ansible-core says against the option C(policy), and what it makes of it."""
    found = ArgumentSpecValidator(deepcopy(SPECS["update"]["argument_spec"])).validate({"policy": raw})
    return found.error_messages, found.validated_parameters["policy"]


def policy_of(raw: dict[str, Any]) -> Policy:
    """Return the policy that RAW becomes on its way through ansible-core."""
    errors, policy = checked(raw)
    assert errors == []
    return parse_policy(policy)


@pytest.mark.parametrize(
    ("raw", "option"),
    [
        ({"deny": ["newest"]}, "deny.kb"),
        ({"deny": [True]}, "deny"),
        ({"deny": [{"kb": "KB5070881", "till": "x"}]}, "deny.till"),
        ({"deny": [{"kb": "KB5070881", "until": "soon"}]}, "deny.until"),
        ({"deny": [{"kb": "KB5070881", "reason": 7}]}, "deny.reason"),
        ({"hold": {"reason": ""}}, "hold.reason"),
        ({"hold": {"reason": "x", "until": "never"}}, "hold.until"),
        ({"freezes": [{"from": "night", "to": "2026-12-01"}]}, "freezes.from"),
        ({"windows": [{"from": "2026-12-20", "to": "2026-12-01"}]}, "windows.to"),
        ({"observation_max_age_hours": 0}, "observation_max_age_hours"),
        ({"catalog_max_age_days": True}, "catalog_max_age_days"),
    ],
)
def test_a_mistake_is_named(raw: dict[str, Any], option: str) -> None:
    """Option, value and remedy stand in the error."""
    with pytest.raises(PolicyError) as caught:
        policy_of(raw)
    assert caught.value.option == option
    assert caught.value.remedy.endswith(".")
    assert f"policy.{option}" in str(caught.value)
    assert repr(caught.value.value) in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"color": 1}, ["policy.color", "Supported parameters include: allow_managed"]),
        ({"deny": {"kb": "KB5070881"}}, ["deny", "list"]),
        ({"hold": {}}, ["reason", "hold"]),
        ({"opted_out": "perhaps"}, ["opted_out", "perhaps", "Valid booleans include"]),
        ({"freezes": {}}, ["freezes", "list"]),
        ({"freezes": ["2026-12-20"]}, ["freezes", "dict"]),
        ({"freezes": [{"from": "2026-12-20"}]}, ["to", "freezes"]),
        ({"observation_max_age_hours": "an hour"}, ["observation_max_age_hours", "int"]),
    ],
)
def test_ansible_core_names_a_wrong_type(raw: dict[str, Any], words: list[str]) -> None:
    message = " ".join(checked(raw)[0])
    assert [word for word in words if word not in message] == []


def test_what_yaml_and_templates_make_of_values() -> None:
    """Dates may arrive as dates, numbers as texts, KBs without their letters; null is the default."""
    policy = policy_of(
        {
            "deny": [5070881, "kb5070884"],
            "observation_max_age_hours": "3600",
            "opted_out": "yes",
            "hold": None,
            "windows": [{"from": date(2026, 8, 20), "to": date(2026, 8, 20)}],
        }
    )
    assert [rule.kb for rule in policy.deny] == ["KB5070881", "KB5070884"]
    assert (policy.observation_max_age_hours, policy.opted_out, policy.hold) == (3600, True, None)
    assert not policy.outside_windows(at("2026-08-20T23:59:00"))
    assert policy.outside_windows(at("2026-08-21T00:00:00"))
    assert parse_policy(None) == parse_policy({"freezes": None}) == policy_of({})


def test_a_last_day_is_whole_and_ends() -> None:
    """A date alone in to or until includes that day; times are taken as they are, with their zone."""
    policy = parse_policy(
        {
            "freezes": [{"from": "2026-12-20", "to": "2027-01-03"}],
            "deny": [{"kb": "KB5070881", "until": "2026-12-31"}],
            "hold": {"reason": "x", "until": "2026-12-24T12:00:00+02:00"},
        }
    )
    assert policy.freeze_at(at("2027-01-03T23:59:59")) is not None
    assert policy.freeze_at(at("2027-01-04T00:00:00")) is None
    assert policy.denial_of("KB5070881", at("2026-12-31T23:00:00")) is not None
    assert policy.denial_of("KB5070881", at("2027-01-01T00:00:00")) is None
    assert policy.denial_of("KB5070884", at("2026-12-01")) is None
    assert policy.hold_at(at("2026-12-24T09:59:00")) is not None
    assert policy.hold_at(at("2026-12-24T10:00:00")) is None


def test_the_next_window() -> None:
    """The one that begins first after now."""
    policy = parse_policy({"windows": [{"from": f"2026-08-{day}T20:00:00Z", "to": f"2026-08-{day}T23:00:00Z"} for day in (29, 22, 15)]})
    begins = policy.next_window(at("2026-08-20"))
    assert begins is not None
    assert stamp(begins) == "2026-08-22T20:00:00Z"
    assert policy.next_window(at("2026-09-20")) is None
