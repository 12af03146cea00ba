# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The findings of an import: a contradiction of a document to the catalog or to itself, and the decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def finding(month: str, line: str, kb: str | None, rule: str, message: str, decision: str) -> dict[str, Any]:
    """Return one finding in the form of the overlay."""
    return {"month": month, "line": line, "kb": kb, "rule": rule, "message": message, "decision": decision}


@dataclass
class Findings:
    """The findings on one product line in one document."""

    month: str
    line: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kb: str, rule: str, message: str, decision: str) -> None:
        """Note a finding on KB."""
        self.rows.append(finding(self.month, self.line, kb, rule, message, decision))
