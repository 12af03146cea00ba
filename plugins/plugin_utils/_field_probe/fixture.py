# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The findings of a field probe, in the form in which the payload tests describe a host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .strip import strip

_COMPUTER = r"SYSTEM\CurrentControlSet\Control\ComputerName"
_RENAMES = r"SYSTEM\CurrentControlSet\Control\Session Manager"


def as_fixture(found: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the description of a host for the doubles of Windows, without names, addresses and serial numbers."""
    updates = found.get("updates") or {"search_result": None, "offers": []}
    offers = [_offer(offer) for offer in updates["offers"]]
    made = {
        "now": found["now"],
        "powershell": found.get("powershell"),
        "registry": _registry(found.get("registry") or {}),
        "cim": found.get("cim") or {},
        "arc": found.get("agent"),
        "tasks": found.get("tasks") or {},
        "events": found.get("events") or {},
        "processes": [],
        "search_result": updates["search_result"],
        "history": found.get("history") or [],
        "packages": found.get("packages") or [],
        "package_files": {},
        "package_adds": {},
        "offers": offers,
        "faults": _faults(updates["offers"]),
        "probe_errors": found.get("errors") or [],
    }
    made["cim"].setdefault("CCM_ClientUtilities.DetermineIfRebootPending", {"RebootPending": False, "IsHardRebootPending": False})
    return dict(strip(made, names))


def _registry(registry: dict[str, Any]) -> dict[str, Any]:
    """Keep of computer names only whether a rename is pending, and of files to rename only that there are some."""
    made = {key: dict(values) for key, values in registry.items()}
    wanted, active = made.get(rf"{_COMPUTER}\ComputerName", {}), made.get(rf"{_COMPUTER}\ActiveComputerName", {})
    pending = wanted.get("ComputerName") != active.get("ComputerName")
    for values, name in ((wanted, "NEWNAME" if pending else "NAME"), (active, "NAME")):
        if "ComputerName" in values:
            values["ComputerName"] = name
    renames = made.get(_RENAMES, {})
    if renames.get("PendingFileRenameOperations"):
        renames["PendingFileRenameOperations"] = ["\\??\\C:\\pending.tmp", ""]
    netlogon = made.get(r"SYSTEM\CurrentControlSet\Services\Netlogon", {})
    for name in ("JoinDomain", "AvoidSpnSet"):
        if name in netlogon:
            netlogon[name] = "1"
    return made


def _offer(offer: dict[str, Any]) -> dict[str, Any]:
    answer = offer["answer"]
    restart_check = None
    if answer is not None:
        restart_check = {"bootstrapper": answer["hresult"] != "0x80240037", "answer": answer["answer"]}
    return {key: value for key, value in offer.items() if key != "answer"} | {"restart_check": restart_check}


def _faults(offers: list[dict[str, Any]]) -> dict[str, Any]:
    """The errors of the restart check, which the doubles give as the faults of its call."""
    return {
        f"restart_check ask {offer['id']}": {"hresult": offer["answer"]["hresult"], "message": offer["answer"]["message"]}
        for offer in offers
        if offer["answer"] and offer["answer"]["hresult"] not in (None, "0x80240037")
    }
