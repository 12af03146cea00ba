# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What names a host or its owner is taken out; what is the same on every host stays."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._field_probe.strip import strip

TAKEN_OUT = [
    (r"for CORP\j.doe, again", r"for DOMAIN\USER, again"),
    (r"CORP\svc$", r"DOMAIN\USER"),
    ("from 10.20.30.40.", "from 0.0.0.0."),
    ("at fe80::1234:5678:9abc:def0, and ::1", "at ::, and ::"),
    ("2001:db8:0:0:0:0:0:1", "::"),
    ("00-15-5D-01-02-03 and 00:15:5d:01:02:03", "00-00-00-00-00-00 and 00-00-00-00-00-00"),
    ("S-1-5-21-1-2-3-1001", "S-1-5-21-0"),
    (r"\\fileserver01\share\x.msu", r"\\HOST\share\x.msu"),
    (r"C:\Users\j.doe\a.dll", r"C:\Users\USER\a.dll"),
    ("mail j.doe@corp.example.com", "mail user@example.test"),
    ("https://wsus.corp.example.com:8531/x", "http://host.example.test/x"),
    ("http://svc:S3/cr@t@wsus.corp.example.com:8530/x", "http://host.example.test/x"),
    ("{B04F44A4-B696-4B56-934A-C11667E944E4}", "{00000000-0000-0000-0000-000000000000}"),
    ("web01.corp: WEB01 said", "NAME.corp: NAME said"),
]
STAYS = [
    "Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.32690.1.8",
    "2026-05 Security Update (KB5087538) (26100.32860)",
    "10.0.20348.1129",
    "1.50.3091",
    r"C:\Windows\Temp\update.tmp",
    r"\??\C:\pending.tmp",
    "at 10:20:30 on 2026-05-01T10:20:30Z",
    "VMware, Inc.",
    "S-1-5-18",
    "7783-7084-3265-9085-8269-3286-77",
    "web011",
]


@pytest.mark.parametrize(("text", "left"), TAKEN_OUT)
def test_taken_out(text: str, left: str) -> None:
    assert strip(text, ["WEB01"]) == left


@pytest.mark.parametrize("text", STAYS)
def test_stays(text: str) -> None:
    assert strip(text, ["WEB01"]) == text


def test_whole_structures() -> None:
    given: dict[str, Any] = {"id": "6b5bb7b1-5b52-4d6c-8f0a-3b5a2f6f3d10", "a": [{"b": "WEB01"}, 1, None, True], "c": {"x": "10.0.0.1"}}
    assert strip(given, ["web01", ""]) == {"id": given["id"], "a": [{"b": "NAME"}, 1, None, True], "c": {"x": "0.0.0.0"}}
