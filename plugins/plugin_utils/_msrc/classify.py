# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kind of each update of a document. An update that it leaves open is C(unknown), with the reason; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .._catalog.planned_cadence import kind_by_cadence
from .._catalog.release import Kind
from .._values.build import Build
from .packages import Label, LinePackages, Package


class Verdict(StrEnum):
    """The class of an update according to its document: a kind of release, or something that is not a release of this month."""

    BASELINE = "baseline"
    HOTPATCH = "hotpatch"
    OOB_HOTPATCH = "oob_hotpatch"
    OOB_LCU = "oob_lcu"
    LCU = "lcu"
    COMPONENT = "component"
    UNKNOWN = "unknown"
    OTHER_MONTH = "other_month"


@dataclass(frozen=True)
class Judged:
    """One update of one line with its verdict, and why where that is not plain."""

    package: Package
    verdict: Verdict
    released: date | None = None
    planned: Kind | None = None
    lcu: Package | None = None
    rule: str | None = None
    why: str = ""

    @property
    def build(self) -> Build | None:
        """The build of the update."""
        return self.package.build


def judge(month: str, found: LinePackages) -> Iterator[Judged]:
    """Yield the verdict on each update of a line in the document of MONTH, in the order of their KB."""
    for _kb, package in sorted(found.packages.items()):
        yield _judge_one(month, found, package)


def _judge_one(month: str, found: LinePackages, package: Package) -> Judged:
    if Label.HOTPATCH in package.labels and Label.COMPONENT in package.labels:
        return Judged(package, Verdict.UNKNOWN, *_dated(month, found, package), rule="subtypes_contradict", why=_contradiction(package))
    if package is found.main_lcu:
        return _main_lcu(month, found, package)
    if package is found.main_hotpatch:
        planned = kind_by_cadence(package.line, month)
        return Judged(package, Verdict.HOTPATCH, found.release_day, planned, lcu=found.main_lcu)
    if Label.COMPONENT in package.labels:
        return Judged(package, Verdict.COMPONENT)
    return _hotpatch_beside(month, found, package) if Label.HOTPATCH in package.labels else _plain_beside(month, found, package)


def _contradiction(package: Package) -> str:
    return f"its rows call it {' and '.join(sorted(package.subtypes))}"


def _main_lcu(month: str, found: LinePackages, package: Package) -> Judged:
    planned = kind_by_cadence(package.line, month)
    if found.main_hotpatch is not None:
        return Judged(package, Verdict.LCU, found.release_day)
    twin = _plain_twin(found, package)
    if twin is not None:
        why = f"{twin.kb} is filed as a plain Security Update of the same products; one of the two may be a hotpatch"
        return Judged(package, Verdict.UNKNOWN, found.release_day, planned, rule="two_updates_for_one_product", why=why)
    if planned is Kind.HOTPATCH:
        why = "the month was planned as a hotpatch and the document lists none: an unplanned baseline, or a gap in the document"
        return Judged(package, Verdict.UNKNOWN, found.release_day, planned, rule="planned_hotpatch_not_found", why=why)
    return Judged(package, Verdict.BASELINE, found.release_day, planned)


def _plain_twin(found: LinePackages, lcu: Package) -> Package | None:
    """Return a plain update of another build that is listed beside the LCU for the same products in most of its CVEs."""
    for _kb, other in sorted(found.packages.items()):
        if other is lcu or other.labels != {Label.CUMULATIVE} or other.build in (None, lcu.build) or not other.products & lcu.products:
            continue
        if len(found.beside_lcu(other)) * 2 > len(lcu.first_day):
            return other
    return None


def _dated(month: str, found: LinePackages, package: Package) -> tuple[date | None]:
    if package.first_day:
        return (max(package.first_day.values()),)
    after = found.release_day or date.min
    days = package.added_within(month, after)
    return (days[-1] if days else None,)


def _later(month: str, found: LinePackages, package: Package) -> tuple[list[date], bool]:
    """Return the days after the month's release day on which PACKAGE may have come out, and whether it is above the month's builds."""
    after = found.release_day
    if package.build is None:
        return [], False
    days = package.added_within(month, after or date.min)
    if after is None:
        return days, False
    floor = found.main_hotpatch if found.main_hotpatch is not None and Label.HOTPATCH in package.labels else found.main_lcu
    return days, floor is not None and floor.build is not None and package.build > floor.build


def _hotpatch_beside(month: str, found: LinePackages, package: Package) -> Judged:
    days, above = _later(month, found, package)
    main = found.main_hotpatch
    # A CVE may be published with the hotpatch of an earlier month beside the LCU of this one; that hotpatch has a lower build.
    if (
        found.beside_lcu(package)
        and main is not None
        and package.build is not None
        and main.build is not None
        and package.build > main.build
    ):
        why = f"it came out on the day of {main.kb}, which is in more of the month's CVEs"
        return Judged(package, Verdict.COMPONENT, rule="second_hotpatch_of_a_day", why=why)
    if days and above and not package.first_day:
        rule = "release_day_not_settled" if len(days) > 1 else None
        why = f"it came out on one of {', '.join(map(str, days))}" if rule else ""
        return Judged(package, Verdict.OOB_HOTPATCH, days[-1], rule=rule, why=why)
    if days and found.main_lcu is None and not package.first_day:
        why = "it was added within the month, and nothing of the month's release day stands beside it to compare with"
        return Judged(package, Verdict.UNKNOWN, days[-1], rule="hotpatch_without_its_month", why=why)
    if package.first_day and found.main_lcu is None:
        # A hotpatch of the release day whose LCU the document does not list for this line.
        others = [item for item in found.packages.values() if item is not package and Label.HOTPATCH in item.labels and item.first_day]
        verdict = Verdict.UNKNOWN if others else Verdict.HOTPATCH
        planned, released = kind_by_cadence(package.line, month), max(package.first_day.values())
        return Judged(package, verdict, released, planned, rule="lcu_not_found", why="no LCU is listed beside it")
    return _other_month(found, package)


def _plain_beside(month: str, found: LinePackages, package: Package) -> Judged:
    days, above = _later(month, found, package)
    beside = found.beside_lcu(package)
    lcu, hotpatch = found.main_lcu, found.main_hotpatch
    same = [item for item in (lcu, hotpatch) if item is not None and item.build == package.build]
    if same and package.cves & same[0].cves:
        why = f"it is filed as a plain Security Update with the build {package.build} of {same[0].kb}"
        return Judged(package, Verdict.COMPONENT, rule="extra_package", why=why)
    if beside and package is (_plain_twin(found, lcu) if lcu else None):
        planned = kind_by_cadence(package.line, month)
        why = f"{lcu.kb if lcu else ''} is filed as a plain Security Update of the same products; one of the two may be a hotpatch"
        return Judged(package, Verdict.UNKNOWN, found.release_day, planned, rule="two_updates_for_one_product", why=why)
    if beside:
        why = f"it is listed beside {lcu.kb if lcu else ''} for the same CVE, and its subtype does not say what it is"
        return Judged(package, Verdict.OTHER_MONTH, rule="extra_package_not_settled", why=why)
    if days and (above or lcu is None) and not package.first_day:
        if lcu is not None and package.supersedes & _cumulative_kbs(found, lcu):
            return Judged(package, Verdict.OOB_LCU, days[-1])
        why = "it was added after the release day, and nothing says whether it is an out-of-band LCU or a component"
        return Judged(package, Verdict.UNKNOWN, days[-1], rule="out_of_band_not_settled", why=why)
    return _other_month(found, package)


def _cumulative_kbs(found: LinePackages, lcu: Package) -> set[str]:
    """Return the KBs that only a cumulative update can supersede: the month's LCU and what that one superseded itself."""
    return {lcu.kb} | {kb for kb in lcu.supersedes if kb not in found.packages or Label.HOTPATCH not in found.packages[kb].labels}


def _other_month(found: LinePackages, package: Package) -> Judged:
    lcu = found.main_lcu
    if lcu is not None and package.build is not None and lcu.build is not None:
        why = f"its build {package.build} is {'below' if package.build < lcu.build else 'above'} the month's {lcu.build}"
    else:
        why = "none of its CVEs is of the month's release day"
    return Judged(package, Verdict.OTHER_MONTH, rule="release_of_another_month", why=why)
