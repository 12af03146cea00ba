# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that needs a while, and an answer that is lost on its way: the host is looked at again, and what it has then counts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import boots, give_hooks, order, play, records

JUNE = ("2026-06-14T20:00:00Z", "KB5087423", "KB5094125")
NOVEMBER = ("2025-11-11T20:00:00Z", "KB5066835", "KB5068966")
TIMED_OUT = {"hresult": "0x800705B4", "message": "This operation returned because the timeout period expired."}
PROBES = ("os", "boot", "vbs", "pending", "monitor", "history", "quick_fixes", "packages")
UPDATE = "winops.hotpatch.internal_apply : Install what was decided, and verify it"


@pytest.mark.parametrize(("data", "minutes"), [(JUNE, 40), (NOVEMBER, 6)], ids=["baseline", "hotpatch"])
def test_what_answers_a_while_later_is_verified(fleet: Any, data: tuple[str, str, str], minutes: int) -> None:
    """One host a probe, which fails from the installation on until some minutes after it."""
    now, start, kb = data
    fleet.now = now
    ends = now.replace("20:00:00", f"20:{minutes:02}:00")
    late = {"from": now.replace(":00Z", ":01Z"), "to": ends, **TIMED_OUT}
    fleet.hosts = {name: {"start_kb": start, "faults": [{"fault": "probe_error", "probe": name, **late}]} for name in PROBES}
    run = play(fleet, "allowed")
    assert run.returncode == 0, run.output
    for name in PROBES:
        result = run.of(name, UPDATE)
        assert (result["outcome"], result["verification"]["verdict"], result["after"]["state"]) == ("installed", "verified", "current"), (
            name
        )
        assert result["decision"]["kb"] == kb
        assert fleet.state(name)["counters"] == {"installs": 1, "uninstalls": 0, "restarts": 1 if data is JUNE else 0}
        # A host is looked at no oftener than the waits allow: after 5, 10, 20, 40 and then every 60 seconds.
        looks = [call for call in fleet.log(name) if call["name"] == "winops.hotpatch.internal_observe"]
        assert len(looks) < 20


def test_the_time_for_it_is_an_option(fleet: Any) -> None:
    fleet.now = NOVEMBER[0]
    late = {"from": "2025-11-11T20:00:01Z", "to": "2025-11-11T20:06:00Z", **TIMED_OUT}
    fleet.hosts = {"srv01": {"start_kb": NOVEMBER[1], "faults": [{"fault": "probe_error", "probe": "os", **late}]}}
    run = play(fleet, hotpatch_settle_timeout=1)
    assert run.of("srv01", UPDATE)["outcome"] == "unverified"


# The fourth call is the first poll of the installation; what the host was asked to do by then it does.
LOST = {"fault": "connection_lost", "at_call": 4, "lost": "answer"}


@pytest.mark.parametrize("seen_as", ["http_400", "garbled"])
@pytest.mark.parametrize(("data", "policy"), [(JUNE, "allowed"), (NOVEMBER, "never")], ids=["baseline", "hotpatch"])
def test_an_answer_that_is_lost_is_not_an_update_that_is_lost(fleet: Any, data: tuple[str, str, str], policy: str, seen_as: str) -> None:
    fleet.now = data[0]
    fleet.hosts = {"srv01": {"start_kb": data[1], "faults": [{**LOST, "seen_as": seen_as}]}}
    give_hooks(fleet)
    run = play(fleet, policy)
    assert run.returncode == 0, run.output
    assert "resume" in order(run) or data is NOVEMBER
    [record] = records(fleet)
    assert (record["outcome"], record["installed"], record["after"]["state"]) == ("installed", [data[2]], "current")
    assert boots(fleet) == (["controller"] if data is JUNE else [])
    assert "Nothing was installed" not in run.output
