# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what stands between a host and its updates."""

from __future__ import annotations

from ..update_source import managed_by
from .check import DOC_CLIENT, Check, CheckInput, Criterion, Weight

_GIB = 1024**3
# Windows 11 cumulative updates of 2026 are about 5 GB to download and need room to unpack.
MINIMUM_FREE_BYTES = 8 * _GIB


def policy_allows(given: CheckInput) -> Check:
    """No policy forbids hotpatches on a client. Enrollment judges by it; here it is only reported."""
    criterion = Criterion("policy_allows", "AllowRebootlessUpdates 1", DOC_CLIENT, Weight.REPORT)
    if not given.is_client:
        return criterion.not_needed("Servers have no such policy.")
    markers = given.observation.enrollment
    if markers is None:
        return criterion.unknown("The policy could not be read.", "Gather enrollment again.")
    value = markers.policy_allow_rebootless
    if value == 1:
        return criterion.passed("1", "The policy allows hotpatches (AllowRebootlessUpdates 1).")
    seen = "not set" if value is None else str(value)
    remedy = "Allow hotpatch in the Windows quality update policy (Intune, Windows Autopatch)."
    return criterion.failed(seen, f"AllowRebootlessUpdates is {seen}.", remedy)


def update_source(given: CheckInput) -> Check:
    """Updates come from Windows Update, and not from WSUS or Configuration Manager."""
    criterion = Criterion("update_source", "Windows Update", None, Weight.REPORT)
    if given.observation.update_source is None:
        reason = f"The update source is not known: {given.observation.error_of('update_source')}."
        return criterion.unknown(reason, "Gather update_source again.")
    manager = managed_by(given.observation)
    if manager is None:
        return criterion.passed("Windows Update", "Updates come from Windows Update.")
    remedy = "Take the host out of it for quality updates, or allow it once hotpatches are approved there: policy with allow_managed."
    return criterion.failed(manager, f"Updates are decided by {manager}.", remedy)


def update_service(given: CheckInput) -> Check:
    """The Windows Update service can start."""
    criterion = Criterion("update_service", "start type other than disabled", None, Weight.IF_KNOWN)
    source = given.observation.update_source
    start = source.service_start if source else None
    if start is None:
        return criterion.unknown("The start type of the Windows Update service is not known.", "Gather update_source again.")
    if start.lower() == "disabled":
        reason = "The Windows Update service (wuauserv) is disabled, so nothing can be installed (0x80070422)."
        return criterion.failed(start, reason, "Set the start type of wuauserv to manual.")
    return criterion.passed(start, f"The Windows Update service can start ({start}).")


def disk_free(given: CheckInput) -> Check:
    """The system drive has room for a cumulative update."""
    criterion = Criterion("disk_free", f"{MINIMUM_FREE_BYTES // _GIB} GiB free on the system drive", None, Weight.IF_KNOWN)
    free = given.observation.disk.system_free_bytes if given.observation.disk else None
    if free is None:
        return criterion.unknown("The free space of the system drive is not known.", "Gather disk again.")
    seen = f"{free / _GIB:.1f} GiB"
    if free >= MINIMUM_FREE_BYTES:
        return criterion.passed(seen, f"{seen} are free.")
    remedy = "Free space on the system drive (DISM /Online /Cleanup-Image /StartComponentCleanup)."
    return criterion.failed(seen, f"Only {seen} are free on the system drive.", remedy)


def servicing_idle(given: CheckInput) -> Check:
    """Windows is not servicing itself right now. The decision refuses a busy host; here it is only reported."""
    criterion = Criterion("servicing_idle", "idle", None, Weight.REPORT)
    busy = given.observation.servicing.in_progress if given.observation.servicing else None
    if busy is None:
        return criterion.unknown("It is not known whether Windows is servicing itself.", "Gather servicing again.")
    if busy:
        return criterion.failed("in progress", "Windows is servicing itself now.", "Wait until it has finished.")
    return criterion.passed("idle", "Nothing is being serviced.")
