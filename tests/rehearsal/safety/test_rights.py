# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account without administrator rights, or with a filtered token, over a connection that lets it in."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import DAY, HOST, cycle, installs


@pytest.mark.parametrize("name", ["assess", "cycle", "rollback"])
def test_it_is_told_with_its_remedy_and_nothing_is_done(fleet: Any, name: str) -> None:
    fleet.now, fleet.hosts = DAY, {"plain": {**HOST, "administrator": False}, "good": dict(HOST)}
    run = cycle(fleet, playbook=name, hotpatch_hosts="all", hotpatch_rollback_kb="KB5087423")
    assert "unknown_host: The account of this run is not an administrator of the host" in run.table()["plain"]
    assert "LocalAccountTokenFilterPolicy" in run.remedies()["plain"]
    assert "not an administrator" not in run.table()["good"]
    assert installs(fleet, "plain") == 0
    assert {entry["name"] for entry in fleet.log("plain")} == {"winops.hotpatch.internal_observe"}
