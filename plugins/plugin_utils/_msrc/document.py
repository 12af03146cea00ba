# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A security document as values, whether it came as XML or as JSON. Only what the catalog needs is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from .problems import DAMAGED, CvrfError

# MSRC's own list of documents holds 2018-FEB and 2017-May-B.
_ID = re.compile(r"^((?:19|20)\d\d)-([A-Za-z]{3})(-[A-Za-z0-9]{1,8})?$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# A real document has some ten thousand; the limit keeps a made-up one from filling the memory.
MAX_REMEDIATIONS = 500_000
MAX_PRODUCTS = 200_000
MAX_TEXT = 4_000
REMEDY = "Give monthly documents of https://api.msrc.microsoft.com/cvrf/v3.0."
_LONG_AGO = datetime(1, 1, 1)  # noqa: DTZ001  # MSRC writes no time zone


@dataclass(frozen=True, slots=True)
class Remediation:
    """One vendor fix: the update of some products."""

    kb: str
    subtype: str
    fixed_build: str
    restart: str
    supersedes: str
    products: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Threat:
    """One statement on a vulnerability: its severity or whether it is exploited."""

    kind: str
    text: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Revision:
    """One revision of a vulnerability. A new whole number says that fixes were added, a new decimal that only words changed."""

    day: date
    number: str

    @property
    def is_first(self) -> bool:
        """True if this is of the first edition, in which only words may have changed since."""
        return self.number.split(".")[0].strip() == "1"

    @property
    def adds_fixes(self) -> bool:
        """True if this is a later edition that may have brought other updates."""
        return not self.is_first and self.number.partition(".")[2].strip("0 ") == ""


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One CVE with its fixes for the products asked for."""

    cve: str
    title: str
    revisions: tuple[Revision, ...]
    threats: tuple[Threat, ...]
    remediations: tuple[Remediation, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One month's document, reduced to the products asked for."""

    source: str
    id: str
    title: str
    revision: str
    released: date
    revised: datetime
    sha256: str
    products: dict[str, str]
    vulnerabilities: tuple[Vulnerability, ...]

    @property
    def month(self) -> str:
        """The month as C(YYYY-MM)."""
        return month_of_id(self.id)

    @property
    def age(self) -> tuple[str, tuple[int, ...], str]:
        """The key that orders the revisions of one document; the newest is the largest."""
        return document_age(self.revised.date().isoformat(), self.revision, self.sha256)


def document_age(revised: str, revision: str, sha256: str) -> tuple[str, tuple[int, ...], str]:
    """Return the key that orders the revisions of one document: the day, the number, and where both are the same, the bytes."""
    return revised, tuple(int(part) for part in re.findall(r"\d{1,9}", revision)), sha256


def canonical_id(text: str) -> str:
    """Return TEXT (C(2018-FEB), C(2017-May-B)) as MSRC writes most of its ids; raise ValueError if it is not an id."""
    match = _ID.match(text)
    if match is None or match.group(2).capitalize() not in _MONTHS:
        raise ValueError(f"{text[:60]!r} is not the id of a month such as 2026-Jun")
    return f"{match.group(1)}-{match.group(2).capitalize()}{match.group(3) or ''}"


def month_of_id(text: str) -> str:
    """Return the month that an id such as C(2026-Jun) names, as C(2026-06); raise ValueError when it names none."""
    identifier = canonical_id(text)
    return f"{identifier[:4]}-{_MONTHS.index(identifier[5:8]) + 1:02d}"


def id_of_month(month: str) -> str:
    """Return the id of MONTH (C(2026-06)), as C(2026-Jun)."""
    return f"{month[:4]}-{_MONTHS[int(month[5:7]) - 1]}"


@dataclass
class Draft:
    """A document in the making; the readers of both forms fill it, and it judges what they found."""

    source: str
    wanted: Callable[[str], bool]
    fields: dict[str, str] = field(default_factory=dict)
    revisions: list[tuple[str, str]] = field(default_factory=list)
    products: dict[str, str] = field(default_factory=dict)
    vulnerabilities: list[Vulnerability] = field(default_factory=list)
    products_complete: bool = False
    _kept: int = 0
    _named: int = 0

    def error(self, what: str, remedy: str = DAMAGED) -> CvrfError:
        """Return the complaint that this document is WHAT."""
        return CvrfError(self.source, what, remedy)

    def product(self, identifier: str, name: str) -> None:
        """Note a product of the product tree, if it is asked for."""
        self._named += 1
        if self._named > MAX_PRODUCTS:
            raise self.error(f"names more than {MAX_PRODUCTS} products")
        if identifier and self.wanted(name):
            self.products[identifier] = name

    def vulnerability(self, item: Vulnerability) -> None:
        """Keep ITEM. Where the product tree is known already, without what concerns other products."""
        if self.products_complete:
            item = self._reduced(item)
        if item.remediations:
            self._kept += len(item.remediations)
            if self._kept > MAX_REMEDIATIONS:
                raise self.error(f"holds more than {MAX_REMEDIATIONS} remediations")
            self.vulnerabilities.append(item)

    def _reduced(self, item: Vulnerability) -> Vulnerability:
        """Return ITEM without the rows that concern none of the products asked for."""
        known = self.products
        remediations = []
        for row in item.remediations:
            products = tuple(product for product in row.products if product in known)
            if products:
                remediations.append(Remediation(row.kb, row.subtype, row.fixed_build, row.restart, row.supersedes, products, row.url))
        threats = tuple(row for row in item.threats if not row.products or any(product in known for product in row.products))
        return Vulnerability(item.cve, item.title, item.revisions, threats if remediations else (), tuple(remediations))

    def finish(self, sha256: str) -> Document:
        """Return the document; raise CvrfError when it lacks what makes it a document."""
        try:
            identifier = canonical_id(self.fields.get("id", ""))
        except ValueError as error:
            raise self.error(f"is not a monthly document of MSRC: {error}", REMEDY) from None
        reduced = [self._reduced(item) for item in self.vulnerabilities]
        revision, revised = self._newest_revision()
        return Document(
            source=self.source,
            id=identifier,
            title=self.fields.get("title", ""),
            revision=revision,
            released=self.moment(self.fields.get("released", ""), "InitialReleaseDate").date(),
            revised=revised,
            sha256=sha256,
            products=dict(sorted(self.products.items())),
            vulnerabilities=tuple(sorted((item for item in reduced if item.remediations), key=lambda item: (item.cve, repr(item)))),
        )

    def _newest_revision(self) -> tuple[str, datetime]:
        """Return number and moment of the newest revision. The version beside it is 1.0 in every document, so it says nothing."""
        dated = [(self.moment(day, "RevisionHistory"), number) for number, day in self.revisions]
        current = self.fields.get("current")
        if not dated and not current:
            raise self.error("has neither a RevisionHistory nor a CurrentReleaseDate, so it cannot be told from an older one")
        moment, number = max(dated, default=(_LONG_AGO, ""))
        if current:
            moment = max(moment, self.moment(current, "CurrentReleaseDate"))
        return number or self.fields.get("version", ""), moment

    def moment(self, text: str, key: str) -> datetime:
        """Return the moment that TEXT of KEY names. MSRC writes UTC without saying so."""
        try:
            return datetime.fromisoformat(text.strip()).replace(tzinfo=None, microsecond=0)
        except ValueError:
            raise self.error(f"{key} is {text[:40]!r}, which is not a date such as 2026-06-09T07:00:00") from None
