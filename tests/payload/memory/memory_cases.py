# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts on which internal_observe.ps1 is asked for the memory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.harness.memory_folder import folder_of
from ansible_collections.winops.hotpatch.tests.payload.hosts import Host, server_2025, with_cim, with_registry

OLD, NEW = '{"schema": "winops.hotpatch/memory/1", "by": "Åsa 🔧"}\n', '{"schema": "winops.hotpatch/memory/1"}'
OWN, FOREIGN = "S-1-5-21-1-2-3-500", "S-1-5-21-9-9-9-1001"
DENIED = {"hresult": "0x80070005", "message": "Access is denied."}
LIMITS = {"memory": 30, "memory_lock": 10, "other": 6}
SHORT_LIMITS = {"memory": 8, "memory_lock": 2, "other": 4}
PAIRS = 8


def revision(text: str | bytes) -> str:
    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def reading(host: Host | None = None, *, check: bool = False, **over: Any) -> Call:
    """A look at the memory and nothing else."""
    return Call((host or server_2025(arc=None)) | over, {"gather": [], "memory": {}}, check)


def writing(expect: str, document: str = NEW, *, check: bool = False, gather: list[str] | None = None, **over: Any) -> Call:
    host = server_2025(arc=None) | {"icacls": "works"} | over
    return Call(host, {"gather": gather or [], "memory": {"document": document, "expect": expect}}, check)


def holding(content: Any, **more: Any) -> dict[str, Any]:
    """A folder with this memory, and with what else lies there."""
    return {"memory.json": content, **more}


def _machine(windows: dict[str, Any] | None, firmware: str | None) -> Host:
    return with_registry(with_cim(server_2025(), Win32_ComputerSystemProduct=[{"UUID": firmware}]), {hosts.CRYPTOGRAPHY: windows})


KEPT = holding(OLD)
GARBAGE, LARGE, HUGE = {"hex": "ff00fe"}, {"size": 65537}, {"size": (1 << 20) + 1}
LARGE_REVISION = revision(b"x" * 65537)

CASES = {
    "not asked": Call(server_2025(memory=KEPT), {"gather": ["disk"]}),
    "nothing there": reading(),
    "read": reading(memory=KEPT),
    "read in check mode": reading(memory=KEPT, check=True),
    "empty": reading(memory=holding("")),
    "first": writing(""),
    "over": writing(revision(OLD), memory=KEPT),
    "empty text": writing(revision(OLD), "", memory=KEPT),
    "late": writing(revision("before"), memory=KEPT),
    "none expected": writing("", memory=KEPT),
    "none there": writing(revision(OLD)),
    "check mode": writing(revision(OLD), memory=KEPT, check=True),
    "first in check mode": writing("", check=True),
    "beside a new file": reading(memory=holding(OLD, **{"memory.new": "ha"})),
    "over a new file": writing(revision(OLD), memory=holding(OLD, **{"memory.new": "ha", "memory.old": "older"})),
    "amid a replacement": reading(memory={"memory.old": OLD, "memory.new": NEW}),
    "over a replacement": writing(revision(OLD), memory={"memory.old": OLD, "memory.new": "newer"}),
    "folder left open": writing("", memory={"open": True}),
    "icacls fails": writing("", icacls="fails"),
    "icacls does nothing": writing("", icacls="does nothing"),
    "no icacls": writing("", icacls="is missing"),
    "another writes": writing("", icacls="writes"),
    "garbage": reading(memory=holding(GARBAGE)),
    "over garbage": writing(revision(bytes.fromhex("ff00fe")), memory=holding(GARBAGE)),
    "large": reading(memory=holding(LARGE)),
    "over large": writing(LARGE_REVISION, memory=holding(LARGE)),
    "huge": reading(memory=holding(HUGE)),
    "over huge": writing("too-large", memory=holding(HUGE)),
    "largest text": writing("", "é" * 32768),
    "too large a text": writing("", "é" * 32768 + "x"),
    "a link": reading(memory=holding({"link": "/etc/hostname"})),
    "over a link": writing(revision(OLD), memory=holding({"link": "/etc/hostname"})),
    "a link as lock": writing(revision(OLD), memory=holding(OLD, **{"memory.lock": {"link": "elsewhere"}})),
    "foreign file": reading(memory=KEPT, owners={"memory.json": FOREIGN}),
    "over a foreign file": writing(revision(OLD), memory=KEPT, owners={"memory.json": FOREIGN}),
    "foreign folder": writing("", memory=KEPT, owners={"hotpatch": FOREIGN}),
    "foreign folder above": reading(memory=KEPT, owners={"winops": FOREIGN}),
    "of the installer": reading(memory=KEPT, owners={"winops": "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"}),
    "of SYSTEM": reading(memory=KEPT, owners={"memory.json": "S-1-5-18"}),
    "own": writing("", owners=dict.fromkeys(("winops", "hotpatch", "memory.lock", "memory.new"), OWN)),
    "own and read": reading(memory=KEPT, owners={"memory.json": OWN}),
    "own without rights": reading(memory=KEPT, owners={"memory.json": OWN}, administrator=False),
    "no administrator": reading(administrator=False),
    "no administrator, closed": reading(memory=KEPT, administrator=False, faults={"acl hotpatch": DENIED}),
    "no administrator writes": writing("", administrator=False),
    "rights unknown": reading(memory=KEPT, administrator="unknown"),
    "owner unknown": reading(memory=KEPT, faults={"acl memory.json": DENIED}),
    "32 of 64 bits": reading(memory=KEPT, bits="32 of 64"),
    "32 bits": reading(memory=KEPT, bits="32"),
    "no rest for the old": writing(revision(OLD), memory=holding(OLD, **{"memory.old": {"is": "folder"}})),
    "machine unknown": reading(_machine(None, None), faults={"cim Win32_ComputerSystemProduct": DENIED}),
    "machine odd": reading(_machine({"MachineGuid": "a\nb" + "c" * 100}, None)),
    "observed under it": writing("", gather=["disk", "os"], faults={"cim Win32_LogicalDisk": DENIED}),
}

# What hangs, with short time limits.
HANGING = {
    "file system hangs": Call(server_2025(memory=holding({"is": "pipe"})), {"gather": ["disk"], "memory": {}}),
    "machine hangs": reading(memory=KEPT, faults={"cim Win32_ComputerSystemProduct": {"hang": 900}}),
    "probe hangs": writing("", gather=["disk"], faults={"cim Win32_LogicalDisk": {"hang": 900}}),
}


def dying(folder: Path) -> Call:
    """A writer that ends with its process between the new file and the replacement."""
    return writing(revision(OLD), program_files=str(folder), memory=KEPT, faults={"acl memory.new": {"hang": 900}})


def last(folder: Path) -> dict[str, Call]:
    """Whoever comes after a writer that died, or that got no lock."""
    dead, programs = str(folder / "dead"), str(folder / "held")
    return {
        "look": reading(program_files=dead),
        "next": writing(revision(OLD), "{}", program_files=dead),
        "released": writing(revision(OLD), program_files=programs),
    }


def racing(folder: Path) -> dict[str, Call]:
    """Writers that come in twos, each two for one host and with the same expectation. Every other two find a memory."""
    made: dict[str, Call] = {}
    for number in range(PAIRS):
        found = number % 2 == 1
        for name in ("a", "b"):
            over: dict[str, Any] = {"program_files": str(folder / str(number))} | ({"memory": KEPT} if found else {})
            made[f"{name}{number}"] = writing(revision(OLD) if found else "", f"{name}{number}", **over)
    return made


@contextmanager
def held(programs: Path) -> Iterator[Call]:
    """Hold the lock of a host, and give the call of a writer that comes meanwhile."""
    folder = folder_of(programs)
    folder.mkdir(parents=True)
    handle = os.open(folder / "memory.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield writing(revision(OLD), program_files=str(programs), memory=KEPT)
    finally:
        os.close(handle)


def linked(programs: Path) -> Call:
    """A folder that is a link, below Program Files."""
    (programs / "elsewhere" / "hotpatch").mkdir(parents=True)
    (programs / "winops").symlink_to(programs / "elsewhere")
    return writing("", program_files=str(programs))
