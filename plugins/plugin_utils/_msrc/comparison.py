# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates that the catalog has, as the document describes them. Where the two differ the catalog is kept, and that is said."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from .._catalog.release import Kind, Release
from .classify import Judged, Verdict
from .findings import Findings


def compare_release(judged: Judged, release: Release, findings: Findings) -> dict[str, Any] | None:
    """Return the fields of a release in the catalog that the document has and that do not contradict it; None in another month."""
    kb = release.kb
    if release.month != findings.month:
        message = f"{kb} is listed in this month and is the release of {release.month} in the catalog"
        findings.add(kb, "release_of_another_month", message, "Counts as a fix, not as a release.")
        return None
    entry: dict[str, Any] = {"month": findings.month, "kb": kb}
    if judged.released is not None:
        late = judged.verdict in (Verdict.OOB_HOTPATCH, Verdict.OOB_LCU, Verdict.UNKNOWN)
        if judged.released == release.released:
            entry["released"] = release.released.isoformat()
        elif not (late and release.released <= judged.released):
            message = f"{kb} came out on {judged.released} by the document and on {release.released} by the catalog"
            findings.add(kb, "release_day_contradicts_catalog", message, "The catalog is kept.")
    _compare_build(judged, release, entry, findings)
    if judged.verdict == release.kind.value:
        entry["kind"] = release.kind.value
        entry["restart"] = release.restart
    elif judged.verdict is Verdict.UNKNOWN:
        message = f"the document does not settle the kind of {kb}: {judged.why}"
        findings.add(kb, judged.rule or "kind_not_settled", message, f"The catalog is kept: {release.kind.value}.")
    elif judged.verdict is not Verdict.LCU or release.kind is not Kind.OOB_LCU:
        filed = " and ".join(sorted(judged.package.subtypes)) or "nothing"
        message = f"the document files {kb} as {filed} ({judged.verdict.value}) and the catalog has it as {release.kind.value}"
        findings.add(kb, "kind_contradicts_catalog", message, "The catalog is kept.")
    if judged.planned is not None and judged.planned == release.planned_kind:
        entry["planned_kind"] = judged.planned.value
    lcu = judged.lcu
    if lcu is not None and release.lcu_kb == lcu.kb and release.lcu_build == lcu.build:
        entry |= {"lcu_kb": lcu.kb, "lcu_build": str(lcu.build)}
    elif lcu is not None and release.lcu_kb not in (None, lcu.kb):
        message = f"beside {kb} stands {lcu.kb} in the document and {release.lcu_kb} in the catalog"
        findings.add(kb, "lcu_contradicts_catalog", message, "The catalog is kept.")
    return entry


def _compare_build(judged: Judged, release: Release, entry: dict[str, Any], findings: Findings) -> None:
    if judged.build == release.build:
        entry["build"] = str(release.build)
    elif judged.build is not None and judged.build not in release.builds:
        message = f"{release.kb} has build {judged.build} in the document and {release.build} in the catalog"
        findings.add(release.kb, "build_contradicts_catalog", message, "The catalog is kept.")


def compare_lcu(judged: Judged, owner: Release, in_document: Container[str], findings: Findings) -> None:
    """Compare an update that the catalog has as the LCU beside the hotpatch OWNER; IN_DOCUMENT are the KBs of the line there."""
    kb = judged.package.kb
    if owner.month != findings.month:
        message = f"{kb} is listed in this month and is the LCU of {owner.month} in the catalog"
        findings.add(kb, "release_of_another_month", message, "Counts as a fix, not as a release.")
        return
    if judged.build not in (None, owner.lcu_build):
        message = f"{kb} has build {judged.build} in the document and {owner.lcu_build} in the catalog"
        findings.add(kb, "build_contradicts_catalog", message, "The catalog is kept.")
    if owner.kind is Kind.HOTPATCH and owner.kb not in in_document:
        message = f"the document lists the LCU {kb} and not the hotpatch {owner.kb} that the catalog has for this month"
        findings.add(owner.kb, "hotpatch_missing_in_document", message, "The catalog is kept.")
