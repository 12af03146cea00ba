# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one run record says of restarts: those that the run asked for, and those that it may still bring about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .._decision.step import Action
from .._host.boot import boot_differs
from .._host.history import LastRestart
from .._host.restart_journal import Act
from .._values.moments import read_moment
from .._values.outcome import Outcome
from .._values.printable import SAID, clean

_MOST = 50
# A run that was lost may not have seen the end of what it had begun.
_UNSEEN = frozenset({Outcome.INTERRUPTED, Outcome.LOST})
# Something of it may wait for a restart that nobody has asked for.
_WAITING = frozenset({Outcome.WAITING, Outcome.UNVERIFIED, Outcome.FAILED})


def last_restart(data: Mapping[str, Any]) -> LastRestart | None:
    """Return the last restart that the run DATA asked for, None if it asked for none."""
    asked = _asked(data)
    if not asked:
        return None
    outlived = asked[-1].get("outlived")
    known = _texts(outlived) if isinstance(outlived, list) else None
    return LastRestart(read_moment(asked[-1].get("boot_time")), _texts(asked[-1].get("pending")), known)


def act_of(data: Mapping[str, Any], name: str, longest: timedelta) -> Act | None:
    """Return what of the run DATA, called NAME, bears on restarts after it. A run takes no longer than LONGEST."""
    decision = data.get("decision")
    if not isinstance(decision, Mapping) or decision.get("action") not in (Action.INSTALL, Action.RESTART, Action.REMOVE):
        return None
    outcome, seen, started = Outcome.read(data.get("outcome")), read_moment(data.get("boot_time")), read_moment(data.get("started_at"))
    unseen = [entry for entry in _asked(data) if not boot_differs(read_moment(entry.get("boot_time")), seen)] if outcome in _UNSEEN else []
    until = started + longest if started is not None and outcome in _UNSEEN else None
    return Act(name, decision.get("restart_allowed") is True, len(unseen), outcome in _UNSEEN | _WAITING, until)


def _asked(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = data.get("restarts")
    return [item for item in entries if isinstance(item, Mapping) and item.get("allowed") is True] if isinstance(entries, list) else []


def _texts(value: object) -> frozenset[str]:
    return frozenset(clean(item, SAID) for item in value[:_MOST] if isinstance(item, str)) if isinstance(value, list) else frozenset()
