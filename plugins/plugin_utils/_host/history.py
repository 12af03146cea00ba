# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about a host that earlier runs know and its observation cannot show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._values.outcome import Outcome


@dataclass(frozen=True, slots=True)
class HostHistory:
    """The past of one host, as its run records have it. C(denials_over) are the updates whose denial has ended."""

    last_outcome: Outcome | None = None
    last_finished_at: datetime | None = None
    in_progress: bool = False
    reachable: bool = True
    rolled_back: dict[str, Any] | None = None
    denied: list[dict[str, Any]] = field(default_factory=list)
    denials_over: frozenset[str] = frozenset()
    enrollment_requested_at: datetime | None = None
