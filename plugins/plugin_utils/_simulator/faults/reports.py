# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of what Windows reports: it throws, or it is not true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..host import values
from ..host.probes import PROBES
from .fault import Fault


class RestartCheckError(Fault):
    """Asking the update client whether an update restarts the host throws."""

    name = "restart_check_error"
    keys: ClassVar[Mapping[str, values.Check]] = {"hresult": values.hresult}

    def restart_check(self) -> dict[str, Any] | None:
        code = self.given.get("hresult", 0x80246007)
        return {"asked": True, "answer": None, "hresult": f"0x{code:08X}", "message": f"Exception from HRESULT: 0x{code:08X}"}


class RestartCheckWrong(Fault):
    """The update client gives the answer of the inventory, whatever is true."""

    name = "restart_check_wrong"
    keys: ClassVar[Mapping[str, values.Check]] = {"answer": values.boolean}
    required = ("answer",)

    def restart_check(self) -> dict[str, Any] | None:
        return {"asked": True, "answer": self.given["answer"], "hresult": None, "message": None}


class ProbeError(Fault):
    """One probe of the observation fails."""

    name = "probe_error"
    keys: ClassVar[Mapping[str, values.Check]] = {"probe": values.choice(*PROBES), "hresult": values.hresult, "message": values.text}
    required = ("probe",)

    def probe_error(self, probe: str) -> dict[str, Any] | None:
        if probe != self.given["probe"]:
            return None
        code = self.given.get("hresult")
        return {
            "probe": probe,
            "hresult": None if code is None else f"0x{code:08X}",
            "message": self.given.get("message", "The probe failed."),
        }


_REMEDY = (
    "DISM does not work in this PowerShell (REGDB_E_CLASSNOTREG), as in a PowerShell 7 from an MSIX package: let Windows PowerShell 5.1 run"
    " on the host, and leave out hotpatch_powershell and the endpoint PowerShell.7"
)
_UNREGISTERED, _PACKAGES_LIMIT = 0x80040154, 120


class DismUnregistered(Fault):
    """Modules run in a PowerShell 7 from an MSIX package, where DISM fails after so many seconds, and Windows PowerShell may not run."""

    name = "dism_unregistered"
    keys: ClassVar[Mapping[str, values.Check]] = {"seconds": values.at_least(0)}

    def dism_hresult(self) -> int | None:
        return _UNREGISTERED

    def probe_error(self, probe: str) -> dict[str, Any] | None:
        if probe != "packages":
            return None
        if self.given.get("seconds", 0) < _PACKAGES_LIMIT:
            return {"probe": probe, "hresult": f"0x{_UNREGISTERED:08X}", "message": f"{_REMEDY}: Class not registered"}
        message = f"no answer within the time limit, after {_PACKAGES_LIMIT} seconds; its call is left behind in process 4711"
        return {"probe": probe, "hresult": "0x800705B4", "message": message}


class SystemLogCleared(Fault):
    """The System log was cleared, and says nothing of any restart."""

    name = "system_log_cleared"

    def clears_system_log(self) -> bool:
        return True


class ClockSkew(Fault):
    """The host's clock is wrong by so many seconds."""

    name = "clock_skew"
    keys: ClassVar[Mapping[str, values.Check]] = {"seconds": values.integer}
    required = ("seconds",)

    def skew(self) -> int:
        return int(self.given["seconds"])
