# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook that is killed while a host installs: it acts no more, and the next run goes on at once and says after whom."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import (
    HOST,
    cycle,
    hanging,
    in_background,
    installs,
    record_of,
    restarts,
    wait_for,
)

KB = "KB5094125"


def test_a_worker_whose_playbook_is_gone_does_not_restart_the_host(fleet: Any) -> None:
    """Since ansible-core 2.19 a worker has a session of its own and outlives the playbook; the baseline would restart the host."""

    # The answer takes long enough for the playbook to be killed before it, and then comes.
    fleet.hosts = {"srv01": hanging(3, lost="none")}
    with in_background(fleet, hotpatch_run_id="killed") as process:
        wait_for(lambda: installs(fleet) == 1)
        process.kill()
        process.wait()
        wait_for(lambda: record_of(fleet, "killed")["finished_at"], 120)
    told = record_of(fleet, "killed")
    assert restarts(fleet) == 0, told["messages"]
    assert (told["outcome"], told["installed"], told["restarts"]) == ("interrupted", [KB], [])
    assert "has ended" in " ".join(told["messages"])
    _goes_on(fleet, "killed")


def _goes_on(fleet: Any, name: str) -> None:
    fleet.hosts = {"srv01": dict(HOST)}
    run = cycle(fleet, "2026-06-14T04:00:00Z", hotpatch_run_id="next")
    assert run.returncode == 0, run.output
    record = record_of(fleet, "next")
    assert (record["outcome"], installs(fleet), restarts(fleet)) == ("restarted", 1, 1), record["messages"]
    told = " ".join(record["messages"])
    assert f"This run follows the run {name}" in told
    assert f"{KB} was installed by the run {name}, which was cut off: it waits for a restart." in told


def test_the_next_run_goes_on_at_once_and_names_what_the_killed_one_installed(fleet: Any) -> None:
    fleet.hosts = {"srv01": hanging(20)}
    with in_background(fleet, hotpatch_run_id="killed") as process:
        wait_for(lambda: installs(fleet) == 1)
        process.kill()
        process.wait()
        assert record_of(fleet, "killed")["finished_at"] is None
        _goes_on(fleet, "killed")
