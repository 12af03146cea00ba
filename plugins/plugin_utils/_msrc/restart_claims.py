# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RestartRequired of a hotpatch: most hotpatches say Yes there and restart nobody, so it is never believed."""

from __future__ import annotations

from typing import Any

from .classify import Judged
from .packages import Label


def restart_finding(month: str, judged: Judged) -> list[dict[str, Any]]:
    """Return the finding on a hotpatch whose rows say that it restarts, or none."""
    package = judged.package
    claims = sorted(claim for claim in package.restarts if claim and claim.strip().casefold() != "no")
    if Label.HOTPATCH not in package.labels or not claims:
        return []
    return [
        {
            "month": month,
            "line": package.line,
            "kb": package.kb,
            "rule": "restart_not_believed",
            "message": f"the document gives RestartRequired {' and '.join(claims)} for the hotpatch {package.kb}",
            "decision": "Not believed: most documents say so of hotpatches. The kind settles it.",
        }
    ]
