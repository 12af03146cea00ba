# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of autumn 2026, and entries to lay over the release data that they are judged by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, good_offer, host

LINE = "ws2025"
# July 2026 was a baseline, August a hotpatch on it, September a baseline that nobody had planned.
JULY, AUGUST, SEPTEMBER = "KB5099536", "KB5120228", "KB5122871"
IN_AUGUST, IN_SEPTEMBER = "2026-08-20", "2026-09-20"
WHY = "It breaks Remote Desktop"
Laid = Callable[..., Catalog]


def withdrawn(month: str, kb: str) -> dict[str, Any]:
    return {"month": month, "kb": kb, "withdrawn": True, "reason": f"{WHY}."}


def denied(**more: Any) -> dict[str, Any]:
    return {"month": "2026-08", "kb": AUGUST, "denied": True, "reason": f"{WHY}.", **more}


def offered(*installed: str, offer: str, now: str = IN_AUGUST) -> dict[str, Any]:
    """Return a host in perfect order that is offered OFFER."""
    return change(host(LINE, *installed, now=now), offers=[good_offer(LINE, offer)])
