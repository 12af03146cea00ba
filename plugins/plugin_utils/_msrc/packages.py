# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The updates of one document: which KB fixes what on which product line, and what the rows call it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from .._values.build import Build
from .._values.patch_tuesday import month_of, patch_tuesday, split_month
from .document import Document, Remediation, Vulnerability
from .product_lines import fixed_build, line_of

# As MSRC writes them, without blanks and in small letters.
_CUMULATIVE = frozenset({"securityupdate", "cumulativeupdate", "securitymonthlyrollup", "monthlyrollup"})
_KB_DIGITS = re.compile(r"\d{6,8}")


class Label(StrEnum):
    """The kind of update according to the subtype of a row."""

    CUMULATIVE = "cumulative"
    HOTPATCH = "hotpatch"
    COMPONENT = "component"


def label_of(subtype: str) -> Label:
    """Return the kind that SUBTYPE names. Hotpatches: C(Security Hotpatch Update), C(SecurityHotpatchUpdate), C(AzureHotpatch) and more."""
    text = "".join(subtype.split()).casefold()
    if "hotpatch" in text:
        return Label.HOTPATCH
    return Label.CUMULATIVE if text in _CUMULATIVE or not text else Label.COMPONENT


@dataclass
class Package:
    """All rows of one KB on one product line, taken together."""

    line: str
    kb: str
    labels: set[Label] = field(default_factory=set)
    subtypes: set[str] = field(default_factory=set)
    builds: Counter[Build] = field(default_factory=Counter)
    foreign_builds: set[str] = field(default_factory=set)
    restarts: set[str] = field(default_factory=set)
    supersedes: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    cves: set[str] = field(default_factory=set)
    # The CVEs published on the month's release day whose list of updates has not changed since: their updates came out that day.
    first_day: dict[str, date] = field(default_factory=dict)
    # The days on which updates were added, common to all CVEs that list this one.
    later_days: set[date] | None = None

    @property
    def build(self) -> Build | None:
        """The build that most rows give, the higher one where they are even."""
        return max(self.builds, key=lambda build: (self.builds[build], build)) if self.builds else None

    def add(self, row: Remediation, vulnerability: Vulnerability, products: list[str], release_days: set[date]) -> None:
        """Take in one ROW of VULNERABILITY."""
        self.labels.add(label_of(row.subtype))
        self.subtypes.add(row.subtype)
        self.restarts.add(row.restart)
        self.supersedes |= {f"KB{digits}" for digits in _KB_DIGITS.findall(row.supersedes)}
        self.products.update(products)
        build = fixed_build(self.line, row.fixed_build)
        if build is not None:
            self.builds[build] += 1
        elif row.fixed_build:
            self.foreign_builds.add(row.fixed_build)
        if vulnerability.cve in self.cves:
            return
        self.cves.add(vulnerability.cve)
        revisions = vulnerability.revisions
        if revisions and revisions[0].day in release_days and all(revision.is_first for revision in revisions):
            self.first_day[vulnerability.cve] = revisions[0].day
        days = {revision.day for revision in revisions if revision.adds_fixes}
        if not days and revisions:
            # Published late and never extended: its updates were out on the day of its publication.
            days = {revisions[0].day}
        self.later_days = days if self.later_days is None else self.later_days & days

    def added_within(self, month: str, after: date) -> list[date]:
        """Return the days of MONTH later than AFTER on which all CVEs with this update got updates added."""
        return sorted(day for day in self.later_days or () if month_of(day) == month and day > after)


@dataclass(frozen=True)
class LinePackages:
    """The updates of one line in one document."""

    line: str
    packages: dict[str, Package]
    products: frozenset[str]
    main_lcu: Package | None
    main_hotpatch: Package | None

    @property
    def release_day(self) -> date | None:
        """The day on which the month's update came out."""
        if self.main_lcu is None:
            return None
        days = Counter(self.main_lcu.first_day.values())
        return max(days, key=lambda day: (days[day], day))

    def beside_lcu(self, package: Package) -> set[str]:
        """Return the CVEs of the release day that PACKAGE and the month's LCU both fix."""
        return set(package.first_day) & set(self.main_lcu.first_day) if self.main_lcu else set()


def release_days(document: Document) -> set[date]:
    """Return the days that count as the release day of the document's month."""
    days = {patch_tuesday(*split_month(document.month)).date()}
    return days | {document.released} if month_of(document.released) == document.month else days


def packages_of(document: Document) -> dict[str, LinePackages]:
    """Return the updates in DOCUMENT by product line. A line that the document does not name is absent."""
    days = release_days(document)
    lines = {product: line for product, name in document.products.items() if (line := line_of(name)) is not None}
    found: dict[str, dict[str, Package]] = {line: {} for line in lines.values()}
    labels: dict[str, set[Label]] = {}
    for vulnerability in document.vulnerabilities:
        for row in vulnerability.remediations:
            labels.setdefault(row.kb, set()).add(label_of(row.subtype))
            for line in {lines[product] for product in row.products if product in lines}:
                products = [product for product in row.products if lines.get(product) == line]
                package = found[line].setdefault(row.kb, Package(line, row.kb))
                package.add(row, vulnerability, products, days)
    for packages in found.values():
        for package in packages.values():
            # A KB is one thing: what one row calls a hotpatch, another line's row calls a plain Security Update.
            package.labels |= labels[package.kb]
    return {
        line: _with_main(line, packages, frozenset(product for product, other in lines.items() if other == line))
        for line, packages in sorted(found.items())
    }


def _with_main(line: str, packages: dict[str, Package], products: frozenset[str]) -> LinePackages:
    """Find the month's LCU, which is in most of the CVEs of the release day, and the hotpatch that stands beside it."""
    plain = [item for item in packages.values() if item.labels == {Label.CUMULATIVE} and item.first_day and item.build]
    lcu = max(plain, key=lambda item: (len(item.first_day), bool(item.supersedes), item.build, item.kb), default=None)
    hotpatch = None
    if lcu is not None:
        beside = [
            item for item in packages.values() if Label.HOTPATCH in item.labels and item.build and set(item.first_day) & set(lcu.first_day)
        ]
        hotpatch = max(beside, key=lambda item: (len(set(item.first_day) & set(lcu.first_day)), item.build, item.kb), default=None)
    return LinePackages(line, packages, products, lcu, hotpatch)
