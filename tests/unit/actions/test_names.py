# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that begin like a variable of this collection and are none, or are not for others to set: each with the one that was meant."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.unknown_names import More, unknown_names
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.variables import OTHERS

MORE = More({"hotpatch_rehearsal_show": {"check": "truth"}}, frozenset({"hotpatch_rehearsal_os"}))


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("hotpatch_catalog_json", "Did you mean hotpatch_catalog_cache?"),
        ("hotpatch_decision", "Correct it, or give"),
        ("hotpatch_playbook", "Correct it, or give"),
        ("hotpatch_result", "Did you mean"),
    ],
)
def test_what_the_run_keeps_for_itself_cannot_be_set(name: str, remedy: str) -> None:
    (problem,) = unknown_names([name], MORE)
    assert problem.startswith(f"{name}: the playbooks set this name themselves. ")
    assert not any(f"Did you mean {other}?" in problem for other in OTHERS)
    assert unknown_names([name], MORE, {name}) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("hotpatch_rehearsal_records", "hotpatch_records"),
        ("hotpatch_cycle_run_policy", "hotpatch_policy_run"),
        ("hotpatch_asses_before", "hotpatch_assess_before"),
        ("hotpatch_rehearsal_shwo", "hotpatch_rehearsal_show"),
    ],
)
def test_the_same_name_behind_another_prefix_is_meant(name: str, meant: str) -> None:
    assert unknown_names([name], MORE) == [f"{name}: there is no such variable. Did you mean {meant}?"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hotpatch_run_policy", "Did you mean hotpatch_policy_run?"),
        ("hotpatch_host_policies", "Did you mean hotpatch_policy_host?"),
        ("hotpatch_polcy", "Did you mean hotpatch_policy?"),
        ("hotpatch_policies", "Did you mean hotpatch_policy?"),
        ("hotpatch_polcy_emea", "Did you mean hotpatch_policy_emea?"),
        ("hotpatch_freezes", "Write it below one: hotpatch_policy_fleet, with the key freezes."),
        ("hotpatch_policy_hold", "with the key hold."),
        ("hotpatch_deny", "with the key deny."),
        ("hotpatch_windows", "with the key windows."),
        ("hotpatch_policy_restart", "Did you mean hotpatch_restart_policy?"),
        ("hotpatch_drian", "Did you mean hotpatch_drain?"),
        ("hotpatch_record", "Did you mean hotpatch_records?"),
        ("hotpach_restart_policy", "Did you mean hotpatch_restart_policy?"),
        ("hot_patch_policy_emea", "Did you mean hotpatch_policy_emea?"),
        ("Hotpatch_kb", "Did you mean hotpatch_kb?"),
        ("cycle_restart_polcy", "Did you mean cycle_restart_policy?"),
        ("cycle_policy", "Did you mean hotpatch_policy?"),
        ("rollback_policy_host", "Did you mean hotpatch_policy_host?"),
        ("hotpatch_restart_polcy", "Did you mean hotpatch_restart_policy?"),
        ("hotpatch_reboot_timeout", "Did you mean hotpatch_restart_timeout?"),
        ("hotpatch_zzz", "a variable of your own"),
    ],
)
def test_a_misspelt_or_misplaced_name_is_told_with_the_right_one(name: str, told: str) -> None:
    (problem,) = unknown_names([name], MORE)
    assert problem.startswith(f"{name}: there is no such variable. ")
    assert told in problem


@pytest.mark.parametrize(
    "name",
    [
        "hotpatch_policy",
        "hotpatch_policy_emea",
        "hotpatch_policy_windows_servers",
        "hotpatchable",
        "hostname_fqdn",
        "hotfix_policy",
        "baseline_run",
        "cycle_info",
        "cycle_restart_policy",
        "patch_policy",
    ],
)
def test_what_others_call_theirs_is_left_in_peace(name: str) -> None:
    assert unknown_names([name], MORE) == []
