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
