# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several runs at once, each of a controller of its own: of all that come to a host one acts, and the logs of the hosts prove it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import HOST, cycle, in_background, installs, restarts
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.remembering import hooks, hooks_run

QUICK: dict[str, Any] = {"hotpatch_busy_timeout": 0, "hotpatch_settle_timeout": 2}


def begun(fleet: Any, host: str) -> int:
    """How many installations the update client of the host was asked for."""
    return len([call for call in fleet.log(host) if call["operation"] == "start" and not call["check_mode"]])


@pytest.mark.parametrize("folders", [["one", "two", "three"], ["one", "one"]], ids=["controllers", "folder"])
def test_of_runs_at_once_one_acts_on_each_host(here: Any, folders: list[str]) -> None:
    """Also where all of them have the name of a pipeline."""
    here.hosts = {"srv01": dict(HOST), "srv02": dict(HOST)}
    given = {**QUICK, **hooks(here), "hotpatch_run_id": "2026-06"}
    with ExitStack() as stack:
        all_of_them = [given | {"hotpatch_records": str(here.folder / name)} for name in folders]
        processes = [stack.enter_context(in_background(here, **each)) for each in all_of_them]
        for process in processes:
            process.wait(200)
    for host in here.hosts:
        assert (installs(here, host), restarts(here, host), begun(here, host)) == (1, 1, 1)
        assert here.state(host)["memory"]


def test_one_machine_under_two_names_is_one_machine(here: Any) -> None:
    here.hosts = {name: {**HOST, "machine": "m"} for name in ("by-name", "by-address")}
    found = cycle(here, **QUICK)
    assert (installs(here, "m"), restarts(here, "m"), begun(here, "m")) == (1, 1, 1), found.output
    assert sorted(line.split()[2] for line in found.table().values()) in (["installed", "refused"], ["installed", "none"]), found.output
    assert hooks_run(here) == []
