# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that Windows gives itself on each product line and platform, and the editions that can be hotpatched."""

from __future__ import annotations

from typing import Any

_AZURE_2022 = {
    "edition_id": "ServerTurbine",
    "installation_type": "Server",
    "product_name": "Microsoft Windows Server 2022 Datacenter Azure Edition",
    "display_version": "21H2",
    "sku": 407,
    "product_type": 3,
}
_AZURE_2025 = {**_AZURE_2022, "product_name": "Microsoft Windows Server 2025 Datacenter Azure Edition", "display_version": "24H2"}
_SERVER_2025 = {**_AZURE_2025, "edition_id": "ServerDatacenter", "product_name": "Microsoft Windows Server 2025 Datacenter", "sku": 8}
_CLIENT_24H2 = {
    "edition_id": "Enterprise",
    "installation_type": "Client",
    "product_name": "Microsoft Windows 11 Enterprise",
    "display_version": "24H2",
    "sku": 4,
    "product_type": 1,
}
_CLIENT_25H2 = {**_CLIENT_24H2, "display_version": "25H2"}
_UNKNOWN: dict[str, Any] = dict.fromkeys(_CLIENT_24H2)

# What the installation media bring, for a host that appears before the first release of its line.
MEDIA_BUILD = {"ws2022_azure": "20348.169", "ws2025": "26100.1742", "win11_24h2": "26100.1742", "win11_25h2": "26200.6584"}

_SERVER_SKUS = {7, 8, 12, 13, 407, 408}
_AZURE_SKUS = {407, 408}
_HOME_SKUS = {98, 99, 100, 101}


def os_facts(line: str, platform: str) -> dict[str, Any]:
    """Edition and version as the registry reports them, the name as CIM does: the registry of Windows 11 still says Windows 10."""
    if line == "ws2022_azure":
        return dict(_AZURE_2022)
    if line == "ws2025":
        return dict(_AZURE_2025 if platform in ("azure", "azure_local") else _SERVER_2025)
    return dict({"win11_24h2": _CLIENT_24H2, "win11_25h2": _CLIENT_25H2}.get(line, _UNKNOWN))


def can_be_hotpatched(line: str, sku: int | None) -> bool:
    """Windows Update offers hotpatches to these editions only."""
    if line == "ws2022_azure":
        return sku in _AZURE_SKUS
    if line == "ws2025":
        return sku in _SERVER_SKUS
    return line.startswith("win11_") and sku not in _HOME_SKUS


def hardware(platform: str, client: bool) -> tuple[str, str]:
    """Manufacturer and model."""
    if platform in ("azure", "azure_local"):
        return "Microsoft Corporation", "Virtual Machine"
    return ("LENOVO", "21CB") if client else ("VMware, Inc.", "VMware20,1")
