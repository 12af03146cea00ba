# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts and files on which package.ps1 and package_info.ps1 are tried."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.hosts import BASELINE, date, server_2025

HOTPATCH = "Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.32860.1.3"
CHECKPOINT = "Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.1742.1.10"
MSU = "windows11.0-kb5094125-x64.msu"
FIRST = "windows11.0-kb5043080-x64.msu"
CAB = "windows10.0-update.cab"
DENIED = {"dism list": {"hresult": "0x800702E4", "message": "elevation"}}
ODD = {"hresult": "0x800F9999", "message": "odd"}


def package(identity: str, state: str, kb: str) -> dict[str, Any]:
    return {
        "PackageName": identity,
        "PackageState": state,
        "ReleaseType": "SecurityUpdate",
        "InstallTime": date("2026-05-12T18:30:00Z", "local_unspecified"),
        "Description": "Update for Microsoft Windows",
        "SupportInformation": f"https://support.microsoft.com/help/{kb[2:]}",
    }


def two_packages(state: str = "Installed", **over: Any) -> hosts.Host:
    host = server_2025(**over)
    host["packages"].append(package(HOTPATCH, state, "KB5087538"))
    return host


WUSA = {"state": "absent", "kb": "KB5120994"}


def unlisted(code: int | str | None) -> hosts.Host:
    """A host with an update that DISM does not list, and with a wusa that ends with CODE (None: there is none)."""
    host = server_2025(programs={} if code is None else {"wusa.exe": code})
    return hosts.with_cim(host, Win32_QuickFixEngineering=[{"HotFixID": "KB5120994"}])


def file_host(**over: Any) -> hosts.Host:
    return server_2025(
        package_adds={MSU: [package("Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.32995.1.9", "InstallPending", "KB5094125")]},
        **over,
    )


def files(folder: Path) -> dict[str, tuple[str, str]]:
    """Packages on the host: path and SHA-256 by name."""
    made = {}
    for name in (MSU, FIRST, CAB):
        (folder / name).write_text(name, encoding="utf-8")
        made[name] = (str(folder / name), hashlib.sha256(name.encode()).hexdigest())
    return made


# All that package_info.ps1 is asked for.
QUERIES = {
    "all": Call(two_packages("InstallPending")),
    "one": Call(two_packages(), {"identity": BASELINE}),
    "denied": Call(server_2025(faults=DENIED)),
    "odd": Call(server_2025(faults={"dism list": ODD})),
}


def cases(files: dict[str, tuple[str, str]]) -> dict[str, Call]:
    """All that package.ps1 is asked for."""
    path, digest = files[MSU]
    first, first_digest = files[FIRST]
    present = {"state": "present", "path": path, "sha256": digest.upper()}
    chain = present | {"prerequisites": [{"path": first, "sha256": first_digest}]}
    absent = {"state": "absent", "identity": HOTPATCH}
    installed = server_2025(packages=[package(BASELINE, "Installed", "KB5094125")])
    return {
        "denied": Call(server_2025(faults=DENIED), absent),
        "absent": Call(two_packages(), absent),
        "absent_check": Call(two_packages(), absent, check=True),
        "absent_already": Call(server_2025(), absent),
        "absent_pending": Call(two_packages("UninstallPending"), absent),
        "absent_permanent": Call(two_packages(faults={f"dism remove {HOTPATCH}": {"hresult": "0x800F0825", "message": "x"}}), absent),
        "absent_unknown_error": Call(two_packages(faults={f"dism remove {HOTPATCH}": ODD}), absent),
        "absent_kb": Call(two_packages(), {"state": "absent", "kb": "KB5087538"}),
        "absent_kb_unlisted": Call(unlisted(3010), WUSA),
        "absent_kb_unlisted_check": Call(unlisted(3010), WUSA, check=True),
        "absent_kb_no_restart": Call(unlisted(0), WUSA),
        "absent_kb_not_there": Call(server_2025(), WUSA),
        "absent_kb_gone": Call(unlisted(2359303), WUSA),
        "absent_kb_hangs": Call(unlisted("hangs"), WUSA),
        "absent_kb_refused": Call(unlisted(-2145124312), WUSA),
        "absent_then_blind": Call(
            two_packages(faults={"dism list": {"hresult": "0x800F0831", "message": "store", "after": "dism remove"}}), absent
        ),
        "present_nameless": Call(
            server_2025(package_adds={CAB: [package("Package_for_Cab~1~amd64~~1.0", "Installed", "KB5000000")]}),
            {"state": "present", "path": files[CAB][0]},
        ),
        "absent_kb_denied": Call(unlisted(5), WUSA),
        "absent_kb_odd": Call(unlisted(99), WUSA),
        "absent_kb_no_wusa": Call(unlisted(None), WUSA),
        "absent_kb_bad": Call(server_2025(), {"state": "absent", "kb": "hotpatch"}),
        "absent_nameless": Call(server_2025(), {"state": "absent"}),
        "present": Call(file_host(), present),
        "present_check": Call(file_host(), present, check=True),
        "present_chain": Call(file_host(package_files={FIRST: {"PackageName": CHECKPOINT, "PackageState": "NotPresent"}}), chain),
        "present_chain_done": Call(file_host(package_files={FIRST: {"PackageName": CHECKPOINT, "PackageState": "Superseded"}}), chain),
        "present_chain_fails": Call(file_host(faults={f"dism add {FIRST}": {"hresult": "0x800F0922", "message": "x"}}), chain),
        "present_last_fails": Call(file_host(faults={f"dism add {MSU}": {"hresult": "0x800F0838", "message": "x"}}), chain),
        "present_by_number": Call(installed, present),
        "present_by_quick_fix": Call(hosts.with_cim(file_host(), Win32_QuickFixEngineering=[{"HotFixID": "KB5094125"}]), present),
        "present_wrong_hash": Call(file_host(), chain | {"sha256": "0" * 64}),
        "present_missing": Call(file_host(), chain | {"prerequisites": [{"path": "/nowhere/x.msu"}]}),
        "present_not_applicable": Call(
            server_2025(package_files={CAB: {"PackageName": "x", "PackageState": "NotPresent", "Applicable": False}}),
            {"state": "present", "path": files[CAB][0]},
        ),
    }
