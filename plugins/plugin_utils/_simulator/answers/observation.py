# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a host on itself, in the shape that the collection's JSON schema fixes. Looking changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..faults.active import Faults
from ..host import times
from ..host.model import HostDescription, Truth
from ..windows import editions, offers, packages, restart_check, restart_events

SCHEMA = "winops.hotpatch/observation/1"
_CLIENT_PROVIDER = "B04F44A4-B696-4B56-934A-C11667E944E4"
# The text of this error in Windows.
_DISABLED = "The service cannot be started, either because it is disabled or because it has no enabled devices associated with it."
_SERVICE_DISABLED = {"probe": "offers", "hresult": "0x80070422", "message": _DISABLED}


class ProbeFailedError(Exception):
    """A probe that cannot answer."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.error = error


class Observer:
    """Looks at one host once."""

    def __init__(self, truth: Truth, description: HostDescription, faults: Faults) -> None:
        self._truth, self._description, self._faults = truth, description, faults
        self._skew = sum(fault.skew() for fault in faults.active()) / 60
        # Section of the observation, the probe's name in `gather`, and what looks.
        self._probes: tuple[tuple[str, str, Callable[[], Any]], ...] = (
            ("os", "os", self._os),
            ("boot_time", "boot", lambda: self._time(truth.boot_time)),
            ("platform", "platform", self._platform),
            ("vbs", "vbs", lambda: dict(truth.vbs)),
            ("secure_boot", "secure_boot", lambda: {"enabled": description.secure_boot}),
            ("chpe", "chpe", self._chpe),
            ("enrollment", "enrollment", self._enrollment),
            ("update_source", "update_source", self._update_source),
            ("pending", "pending", lambda: {"causes": [dict(cause) for cause in truth.pending]}),
            ("history", "history", self._history),
            ("quick_fixes", "quick_fixes", lambda: packages.quick_fixes(truth)),
            ("packages", "packages", self._packages),
            ("offers", "offers", self._offers),
            ("monitor", "monitor", self._monitor),
            ("disk", "disk", lambda: {"system_free_bytes": truth.free_bytes}),
            ("servicing", "servicing", lambda: {"in_progress": truth.servicing_busy, "asked": "update_client"}),
            ("roles", "roles", self._roles),
            ("restarts", "restarts", self._restarts),
        )
        self._asks_restart_check = True

    def look(self, gather: list[str] | None = None) -> dict[str, Any]:
        """The observation; a section that is not asked for is null."""
        found: dict[str, Any] = {"schema": SCHEMA, "observed_at": self._time(self._truth.clock)}
        found["powershell"] = self._powershell()
        errors, timings = [], {}
        self._asks_restart_check = gather is None or "restart_check" in gather
        for section, probe, look in self._probes:
            found[section] = None
            if gather is not None and probe not in gather:
                continue
            try:
                for fault in self._faults.active():
                    error = fault.probe_error(probe)
                    if error:
                        raise ProbeFailedError(error)
                found[section] = look()
            except ProbeFailedError as failed:
                errors.append(failed.error)
            timings[probe] = 5
        found["errors"], found["timings_ms"] = errors, timings
        return found

    def _time(self, text: str) -> str:
        return times.later(text, self._skew) if self._skew else text

    def _powershell(self) -> dict[str, Any]:
        found = {"edition": "Desktop", "version": f"5.1.{self._truth.build}"}
        if self._description.powershell is not None:
            found = {"edition": "Core", "version": self._description.powershell}
        return {**found, "administrator": self._description.administrator}

    def _os(self) -> dict[str, Any]:
        found = {key: value for key, value in self._truth.os.items() if key != "media_ubr"}
        build, ubr = self._truth.build.split(".")
        return found | {"build": int(build), "ubr": int(ubr)}

    def _platform(self) -> dict[str, Any]:
        manufacturer, model = editions.hardware(self._description.platform, self._description.client)
        installed = self._truth.arc_status is not None
        arc = {"installed": installed, "status": self._truth.arc_status, "agent_version": "1.50" if installed else None}
        return {"azure_vm": self._description.platform == "azure", "arc": arc, "manufacturer": manufacturer, "model": model}

    def _chpe(self) -> dict[str, Any]:
        arm = self._description.architecture == "arm64"
        return {"hotpatch_restrictions": 1 if arm and self._description.chpe_off else None}

    def _enrollment(self) -> dict[str, Any]:
        """The markers differ by line. While enrollment is pending or stuck only the update target may be set."""
        truth = self._truth
        asked, done = truth.enrollment != "not_enrolled", truth.enrollment == "enrolled"
        arc, client = self._description.platform == "arc", self._description.client
        by_key = asked and not arc and not client
        return {
            "dynamic_installed_name": "Hotpatch Enrollment Package" if by_key else None,
            "dynamic_installed_version": {"ws2022_azure": "10.0.20348.1129"}.get(truth.line, "10.0.26100.1") if by_key else None,
            "hotpatch_table_size": 4096 if done else None,
            "enrollment_package_kb5003508": done and truth.line == "ws2022_azure",
            "arc_subscription": 1 if done and arc else None,
            "environment_allow_rebootless": 1 if done and truth.line == "ws2025" else None,
            "policy_allow_rebootless": 1 if done and client else None,
            "policy_provider_set": 1 if done and client else None,
            "policy_winning_provider": _CLIENT_PROVIDER if done and client else None,
            # The payload of that event is documented, its text on a live host was not seen.
            "policy_report": None,
            "licensing_mutex": arc and truth.enrollment == "stuck",
        }

    def _update_source(self) -> dict[str, Any]:
        managed = self._description.update_source != "windows_update"
        return {
            "wu_server": "http://updates.example.test:8530" if managed else None,
            "use_wu_server": 1 if managed else None,
            "no_auto_update": self._description.no_auto_update,
            "defer_quality_days": None,
            "service_start": self._description.wuauserv,
            "configmgr_client": self._description.update_source == "configmgr",
        }

    def _history(self) -> list[dict[str, Any]]:
        return [entry | {"date": self._time(entry["date"])} for entry in self._truth.history]

    def _packages(self) -> list[dict[str, Any]]:
        return [entry | {"install_time": self._time(entry["install_time"])} for entry in packages.listed(self._truth)]

    def _offers(self) -> list[dict[str, Any]]:
        if self._description.wuauserv == "disabled":
            raise ProbeFailedError(_SERVICE_DISABLED)
        return [
            {
                "update_id": offer.update_id,
                "kbs": [offer.kb],
                "title": offer.title,
                "categories": list(offer.categories),
                "size_bytes": offer.size_bytes,
                "reboot_behavior": offer.reboot_behavior,
                "restart_check": self._ask(offer),
            }
            for offer in offers.search(self._truth, self._description, self._faults)
        ]

    def _restarts(self) -> list[dict[str, Any]]:
        if any(fault.clears_system_log() for fault in self._faults.active()):
            return []
        return [event | {"time": self._time(event["time"])} for event in restart_events.logged(self._truth)]

    def _ask(self, offer: offers.Offer) -> dict[str, Any] | None:
        if not self._asks_restart_check and self._description.has_restart_check:
            return {"asked": False, "answer": None, "hresult": None, "message": None}
        for fault in self._faults.active():
            error = fault.probe_error("restart_check")
            if error and self._description.has_restart_check:
                return {"asked": True, "answer": None, "hresult": error["hresult"], "message": error["message"]}
        return restart_check.answer(offer, self._description, self._faults)

    def _roles(self) -> dict[str, Any]:
        description = self._description
        controller = "domain_controller" in description.roles
        site = description.site if controller else None
        return {
            "failover_cluster": "failover_cluster" in description.roles,
            "cluster_name": description.cluster,
            "domain_controller": controller,
            "domain": description.domain if controller else None,
            "directory_name": directory_name(description.host, site) if site else None,
            "netlogon_site": site,
        }

    def _monitor(self) -> dict[str, Any]:
        service = self._truth.monitor["service"]
        """The log since the last start, newest first."""
        since = [event for event in self._truth.monitor["events"] if event["time"] >= self._truth.boot_time]
        events = [event | {"time": self._time(event["time"])} for event in reversed(since[-50:])]
        return {"service": service, "task": "missing" if service == "missing" else "ready", "events": events}


def directory_name(host: str, site: str) -> str:
    """The name of the directory service of HOST, a domain controller in SITE."""
    return f"CN=NTDS Settings,CN={_escaped(host)},CN=Servers,CN={_escaped(site)},CN=Sites,CN=Configuration,DC=example,DC=test"


def _escaped(name: str) -> str:
    return re.sub(r"""([,+"\\<>;=])""", r"\\\1", name)
