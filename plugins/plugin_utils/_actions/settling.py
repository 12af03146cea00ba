# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at a host again until it has settled: what is not known yet is neither good nor bad."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from .._record.record import Record
from .errors import ActionError, HostLostError
from .host import Host

# The probes that are asked again, and the section of each that is not named as it is. Offers stay as they were seen first: a search takes
# minutes, and no verdict needs it.
_AGAIN = ("os", "boot", "vbs", "pending", "servicing", "monitor", "history", "quick_fixes", "packages")
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
            if not isinstance(raw, Mapping):
                record, raw = host.observe(fresh=True)
            else:
                again = host.look(list(_AGAIN))
                raw = _merged(raw, again) if isinstance(again, Mapping) else raw
                record = host.record_of(raw)
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


def _merged(first: Mapping[str, Any], again: Mapping[str, Any]) -> dict[str, Any]:
    """Return the observation FIRST with what was asked AGAIN in its place."""
    sections = {_SECTIONS.get(probe, probe) for probe in _AGAIN}
    newer = {section: again.get(section) for section in sections}
    kept = [error for error in _list(first.get("errors")) if not isinstance(error, Mapping) or error.get("probe") not in _AGAIN]
    return {**first, **newer, "observed_at": again.get("observed_at"), "errors": [*kept, *_list(again.get("errors"))]}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
