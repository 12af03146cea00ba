# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations that operators of Windows fleets have reported in public, as runs meet them; judged on the hosts' own files."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import extra, hanging, installs, record_of, restarts
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.remembering import JUNE, MAY, playbook

MAY_DAY, LATER = "2026-05-12T20:00:00Z", "2026-05-12T20:40:00Z"


def failing(hresult: str) -> dict[str, Any]:
    return {"faults": [{"fault": "install_error", "kb": MAY, "hresult": hresult, "times": 1}]}


@pytest.mark.parametrize(
    ("hresult", "words"),
    [("0x80240016", ("another", "in progress", "restart", "busy")), ("0x8007045B", ("shut", "restart"))],
)
def test_an_installation_that_something_else_got_in_the_way_of_is_explained_and_done_by_the_next_run(
    fleet: Any, hresult: str, words: tuple[str, ...]
) -> None:
    """Another installation is at work for a moment, or Windows is being shut down."""
    fleet.now, fleet.hosts = MAY_DAY, {"srv01": failing(hresult)}
    first = playbook(fleet, "records", hotpatch_run_id="first", hotpatch_restart_policy="never")
    assert first.returncode == 2
    told = record_of(fleet, "first")
    said = " ".join(told["messages"])
    assert told["outcome"] == "failed"
    assert hresult.lower() in said.lower()
    assert any(word in said.lower() for word in words), said
    fleet.now = LATER
    playbook(fleet, "records", hotpatch_run_id="second", hotpatch_restart_policy="never")
    assert (record_of(fleet, "second")["outcome"], record_of(fleet, "second")["installed"]) == ("installed", [MAY])
    assert (installs(fleet), restarts(fleet)) == (1, 0)


def test_what_asks_for_a_restart_every_day_keeps_no_hotpatch_away(fleet: Any) -> None:
    """Browsers and antivirus programs rename files at the next start, always."""
    fleet.now, fleet.hosts = MAY_DAY, {"srv01": {"pending": ["pending_file_rename"]}}
    assert playbook(fleet, "records", hotpatch_run_id="may", hotpatch_restart_policy="never").returncode == 0
    told = record_of(fleet, "may")
    assert (told["outcome"], told["after"]["state"]) == ("installed", "restart_pending_deferrable")
    assert (installs(fleet), restarts(fleet)) == (1, 0)


def test_a_task_that_runs_out_of_time_closes_its_record_and_the_next_run_goes_on(fleet: Any) -> None:
    fleet.hosts = {"srv01": hanging(30, lost="none")}
    fleet.hosts["srv01"]["faults"][0]["at_call"] = 4
    given = extra(fleet, hotpatch_run_id="first", hotpatch_settle_timeout=2)
    run = run_playbook(fleet.folder, "winops.hotpatch.cycle", fleet.inventory(), "-e", given, env={"ANSIBLE_TASK_TIMEOUT": "12"})
    assert run.returncode == 2
    told = record_of(fleet, "first")
    assert (told["outcome"], told["finished_at"] is not None, restarts(fleet)) == ("interrupted", True, 0)
    fleet.hosts = {"srv01": {"start_kb": MAY}}
    assert playbook(fleet, "records", hotpatch_run_id="second").returncode == 0
    assert record_of(fleet, "second")["outcome"] in ("installed", "restarted")
    assert [entry["kb"] for entry in fleet.state()["installed"]][-1] == JUNE
    assert (installs(fleet), restarts(fleet)) == (1, 1)
