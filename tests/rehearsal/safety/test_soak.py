# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few campaigns of tests/soak, always the same: what `make soak` plays for many more seeds works, and breaks no invariant here."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.faults.active import KINDS as KNOWN_FAULTS
from ansible_collections.winops.hotpatch.tests.soak.campaign import play_campaign
from ansible_collections.winops.hotpatch.tests.soak.random_faults import KINDS


def test_each_fault_of_the_simulator_is_among_the_random_ones() -> None:
    assert set(KINDS) == set(KNOWN_FAULTS)


@pytest.mark.parametrize("seed", [6, 30])
def test_a_campaign_breaks_no_invariant(seed: int, tmp_path: Path) -> None:
    result = play_campaign(seed, tmp_path / "campaign", size=4, length=3)
    assert result.broken == []
    assert result.counts["host-runs"] > 20
    assert result.outcomes["installed"], "a campaign in which nothing is done shows nothing"
