# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place from which this collection restarts a host."""

from __future__ import annotations

from dataclasses import dataclass

from .._host.pending_restart import MOST_CAUSES, Needed
from .._host.starts import COMMENT
from .._record.record import Record
from .._run_records.run_record import RunRecord
from .._values.moments import iso, utc_text
from .._values.printable import clean
from .errors import ActionError, refuse_orphan
from .host import Host


@dataclass(frozen=True, slots=True)
class Restarted:
    """The result of a restart: done or not, and the error if the host did not come back."""

    done: bool
    message: str = ""


def restart(host: Host, run: RunRecord, before: Record, *, allowed: bool, cause: str, timeout: int) -> Restarted:
    """Restart the host through ansible.windows.win_reboot and wait at most TIMEOUT seconds for it.

    BEFORE is the record of the host at the beginning of the run.

    Raises ActionError when the restart is not allowed: no caller should ask then, and this is the last door. Raises OrphanError when the
    run it belongs to has ended.
    """
    if not allowed:
        raise ActionError(
            f"A restart of {run.host} for {cause} is not allowed by restart_policy={run.restart_policy}, so it was not done."
            " Please report this defect of the collection with the run record."
        )
    refuse_orphan(run.host, f"the restart for {cause}")
    # Written before the command goes out: if the controller dies in between, the record still tells who restarted the host.
    run.restarts.append(
        {
            "at": utc_text(host.now()),
            "allowed": True,
            "cause": cause,
            "pending": [clean(text) for text in before.restart.causes[:MOST_CAUSES]],
            "boot_time": iso(before.observation.boot_time),
            "outlived": None,
        }
    )
    run.save()
    result = host.action("ansible.windows.win_reboot", {"reboot_timeout": timeout, "msg": f"{COMMENT} {cause}"})
    if result.get("failed"):
        return Restarted(
            bool(result.get("rebooted")),
            f"The host was told to restart for {cause} and did not come back as expected: {clean(result.get('msg'))}",
        )
    return Restarted(True)


def note_outlived(run: RunRecord, after: Record) -> None:
    """Note in RUN which causes for its last restart are still there in AFTER, the record of the host since."""
    if run.restarts and run.restarts[-1]["allowed"] and after.restart.needed is not Needed.UNKNOWN:
        there = {clean(text) for text in after.restart.causes}
        run.restarts[-1]["outlived"] = [text for text in run.restarts[-1]["pending"] if text in there]
