# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of updates and enrollment: what is asked for does not come about, or more than that does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..host import values
from .fault import Fault


class NotOffered(Fault):
    """Windows Update keeps the update back from this host."""

    name = "not_offered"

    def hides_offer(self) -> bool:
        return True


class InstallError(Fault):
    """Installing ends with an HRESULT."""

    name = "install_error"
    keys: ClassVar[Mapping[str, values.Check]] = {"hresult": values.hresult}
    required = ("hresult",)

    def install_hresult(self, source: str) -> int | None:
        return int(self.given["hresult"])


class SlowInstall(Fault):
    """The installation takes so many simulated minutes, in which the update client is at work; each poll of it lets one pass."""

    name = "slow_install"
    keys: ClassVar[Mapping[str, values.Check]] = {"minutes": values.at_least(1)}
    required = ("minutes",)

    def install_minutes(self) -> int:
        return int(self.given["minutes"])


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


class MarkOutlivesRestart(Fault):
    """The mark of a pending restart is still there after the restart."""

    name = "mark_outlives_restart"
    keys: ClassVar[Mapping[str, values.Check]] = {"source": values.text}

    def keeps_pending(self, source: str) -> bool:
        return source == str(self.given.get("source", "component_based_servicing"))


class BuildStays(Fault):
    """The update is installed, and the build of the host does not move."""

    name = "build_stays"

    def keeps_build(self) -> bool:
        return True


class HealthBroken(Fault):
    """After the update the hotpatch monitor stops and logs an error."""

    name = "health_broken"

    def breaks_health(self) -> bool:
        return True


class EnrollmentStuck(Fault):
    """An enrollment that is asked for never comes to its end (October 2025)."""

    name = "enrollment_stuck"

    def enrollment_sticks(self) -> bool:
        return True
