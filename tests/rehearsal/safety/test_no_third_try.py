# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline that Windows undoes at every restart does not restart the host every night."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import boots, play, records


def test_an_update_that_windows_undid_twice_is_not_tried_by_the_third_run(fleet: Any) -> None:
    fleet.hosts = {"srv01": {"start_kb": "KB5072014", "faults": [{"fault": "rolls_back"}]}}
    for day in ("13", "14"):
        fleet.now = f"2026-01-{day}"
        assert play(fleet, "allowed", role="cycle").returncode != 0
    tried = boots(fleet)
    fleet.now = "2026-01-15"
    third = play(fleet, "allowed", role="cycle")
    last = records(fleet)[-1]
    assert (last["outcome"], last["decision"]["code"], last["before"]["state"]) == ("refused", "denied", "failed"), third.output
    play(fleet, "allowed", role="assess")
    assert records(fleet)[-1]["before"]["state"] == "failed", "assess shows it until a person has looked"
    assert boots(fleet) == tried
    assert len(tried) == 2
