# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RestartRequired of a hotpatch: most hotpatches say Yes there and restart no host, so it is never believed."""

from __future__ import annotations

from .classify import Judged
from .findings import Findings
from .packages import Label


def note_restart_claims(judged: Judged, findings: Findings) -> None:
    """Note a hotpatch whose rows say that it restarts."""
    package = judged.package
    claims = sorted(claim for claim in package.restarts if claim and claim.strip().casefold() != "no")
    if Label.HOTPATCH in package.labels and claims:
        message = f"the document gives RestartRequired {' and '.join(claims)} for the hotpatch {package.kb}"
        decision = "Not believed: most documents say so of hotpatches. The kind settles it."
        findings.add(package.kb, "restart_not_believed", message, decision)
