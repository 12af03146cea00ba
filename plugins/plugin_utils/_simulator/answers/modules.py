# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that a simulated host plays. To add one, write a function with @plays; all others are refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..faults.active import Faults
from ..host import times
from ..host.model import HostDescription, Truth
from ..windows import install
from . import dism, win_updates
from .host_memory import Memory
from .manifest import ModuleCall
from .observation import Observer

Jobs = dict[str, win_updates.Job]


class HostGoneError(Exception):
    """Windows restarted under the call, so no answer comes back."""


@dataclass
class Stage:
    """All that a played module may look at and change."""

    truth: Truth
    description: HostDescription
    faults: Faults
    jobs: Jobs
    number: int
    changed_truth: bool = False


Play = Callable[[Stage, "ModuleCall"], dict[str, Any]]
_PLAYS: dict[str, Play] = {}


def plays(*names: str) -> Callable[[Play], Play]:
    """Enters a function as the player of these modules."""

    def enter(play: Play) -> Play:
        _PLAYS.update(dict.fromkeys(names, play))
        return play

    return enter


def run(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    """The module's answer. A module that is not played has failed, and says what is played."""
    play = _PLAYS.get(call.name)
    if play is None:
        return {"failed": True, "msg": f"The rehearsal does not play the module {call.name}. It plays: {', '.join(sorted(_PLAYS))}."}
    return play(stage, call)


def operation(call: ModuleCall) -> str | None:
    """The part of a conversation that a call is, for the log."""
    if call.args.get("gather") == []:
        return "memory"
    found = call.args.get("_operation") or call.args.get("state")
    return str(found) if found else None


@plays("winops.hotpatch.internal_observe")
def _observe(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    answer: dict[str, Any] = {"changed": False}
    if call.args.get("memory") is not None:
        # First, so that what is observed is observed under the claim.
        answer["memory"] = Memory(stage.truth, stage.description, stage.faults, call.check_mode).run(call.args["memory"])
        answer["changed"] = stage.changed_truth = answer["memory"]["written"]
    answer["observation"] = Observer(stage.truth, stage.description, stage.faults).look(call.args.get("gather"))
    return answer


@plays("winops.hotpatch.package")
def _package(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    answer, stage.changed_truth = dism.Store(stage.truth, stage.description, stage.faults, call.check_mode).run(call.args)
    return answer


@plays("winops.hotpatch.package_info")
def _package_info(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    return dism.Store(stage.truth, stage.description, stage.faults, call.check_mode).query(call.args.get("identity"))


@plays("ansible.windows.win_updates")
def _win_updates(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    options = call.args.get("_operation_options") or {}
    operation = call.args.get("_operation") or "start"
    if operation == "start":
        worker = win_updates.Worker(stage.truth, stage.description, stage.faults, call.args, call.check_mode)
        name = win_updates.job_id(stage.truth, stage.number)
        stage.jobs[name] = worker.run()
        stage.changed_truth = worker.changes_truth
        return {
            "changed": False,
            "poll_options": {"pipe_name": f"Ansible.Windows.WinUpdates-{name}"},
            "cancel_options": {"cancel_id": f"Global\\Ansible.Windows.WinUpdates-{name}", "task_pid": 4000 + stage.number},
        }
    if operation == "cancel":
        stage.jobs.pop(str(options.get("cancel_id", ""))[-36:], None)
        return {"changed": False}
    job = stage.jobs.get(str(options.get("pipe_name", ""))[-36:])
    if job is not None and job.gone and len(job.batches) <= 1:
        raise HostGoneError("Windows restarted while the update was being installed")
    if job is not None and job.tell is not None and stage.truth.under_way is not None and not job.batches[0]:
        _wait_for(stage, job)
        return {"changed": False, "output": job.batches.pop(0) if job.batches[0] else []}
    if job is None or not job.batches:
        return {"failed": True, "msg": "Timed out waiting for server pipe to be available"}
    return {"changed": False, "output": job.batches.pop(0)}


def _wait_for(stage: Stage, job: win_updates.Job) -> None:
    """Let a minute pass for the installation that is under way; once it has ended, the job knows what to say."""
    truth = stage.truth
    truth.clock = times.later(truth.clock, 1)
    install.go_on(truth, stage.description, stage.faults)
    stage.changed_truth = True
    if job.tell is not None and truth.under_way and truth.under_way["results"] is not None:
        job.tell(truth, truth.under_way["results"])
        job.tell, truth.under_way = None, None


@plays("ansible.windows.win_ping", "ansible.builtin.ping", "ansible.legacy.ping", "ping", "win_ping")
def _ping(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    return {"changed": False, "ping": call.args.get("data") or "pong"}


@plays("ansible.windows.setup", "ansible.builtin.setup", "ansible.legacy.setup", "setup")
def _setup(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    truth, description = stage.truth, stage.description
    now = times.parse(truth.clock)
    return {
        "changed": False,
        "ansible_facts": {
            "ansible_architecture": "ARM 64-bit" if description.architecture == "arm64" else "64-bit",
            "ansible_date_time": {"date": f"{now:%Y-%m-%d}", "iso8601": truth.clock, "epoch": str(int(now.timestamp())), "tz": "UTC"},
            "ansible_distribution": truth.os["product_name"],
            "ansible_distribution_version": f"10.0.{truth.build}",
            "ansible_distribution_major_version": "10",
            "ansible_hostname": truth.host.split(".")[0].upper(),
            "ansible_nodename": truth.host,
            "ansible_kernel": f"10.0.{truth.build}",
            "ansible_lastboot": truth.boot_time,
            "ansible_os_family": "Windows",
            "ansible_os_installation_type": truth.os["installation_type"],
            "ansible_os_product_type": "workstation" if description.client else "server",
            "ansible_reboot_pending": bool(truth.pending),
            "ansible_system": "Win32NT",
            "ansible_uptime_seconds": int((now - times.parse(truth.boot_time)).total_seconds()),
        },
    }


@plays("ansible.windows.win_reboot_info")
def _reboot_info(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    truth, boot = stage.truth, stage.truth.boots[-1]
    return {
        "changed": False,
        "last_reboot": {
            "time": boot["at"],
            "time_epoch": int(times.parse(boot["at"]).timestamp()),
            "details": {
                "initiated_by": "NT AUTHORITY\\SYSTEM",
                "process": "C:\\Windows\\System32\\shutdown.exe",
                "reason": boot["cause"],
                "reason_code": "0x80020010",
                "comment": boot["cause"],
                "type": "restart",
                "event_time": boot["at"],
            },
        },
        "reboot_required": bool(truth.pending),
        "reboot_required_reasons": [
            {"source": cause["source"], "description": cause["detail"] or cause["source"]} for cause in truth.pending
        ],
    }


@plays("ansible.windows.win_powershell")
def _powershell(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    """Scripts are not run: texts that a script writes with Write-Output or as a bare quoted text come back, nothing else."""
    if call.check_mode:
        return {"changed": False, "skipped": True, "msg": "skipped, running in check mode"}
    script = str(call.args.get("script") or "")
    said = [text for _verb, text in re.findall(r"(?m)^\s*(Write-Output\s+)?'([^']*)'\s*$", script)]
    failed = re.search(r"(?m)^\s*throw\s+'([^']*)'", script)
    answer: dict[str, Any] = {
        "changed": "$Ansible.Changed = $false" not in script,
        "host_out": "",
        "host_err": "",
        "output": said,
        "result": {},
        "error": [],
        "warning": [],
        "verbose": [],
        "debug": [],
        "information": [],
    }
    return {**answer, "failed": True, "msg": failed.group(1)} if failed else answer


@plays("ansible.windows.win_shell", "ansible.windows.win_command")
def _shell(stage: Stage, call: ModuleCall) -> dict[str, Any]:
    command = str(call.args.get("_raw_params") or call.args.get("cmd") or "")
    found = re.match(r"(?i)\s*(?:cmd(?:\.exe)? /c )?(?:echo|Write-Output)\s+(.*)", command)
    said = found.group(1).strip("'\" ") if found else ""
    return {"changed": True, "rc": 0, "stdout": f"{said}\r\n" if said else "", "stderr": "", "cmd": command}
