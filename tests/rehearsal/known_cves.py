# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two vulnerabilities of August 2026, in the form of an overlay."""

from __future__ import annotations

from typing import Any

BESIDE, BOTH = "CVE-2026-30001", "CVE-2026-30002"
CVES: dict[str, Any] = {
    "format": "winops.hotpatch/catalog/1",
    "generated": "2026-08-12",
    "cves": [
        {
            "cve": BESIDE,
            "month": "2026-08",
            "title": "In an update beside the hotpatch",
            "severity": "Important",
            "exploited": False,
            "fixes": [
                {"line": "ws2022_azure", "kb": "KB5120242", "build": "20348.5499", "carrier": "lcu"},
                {"line": "ws2022_azure", "kb": "KB5123303", "build": "20348.5499", "carrier": "component"},
            ],
        },
        {
            "cve": BOTH,
            "month": "2026-08",
            "title": "In both",
            "severity": "Critical",
            "exploited": True,
            "fixes": [
                {"line": "ws2022_azure", "kb": "KB5120242", "build": "20348.5499", "carrier": "lcu"},
                {"line": "ws2022_azure", "kb": "KB5120229", "build": "20348.5440", "carrier": "hotpatch"},
                {"line": "ws2025", "kb": "KB5120233", "build": "26100.33296", "carrier": "lcu"},
                {"line": "ws2025", "kb": "KB5120228", "build": "26100.33222", "carrier": "hotpatch"},
            ],
        },
    ],
}
