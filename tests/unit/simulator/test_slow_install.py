# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An installation that is under way for a while, as those of real updates are."""

from __future__ import annotations

from typing import Any


def test_slow_install(host: Any) -> None:
    srv = host(faults=[{"fault": "slow_install", "minutes": 20}])
    assert srv.update("KB5068966")["exit"]["failed"] is False
    assert len([call for call in srv.calls() if call["operation"] == "poll"]) > 20
    assert srv.observe()["os"]["ubr"] == 7092


def test_a_slow_install_that_nobody_waits_for(host: Any) -> None:
    """While it goes on the update client is busy and nothing is in force; it ends by itself."""
    left = host(faults=[{"fault": "slow_install", "minutes": 20}])
    session = left.connect()
    left.module("ansible.windows.win_updates", False, session, _operation="start", category_names=["*"], accept_list=["KB5068966"])
    seen = left.observe()
    assert (seen["servicing"]["in_progress"], seen["os"]["ubr"] == 7092) == (True, False)
    seen = left.at("2025-11-12").observe()
    assert (seen["servicing"]["in_progress"], seen["os"]["ubr"]) == (False, 7092)
    assert left.truth().counters["installs"] == 1
