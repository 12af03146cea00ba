# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The product line of a host. Several share a build, so the edition and the kind of Windows decide with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .._observation.facts import Os

AZURE_EDITION_IDS = ("ServerTurbine", "ServerTurbineCor")
AZURE_EDITION_SKUS = (407, 408)
_CLIENT_LINES = {26100: "win11_24h2", 26200: "win11_25h2"}
# Windows 11 26H1 runs on new silicon only and gets no hotpatches.
_CLIENT_NEVER = {28000: "Windows 11 26H1 (build 28000) gets no hotpatches"}
_CLIENT_UNKNOWN = {26300: "it is not known whether hotpatches cover Windows 11 26H2 (build 26300)"}
_SERVER_NAMES = {14393: "Windows Server 2016", 17763: "Windows Server 2019", 25398: "Windows Server, version 23H2"}


class Applies(StrEnum):
    """The existence of hotpatching for a Windows."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LineMatch:
    """The product line of a host, or why it has none."""

    line: str | None
    applies: Applies
    reason: str


def is_client(os: Os) -> bool | None:
    """True if this is a client. Windows multi-session reports itself as a server by product type and is not one."""
    if os.edition_id == "ServerRdsh" or os.sku == 175:
        return True
    by_type = None if os.product_type is None else os.product_type == 1
    by_name = None if os.installation_type is None else os.installation_type.lower() == "client"
    if by_type is not None and by_name is not None and by_type != by_name:
        return None
    return by_type if by_type is not None else by_name


def is_azure_edition(os: Os) -> bool | None:
    """True if this is Datacenter: Azure Edition; None where edition and SKU contradict each other or both are missing."""
    by_name = None if os.edition_id is None else os.edition_id.lower() in [name.lower() for name in AZURE_EDITION_IDS]
    by_sku = None if os.sku is None else os.sku in AZURE_EDITION_SKUS
    if by_name is not None and by_sku is not None and by_name != by_sku:
        return None
    return by_name if by_name is not None else by_sku


def find_line(os: Os | None) -> LineMatch:
    """Return the product line of OS."""
    if os is None or os.build is None:
        return LineMatch(None, Applies.UNKNOWN, "The build of Windows could not be read.")
    client = is_client(os)
    if client is None:
        return LineMatch(
            None,
            Applies.UNKNOWN,
            "It cannot be told whether this is a server or a client: "
            f"product type {os.product_type}, installation type {os.installation_type}.",
        )
    return _client_line(os.build) if client else _server_line(os, os.build)


def _client_line(build: int) -> LineMatch:
    if build in _CLIENT_LINES:
        return LineMatch(_CLIENT_LINES[build], Applies.YES, f"Build {build} of a client is line {_CLIENT_LINES[build]}.")
    if build in _CLIENT_NEVER:
        return LineMatch(None, Applies.NO, f"{_CLIENT_NEVER[build]}; ordinary updates are its correct path.")
    if build < 26100:
        return LineMatch(None, Applies.NO, f"Build {build} is older than Windows 11 24H2, the first client that hotpatches.")
    reason = _CLIENT_UNKNOWN.get(build, f"build {build} of a client is not known to this version of the collection")
    return LineMatch(None, Applies.UNKNOWN, f"{reason[0].upper()}{reason[1:]}; nothing is claimed about it.")


def _server_line(os: Os, build: int) -> LineMatch:
    if build == 26100:
        return LineMatch("ws2025", Applies.YES, "Build 26100 of a server is line ws2025.")
    if build == 20348:
        azure = is_azure_edition(os)
        if azure is None:
            return LineMatch(
                None, Applies.UNKNOWN, f"The edition of Windows Server 2022 cannot be told: EditionID {os.edition_id}, SKU {os.sku}."
            )
        if azure:
            return LineMatch("ws2022_azure", Applies.YES, "Build 20348 in Datacenter: Azure Edition is line ws2022_azure.")
        return LineMatch(
            None,
            Applies.NO,
            f"Windows Server 2022 hotpatches in Datacenter: Azure Edition only; this is EditionID {os.edition_id}, SKU {os.sku}.",
        )
    if build < 20348 or build in _SERVER_NAMES:
        name = _SERVER_NAMES.get(build, f"Windows Server of build {build}")
        return LineMatch(None, Applies.NO, f"{name} gets no hotpatches; ordinary updates are its correct path.")
    return LineMatch(None, Applies.UNKNOWN, f"Build {build} of a server is not known to this version of the collection.")
