# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The platform of a host, which decides the way of its enrollment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .._observation.facts import Observation
from .._values.plain_fields import PlainFields
from .product_line import is_azure_edition


class PlatformKind(StrEnum):
    """The kind of platform of a host."""

    AZURE = "azure"
    AZURE_LOCAL = "azure_local"
    ARC = "arc"
    ON_PREMISES = "on_premises"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlatformMatch(PlainFields):
    """The platform, and what it was told by."""

    kind: PlatformKind
    reason: str


def find_platform(observation: Observation) -> PlatformMatch:
    """Return the platform of the host. Azure Local is told by the license: Azure Edition may run on Azure and Azure Local only."""
    seen = observation.platform
    if seen is None or seen.azure_vm is None:
        return PlatformMatch(PlatformKind.UNKNOWN, f"The platform is not known: {observation.error_of('platform')}.")
    if seen.azure_vm:
        return PlatformMatch(PlatformKind.AZURE, "The asset tag of the enclosure is that of an Azure VM.")
    if observation.os is not None and is_azure_edition(observation.os):
        reason = "Datacenter: Azure Edition outside of Azure is licensed on Azure Local only; the host itself does not say so."
        return PlatformMatch(PlatformKind.AZURE_LOCAL, reason)
    if seen.arc is None or seen.arc.installed is None:
        return PlatformMatch(
            PlatformKind.UNKNOWN, f"It is not known whether the Azure Arc agent is installed: {observation.error_of('platform')}."
        )
    if seen.arc.installed:
        return PlatformMatch(PlatformKind.ARC, f"The Azure Arc agent is installed ({seen.arc.status or 'without a status'}).")
    return PlatformMatch(PlatformKind.ON_PREMISES, "Neither an Azure VM, nor an Azure Edition, nor an Azure Arc agent.")
