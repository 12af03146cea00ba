# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The processes of a run on the controller: named in its record, so that a later run can tell whether it still lives."""

from __future__ import annotations

import multiprocessing
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_BOOT = "/proc/sys/kernel/random/boot_id"
_NAMESPACE = "/proc/self/ns/pid"
# Fields of /proc/PID/stat, counted from the one behind the name of the program.
_STATE, _START = 0, 19


def this_process() -> dict[str, Any]:
    """Return what a record says of the process that writes it.

    C(playbook) is the process of ansible-playbook, which makes one C(worker) for each task of each host: this one.
    """
    return {
        **machine(),
        "playbook": _process(playbook_pid()),
        "worker": _process(os.getpid()),
    }


def machine() -> dict[str, Any]:
    """Return what tells this machine, its start, and the container on it from others."""
    return {"host": platform.node() or None, "boot": _boot(), "namespace": _namespace()}


def playbook_process() -> dict[str, Any]:
    """Return what this_process() does without the worker, for what outlives the task of this one."""
    return {name: value for name, value in this_process().items() if name != "worker"}


def playbook_pid() -> int:
    """Return the id of the process of ansible-playbook that made this worker, or of this one if it is no worker."""
    parent = multiprocessing.parent_process()
    return os.getpid() if parent is None or parent.pid is None else parent.pid


def is_orphan() -> bool:
    """Return True if the process that made this worker is gone.

    A worker has a session of its own since ansible-core 2.19, so it outlives an ansible-playbook that was killed or whose terminal was
    closed. What multiprocessing remembers was written before the fork; the kernel names another parent as soon as that one has ended.
    """
    parent = multiprocessing.parent_process()
    return parent is not None and os.getppid() != parent.pid


def same_playbook(one: object, other: object) -> bool:
    """Return True if both, as records have them, tell of one ansible-playbook."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return False
    names = ("host", "boot", "namespace", "playbook")
    return isinstance(one.get("playbook"), Mapping) and all(one.get(name) == other.get(name) for name in names)


def is_gone(told: object) -> bool:
    """Return True if the run whose record has TOLD this of its process is known to have ended, whatever its record says.

    That can be known on the same machine only, since its last start and among the same processes: a container sees none but its own.
    """
    if not isinstance(told, Mapping) or told.get("host") is None or told["host"] != platform.node():
        return False
    if (told.get("boot"), told.get("namespace")) != (_boot(), _namespace()):
        return False
    return any(_ended(told.get(name)) for name in ("playbook", "worker"))


def said(told: object) -> str:
    """Return a few words on where the run is, or was, at work."""
    if not isinstance(told, Mapping) or not isinstance(told.get("playbook"), Mapping):
        return ""
    return f"process {told['playbook'].get('pid')} on {told.get('host')}"


def _process(pid: int) -> dict[str, int | None]:
    return {"pid": pid, "started": (_stat(pid) or (None, None))[1]}


def _ended(told: object) -> bool:
    if not isinstance(told, Mapping):
        return False
    pid, started = told.get("pid"), told.get("started")
    if not isinstance(pid, int) or isinstance(pid, bool) or pid <= 0:
        return False
    if not _exists(pid):
        return True
    state, since = _stat(pid) or (None, None)
    # A zombie has ended; its number may also belong to another process by now.
    return state in ("Z", "X") or (started is not None and since is not None and since != started)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _stat(pid: int) -> tuple[str, int] | None:
    """Return the state of a process and when it began, in ticks since the start of the machine; None where no system says so."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return fields[_STATE], int(fields[_START])
    except (OSError, ValueError, IndexError):
        return None


def _boot() -> str | None:
    try:
        return Path(_BOOT).read_text(encoding="ascii", errors="replace").strip() or None
    except OSError:
        return None


def _namespace() -> str | None:
    try:
        return str(Path(_NAMESPACE).readlink())
    except OSError:
        return None
