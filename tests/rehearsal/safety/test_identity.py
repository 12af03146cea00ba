# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The update that was decided is the update that is installed, whatever else is on offer."""

from __future__ import annotations

from typing import Any


def update(fleet: Any) -> dict[str, Any]:
    return {"winops.hotpatch.update": {"as_of": f"{fleet.now}T20:00:00Z"}}


def test_an_update_whose_title_names_the_wanted_one_is_not_installed_with_it(fleet: Any) -> None:
    """The month's ordinary cumulative update names the hotpatch that it replaces; a number in a title is not the update of that number."""
    title = "2025-11 Cumulative Update for Windows Server 2025 (KB5068861), replaces KB5068966"
    fleet.hosts = {"srv01": {"offers_extra": [{"kb": "KB5068861", "title": title}]}}
    result = fleet.play(update(fleet)).of("srv01")
    assert result["outcome"] == "installed", result["msg"]
    assert [item["kb"] for item in fleet.state()["installed"] if item["state"] in ("Installed", "InstallPending")][-1:] == ["KB5068966"]
    assert not any(item["kb"] == "KB5068861" for item in fleet.state()["installed"])


def test_two_updates_that_cannot_be_told_apart_are_refused(fleet: Any) -> None:
    fleet.hosts = {"srv01": {"offers_extra": [{"kb": "KB5068966", "title": "2025-11 Something else (KB5068966)"}]}}
    decision = fleet.play(update(fleet)).of("srv01")["decision"]
    assert (decision["code"], decision["kb"]) == ("offer_ambiguous", "KB5068966")
    assert "Something else" in decision["reason"]
    assert fleet.state()["counters"]["installs"] == 0
