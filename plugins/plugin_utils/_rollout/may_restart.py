# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hosts of a run may restart, by what was decided for them when they were looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._decision.refusals import Refusal
from .._decision.step import Action

# Such a refusal may have gone when the host is asked again: another run has ended, or a probe has answered.
_PASSING = frozenset({Refusal.BUSY, Refusal.UNKNOWN_HOST})
_BEGINS = frozenset({Action.INSTALL, Action.REMOVE, Action.RESTART})


def may_restart(decision: Mapping[str, Any] | None) -> bool:
    """Return False if DECISION, as it is returned, brings no restart; True where it may, and where there is none."""
    if not decision:
        return True
    if decision.get("action") in _BEGINS:
        return decision.get("restart") != "no"
    return decision.get("code") in _PASSING
