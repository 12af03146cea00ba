# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health of a host as the hotpatch monitor reports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .._observation.facts import Observation
from .._values.plain_fields import PlainFields

_BAD_LEVELS = ("error", "critical")


class HealthVerdict(StrEnum):
    """The verdict on the health of a host."""

    OK = "ok"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Health(PlainFields):
    """The verdict and what was found."""

    verdict: HealthVerdict
    findings: tuple[str, ...]


def judge_health(observation: Observation, installed_at: datetime | None) -> Health:
    """Return the health of the host since INSTALLED_AT, the time of the release in force (None: since the last start).

    The monitor service starts on demand, so that it is stopped is not a fault by itself. That it is missing, disabled or without
    its task is: then nothing watches the hotpatch.
    """
    monitor = observation.monitor
    if monitor is None:
        return Health(HealthVerdict.UNKNOWN, (f"The hotpatch monitor is not known: {observation.error_of('monitor')}.",))
    bad: list[str] = []
    notes: list[str] = []
    if monitor.service in ("disabled", "missing"):
        bad.append(f"The hotpatch monitor service (hpatchmon) is {monitor.service}; nothing watches the hotpatch. Restore it.")
    elif monitor.service == "stopped" and monitor.task not in ("ready", None):
        bad.append(f"The hotpatch monitor service is stopped and its task is {monitor.task}. Restore the task.")
    elif monitor.service == "stopped":
        notes.append("The hotpatch monitor service is stopped; it starts on demand.")
    for event in monitor.events or ():
        text = (
            f"Event {event.id} of {event.source} at {event.time:%Y-%m-%d %H:%M} UTC"
            if event.time
            else f"Event {event.id} of {event.source}"
        )
        text = f"{text} ({event.level}): {event.message or 'no text'}"
        old = installed_at is not None and event.time is not None and event.time < installed_at
        (bad if event.level.lower() in _BAD_LEVELS and not old else notes).append(text)
    if bad:
        return Health(HealthVerdict.DEGRADED, tuple(bad + notes))
    if monitor.service is None or monitor.events is None:
        return Health(HealthVerdict.UNKNOWN, (*notes, "The hotpatch monitor could not be read completely; gather monitor again."))
    return Health(HealthVerdict.OK, tuple(notes))
