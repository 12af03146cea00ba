# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One fleet, two catalogs: overlay files change what the module update does, and each decision says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NOVEMBER = {"month": "2025-11", "kb": "KB5068966"}


def overlay(folder: Path, name: str, generated: str, *releases: dict[str, Any], **more: Any) -> str:
    path = folder / name
    content = {"generated": generated, "releases": list(releases), **more}
    data = {"format": "winops.hotpatch/catalog/1", "generated": generated, "lines": {"ws2025": content}}
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def update(fleet: Any, *catalog: str, **args: Any) -> dict[str, Any]:
    return {"winops.hotpatch.update": {"as_of": fleet.now, "catalog": list(catalog), **args}}


def test_a_denial_stops_the_fleet_and_not_its_pilot(fleet: Any) -> None:
    """The pilot is named as the inventory names it."""
    fleet.hosts = {"srv01": {}, "pilot": {}}
    entry = {**NOVEMBER, "denied": True, "reason": "It breaks our printers.", "denied_until": "2025-12-08", "denied_except": ["pilot"]}
    denied = overlay(fleet.folder, "denied.json", "2025-11-11", entry)
    run = fleet.play(update(fleet, denied))
    refused, installed = run.of("srv01"), run.of("pilot")
    assert (refused["outcome"], refused["changed"], refused["decision"]["code"]) == ("refused", False, "denied")
    assert refused["decision"]["until"] == "2025-12-08"
    assert refused["decision"]["reason"] == (
        f"KB5068966 is denied until 2025-12-08 ({denied}): It breaks our printers. The denial is lifted for pilot only."
    )
    assert "srv01 with its name in denied_except" in refused["decision"]["remedy"]
    assert (installed["outcome"], installed["after"]["in_force"]["release_kb"]) == ("installed", "KB5068966")
    lifted = overlay(fleet.folder, "lifted.json", "2025-11-12", {**NOVEMBER, "denied": False})
    assert fleet.play(update(fleet, denied, lifted)).of("srv01")["outcome"] == "installed"


def test_a_withdrawn_hotpatch_is_not_installed_and_not_missed(fleet: Any) -> None:
    fleet.now = "2026-02-10"
    entry = {"month": "2026-02", "kb": "KB5075942", "withdrawn": True, "reason": "Microsoft pulled it."}
    result = fleet.play(update(fleet, overlay(fleet.folder, "withdrawn.json", "2026-02-10", entry))).of("srv01")
    assert (result["outcome"], result["changed"], result["decision"]["kb"]) == ("none", False, "KB5073379")
    assert "KB5075942 (2026-02 hotpatch, 26100.32313) was withdrawn: Microsoft pulled it." in result["decision"]["reason"]
    assert result["before"]["state"] == "current"
    assert fleet.play(update(fleet)).of("srv01")["outcome"] == "installed"


def test_after_a_withdrawal_the_release_before_it_is_due(fleet: Any) -> None:
    """Before the hotpatch of November 2025 came one out of band, which restarts the host and so needs leave."""
    withdrawn = overlay(fleet.folder, "withdrawn.json", "2025-11-11", {**NOVEMBER, "withdrawn": True, "reason": "Microsoft pulled it."})
    decision = fleet.play(update(fleet, withdrawn)).of("srv01")["decision"]
    assert (decision["code"], decision["kb"]) == ("restart_not_allowed", "KB5070893")
    assert decision["reason"].endswith("KB5068966 (2025-11 hotpatch, 26100.7092) was withdrawn: Microsoft pulled it.")


def test_a_month_is_what_the_catalog_of_the_run_says(fleet: Any) -> None:
    """December 2026: planned as a hotpatch by the file of the 1st, out as a baseline by the file of the 8th."""
    fleet.now = "2026-12-08"
    months = [
        {"month": "2026-10", "released": "2026-10-13", "kind": "baseline", "kb": "KB5999001", "build": "26100.33650"},
        {"month": "2026-11", "released": "2026-11-10", "kind": "hotpatch", "kb": "KB5999002", "build": "26100.33700"},
    ]
    earlier = [{**month, "planned_kind": month["kind"], "restart": month["kind"] == "baseline"} for month in months]
    first = overlay(fleet.folder, "1.json", "2026-12-01", *earlier, announced=[{"month": "2026-12", "planned_kind": "hotpatch"}])
    december = {"month": "2026-12", "released": "2026-12-08", "kind": "unplanned_baseline", "planned_kind": "hotpatch", "restart": True}
    second = overlay(fleet.folder, "2.json", "2026-12-08", {**december, "kb": "KB5999003", "build": "26100.33800"})
    stale = fleet.play(update(fleet, first, restart_policy="planned")).of("srv01")["decision"]
    turned = fleet.play(update(fleet, first, second, restart_policy="planned")).of("srv01")["decision"]
    assert (stale["code"], turned["code"]) == ("catalog_stale", "month_turned_baseline")
    assert stale["reason"] == "The catalog is dated 2026-12-01, before the Patch Tuesday of 2026-12, so it cannot know that month."
    assert turned["reason"].startswith("2026-12 was planned as a hotpatch and became baseline KB5999003, which needs a restart;")
    assert turned["kb"] == "KB5999003"


def test_an_open_kind_is_refused_with_what_to_do(fleet: Any) -> None:
    odd = {"month": "2025-11", "released": "2025-11-11", "kind": "unknown", "kb": "KB5999001", "build": "26100.7100"}
    decision = fleet.play(update(fleet, overlay(fleet.folder, "odd.json", "2025-11-11", odd))).of("srv01")["decision"]
    assert decision["code"] == "catalog_missing_month"
    assert decision["reason"].startswith("The kind of KB5999001 (2025-11, 26100.7100) is not settled.")
    assert "planned_kind" in decision["remedy"]


def test_a_bad_overlay_stops_the_run_before_a_host_is_asked(fleet: Any) -> None:
    bad = overlay(fleet.folder, "bad.json", "2025-11-11", {**NOVEMBER, "withdrawn": True})
    run = fleet.play(update(fleet, bad))
    assert run.status("srv01") == "failed"
    said = run.of("srv01")["msg"]
    for words in (bad, "lines.ws2025.releases[1] 2025-11 KB5068966", "reason is missing: an entry with withdrawn: true must say why"):
        assert words in said
    assert not (fleet.calls / "srv01.jsonl").exists()
    assert not (fleet.truth / "srv01.json").exists()
