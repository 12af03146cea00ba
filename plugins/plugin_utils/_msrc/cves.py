# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CVEs of a document for the product lines, with their severity and the updates that fix them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .._values.names import is_cve
from .document import Document, Threat
from .packages import LinePackages

_SEVERITIES = ("Low", "Moderate", "Important", "Critical")
_EXPLOITED = re.compile(r"\bExploited:\s*(Yes|No)\b", re.IGNORECASE)


def cve_entries(document: Document, lines: dict[str, tuple[LinePackages, dict[str, str]]]) -> list[dict[str, Any]]:
    """Return the CVEs of DOCUMENT. LINES gives for each line its updates and what each of them is (one left out is not a fix of it)."""
    fixes: dict[str, list[dict[str, Any]]] = {}
    for line, (found, carriers) in sorted(lines.items()):
        for kb, carrier in sorted(carriers.items()):
            package = found.packages[kb]
            for cve in package.cves:
                build = str(package.build) if package.build else None
                fixes.setdefault(cve, []).append({"line": line, "kb": kb, "build": build, "carrier": carrier})
    threats: dict[str, list[Threat]] = {}
    titles: dict[str, str] = {}
    for item in document.vulnerabilities:
        threats.setdefault(item.cve, []).extend(item.threats)
        titles[item.cve] = max(titles.get(item.cve, ""), item.title)
    return [
        {
            "cve": cve,
            "month": document.month,
            "title": " ".join(titles[cve].split()),
            "severity": _severity(threats[cve]),
            "exploited": _exploited(threats[cve]),
            "fixes": fixes[cve],
        }
        for cve in sorted(fixes)
        if is_cve(cve)
    ]


def _severity(threats: Iterable[Threat]) -> str | None:
    """Return the highest severity that is given for a product of the lines, or for all products."""
    found = [threat.text.strip().capitalize() for threat in threats if threat.kind == "severity"]
    return max((text for text in found if text in _SEVERITIES), key=_SEVERITIES.index, default=None)


def _exploited(threats: Iterable[Threat]) -> bool | None:
    """Return True if exploitation is known, or None where the document does not say."""
    found = {match.group(1).casefold() for threat in threats if threat.kind == "exploited" for match in _EXPLOITED.finditer(threat.text)}
    return None if not found else "yes" in found
