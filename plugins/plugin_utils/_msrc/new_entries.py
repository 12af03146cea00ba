# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates that the catalog does not have: their entries in the overlay, and what keeps one from being taken over."""

from __future__ import annotations

from typing import Any

from .._catalog.planned_cadence import kind_by_cadence
from .classify import Judged, Verdict
from .findings import Findings
from .known import Known

# The kinds that a month has one of.
_MONTHLY = {Verdict.BASELINE, Verdict.HOTPATCH}


def new_component(judged: Judged, known: Known, source: str, findings: Findings) -> dict[str, Any] | None:
    """Return the entry of a component update, or None where the catalog has it, or no calendar for the month."""
    package = judged.package
    if kind_by_cadence(findings.line, findings.month) is None:
        return None
    if judged.rule:
        findings.add(
            package.kb, judged.rule, f"{package.kb} stands beside the month's update: {judged.why}", "Listed as a component update."
        )
    if known.has_component(package.kb):
        return None
    entry: dict[str, Any] = {
        "kb": package.kb,
        "title": f"Security update beside the release of {findings.month} ({' and '.join(sorted(package.subtypes))})",
        "after": findings.month,
        "cvrf_subtype": " and ".join(sorted(package.subtypes)),
        "source": [source],
    }
    if package.build is not None:
        entry["build"] = str(package.build)
    return entry


def new_release(judged: Judged, known: Known, source: str, findings: Findings) -> dict[str, Any] | None:
    """Return the entry of a release, or None if it contradicts the catalog, or if there is no calendar for the month."""
    package, build = judged.package, judged.build
    if kind_by_cadence(findings.line, findings.month) is None:
        return None
    trouble = _trouble(judged, known, findings.month)
    if trouble is not None:
        findings.add(package.kb, *trouble, "Not taken over. If the document is right, write the release into an overlay of your own.")
        return None
    entry: dict[str, Any] = {
        "month": findings.month,
        "kb": package.kb,
        "released": judged.released.isoformat() if judged.released else None,
        "kind": judged.verdict.value,
        "build": str(build),
        "restart": None if judged.verdict is Verdict.UNKNOWN else judged.verdict in (Verdict.BASELINE, Verdict.OOB_LCU),
        "confidence": "documented",
        "source": [source],
    }
    if judged.planned is not None:
        entry["planned_kind"] = judged.planned.value
    if judged.lcu is not None and judged.lcu.build is not None:
        entry |= {"lcu_kb": judged.lcu.kb, "lcu_build": str(judged.lcu.build)}
    if judged.verdict is Verdict.UNKNOWN:
        entry["note"] = f"The document does not settle the kind: {judged.why}."
        message = f"the document does not settle the kind of {package.kb}: {judged.why}"
        decision = "Taken over as unknown. Write its kind into an overlay of your own once Microsoft's release notes say it."
        findings.add(package.kb, judged.rule or "kind_not_settled", message, decision)
    elif judged.rule:
        findings.add(package.kb, judged.rule, f"{package.kb}: {judged.why}", f"Taken over as {judged.verdict.value} of {judged.released}.")
    return entry


def _trouble(judged: Judged, known: Known, month: str) -> tuple[str, str] | None:
    """Return rule and message when a new release cannot stand beside what the catalog has."""
    kb, build = judged.package.kb, judged.build
    if build is None:
        return "build_not_found", f"{kb} has no row with a build of this line"
    if judged.released is None:
        return "release_day_not_found", f"nothing says on which day of the month {kb} came out"
    monthly = known.monthly(judged.package.line, month)
    if judged.verdict in _MONTHLY and monthly is not None:
        return (
            "month_contradicts_catalog",
            f"the document has {kb} as the {judged.verdict.value} of the month and the catalog has {monthly}",
        )
    if monthly is not None and judged.planned is not None:
        return "month_contradicts_catalog", f"{kb} is the month's update in the document and the catalog has {monthly}"
    if judged.verdict is Verdict.OOB_LCU:
        return None
    before, after = known.around(judged.package.line, judged.released)
    if before is not None and build <= before.build:
        return "build_out_of_order", f"{kb} has build {build}, which is not above {before.build} of {before.kb} that came out before it"
    if after is not None and build >= after.build:
        return "build_out_of_order", f"{kb} has build {build}, which is not below {after.build} of {after.kb} that came out after it"
    return None
