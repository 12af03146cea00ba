# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The position of a host: its newest baseline, still on the track or not, able to take hotpatches or not."""

from __future__ import annotations

from ..host import times
from ..host.model import HostDescription, Installed, Truth
from . import editions
from .release_data import BASELINES, Cumulative, Release, cumulatives, releases


def published(truth: Truth) -> list[Release]:
    """The releases of the host's line that can be had by now."""
    now = times.parse(truth.clock)
    return [release for release in releases(truth.line) if release.at <= now]


def published_cumulatives(truth: Truth) -> list[Cumulative]:
    """The cumulative updates of the host's line that can be had by now."""
    now = times.parse(truth.clock)
    return [entry for entry in cumulatives(truth.line) if entry.at <= now]


def newest_baseline(known: list[Release]) -> Release | None:
    """The baseline of the present cycle."""
    return next((release for release in reversed(known) if release.is_baseline), None)


def newest_monthly(known: list[Release]) -> Release | None:
    """The release that decides what kind of month it is."""
    return next((release for release in reversed(known) if release.is_baseline or release.kind == "hotpatch"), None)


def prerequisites_hold(truth: Truth, description: HostDescription) -> bool:
    """Enrolled, licensed, an edition for it, virtualization-based security running, and no compiled hybrid code on Arm64."""
    if truth.enrollment != "enrolled" or truth.vbs.get("status") != 2:
        return False
    if not editions.can_be_hotpatched(truth.line, truth.os.get("sku")):
        return False
    if description.platform == "arc" and truth.arc_status in (None, "Expired"):
        return False
    return description.architecture != "arm64" or description.chpe_off


def left_by(truth: Truth) -> Installed | None:
    """The update that took the host off the track since its newest baseline."""
    found = None
    for entry in truth.installed:
        if entry.kind in BASELINES and entry.present:
            found = None
        elif entry.kind in ("lcu", "oob_lcu") and entry.present:
            found = entry
    return found


def has(truth: Truth, kb: str) -> bool:
    """True where the update is on the host, also if it still waits for its restart."""
    return any(entry.kb == kb for entry in truth.installed)


def revision(build: str | None) -> int:
    """The last part of a build number."""
    return int(build.split(".")[1]) if build else -1
