# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the collection's package payloads: what DISM answers to list, add and remove. It never restarts the host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..faults.active import Faults
from ..host.model import HostDescription, Installed, Truth
from ..windows import install, offers, packages, servicing

_KB_IN_PATH = re.compile(r"kb(\d{6,8})", re.IGNORECASE)
_SHA256 = re.compile(r"^[0-9a-fA-F]{64}$")
_RESTART_NEEDED = 3010
_INVALID_PACKAGE, _NOT_APPLICABLE, _CANNOT_UNINSTALL = 0x800F0805, 0x800F081E, 0x800F0825

Answer = tuple[dict[str, Any], bool]


class Store:
    """The package store of one host, asked once."""

    def __init__(self, truth: Truth, description: HostDescription, faults: Faults, check_mode: bool) -> None:
        self._truth, self._description, self._faults, self._check_mode = truth, description, faults, check_mode

    def run(self, args: Mapping[str, Any]) -> Answer:
        """The module's answer, and whether the host changed."""
        failed = self._fails()
        if failed:
            return failed, False
        state = args.get("state") or "present"
        if state == "absent":
            return self._absent(str(args.get("identity") or self._identity_of(args.get("kb"))))
        if state == "present":
            return self._present(args)
        return {"failed": True, "msg": f"state: the value {state!r} is not one of present, absent."}, False

    def query(self, identity: str | None) -> dict[str, Any]:
        """The answer of the module that lists the packages, or the one called IDENTITY."""
        failed = self._fails()
        if failed:
            return failed
        found = packages.listed(self._truth)
        if identity:
            found = [entry for entry in found if entry["identity"].lower() == identity.strip().lower()]
        waits = any(entry["state"] in ("InstallPending", "UninstallPending") for entry in found)
        return {"changed": False, "packages": found, "restart_needed": waits, "hresult": None}

    def _fails(self) -> dict[str, Any] | None:
        """The answer where DISM cannot even list the packages: then nothing is begun."""
        codes = [code for fault in self._faults.active() if (code := fault.dism_hresult()) is not None]
        return self._error(codes[0], "Listing the packages failed.")[0] if codes else None

    def _identity_of(self, kb: Any) -> str:
        """The package of an update; every update of a simulated host has one, so that wusa is never needed."""
        for entry in self._truth.installed:
            if entry.kb == str(kb).upper() and entry.state != "Superseded":
                return packages.identity(entry, self._truth.os["architecture"])
        return str(kb)

    def _absent(self, identity: str) -> Answer:
        if identity.strip().lower() == packages.servicing_stack(self._truth)["identity"].lower():
            return self._error(_CANNOT_UNINSTALL, "The package is permanent.")
        entry = packages.find(self._truth, identity)
        if entry is None or entry.state == "UninstallPending":
            return self._answer(False, [self._shown(entry)] if entry else [], bool(entry), "The package is not installed.")
        if entry.state != "InstallPending" and not servicing.removable(self._truth, entry):
            return self._error(_CANNOT_UNINSTALL, "The package is replaced by a newer one and cannot be removed.")
        shown = self._shown(entry)
        if not self._check_mode:
            servicing.start_removal(self._truth, entry)
            shown["state"] = "UninstallPending"
        return self._answer(True, [shown], True, "The package is removed with the next restart.")

    def _present(self, args: Mapping[str, Any]) -> Answer:
        for given in (args, *(args.get("prerequisites") or [])):
            sha256 = given.get("sha256")
            if sha256 is not None and not _SHA256.match(str(sha256)):
                return {"failed": True, "msg": f"sha256: the value {sha256!r} is not a SHA-256; it has 64 hexadecimal digits."}, False
        found = _KB_IN_PATH.search(str(args.get("path") or ""))
        offer = offers.of_release(self._truth, self._description, f"KB{found.group(1)}") if found else None
        if offer is None:
            return self._error(_INVALID_PACKAGE, f"{args.get('path')} is not a package for this host.")
        on_host = next((entry for entry in self._truth.installed if entry.kb == offer.kb and entry.state != "Superseded"), None)
        if on_host is not None and on_host.state != "UninstallPending":
            return self._answer(False, [self._shown(on_host)], on_host.state == "InstallPending", "The package is installed already.")
        if not install.applies(self._truth, self._description, offer) and on_host is None:
            return self._error(_NOT_APPLICABLE, "The package does not apply to this host.")
        if self._check_mode:
            return self._answer(True, [], offer.restart, f"{offer.kb} would be installed.")
        if on_host is not None:
            on_host.state = "Installed"
            return self._answer(True, [self._shown(on_host)], True, "The removal is called off.")
        source = "dism" if args.get("prerequisites") else "dism_without_prerequisites"
        outcome = install.install(self._truth, self._description, self._faults, offer, source)
        if outcome.hresult:
            return self._error(outcome.hresult, "The package could not be installed.")[0], True
        entry = next(entry for entry in self._truth.installed if entry.kb == offer.kb)
        return self._answer(True, [self._shown(entry)], outcome.restart_needed, f"{offer.kb} is installed.")

    def _shown(self, entry: Installed) -> dict[str, Any]:
        return packages.shown(entry, self._truth.os["architecture"])

    def _answer(self, changed: bool, found: list[dict[str, Any]], restart_needed: bool, message: str) -> Answer:
        return {
            "changed": changed,
            "packages": found,
            "restart_needed": restart_needed,
            "tool": "dism" if changed else None,
            "exit_code": _RESTART_NEEDED if changed and restart_needed else 0,
            "hresult": None,
            "message": message,
        }, changed and not self._check_mode

    def _error(self, hresult: int, message: str) -> Answer:
        return {
            "changed": False,
            "failed": True,
            "packages": [],
            "restart_needed": False,
            "tool": "dism",
            "exit_code": hresult,
            "hresult": f"0x{hresult:08X}",
            "message": message,
            "msg": f"{message} (0x{hresult:08X})",
        }, False
