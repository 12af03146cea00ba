# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fault: the questions that it may answer, and the names by which an inventory knows the faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..host import values

KINDS: dict[str, type[Fault]] = {}


@dataclass(frozen=True)
class Interruption:
    """The cut of a call: before Windows got it or on the way back, after so many seconds, and how the connection takes it.

    With `none` lost it is a delay only.
    """

    lost: str
    seconds: float
    message: str
    seen_as: str = "unreachable"


@dataclass(frozen=True)
class MemoryProblem:
    """The error of the memory on the host. It strikes a write, and where C(reading) is true a mere look as well."""

    hresult: str
    message: str
    reading: bool = True
    readable: bool = True
    writable: bool = True


class Fault:
    """The questions that a fault may answer; as they stand here, nothing goes wrong."""

    name: ClassVar[str]
    keys: ClassVar[Mapping[str, values.Check]] = {}
    required: ClassVar[tuple[str, ...]] = ()
    # How often it strikes where the inventory does not say it.
    times: ClassVar[int] = 1 << 30

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

    def install_minutes(self) -> int:
        """The time for which the update client is at work on an installation, beside what it takes by itself."""
        return 0

    def restarts_host(self) -> str | None:
        """Does installing restart the host by itself: `during` the installation, or `after` it?"""

    def rolls_back(self) -> bool:
        """Does the restart undo the update?"""
        return False

    def keeps_pending(self, source: str) -> bool:
        """Does this cause of a pending restart outlive the restart?"""
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

    def clears_system_log(self) -> bool:
        """Is nothing left in the System log?"""
        return False

    def dism_hresult(self) -> int | None:
        """The error with which DISM ends whatever it is asked."""

    def memory_problem(self) -> MemoryProblem | None:
        """The error of the memory on the host."""

    def memory_text(self) -> str | None:
        """The text that stands in the place of the memory until something is written."""

    def skew(self) -> int:
        """The error of the host's clock in seconds."""
        return 0

    def enrollment_sticks(self) -> bool:
        """Does enrollment never come to its end?"""
        return False

    def down_for_minutes(self) -> int:
        """The time for which the host stays away after a restart."""
        return 0
