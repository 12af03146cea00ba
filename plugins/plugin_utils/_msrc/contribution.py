# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addition of one document to an overlay: each of its updates is treated by the entry that the catalog has for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._catalog.catalog import Catalog
from .._catalog.planned_cadence import kind_by_cadence
from .agreement import agree, missing_lines
from .classify import Judged, Verdict, judge
from .comparison import compare_lcu, compare_release
from .cves import cve_entries
from .document import Document
from .findings import Findings
from .known import Known
from .new_entries import new_component, new_release
from .packages import LinePackages, packages_of
from .restart_claims import note_restart_claims

_RELEASES = {Verdict.BASELINE, Verdict.HOTPATCH, Verdict.OOB_HOTPATCH, Verdict.OOB_LCU, Verdict.UNKNOWN}


@dataclass(frozen=True)
class Contribution:
    """The addition of one document: entries in the form of the overlay."""

    month: str
    document: dict[str, Any]
    releases: dict[str, list[dict[str, Any]]]
    components: dict[str, list[dict[str, Any]]]
    cves: list[dict[str, Any]]
    findings: list[dict[str, Any]]


class _Line:
    """One product line of one document, held against the catalog."""

    def __init__(self, document: Document, found: LinePackages, known: Known) -> None:
        self.document = document
        self.month = document.month
        self.line = found.line
        self.found = found
        self.known = known
        self.source = f"MSRC CVRF {document.id}"
        self.releases: list[dict[str, Any]] = []
        self.components: list[dict[str, Any]] = []
        self.findings = Findings(document.month, found.line)
        self.carriers: dict[str, str] = {}

    def work(self) -> None:
        """Judge every update of the line."""
        for judged in judge(self.month, self.found):
            kb = judged.package.kb
            if self.known.is_of_another_line(kb, self.line) and not self.known.release(self.line, kb):
                others = ", ".join(self.known.lines_of(kb))
                self.findings.add(kb, "kb_of_another_line", f"{kb} is a release of {others} in the catalog", "Left out of this line.")
                continue
            self.carriers[kb] = self._carrier(judged)
            self._judged(judged)
        hotpatch, lcu = self.found.main_hotpatch, self.found.main_lcu
        if hotpatch is not None and lcu is not None and lcu.products - hotpatch.products:
            missing = ", ".join(self.document.products[product] for product in sorted(lcu.products - hotpatch.products))
            message = f"the document lists the LCU {lcu.kb} for {missing} but not {hotpatch.kb}"
            self.findings.add(hotpatch.kb, "hotpatch_not_for_all_products", message, "The hotpatch counts for the whole line.")

    def _carrier(self, judged: Judged) -> str:
        known = self.known.carrier(self.line, judged.package.kb)
        if known is not None:
            return known
        if judged.verdict in (Verdict.BASELINE, Verdict.LCU, Verdict.OOB_LCU):
            return "lcu"
        if judged.verdict in (Verdict.HOTPATCH, Verdict.OOB_HOTPATCH):
            return "hotpatch"
        if judged.verdict is Verdict.COMPONENT:
            return "component"
        if judged.verdict is Verdict.UNKNOWN and judged.rule == "planned_hotpatch_not_found":
            # Whether or not it is a baseline, the update in nearly all CVEs of the month is its cumulative one.
            return "lcu"
        return "hotpatch" if judged.package.labels == {"hotpatch"} else "unknown"

    def _judged(self, judged: Judged) -> None:
        package = judged.package
        release = self.known.release(self.line, package.kb)
        self._oddities(judged)
        if release is not None:
            _keep(self.releases, compare_release(judged, release, self.findings))
            return
        owner = self.known.lcu_owner(self.line, package.kb)
        if owner is not None:
            compare_lcu(judged, owner, self.found.packages, self.findings)
            return
        if judged.verdict is Verdict.COMPONENT:
            _keep(self.components, new_component(judged, self.known, self.source, self.findings))
        elif judged.verdict in _RELEASES:
            _keep(self.releases, new_release(judged, self.known, self.source, self.findings))
        elif judged.verdict is Verdict.OTHER_MONTH and kind_by_cadence(self.line, self.month) is not None:
            rule = judged.rule or "release_of_another_month"
            self.findings.add(package.kb, rule, f"{package.kb} is listed in this month: {judged.why}", "Counts as a fix, not as a release.")

    def _oddities(self, judged: Judged) -> None:
        package = judged.package
        note_restart_claims(judged, self.findings)
        if package.foreign_builds:
            texts = ", ".join(sorted(package.foreign_builds))
            decision = f"The build {package.build} of the other rows is used." if package.build else "No build is noted for it."
            self.findings.add(
                package.kb,
                "build_of_another_line",
                f"{package.kb} has rows with FixedBuild {texts}, not one of this line",
                decision,
            )
        if len(package.builds) > 1:
            texts = ", ".join(map(str, sorted(package.builds)))
            self.findings.add(
                package.kb, "two_builds_for_one_kb", f"{package.kb} has rows with the builds {texts}", f"{package.build} is used."
            )


def _keep(entries: list[dict[str, Any]], entry: dict[str, Any] | None) -> None:
    if entry is not None:
        entries.append(entry)


def contribution(document: Document, catalog: Catalog) -> Contribution:
    """Return the addition of DOCUMENT to an overlay that lies over CATALOG."""
    known = Known(catalog)
    lines = [_Line(document, found, known) for found in packages_of(document).values()]
    for line in lines:
        line.work()
    findings = [row for line in lines for row in line.findings.rows]
    findings += agree(document.month, {line.line: line.releases for line in lines})
    findings += missing_lines(document.month, {line.line for line in lines if line.found.packages}, known.lines)
    return Contribution(
        month=document.month,
        document={
            "id": document.id,
            "title": document.title,
            "revision": document.revision,
            "revised": document.revised.date().isoformat(),
            "sha256": document.sha256,
        },
        releases={line.line: line.releases for line in lines if line.releases},
        components={line.line: line.components for line in lines if line.components},
        cves=cve_entries(document, {line.line: (line.found, line.carriers) for line in lines}),
        findings=findings,
    )
