# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restart check: the update client's answer, before an installation, to the question of a restart."""

from __future__ import annotations

from typing import Any

from ..faults.active import Faults
from ..host.model import HostDescription
from .offers import Offer

NOT_SUPPORTED = "0x80240037"


def answer(offer: Offer, description: HostDescription, faults: Faults) -> dict[str, Any] | None:
    """None on builds without this interface; updates from elsewhere than the line's releases have no bootstrapper to ask."""
    if not description.has_restart_check:
        return None
    for fault in faults.active(offer.kb):
        given = fault.restart_check()
        if given is not None:
            return given
    if offer.kind == "other":
        return {
            "asked": True,
            "answer": None,
            "hresult": NOT_SUPPORTED,
            "message": "the update has no bootstrapper to ask (WU_E_NOT_SUPPORTED)",
        }
    return {"asked": True, "answer": offer.restart, "hresult": None, "message": None}
