# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One layer of a policy: what is read from it, and what is refused by its place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.specs import SPECS
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.entries import PolicyError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.layers import KEYS, read_policy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.rules import Forbids
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import ANSWERED, at, policy_of, stamp

SPAN = {"from": "2026-12-01", "to": "2026-12-20"}


@pytest.mark.parametrize(
    ("raw", "place", "said"),
    [
        ("strict", "policy", '"strict"'),
        (["deny"], "policy", "Write a mapping of these keys: owner, reason, deny"),
        ("[1]", "policy", "Write a mapping"),
        (True, "policy", "true"),
        ({"dney": []}, "policy.dney", "Did you mean deny?"),
        ({"color": 1}, "policy.color", "Known keys are owner, reason, deny"),
        ({"owner": 7}, "policy.owner", "Write a text"),
        ({"deny": ["newest"]}, "policy.deny[0].kb", '"newest"'),
        ({"deny": ["KB5070881", True]}, "policy.deny[1]", "true"),
        ({"deny": [None]}, "policy.deny[0]", "null cannot be used. An entry is a KB"),
        ({"deny": [""]}, "policy.deny[0]", "An entry is a KB"),
        ({"deny": [[]]}, "policy.deny[0]", "Write a mapping"),
        ({"deny": [7.5]}, "policy.deny[0]", "7.5"),
        ({"deny": {"kb": "KB5070881"}}, "policy.deny", "Write a list"),
        ({"deny": 7}, "policy.deny", "Write a list"),
        ({"deny": "KB5070881,"}, "policy.deny[1]", "An entry is a KB"),
        ({"deny": [{"reason": "x"}]}, "policy.deny[0]", "Write a KB"),
        ({"deny": [{"kb": "KB5070881", "till": "x"}]}, "policy.deny[0].till", "Did you mean until?"),
        ({"deny": [{"kb": "KB5070881", "until": "soon"}]}, "policy.deny[0].until", '"soon"'),
        ({"deny": [{"kb": "KB5070881", "reason": 7}]}, "policy.deny[0].reason", "Write a text"),
        ({"hold": True}, "policy.hold", "true cannot be used. Write a mapping of these keys: reason, owner, from, until."),
        ({"hold": "yes"}, "policy.hold", '"yes"'),
        ({"hold": {}}, "policy.hold.reason", "Give the reason"),
        ({"hold": {"reason": " "}}, "policy.hold.reason", "Give the reason"),
        ({"hold": {"reason": "x", "until": "never"}}, "policy.hold.until", "2026-12-20T18:00:00Z"),
        ({"hold": {"reason": "x", "from": "2026-12-20", "until": "2026-12-01"}}, "policy.hold.until", "after from"),
        ({"opted_out": "perhaps"}, "policy.opted_out", "Write true or false."),
        ({"freezes": {}}, "policy.freezes", "Write a list"),
        ({"freezes": "text"}, "policy.freezes", '"text" cannot be used. Write a list; an entry is a mapping of from and to.'),
        ({"freezes": ["2026-12-20"]}, "policy.freezes[0]", "Write a mapping of these keys: from, to, forbids, reason."),
        ({"freezes": [None]}, "policy.freezes[0]", "null"),
        ({"freezes": [{"from": "2026-12-20"}]}, "policy.freezes[0].to", "Give the beginning in from and the end in to."),
        ({"freezes": [{"from": "night", "to": "2026-12-01"}]}, "policy.freezes[0].from", '"night"'),
        ({"freezes": [SPAN, SPAN | {"forbids": "all"}]}, "policy.freezes[1].forbids", "Write restarts, or changes"),
        ({"windows": [[]]}, "policy.windows[0]", "Write a mapping of these keys: from, to."),
        ({"windows": [{"from": "2026-12-20", "to": "2026-12-01"}]}, "policy.windows[0].to", 'after from ("2026-12-20")'),
        ({"windows": [SPAN | {"reason": "x"}]}, "policy.windows[0].reason", "no such key"),
        ({"observation_max_age_hours": 0}, "policy.observation_max_age_hours", "from 1 to 87600"),
        ({"observation_max_age_hours": 10**30}, "policy.observation_max_age_hours", "from 1 to 87600"),
        ({"catalog_max_age_days": True}, "policy.catalog_max_age_days", "true"),
        ({"catalog_max_age_days": 10.5}, "policy.catalog_max_age_days", "10.5"),
        ({"lift": ["KB5070881"]} | ANSWERED, "policy.lift[0]", "Write a mapping of these keys: kb, until."),
        ({"lift": [{"kb": "KB5070881"}]} | ANSWERED, "policy.lift[0].until", "denied again"),
    ],
)
def test_a_mistake_is_named(raw: Any, place: str, said: str) -> None:
    """Place, value and remedy stand in the error."""
    with pytest.raises(PolicyError) as caught:
        policy_of(raw)
    assert caught.value.place == place
    assert str(caught.value).startswith(f"{place}: ")
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("missing", ["owner", "reason"])
@pytest.mark.parametrize("rule", [{"allow_managed": True}, {"leave_track": "yes"}, {"lift": [{"kb": "KB5070881", "until": "2026-12-31"}]}])
def test_what_loosens_a_rule_needs_somebody_who_answers_for_it(rule: dict[str, Any], missing: str) -> None:
    (key,) = rule
    with pytest.raises(PolicyError, match=f"^policy.{key}: .* It loosens a rule, .* give {missing} beside it"):
        policy_of({name: text for name, text in ANSWERED.items() if name != missing} | rule)
    read = policy_of(ANSWERED | rule)
    assert read.allow_managed or read.leave_track or read.lifts
    assert policy_of({key: None}) == policy_of({"leave_track": False}) == Policy()


def test_the_keys_are_those_of_the_documentation() -> None:
    documented = SPECS["update"]["argument_spec"]["policy"]["options"]
    assert sorted(documented) == sorted(KEYS)
    for key in ("hold", "freezes", "windows", "lift"):
        with pytest.raises(PolicyError) as caught:
            policy_of({key: {"none": 1} if key == "hold" else [{"none": 1}], **ANSWERED})
        assert f"Known keys are {', '.join(documented[key]['options'])}." in str(caught.value)


@pytest.mark.parametrize("raw", [None, "", "  ", {}, "{}", dict.fromkeys(KEYS), dict.fromkeys(KEYS, ""), {"deny": [], "windows": []}])
def test_blank_and_null_mean_not_given(raw: Any) -> None:
    assert policy_of(raw) == Policy() == read_policy({})


def test_what_yaml_surveys_and_templates_make_of_values() -> None:
    """Dates may arrive as dates, numbers as texts, KBs without their letters, and all of it as JSON text."""
    policy = policy_of(
        {
            "deny": [5070881, "kb5070884", {"kb": 5070885}],
            "observation_max_age_hours": "10.0",
            "catalog_max_age_days": 10.0,
            "opted_out": "yes",
            "hold": None,
            "windows": [{"from": date(2026, 8, 20), "to": date(2026, 8, 20)}],
        }
    )
    assert [rule.kb for rule in policy.deny] == ["KB5070881", "KB5070884", "KB5070885"]
    assert policy.observation_age is not None
    assert policy.catalog_age is not None
    assert (policy.observation_age.value, policy.catalog_age.value, policy.opted_out, policy.holds) == (10, 10, ("policy",), ())
    assert not policy.outside_windows(at("2026-08-20T23:59:00"))
    assert policy.outside_windows(at("2026-08-21T00:00:00"))
    text = '{"deny": ["5070881"], "freezes": "[{\\"from\\": \\"2026-12-01\\", \\"to\\": \\"2026-12-20\\"}]"}'
    assert policy_of(text) == policy_of({"deny": "5070881", "freezes": [SPAN]})
    assert policy_of({"deny": "KB5070881, 5070884"}) == policy_of({"deny": ["KB5070881", 5070884]})


@pytest.mark.parametrize("last", ["2026-06-14", "20260614", 20260614, "2026-W24-7", date(2026, 6, 14)])
def test_a_last_day_is_whole_in_every_form_of_a_date(last: Any) -> None:
    policy = policy_of(
        {
            "freezes": [{"from": "2026-06-01", "to": last}],
            "deny": [{"kb": "KB5070881", "until": last}],
            "hold": {"reason": "x", "until": last},
            "windows": [{"from": "2026-06-01", "to": last}],
        }
    )
    for moment, inside in (("2026-06-14T23:59:59", True), ("2026-06-15T00:00:00", False)):
        now = at(moment)
        assert (policy.freeze_at(now) is not None) is inside
        assert (policy.denial_of("KB5070881", now) is not None) is inside
        assert (policy.hold_at(now) is not None) is inside
        assert policy.outside_windows(now) is not inside
    assert {end.text for end in (policy.freezes[0].end, policy.holds[0].until, policy.deny[0].until) if end} == {"2026-06-14"}
    assert policy.denial_of("KB5070884", at("2026-06-01")) is None


@pytest.mark.parametrize("last", ["2026-12-24T12:00:00+02:00", datetime(2026, 12, 24, 10, 0, tzinfo=UTC), "2026-12-24 10:00"])
def test_a_time_is_taken_as_it_is_with_its_zone(last: Any) -> None:
    policy = policy_of({"hold": {"reason": "x", "from": "2026-12-24", "until": last}})
    assert policy.hold_at(at("2026-12-23T23:59:59")) is None
    assert policy.hold_at(at("2026-12-24T09:59:00")) is not None
    assert policy.hold_at(at("2026-12-24T10:00:00")) is None
    assert policy.holds[0].to_dict() == {
        "reason": "x",
        "owner": None,
        "from": "2026-12-24T00:00:00Z",
        "until": "2026-12-24T10:00:00Z",
        "layer": "policy",
    }


def test_a_freeze_of_changes_is_one_of_restarts_too() -> None:
    policy = policy_of({"freezes": [SPAN | {"forbids": "changes"}, {"from": "2027-01-01", "to": "2027-01-31"}]})
    december = policy.freeze_at(at("2026-12-05"), Forbids.CHANGES)
    assert december is not None
    assert december == policy.freeze_at(at("2026-12-05"), Forbids.RESTARTS)
    assert policy.freeze_at(at("2027-01-05"), Forbids.CHANGES) is None
    assert policy.freeze_at(at("2027-01-05")) is not None


def test_the_next_window() -> None:
    """The one that begins first after now."""
    policy = policy_of({"windows": [{"from": f"2026-08-{day}T20:00:00Z", "to": f"2026-08-{day}T23:00:00Z"} for day in (29, 22, 15)]})
    begins = policy.next_window(at("2026-08-20"))
    assert begins is not None
    assert stamp(begins) == "2026-08-22T20:00:00Z"
    assert policy.next_window(at("2026-09-20")) is None


def test_a_gap_between_two_windows_is_a_gap() -> None:
    policy = policy_of(
        {
            "windows": [
                {"from": "2026-08-22T20:00:00Z", "to": "2026-08-22T20:10:00Z"},
                {"from": "2026-08-22T20:12:00Z", "to": "2026-08-22T21:00:00Z"},
                {"from": "2026-08-22T21:00:00Z", "to": "2026-08-22T22:00:00Z"},
            ]
        }
    )
    assert policy.closes_by(at("2026-08-22T20:05:00"), at("2026-08-22T20:20:00"))
    assert not policy.closes_by(at("2026-08-22T20:50:00"), at("2026-08-22T21:05:00"))
