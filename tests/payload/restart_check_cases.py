# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts on which the restart check is asked, in the own logon and through a task."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.hosts import offer, server_2025

ACCESS_DENIED = {"hresult": "0x80070005", "message": "Access is denied."}
NO_ROUTE = {"hresult": "0x80240438", "message": "no route", "batch": True}
SEARCH = "search IsInstalled=0 and DeploymentAction='Installation'"


def restart_checks() -> hosts.Host:
    """A host with one offer for each way in which the restart check can answer, and one that is hidden."""
    return server_2025(
        offers=[
            offer("KB5000001", restart_check={"bootstrapper": True, "answer": False}),
            offer("KB5000002", restart_check={"bootstrapper": True, "answer": True}),
            offer("KB5000003", restart_check={"bootstrapper": False, "answer": None}),
            offer("KB5000004", restart_check={"bootstrapper": True, "answer": None, "download_hresult": "0x80240438"}),
            offer("KB5000005", restart_check={"bootstrapper": True, "answer": None}),
            offer("KB5000006", restart_check={"bootstrapper": True, "answer": "perhaps"}),
            offer("KB5000007", restart_check={"bootstrapper": "perhaps", "answer": True}),
            offer("KB5000008"),
            offer("KB5000009", restart_check={"bootstrapper": True, "answer": False}, hidden=True),
            offer("KB5000010", restart_check={"bootstrapper": True, "answer": False}),
        ],
        faults={
            "restart_check ask 00000000-0000-4000-8000-000005000005": {"hresult": "0x80246007", "message": "not downloaded"},
            "restart_check static 00000000-0000-4000-8000-000005000010": {"hresult": "0x80240037", "message": "not supported"},
        },
    )


def network_logon(**faults: Any) -> hosts.Host:
    """A host whose downloader and installer refuse this logon, but not a task; FAULTS are those that it has beside that."""
    refused = {"downloader": ACCESS_DENIED | {"network": True}, "installer": ACCESS_DENIED | {"network": True}}
    kept = ("KB5000001", "KB5000002", "KB5000003", "KB5000006", "KB5000008", "KB5000009")
    offers = [item for item in restart_checks()["offers"] if f"KB{item['kbs'][0]}" in kept]
    return server_2025(offers=offers if not faults else offers[:2], faults=refused | faults)


CASES = {
    "restart_checks": Call(restart_checks()),
    "no_restart_check": Call(server_2025(), {"gather": ["offers"]}),
    "network_logon": Call(network_logon(), {"gather": ["servicing", "offers", "restart_check"]}),
    "no_task": Call(network_logon(**{"task register S-1-5-18": ACCESS_DENIED}), {"gather": ["offers", "restart_check"]}),
    # Within the task the search fails.
    "task_fails": Call(network_logon(**{SEARCH: NO_ROUTE}), {"gather": ["offers", "restart_check"]}),
    # The update client as a whole refuses the logon, as on Windows Server 2025.
    "session_refused": Call(network_logon(**{"com Microsoft.Update.Session": ACCESS_DENIED | {"network": True}})),
    "search_refused": Call(network_logon(**{SEARCH: ACCESS_DENIED | {"network": True}})),
    # The task cannot be removed afterwards, nor its folder.
    "task_stays": Call(
        network_logon(**{"task unregister": ACCESS_DENIED, "remove": ACCESS_DENIED}), {"gather": ["offers", "restart_check"]}
    ),
}
