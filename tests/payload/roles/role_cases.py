# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that must not restart together with others: nodes of failover clusters, and domain controllers."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.hosts import server_2025, with_registry

DENIED = {"hresult": "0x80070005", "message": "Requested registry access is not allowed."}
DIRECTORY = "CN=NTDS Settings,CN=DC01,CN=Servers,CN=Paris,CN=Sites,CN=Configuration,DC=corp,DC=example,DC=com"
NODE = {rf"{hosts.SERVICES}\ClusSvc": {"Start": 2}}
CONTROLLER = {rf"{hosts.CONTROL}\ProductOptions": {"ProductType": "LanmanNT"}}
NTDS, NETLOGON = rf"{hosts.SERVICES}\NTDS\Parameters", rf"{hosts.SERVICES}\Netlogon\Parameters"


def _call(values: dict[str, Any], **faults: Any) -> Call:
    return Call(with_registry(server_2025(faults=faults), values), {"gather": ["roles"]})


CASES = {
    "node": _call({**NODE, "Cluster": {"ClusterName": "SQL01"}}),
    # The hive of the cluster is loaded by its service.
    "node_stopped": _call(NODE),
    "node_lies": _call({**NODE, "Cluster": {"ClusterName": "{{ x }}\n" + "A" * 1_000_000}}),
    "node_denied": _call({**NODE, **CONTROLLER, "Cluster": {"ClusterName": "SQL01"}}, **{r"registry HKLM:\Cluster ClusterName": DENIED}),
    "controller": _call({**CONTROLLER, NTDS: {"Machine DN Name": DIRECTORY}, NETLOGON: {"SiteName": "Paris", "DynamicSiteName": "Lyon"}}),
    "controller_dynamic": _call({**CONTROLLER, NETLOGON: {"DynamicSiteName": "Lyon"}}),
    "controller_denied": _call(CONTROLLER, **{"cim Win32_ComputerSystem": DENIED, rf"registry HKLM:\{NTDS} Machine DN Name": DENIED}),
}
