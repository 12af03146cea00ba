# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at a host again until it has settled: what is not known yet is neither good nor bad."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from .._record.record import Record
from .errors import ActionError, HostLostError, LeaseLostError
from .host import Host

# The probes that are asked again, and the section of each that is not named as it is. Offers stay as they were seen first: a search takes
# minutes, and no verdict needs it.
_AGAIN = ("os", "boot", "vbs", "pending", "servicing", "monitor", "history", "quick_fixes", "packages", "restarts")
_SECTIONS = {"boot": "boot_time"}
_LONGEST_WAIT = 60
# Seconds: the default of the option, and the most for a host that was not restarted.
AFTER_RESTART, WITHOUT_RESTART = 600, 180


def settle(host: Host, settled: Callable[[Record], bool], *, restarted: bool) -> Record:
    """Return the record of HOST once SETTLED says that nothing is missing, or when its time is over.

    The time is the option C(settle_timeout), without a restart at most 180 seconds. The first wait is the option C(settle_wait), each
    further one twice as long, at most a minute. Raises HostLostError or ActionError where the host has not answered
    once in that time.
    """
    given = host.options.args
    left = float(given.get("settle_timeout") or AFTER_RESTART)
    left = left if restarted else min(left, WITHOUT_RESTART)
    wait, raw = float(given.get("settle_wait") or 1), None
    record, failed = None, None
    while True:
        began = time.monotonic()
        try:
            if raw is None:
                record, raw = host.observe(fresh=True)
            else:
                raw = _merged(raw, host.look(list(_AGAIN)))
                record = host.record_of(raw)
        except LeaseLostError:
            raise
        except (HostLostError, ActionError) as error:
            failed = error
        left -= time.monotonic() - began
        if (record is not None and settled(record)) or left <= 0:
            break
        host.wait(min(wait, left))
        left, wait = left - wait, min(wait * 2, _LONGEST_WAIT)
    if record is None:
        raise failed or ActionError("The host was not observed.")
    return record


def _merged(first: Any, again: Any) -> Any:
    """Return the observation FIRST with what was asked AGAIN in its place; AGAIN alone where one of them is not one of a payload."""
    if not all(_has_errors(observation) for observation in (first, again)):
        return again
    sections = {_SECTIONS.get(probe, probe) for probe in _AGAIN}
    newer = {section: again.get(section) for section in sections}
    kept = [error for error in first.get("errors") or [] if error.get("probe") not in _AGAIN]
    return {**first, **newer, "observed_at": again.get("observed_at"), "errors": [*kept, *(again.get("errors") or [])]}


def _has_errors(observation: Any) -> bool:
    """True if OBSERVATION has errors as a payload tells them, or none."""
    errors = (observation.get("errors") or []) if isinstance(observation, Mapping) else None
    return isinstance(errors, list) and all(isinstance(error, Mapping) for error in errors)
