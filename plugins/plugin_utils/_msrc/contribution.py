# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addition of one document to an overlay: its verdicts compared with the catalog, which is kept where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._catalog.catalog import Catalog
from .._catalog.planned_cadence import kind_by_cadence
from .._catalog.release import Kind, Release
from .agreement import agree, missing_lines
from .classify import Judged, Verdict, judge
from .cves import cve_entries
from .document import Document
from .known import Known
from .packages import LinePackages, packages_of
from .restart_claims import restart_finding

_RELEASES = {Verdict.BASELINE, Verdict.HOTPATCH, Verdict.OOB_HOTPATCH, Verdict.OOB_LCU, Verdict.UNKNOWN}
_MONTHLY = {Verdict.BASELINE, Verdict.HOTPATCH}


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
        self.releases: list[dict[str, Any]] = []
        self.components: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.carriers: dict[str, str] = {}

    def finding(self, kb: str | None, rule: str, message: str, decision: str) -> None:
        """Note a contradiction of the document to the catalog or itself, with the decision."""
        self.findings.append({"month": self.month, "line": self.line, "kb": kb, "rule": rule, "message": message, "decision": decision})

    def work(self) -> None:
        """Judge every update of the line."""
        for judged in judge(self.month, self.found):
            kb = judged.package.kb
            if self.known.is_of_another_line(kb, self.line) and not self.known.release(self.line, kb):
                others = ", ".join(self.known.lines_of(kb))
                self.finding(kb, "kb_of_another_line", f"{kb} is a release of {others} in the catalog", "Left out of this line.")
                continue
            self.carriers[kb] = self._carrier(judged)
            self._judged(judged)
        hotpatch, lcu = self.found.main_hotpatch, self.found.main_lcu
        if hotpatch is not None and lcu is not None and lcu.products - hotpatch.products:
            missing = ", ".join(self.document.products[product] for product in sorted(lcu.products - hotpatch.products))
            message = f"the document lists the LCU {lcu.kb} for {missing} and {hotpatch.kb} not"
            self.finding(hotpatch.kb, "hotpatch_not_for_all_products", message, "The hotpatch counts for the whole line.")

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
            self._known_release(judged, release)
            return
        owner = self.known.lcu_owner(self.line, package.kb)
        if owner is not None:
            self._known_lcu(judged, owner)
            return
        if judged.verdict is Verdict.COMPONENT:
            self._component(judged)
        elif judged.verdict in _RELEASES:
            self._new_release(judged)
        elif judged.verdict is Verdict.OTHER_MONTH and kind_by_cadence(self.line, self.month) is not None:
            rule = judged.rule or "release_of_another_month"
            self.finding(package.kb, rule, f"{package.kb} is listed in this month: {judged.why}", "Counts as a fix, not as a release.")

    def _oddities(self, judged: Judged) -> None:
        package = judged.package
        self.findings += restart_finding(self.month, judged)
        if package.foreign_builds:
            texts = ", ".join(sorted(package.foreign_builds))
            decision = f"The build {package.build} of the other rows is used." if package.build else "No build is noted for it."
            self.finding(
                package.kb,
                "build_of_another_line",
                f"{package.kb} has rows with FixedBuild {texts}, not one of this line",
                decision,
            )
        if len(package.builds) > 1:
            texts = ", ".join(map(str, sorted(package.builds)))
            self.finding(package.kb, "two_builds_for_one_kb", f"{package.kb} has rows with the builds {texts}", f"{package.build} is used.")

    def _known_release(self, judged: Judged, release: Release) -> None:
        """Write down what the document says of a release that the catalog knows, as far as it does not contradict the catalog."""
        kb = release.kb
        if release.month != self.month:
            message = f"{kb} is listed in this month and is the release of {release.month} in the catalog"
            self.finding(kb, "release_of_another_month", message, "Counts as a fix, not as a release.")
            return
        entry: dict[str, Any] = {"month": self.month, "kb": kb}
        if judged.released is not None:
            late = judged.verdict in (Verdict.OOB_HOTPATCH, Verdict.OOB_LCU, Verdict.UNKNOWN)
            if judged.released == release.released:
                entry["released"] = release.released.isoformat()
            elif not (late and release.released <= judged.released):
                message = f"{kb} came out on {judged.released} by the document and on {release.released} by the catalog"
                self.finding(kb, "release_day_contradicts_catalog", message, "The catalog is kept.")
        self._known_build(judged, release, entry)
        if judged.verdict == release.kind.value:
            entry["kind"] = release.kind.value
            entry["restart"] = release.restart
        elif judged.verdict is Verdict.UNKNOWN:
            message = f"the document does not settle the kind of {kb}: {judged.why}"
            self.finding(kb, judged.rule or "kind_not_settled", message, f"The catalog is kept: {release.kind.value}.")
        elif judged.verdict is not Verdict.LCU or release.kind is not Kind.OOB_LCU:
            filed = " and ".join(sorted(judged.package.subtypes)) or "nothing"
            message = f"the document files {kb} as {filed} ({judged.verdict.value}) and the catalog has it as {release.kind.value}"
            self.finding(kb, "kind_contradicts_catalog", message, "The catalog is kept.")
        if judged.planned is not None and judged.planned == release.planned_kind:
            entry["planned_kind"] = judged.planned.value
        lcu = judged.lcu
        if lcu is not None and release.lcu_kb == lcu.kb and release.lcu_build == lcu.build:
            entry |= {"lcu_kb": lcu.kb, "lcu_build": str(lcu.build)}
        elif lcu is not None and release.lcu_kb not in (None, lcu.kb):
            message = f"beside {kb} stands {lcu.kb} in the document and {release.lcu_kb} in the catalog"
            self.finding(kb, "lcu_contradicts_catalog", message, "The catalog is kept.")
        self.releases.append(entry)

    def _known_build(self, judged: Judged, release: Release, entry: dict[str, Any]) -> None:
        if judged.build == release.build:
            entry["build"] = str(release.build)
        elif judged.build is not None and judged.build not in release.builds:
            message = f"{release.kb} has build {judged.build} in the document and {release.build} in the catalog"
            self.finding(release.kb, "build_contradicts_catalog", message, "The catalog is kept.")

    def _known_lcu(self, judged: Judged, owner: Release) -> None:
        """Compare an update that the catalog knows as the LCU beside a hotpatch."""
        kb = judged.package.kb
        if owner.month != self.month:
            message = f"{kb} is listed in this month and is the LCU of {owner.month} in the catalog"
            self.finding(kb, "release_of_another_month", message, "Counts as a fix, not as a release.")
            return
        if judged.build not in (None, owner.lcu_build):
            message = f"{kb} has build {judged.build} in the document and {owner.lcu_build} in the catalog"
            self.finding(kb, "build_contradicts_catalog", message, "The catalog is kept.")
        if owner.kind is Kind.HOTPATCH and owner.kb not in self.found.packages:
            message = f"the document lists the LCU {kb} and not the hotpatch {owner.kb} that the catalog has for this month"
            self.finding(owner.kb, "hotpatch_missing_in_document", message, "The catalog is kept.")

    def _component(self, judged: Judged) -> None:
        package = judged.package
        if kind_by_cadence(self.line, self.month) is None:
            return
        if judged.rule:
            self.finding(
                package.kb, judged.rule, f"{package.kb} stands beside the month's update: {judged.why}", "Listed as a component update."
            )
        if self.known.has_component(package.kb):
            return
        entry: dict[str, Any] = {
            "kb": package.kb,
            "title": f"Security update beside the release of {self.month} ({' and '.join(sorted(package.subtypes))})",
            "after": self.month,
            "cvrf_subtype": " and ".join(sorted(package.subtypes)),
            "source": [self._source],
        }
        if package.build is not None:
            entry["build"] = str(package.build)
        self.components.append(entry)

    @property
    def _source(self) -> str:
        return f"MSRC CVRF {self.document.id}"

    def _new_release(self, judged: Judged) -> None:
        package, build = judged.package, judged.build
        if kind_by_cadence(self.line, self.month) is None:
            return
        trouble = self._trouble(judged)
        if trouble is not None:
            self.finding(package.kb, *trouble, "Not taken over. If the document is right, write the release into an overlay of your own.")
            return
        entry: dict[str, Any] = {
            "month": self.month,
            "kb": package.kb,
            "released": judged.released.isoformat() if judged.released else None,
            "kind": judged.verdict.value,
            "build": str(build),
            "restart": None if judged.verdict is Verdict.UNKNOWN else judged.verdict in (Verdict.BASELINE, Verdict.OOB_LCU),
            "confidence": "documented",
            "source": [self._source],
        }
        if judged.planned is not None:
            entry["planned_kind"] = judged.planned.value
        if judged.lcu is not None and judged.lcu.build is not None:
            entry |= {"lcu_kb": judged.lcu.kb, "lcu_build": str(judged.lcu.build)}
        if judged.verdict is Verdict.UNKNOWN:
            entry["note"] = f"The document does not settle the kind: {judged.why}."
            message = f"the document does not settle the kind of {package.kb}: {judged.why}"
            decision = "Taken over as unknown. Write its kind into an overlay of your own once Microsoft's release notes say it."
            self.finding(package.kb, judged.rule or "kind_not_settled", message, decision)
        elif judged.rule:
            self.finding(
                package.kb, judged.rule, f"{package.kb}: {judged.why}", f"Taken over as {judged.verdict.value} of {judged.released}."
            )
        self.releases.append(entry)

    def _trouble(self, judged: Judged) -> tuple[str, str] | None:
        """Return rule and message when a new release cannot stand beside what the catalog has."""
        kb, build = judged.package.kb, judged.build
        if build is None:
            return "build_not_found", f"{kb} has no row with a build of this line"
        if judged.released is None:
            return "release_day_not_found", f"nothing says on which day of the month {kb} came out"
        monthly = self.known.monthly(self.line, self.month)
        if judged.verdict in _MONTHLY and monthly is not None:
            return (
                "month_contradicts_catalog",
                f"the document has {kb} as the {judged.verdict.value} of the month and the catalog has {monthly}",
            )
        if monthly is not None and judged.planned is not None:
            return "month_contradicts_catalog", f"{kb} is the month's update in the document and the catalog has {monthly}"
        if judged.verdict is Verdict.OOB_LCU:
            return None
        before, after = self.known.around(self.line, judged.released)
        if before is not None and build <= before.build:
            return "build_out_of_order", f"{kb} has build {build}, which is not above {before.build} of {before.kb} that came out before it"
        if after is not None and build >= after.build:
            return "build_out_of_order", f"{kb} has build {build}, which is not below {after.build} of {after.kb} that came out after it"
        return None


def contribution(document: Document, catalog: Catalog) -> Contribution:
    """Return the addition of DOCUMENT to an overlay that lies over CATALOG."""
    known = Known(catalog)
    lines = [_Line(document, found, known) for found in packages_of(document).values()]
    for line in lines:
        line.work()
    findings = [finding for line in lines for finding in line.findings]
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
