# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package store as DISM shows it. It follows from what is installed; nothing is kept twice."""

from __future__ import annotations

from typing import Any

from ..host.model import Installed, Truth

_TOKEN = "31bf3856ad364e35"


def identity(entry: Installed, architecture: str) -> str:
    """Two updates with the same build differ in the last number, as they do in the store."""
    number = int(entry.kb[2:]) % 20 + 1
    if entry.build is None:
        return f"Package_for_{entry.kb}~{_TOKEN}~{architecture}~~10.0.{number}.0"
    return f"Package_for_RollupFix~{_TOKEN}~{architecture}~~{entry.build}.1.{number}"


def servicing_stack(truth: Truth) -> dict[str, Any]:
    """The servicing stack, which nothing can remove."""
    return {
        "identity": f"Package_for_ServicingStack_{truth.build.split('.')[1]}~{_TOKEN}~{truth.os['architecture']}~~{truth.build}.1.1",
        "state": "Installed",
        "release_type": "Update",
        "install_time": truth.boots[0]["at"],
        "kb": None,
    }


def listed(truth: Truth) -> list[dict[str, Any]]:
    """All packages, the newest last."""
    return [servicing_stack(truth), *(shown(entry, truth.os["architecture"]) for entry in truth.installed)]


def shown(entry: Installed, architecture: str) -> dict[str, Any]:
    """One package as an observation has it."""
    release_type = "Security Update" if entry.build else "Update"
    return {
        "identity": identity(entry, architecture),
        "state": entry.state,
        "release_type": release_type,
        "install_time": entry.at,
        # Windows is asked for the number of those in force only; the identity of a cumulative update does not have it.
        "kb": None if entry.state == "Superseded" and entry.build is not None else entry.kb,
    }


def find(truth: Truth, wanted: str) -> Installed | None:
    """The update whose package has this identity."""
    for entry in truth.installed:
        if identity(entry, truth.os["architecture"]).lower() == wanted.strip().lower():
            return entry
    return None


def quick_fixes(truth: Truth) -> list[str]:
    """The list of Win32_QuickFixEngineering: updates in force, without those that were replaced."""
    found = [entry.kb for entry in truth.installed if entry.in_force]
    if truth.line == "ws2022_azure" and truth.enrollment == "enrolled":
        found.insert(0, "KB5003508")
    return found
