# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several files about safety begin with."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import DAY, HOST


@pytest.fixture(name="here")
def _here(fleet: Any) -> Any:
    fleet.now, fleet.hosts = DAY, {"srv01": dict(HOST)}
    return fleet
