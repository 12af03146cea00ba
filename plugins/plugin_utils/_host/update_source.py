# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The system that decides on the updates of a host."""

from __future__ import annotations

from .._observation.facts import Observation


def managed_by(observation: Observation) -> str | None:
    """Return the name of the system that decides on updates, or None where Windows Update does."""
    source = observation.update_source
    if source is None:
        return None
    if source.configmgr_client:
        return "Configuration Manager"
    if source.use_wu_server == 1:
        return f"WSUS ({source.wu_server or 'server not named'})"
    return None
