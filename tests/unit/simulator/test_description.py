# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wrong inventory is refused with the variable, the value and the remedy, before anything is played."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host.problems import DescriptionError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host_description import describe, file_name

GOOD: dict[str, Any] = {"truth": "/nowhere/truth", "now": "2026-06-09"}


@pytest.mark.parametrize(
    ("given", "variable", "remedy"),
    [
        ({"truth": None}, "hotpatch_rehearsal_truth", "directory"),
        ({"truth": 3}, "hotpatch_rehearsal_truth", "Give a string"),
        ({"now": None}, "hotpatch_rehearsal_now", "2026-06-09T18:00:00Z"),
        ({"now": "9 June 2026"}, "hotpatch_rehearsal_now", "2026-06-09T18:00:00Z"),
        ({"now": "2026-02-30"}, "hotpatch_rehearsal_now", "2026-06-09T18:00:00Z"),
        ({"line": "ws2019"}, "hotpatch_rehearsal_line", "ws2022_azure, ws2025"),
        ({"line": "none"}, "hotpatch_rehearsal_os.build", "needs build"),
        ({"os": {"ubr": 1}}, "hotpatch_rehearsal_os", "start_kb"),
        ({"os": {"edition": "Home"}}, "hotpatch_rehearsal_os.edition", "edition_id"),
        ({"os": {"sku": "four"}}, "hotpatch_rehearsal_os.sku", "whole number"),
        ({"os": "Home"}, "hotpatch_rehearsal_os", "mapping"),
        ({"architecture": "x86"}, "hotpatch_rehearsal_architecture", "amd64, arm64"),
        ({"platform": "aws"}, "hotpatch_rehearsal_platform", "azure, azure_local, arc"),
        ({"enrolled": "maybe"}, "hotpatch_rehearsal_enrolled", "true or false"),
        ({"enrolled": True, "enrollment": "stuck"}, "hotpatch_rehearsal_enrolled", "only one"),
        ({"enrollment": "done"}, "hotpatch_rehearsal_enrollment", "pending"),
        ({"vbs_status": 3}, "hotpatch_rehearsal_vbs_status", "0, 1, 2"),
        ({"secure_boot": "perhaps"}, "hotpatch_rehearsal_secure_boot", "true or false"),
        ({"start_kb": "June"}, "hotpatch_rehearsal_start_kb", "KB5094125"),
        ({"start_kb": "KB5000001"}, "hotpatch_rehearsal_start_kb", "No release of the line ws2025"),
        ({"start_extra": "KB5070881"}, "hotpatch_rehearsal_start_extra", "list"),
        ({"update_source": "sccm"}, "hotpatch_rehearsal_update_source", "configmgr"),
        ({"wsus_approved": ["x"]}, "hotpatch_rehearsal_wsus_approved[0]", "KB number"),
        ({"free_bytes": -1}, "hotpatch_rehearsal_free_bytes", "at least 0"),
        ({"pending": ["reboot"]}, "hotpatch_rehearsal_pending[0]", "pending_file_rename"),
        ({"offers_extra": [{"title": "x"}]}, "hotpatch_rehearsal_offers_extra[0].kb", "missing"),
        ({"offers_extra": [{"kb": 5066131, "until": "x"}]}, "hotpatch_rehearsal_offers_extra[0].until", "no such key"),
        ({"events": [{"at": "2026-06-09", "do": "explode"}]}, "hotpatch_rehearsal_events[0].do", "restart"),
        ({"events": [{"at": "2026-06-09", "do": "install"}]}, "hotpatch_rehearsal_events[0].kb", "Add kb"),
        ({"faults": [{"fault": "fire"}]}, "hotpatch_rehearsal_faults[0].fault", "connection_lost"),
        ({"faults": ["hang"]}, "hotpatch_rehearsal_faults[0].fault", "connection_lost"),
        ({"faults": [{"fault": "connection_lost"}]}, "hotpatch_rehearsal_faults[0].at_call", "missing"),
        ({"faults": [{"fault": "install_error", "hresult": "80240017"}]}, "hotpatch_rehearsal_faults[0].hresult", "0x80240017"),
        ({"faults": [{"fault": "hang", "at_call": 1, "minutes": 3}]}, "hotpatch_rehearsal_faults[0].minutes", "no such key"),
        ({"wubba": 1}, "hotpatch_rehearsal_wubba", "no such variable"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, Any], variable: str, remedy: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        describe("srv01", {**GOOD, **given})
    assert str(caught.value).startswith(f"{variable}: the value ")
    assert remedy in str(caught.value)


def test_a_host_needs_a_name() -> None:
    with pytest.raises(DescriptionError, match="inventory_hostname"):
        describe("", GOOD)


def test_ini_inventories_give_texts() -> None:
    found = describe(
        "a/b", {**GOOD, "enrolled": "no", "vbs_status": "1", "free_bytes": "5", "no_auto_update": "none", "secure_boot": "False"}
    )
    assert (found.enrollment, found.vbs_status, found.vbs_configured, found.free_bytes) == ("not_enrolled", 1, 1, 5)
    assert (found.no_auto_update, found.secure_boot, found.truth.name) == (None, False, "a%2Fb.json")


def test_defaults_follow_from_line_and_platform() -> None:
    assert describe("h", {**GOOD, "line": "ws2022_azure"}).os["sku"] == 407
    assert describe("h", GOOD).arc_status == "Connected"
    assert describe("h", {**GOOD, "platform": "on_premises"}).enrollment == "not_enrolled"
    assert describe("h", {**GOOD, "roles": ["domain_controller"]}).os["product_type"] == 2
    assert describe("h", {**GOOD, "line": "win11_25h2"}).client
    assert str(describe("h", GOOD).calls) == "/nowhere/calls/h.jsonl"


def test_no_two_names_share_a_file() -> None:
    names = [
        "a b",
        "a_b",
        "a%20b",
        "a/b",
        "a%2Fb",
        "a:b",
        ".a",
        "%2Ea",
        "_a",
        "..",
        ".",
        "fe80::1",
        "fe80__1",
        "192.0.2.1",
        "\u00e9",
        "\udce9",
    ]
    names += ["x" * 300, "x" * 301, "x" * 120, "/" * 120]
    files = {file_name(name) for name in names}
    assert len(files) == len(names)
    assert all(set(name).isdisjoint("/\\:* ") and len(name) < 200 and not name.startswith(".") for name in files)
