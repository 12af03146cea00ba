# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays ansible.windows.win_updates: `start` does the work, `poll` hands out the messages, `cancel` ends the conversation."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..faults.active import Faults
from ..host.model import HostDescription, Truth
from ..windows import install, offers

_CATEGORIES = {
    "CriticalUpdates": "Critical Updates",
    "DefinitionUpdates": "Definition Updates",
    "DeveloperKits": "Developer Kits",
    "FeaturePacks": "Feature Packs",
    "SecurityUpdates": "Security Updates",
    "ServicePacks": "Service Packs",
    "UpdateRollups": "Update Rollups",
}
_DEFAULT_CATEGORIES = ("Critical Updates", "Security Updates", "Update Rollups")
_BEHAVIOR = {0: "NeverReboots", 1: "AlwaysRequiresReboot", 2: "CanRequestReboot"}
_SERVICE_DISABLED = -2147023838  # 0x80070422
_IN_PROGRESS = -2145124343  # 0x80240009

Message = dict[str, Any]


@dataclass
class Job:
    """The worker on the host: batches of messages, one for each poll, and whether Windows restarted under it.

    C(tell) says how an installation ended that was under way when the worker was asked first.
    """

    batches: list[list[Message]] = field(default_factory=list)
    gone: bool = False
    tell: Callable[[Truth, list[Message]], None] | None = None


class Worker:
    """Runs one search, download or installation on the host."""

    def __init__(self, truth: Truth, description: HostDescription, faults: Faults, args: Mapping[str, Any], check_mode: bool) -> None:
        self._truth, self._description, self._faults = truth, description, faults
        self._args, self._check_mode = args, check_mode
        self._state = args.get("state") or "installed"
        self._exit: Message = {
            "changed": False,
            "failed": False,
            "reboot_required": truth.update_waits_for_restart,
            "action": None,
            "exception": None,
        }
        self._job = Job()
        self._changes = False

    @property
    def changes_truth(self) -> bool:
        """True where the host is not what it was."""
        return self._changes

    def run(self) -> Job:
        """All that the worker does; it does not need the connection for it."""
        self._fill()
        return self._job

    def _fill(self) -> None:
        if self._description.wuauserv == "disabled":
            return self._fail("Searching for updates: the service cannot be started", _SERVICE_DISABLED)
        if self._truth.servicing_busy:
            return self._fail("Searching for updates: another operation is in progress", _IN_PROGRESS)
        found = offers.search(self._truth, self._description, self._faults, self._args.get("server_selection") or "default")
        reasons = {offer.update_id: self._reasons(offer) for offer in found}
        selected = [offer for offer in found if not reasons[offer.update_id]]
        self._say(
            "search_result",
            {
                "updates": [self._info(offer) for offer in found],
                "filtered": [{"id": offer.update_id, "reasons": reasons[offer.update_id]} for offer in found if reasons[offer.update_id]],
            },
        )
        if self._check_mode or self._state == "searched" or not selected:
            self._exit["changed"] = bool(selected) and self._state != "searched"
            return self._say("exit", self._exit)
        if self._truth.update_waits_for_restart:
            return self._fail("A reboot is required before more updates can be installed")
        self._download(selected)
        if self._state == "downloaded":
            return self._say("exit", self._exit)
        return self._install(selected)

    def _download(self, selected: list[offers.Offer]) -> None:
        missing = [offer for offer in selected if offer.kb not in self._truth.downloaded]
        if not missing:
            return
        self._truth.downloaded += [offer.kb for offer in missing]
        self._changes = self._exit["changed"] = True
        total = sum(offer.size_bytes for offer in missing)
        self._say(
            "download",
            {
                "progress": {
                    "CurrentUpdateId": missing[-1].update_id,
                    "CurrentUpdateIndex": len(missing) - 1,
                    "CurrentUpdateDownloadPhase": 2,
                    "CurrentUpdateBytesDownloaded": missing[-1].size_bytes,
                    "CurrentUpdateBytesToDownload": missing[-1].size_bytes,
                    "CurrentUpdatePercentComplete": 100,
                    "TotalBytesDownloaded": total,
                    "TotalBytesToDownload": total,
                    "PercentComplete": 100,
                }
            },
        )
        self._say("download_result", {"info": [{"id": offer.update_id, "result_code": 2, "hresult": 0} for offer in missing]})

    def _install(self, selected: list[offers.Offer]) -> None:
        self._job.batches.append([])
        self._changes = self._exit["changed"] = True
        if install.begin_slowly(self._truth, self._faults, selected):
            self._job.tell = partial(self._told, selected)
            return None
        results = []
        for offer in selected:
            outcome = install.install(self._truth, self._description, self._faults, offer)
            self._job.gone |= outcome.lost
            results.append({"id": offer.update_id, **install.failure(outcome)})
        return self._told(selected, self._truth, results)

    def _told(self, selected: list[offers.Offer], truth: Truth, results: list[Message]) -> None:
        self._say(
            "install",
            {
                "progress": {
                    "CurrentUpdateId": selected[-1].update_id,
                    "CurrentUpdateIndex": len(selected) - 1,
                    "CurrentUpdatePercentComplete": 100,
                    "PercentComplete": 100,
                }
            },
        )
        self._say("install_result", {"info": results})
        if any(result["result_code"] != 2 for result in results):
            self._exit["reboot_required"] = self._exit["reboot_required"] or any(result["reboot_required"] for result in results)
            return self._fail("Failed to install all updates - see updates for more information")
        # The real module asks Windows once more at the end; what restarted meanwhile needs no restart any longer.
        self._exit["reboot_required"] = truth.update_waits_for_restart
        return self._say("exit", self._exit)

    def _say(self, task: str, result: Any) -> None:
        if not self._job.batches:
            self._job.batches.append([])
        self._job.batches[-1].append({"task": task, "result": result})

    def _fail(self, message: str, hresult: int | None = None) -> None:
        self._exit["failed"] = True
        self._exit["exception"] = {"message": message, "exception": f"{message}\r\n\r\nat the simulated host"}
        if hresult is not None:
            self._exit["exception"]["hresult"] = hresult
        self._say("exit", self._exit)

    def _reasons(self, offer: offers.Offer) -> list[str]:
        subjects = [offer.title + offer.kb]  # PowerShell joins title and number into one text
        accept, reject = self._args.get("accept_list") or [], self._args.get("reject_list") or []
        given = self._args.get("category_names")
        wanted = [_CATEGORIES.get(name, name) for name in given] if given is not None else list(_DEFAULT_CATEGORIES)
        names = [name.lower() for name in offer.categories]
        found = []
        if accept and not _matches(subjects, accept):
            found.append("accept_list")
        if reject and _matches(subjects, reject):
            found.append("reject_list")
        if wanted and not any(name == "*" or name.lower() in names for name in wanted):
            found.append("category_names")
        return found

    def _info(self, offer: offers.Offer) -> Message:
        return {
            "id": offer.update_id,
            "title": offer.title,
            "description": "An update of the rehearsal.",
            "kb": [offer.kb],
            "type": "Software",
            "deployment_action": "Installation",
            "auto_select_on_websites": True,
            "browse_only": False,
            "revision_number": 200,
            "categories": list(offer.categories),
            "is_installed": False,
            "is_hidden": False,
            "is_present": False,
            "reboot_required": False,
            "impact": "Normal",
            "reboot_behavior": _BEHAVIOR[offer.reboot_behavior],
            "is_beta": False,
            "is_downloaded": offer.kb in self._truth.downloaded,
            "is_mandatory": False,
            "is_uninstallable": True,
            "auto_selection": "LetWindowsUpdateDecide",
            "auto_download": "LetWindowsUpdateDecide",
        }


def job_id(truth: Truth, number: int) -> str:
    """The same call always starts a worker of the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"winops.hotpatch/rehearsal/{truth.host}/{truth.clock}/{number}"))


def _matches(subjects: list[str], patterns: list[str]) -> bool:
    return any(re.search(pattern, subject, re.IGNORECASE) for pattern in patterns for subject in subjects)
