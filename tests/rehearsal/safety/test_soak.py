# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few campaigns of tests/soak, always the same: what `make soak` plays for many more seeds works, and breaks no invariant here."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.faults import active, fault
from ansible_collections.winops.hotpatch.tests.soak.campaign import play_campaign
from ansible_collections.winops.hotpatch.tests.soak.random_faults import KINDS

# Importing it has entered all kinds.
ENTERED = active


def test_each_fault_of_the_simulator_is_among_the_random_ones() -> None:
    assert set(KINDS) == set(fault.KINDS)


def test_a_campaign_breaks_no_invariant(tmp_path: Path) -> None:
    """Eight hosts: a run that is killed and run again, check mode and the run after it, and the end in which everything is mended."""
    result = play_campaign(47, tmp_path / "campaign", size=8, length=2)
    assert result.broken == []
    assert (result.counts["host-runs"], result.counts["kills"]) == (64, 1)
    assert result.outcomes["installed"], "a campaign in which nothing is done shows nothing"
    assert {"restart allowed", "restarted out of service", "line is true", "check mode equals run", "in service at the end"} <= set(
        result.checked
    )
