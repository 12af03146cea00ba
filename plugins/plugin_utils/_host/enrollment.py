# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The enrollment of a host, judged on the marks that enrollment leaves and on the one proof: an installed hotpatch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .._observation.facts import Observation
from .._values.plain_fields import PlainFields
from .product_line import is_azure_edition

PACKAGE_NAME = "Hotpatch Enrollment Package"
# Microsoft speaks of ten minutes through Arc and of more than three hours on a VM; a day without an answer is not waiting any more.
ENROLLMENT_LIMIT = timedelta(hours=24)


class EnrollmentVerdict(StrEnum):
    """The verdict on the enrollment of a host."""

    ENROLLED = "enrolled"
    NOT_ENROLLED = "not_enrolled"
    ENROLLING = "enrolling"
    STUCK = "stuck"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Enrollment(PlainFields):
    """The verdict and what it rests on."""

    verdict: EnrollmentVerdict
    evidence: tuple[str, ...]
    reason: str
    remedy: str | None = None


_REMEDIES = {
    "ws2022_azure": (
        "On Azure set enableHotpatching with patchMode AutomaticByPlatform; on Azure Local install KB5003508 and set its registry values."
    ),
    "ws2025": (
        "Enable Hotpatch for the machine in Azure Arc or Update Manager (Azure VM: enableHotpatching), then wait about ten minutes."
    ),
    "win11_24h2": "Allow hotpatch in the Windows quality update policy of the device (Intune, Windows Autopatch).",
    "win11_25h2": "Allow hotpatch in the Windows quality update policy of the device (Intune, Windows Autopatch).",
}


def judge_enrollment(
    observation: Observation, line: str | None, hotpatch_seen: str | None, requested_at: datetime | None, now: datetime
) -> Enrollment:
    """Return the enrollment of the host. HOTPATCH_SEEN names an installed hotpatch of the current cycle."""
    if line is None:
        return Enrollment(EnrollmentVerdict.NOT_APPLICABLE, (), "This Windows has no hotpatches to enroll for.")
    evidence = _markers(observation, line)
    if hotpatch_seen:
        evidence = (*evidence, f"{hotpatch_seen}, a hotpatch of the current cycle, is installed")
    if evidence:
        return Enrollment(EnrollmentVerdict.ENROLLED, evidence, f"The host is enrolled: {evidence[0]}.")
    if observation.enrollment is None:
        reason = f"The marks of enrollment are not known: {observation.error_of('enrollment')}."
        return Enrollment(EnrollmentVerdict.UNKNOWN, (), reason, "Gather enrollment again.")
    registered = observation.enrollment.dynamic_installed_name == PACKAGE_NAME and line in ("ws2022_azure", "ws2025")
    if requested_at is None and registered:
        size = observation.enrollment.hotpatch_table_size
        reason = f"The enrollment package is registered and HotPatchTableSize is {size}: hotpatching is not initialized yet."
        return Enrollment(EnrollmentVerdict.ENROLLING, (), reason, "Restart if one is pending, wait some hours, then assess again.")
    if requested_at is None:
        return Enrollment(EnrollmentVerdict.NOT_ENROLLED, (), _why_not(observation, line), _REMEDIES[line])
    waited = now - requested_at
    asked = f"Enrollment was requested at {requested_at:%Y-%m-%d %H:%M} UTC and is not confirmed"
    if waited <= ENROLLMENT_LIMIT:
        return Enrollment(
            EnrollmentVerdict.ENROLLING, (), f"{asked} yet.", "Wait; it takes ten minutes through Azure Arc and hours on a VM."
        )
    remedy = (
        "Check the hotpatch status in Azure; after KB5066835 remove DeviceLicensingServiceCommandMutex as Microsoft describes, and restart."
    )
    return Enrollment(EnrollmentVerdict.STUCK, (), f"{asked} after {int(waited.total_seconds() // 3600)} hours.", remedy)


def _markers(observation: Observation, line: str) -> tuple[str, ...]:
    marks = observation.enrollment
    if marks is None:
        return ()
    package = marks.dynamic_installed_name == PACKAGE_NAME and bool(marks.hotpatch_table_size)
    found: list[str] = []
    if line == "ws2022_azure":
        if package:
            found.append(
                f"update target {marks.dynamic_installed_name} {marks.dynamic_installed_version or ''}".rstrip() + " is registered"
            )
    elif line == "ws2025":
        if marks.arc_subscription == 1:
            found.append("the Azure Arc license feature Hotpatch has subscription 1")
        if marks.environment_allow_rebootless == 1:
            found.append("the hotpatch environment allows updates without a restart (AllowRebootlessUpdates 1)")
        platform = observation.platform
        if package and observation.os and is_azure_edition(observation.os) and platform and platform.azure_vm:
            found.append(f"update target {marks.dynamic_installed_name} is registered on an Azure Edition VM")
    elif marks.policy_allow_rebootless == 1:
        found.append("the policy allows updates without a restart (AllowRebootlessUpdates 1)")
    return tuple(found)


def _why_not(observation: Observation, line: str) -> str:
    marks = observation.enrollment
    if marks is None:
        return "The marks of enrollment are not known."
    if line == "ws2022_azure":
        return "No hotpatch update target is registered (TargetingInfo DynamicInstalled Hotpatch.amd64)."
    if line == "ws2025":
        subscription = "absent" if marks.arc_subscription is None else str(marks.arc_subscription)
        return f"The Azure Arc license feature Hotpatch is {subscription} and the hotpatch environment allows no updates without a restart."
    value = "not set" if marks.policy_allow_rebootless is None else str(marks.policy_allow_rebootless)
    return f"The policy AllowRebootlessUpdates is {value}."
