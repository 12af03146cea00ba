# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An installation that does not end: the run goes on with the others, nobody disturbs the host, and the next run finds what came of it."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import cycle, record_of

APRIL, MAY = "KB5082063", "KB5087423"


def test_a_host_that_does_not_end_is_left_to_its_update_client(fleet: Any) -> None:
    slow = {
        "start_kb": APRIL,
        "faults": [{"fault": "slow_install", "minutes": 240}, {"fault": "hang", "at_call": 4, "lost": "none", "seconds": 2}],
    }
    fleet.hosts = {"slow": slow, "srv01": {"start_kb": APRIL}}
    more: dict[str, Any] = {"hotpatch_restart_policy": "never", "hotpatch_install_timeout": 1}
    first = cycle(fleet, "2026-05-12T20:00:00Z", hotpatch_run_id="first", **more)
    assert first.returncode == 2
    assert (record_of(fleet, "first", "slow")["outcome"], record_of(fleet, "first")["outcome"]) == ("lost", "installed"), first.output
    assert "win_updates has not ended in 1 seconds, and goes on on the host" in " ".join(record_of(fleet, "first", "slow")["messages"])
    assert "Wait until its update client has ended" in first.remedies()["slow"], "it answers, so nobody has to find out why it does not"
    assert [call["operation"] for call in fleet.log("slow")].count("cancel") == 0, "what was begun is not canceled"
    again = cycle(fleet, "2026-05-12T21:00:00Z", hotpatch_run_id="again", hotpatch_busy_timeout=0, **more)
    assert "busy" in again.table()["slow"], again.output
    last = cycle(fleet, "2026-05-13T20:00:00Z", hotpatch_run_id="last", **more)
    assert last.returncode == 0, last.output
    assert fleet.state("slow")["counters"] == {"installs": 1, "restarts": 0, "uninstalls": 0}
    assert any("was installed by the run first" in text for text in record_of(fleet, "last", "slow")["messages"])


def test_an_installation_that_takes_its_time_is_waited_for(fleet: Any) -> None:
    fleet.hosts = {"srv01": {"start_kb": APRIL, "faults": [{"fault": "slow_install", "minutes": 90}]}}
    found = cycle(fleet, "2026-05-12T20:00:00Z", hotpatch_run_id="first", hotpatch_restart_policy="never")
    assert found.returncode == 0, found.output
    assert record_of(fleet, "first")["outcome"] == "installed"
