# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of a simulated host. To add a fault, write one class here; the inventory then knows it by its name.

A fault answers the few questions below that concern it. All faults take `kb` (only with this update), `from` and `to`
(only between these times) and `times` (so many times and never again).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from . import values
from .model import Truth
from .problems import DescriptionError

PROBES = (
    "os",
    "boot",
    "platform",
    "vbs",
    "secure_boot",
    "chpe",
    "enrollment",
    "update_source",
    "pending",
    "history",
    "quick_fixes",
    "packages",
    "offers",
    "restart_check",
    "monitor",
    "disk",
    "servicing",
    "roles",
)
_COMMON: dict[str, values.Check] = {"kb": values.kb, "from": values.moment, "to": values.moment, "times": values.at_least(1)}
KINDS: dict[str, type[Fault]] = {}


@dataclass(frozen=True)
class Interruption:
    """The cut of a call: before Windows got it or on the way back, after so many seconds."""

    lost: str
    seconds: float
    message: str


class Fault:
    """The questions that a fault may answer; as they stand here, nothing goes wrong."""

    name: ClassVar[str]
    keys: ClassVar[Mapping[str, values.Check]] = {}
    required: ClassVar[tuple[str, ...]] = ()

    def __init__(self, number: int, given: Mapping[str, Any]) -> None:
        self.id = f"{number}:{self.name}"
        self.given = given

    def __init_subclass__(cls) -> None:
        KINDS[cls.name] = cls

    def interrupts(self, call: int) -> Interruption | None:
        """Is this call cut off?"""

    def hides_offer(self) -> bool:
        """Does Windows Update keep the update back?"""
        return False

    def install_hresult(self, source: str) -> int | None:
        """The error that installing ends with. The source is the update client, or DISM."""

    def restarts_host(self) -> str | None:
        """Does installing restart the host by itself: `during` the installation, or `after` it?"""

    def rolls_back(self) -> bool:
        """Does the restart undo the update?"""
        return False

    def keeps_build(self) -> bool:
        """Does the build of the host stay what it was?"""
        return False

    def breaks_health(self) -> bool:
        """Does the update break the hotpatch monitor?"""
        return False

    def restart_check(self) -> dict[str, Any] | None:
        """The answer of the update client instead of the truth."""

    def probe_error(self, probe: str) -> dict[str, Any] | None:
        """The error of one probe."""

    def skew(self) -> int:
        """The error of the host's clock in seconds."""
        return 0

    def enrollment_sticks(self) -> bool:
        """Does enrollment never come to its end?"""
        return False

    def down_for_minutes(self) -> int:
        """The time for which the host stays away after a restart."""
        return 0


class ConnectionLost(Fault):
    """The connection breaks at the n-th call since the fleet's date last moved; `on` limits it to one day."""

    name = "connection_lost"
    keys: ClassVar[Mapping[str, values.Check]] = {
        "at_call": values.at_least(1),
        "on": values.moment,
        "lost": values.choice("request", "answer"),
    }
    required = ("at_call",)

    def interrupts(self, call: int) -> Interruption | None:
        if call != self.given["at_call"]:
            return None
        return Interruption(self.given.get("lost", "request"), 0, "the connection was closed by the simulated host")


class Hang(ConnectionLost):
    """The host does not answer; after so many seconds of real time the connection gives up."""

    name = "hang"
    keys: ClassVar[Mapping[str, values.Check]] = {**ConnectionLost.keys, "seconds": values.at_least(0)}

    def interrupts(self, call: int) -> Interruption | None:
        seconds = float(self.given.get("seconds", 1))
        found = super().interrupts(call)
        return found and Interruption(found.lost, seconds, f"the simulated host gave no answer for {seconds:g} seconds")


class InstallError(Fault):
    """Installing ends with an HRESULT."""

    name = "install_error"
    keys: ClassVar[Mapping[str, values.Check]] = {"hresult": values.hresult}
    required = ("hresult",)

    def install_hresult(self, source: str) -> int | None:
        return int(self.given["hresult"])


class NeedsPrerequisite(Fault):
    """DISM wants the checkpoint package before this one (the 24H2 chain)."""

    name = "needs_prerequisite"

    def install_hresult(self, source: str) -> int | None:
        return 0x800F0838 if source == "dism_without_prerequisites" else None


class RestartsItself(Fault):
    """An update that should not restart the host does so by itself."""

    name = "restarts_itself"
    keys: ClassVar[Mapping[str, values.Check]] = {"when": values.choice("during", "after")}

    def restarts_host(self) -> str | None:
        return str(self.given.get("when", "after"))


class RollsBack(Fault):
    """The update is undone while the host restarts."""

    name = "rolls_back"

    def rolls_back(self) -> bool:
        return True


class BuildStays(Fault):
    """The update is installed, and the build of the host does not move."""

    name = "build_stays"

    def keeps_build(self) -> bool:
        return True


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


class EnrollmentStuck(Fault):
    """An enrollment that is asked for never comes to its end (October 2025)."""

    name = "enrollment_stuck"

    def enrollment_sticks(self) -> bool:
        return True


class HealthBroken(Fault):
    """After the update the hotpatch monitor stops and logs an error."""

    name = "health_broken"

    def breaks_health(self) -> bool:
        return True


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


class ClockSkew(Fault):
    """The host's clock is wrong by so many seconds."""

    name = "clock_skew"
    keys: ClassVar[Mapping[str, values.Check]] = {"seconds": values.integer}
    required = ("seconds",)

    def skew(self) -> int:
        return int(self.given["seconds"])


class NotOffered(Fault):
    """Windows Update keeps the update back from this host."""

    name = "not_offered"

    def hides_offer(self) -> bool:
        return True


class StaysDown(Fault):
    """After a restart the host cannot be reached for so many simulated minutes."""

    name = "stays_down"
    keys: ClassVar[Mapping[str, values.Check]] = {"minutes": values.at_least(1)}

    def down_for_minutes(self) -> int:
        return int(self.given.get("minutes", 60 * 24))


def FAULT(variable: str, value: Any) -> dict[str, Any]:  # noqa: N802 - a check, like those made in host_description
    """The check of one entry of the inventory's list of faults."""
    if not isinstance(value, Mapping) or value.get("fault") not in KINDS:
        named = value.get("fault") if isinstance(value, Mapping) else value
        raise DescriptionError(f"{variable}.fault", named, f"Give a mapping with fault: one of {', '.join(sorted(KINDS))}.")
    kind = KINDS[str(value["fault"])]
    check = values.mapping({"fault": values.text, **_COMMON, **kind.keys}, required=("fault", *kind.required))
    found: dict[str, Any] = check(variable, value)
    return found


class Faults:
    """All faults of one host, asked together at its present time."""

    def __init__(self, given: list[dict[str, Any]], truth: Truth) -> None:
        self._all = [KINDS[entry["fault"]](number, entry) for number, entry in enumerate(given)]
        self._truth = truth

    def active(self, kb: str | None = None) -> Iterator[Fault]:
        """Those that hold now, for this update where one is named."""
        clock = self._truth.clock
        for fault in self._all:
            given = fault.given
            if kb is not None and given.get("kb", kb) != kb:
                continue
            if clock < given.get("from", clock) or clock > given.get("to", clock) or given.get("on", clock)[:10] != clock[:10]:
                continue
            if self._truth.faults_met.get(fault.id, 0) >= given.get("times", 1 << 30):
                continue
            yield fault

    def met(self, fault: Fault) -> None:
        """Counts that a fault struck; only what changes the host may count."""
        self._truth.faults_met[fault.id] = self._truth.faults_met.get(fault.id, 0) + 1
