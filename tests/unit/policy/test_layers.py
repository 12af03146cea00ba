# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several layers of a policy together: rules add up, and none takes another's away."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.layer_names import is_layer, layer_meant, layers_among, misplaced
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.layers import read_policy
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import ANSWERED, at, stamp
from hypothesis import given
from hypothesis import strategies as st

FLEET, RING, HOST, RUN = (f"hotpatch_policy_{name}" for name in ("fleet", "ring", "host", "run"))
DAYS = st.integers(1, 28).map("2026-08-{:02}".format)


def spans(begin: int, end: int) -> list[dict[str, str]]:
    return [{"from": f"2026-08-22T{begin}:00:00Z", "to": f"2026-08-22T{end}:00:00Z"}]


def test_denials_holds_and_freezes_add_up() -> None:
    policy = read_policy(
        {
            FLEET: {"deny": ["KB5070881"], "freezes": [{"from": "2026-12-20", "to": "2027-01-03", "reason": "Year end"}]},
            RING: {"deny": ["KB5070884"], "freezes": [{"from": "2026-12-01", "to": "2026-12-05", "forbids": "changes"}]},
            HOST: {"hold": {"reason": "audit", "until": "2026-12-10"}, "deny": []},
            RUN: {"hold": {"reason": "ledger", "until": "2026-12-31"}, "deny": None, "freezes": []},
        }
    )
    assert {rule.kb: rule.layer for rule in policy.deny} == {"KB5070881": FLEET, "KB5070884": RING}
    assert [hold.layer for hold in policy.holds] == [HOST, RUN]
    longest = policy.hold_at(at("2026-12-05"))
    assert longest is not None
    assert longest.layer == RUN
    assert [found.layer if (found := policy.freeze_at(at(day))) else None for day in ("2026-12-03", "2026-12-24", "2026-12-12")] == [
        RING,
        FLEET,
        None,
    ]


def test_the_windows_of_all_layers_have_to_be_open() -> None:
    policy = read_policy({FLEET: {"windows": spans(18, 22)}, RING: {"windows": spans(20, 23)}, HOST: {"windows": []}})
    assert policy.closed_at(at("2026-08-22T17:00:00")) == (FLEET, RING)
    assert policy.closed_at(at("2026-08-22T19:00:00")) == (RING,)
    assert policy.closed_at(at("2026-08-22T21:00:00")) == ()
    assert policy.closed_at(at("2026-08-22T22:30:00")) == (FLEET,)
    begins = policy.next_window(at("2026-08-22T17:00:00"))
    assert begins is not None
    assert stamp(begins) == "2026-08-22T20:00:00Z"
    assert policy.closes_by(at("2026-08-22T21:50:00"), at("2026-08-22T22:05:00"))
    apart = read_policy({FLEET: {"windows": spans(18, 20)}, RING: {"windows": spans(20, 23)}})
    assert apart.next_window(at("2026-08-22T17:00:00")) is None


def test_the_least_age_counts_with_its_layer() -> None:
    policy = read_policy({FLEET: {"catalog_max_age_days": 30}, RING: {"catalog_max_age_days": 7}, HOST: {"observation_max_age_hours": 2}})
    assert policy.to_dict(at("2026-08-20"))["catalog_max_age_days"] == {"value": 7, "layer": RING}
    assert policy.to_dict(at("2026-08-20"))["observation_max_age_hours"] == {"value": 2, "layer": HOST}


@pytest.mark.parametrize("flag", ["allow_managed", "leave_track"])
def test_what_one_layer_forbids_no_other_allows(flag: str) -> None:
    loose = {flag: True, **ANSWERED}
    assert getattr(read_policy({FLEET: {"deny": []}, HOST: loose}), flag) == (HOST,)
    assert getattr(read_policy({FLEET: {flag: False}, HOST: loose}), flag) == ()
    assert getattr(read_policy({FLEET: loose, HOST: {flag: "no"}}), flag) == ()


def test_a_record_shows_what_is_to_come_with_its_layer() -> None:
    policy = read_policy(
        {
            FLEET: {
                "deny": [{"kb": "KB5070881", "until": "2026-08-01"}, {"kb": "KB5070884", "until": "2026-12-31", "reason": "Breaks logon"}],
                "freezes": [{"from": "2026-12-20", "to": "2027-01-03"}],
            },
            RING: {"windows": spans(18, 22), "lift": [{"kb": "KB5070885", "until": "2026-09-01"}], **ANSWERED},
            HOST: {"opted_out": True},
        }
    )
    assert policy.to_dict(at("2026-08-20")) == {
        "deny": [{"kb": "KB5070884", "until": "2026-12-31", "reason": "Breaks logon", "layer": FLEET}],
        "holds": [],
        "freezes": [{"from": "2026-12-20T00:00:00Z", "to": "2027-01-03", "forbids": "restarts", "reason": None, "layer": FLEET}],
        "windows": [{"from": "2026-08-22T18:00:00Z", "to": "2026-08-22T22:00:00Z", "layer": RING}],
        "observation_max_age_hours": None,
        "catalog_max_age_days": None,
        "opted_out": [HOST],
        "allow_managed": [],
        "leave_track": [],
        "lift": [{"kb": "KB5070885", "until": "2026-09-01", "layer": RING}],
    }


LAYER = st.fixed_dictionaries(
    {},
    optional={
        "deny": st.lists(st.sampled_from(["KB5070881", "KB5070884"]), max_size=2),
        "hold": st.fixed_dictionaries({"reason": st.just("x")}, optional={"until": DAYS}),
        "freezes": st.lists(DAYS.map(lambda day: {"from": day, "to": day}), max_size=2),
        "windows": st.lists(DAYS.map(lambda day: {"from": day, "to": day}), max_size=2),
        "allow_managed": st.booleans(),
    },
)


@given(layers=st.lists(LAYER, min_size=1, max_size=4), day=DAYS)
def test_another_layer_only_ever_tightens(layers: list[dict[str, Any]], day: str) -> None:
    """Whatever is forbidden without the last layer is forbidden with it; but what it answers for itself."""
    named = {f"hotpatch_policy_{number}": layer | ANSWERED for number, layer in enumerate(layers)}
    policy, now = read_policy(named), at(f"{day}T12:00:00")
    for name in named:
        less = read_policy({other: layer for other, layer in named.items() if other != name})
        assert less.hold_at(now) is None or policy.hold_at(now) is not None
        assert less.freeze_at(now) is None or policy.freeze_at(now) is not None
        assert set(less.closed_at(now)) <= set(policy.closed_at(now))
        assert all(policy.denial_of(rule.kb, now) for rule in less.deny)
        if named[name].get("allow_managed") is not True:
            assert less.allow_managed or not policy.allow_managed


@pytest.mark.parametrize(
    "name", ["hotpatch_policy", FLEET, "hotpatch_policy_emea", "hotpatch_policy_windows_servers", "hotpatch_policy_ring_hold"]
)
def test_any_name_is_a_layer(name: str) -> None:
    assert is_layer(name)
    assert misplaced(name) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("hotpatch_policy_freezes", "freezes"),
        ("hotpatch_policy_freeze", "freezes"),
        ("hotpatch_policy_windwos", "windows"),
        ("hotpatch_policy_hold", "hold"),
        ("hotpatch_policy_owner", "owner"),
        ("hotpatch_deny", "deny"),
        ("hotpatch_holds", "hold"),
    ],
)
def test_a_rule_at_the_wrong_place_is_no_layer(name: str, key: str) -> None:
    """As a layer, hotpatch_policy_hold with a reason would be one without any rule."""
    assert misplaced(name) == f"It is a rule of a policy. Write it below one: hotpatch_policy_fleet, with the key {key}."


@pytest.mark.parametrize(
    ("stem", "meant"),
    [
        ("host_policy", HOST),
        ("cycle_run_policy", RUN),
        ("policies", "hotpatch_policy"),
        ("polcy_emea", "hotpatch_policy_emea"),
        ("restart_polices", None),
        ("records", None),
    ],
)
def test_a_layer_that_was_meant(stem: str, meant: str | None) -> None:
    assert layer_meant(stem) == meant


def test_the_layers_among_the_variables_of_a_host() -> None:
    assert layers_among(["hotpatch_restart_policy", FLEET, "hotpatch_policy_", "policy", "hotpatch_policy"]) == ["hotpatch_policy", FLEET]
