# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a security document in its XML form, piece by piece. Document types and entities are refused, so nothing can expand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from xml.parsers import expat

from .._values.names import normalize_kb
from .._values.printable import clean
from .document import MAX_TEXT, Draft, Remediation, Revision, Threat, Vulnerability

_NAMESPACE = "http://www.icasi.org/CVRF/"
_MAX_DEPTH = 40
# How far a single piece of markup may reach. Text is handed on in pieces, so this is about tags and attributes only.
_MAX_MARKUP = 4 * 1024 * 1024
_VENDOR_FIX = "Vendor Fix"
_THREATS = {"Severity": "severity", "Exploit Status": "exploited"}

# (parent, element) whose text is read; what is not here is passed over without being kept.
_HEAD = {
    ("cvrfdoc", "DocumentTitle"): "title",
    ("Identification", "ID"): "id",
    ("DocumentTracking", "Version"): "version",
    ("DocumentTracking", "InitialReleaseDate"): "released",
    ("DocumentTracking", "CurrentReleaseDate"): "current",
}
_VULNERABILITY = {("Vulnerability", "Title"): "title", ("Vulnerability", "CVE"): "cve"}
_ROW = {
    "Description": "description",
    "URL": "url",
    "Supercedence": "supersedes",
    "RestartRequired": "restart",
    "SubType": "subtype",
    "FixedBuild": "build",
}
_ROWS = ("Remediation", "Threat")


class XmlReader:
    """Fills a draft from pieces of XML."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._length = 0
        self._store: Callable[[str], None] = lambda text: None
        self._row: dict[str, str] = {}
        self._row_products: list[str] = []
        self._revision: dict[str, str] = {}
        self._vulnerability: dict[str, str] = {}
        self._revisions: list[Revision] = []
        self._threats: list[Threat] = []
        self._remediations: list[Remediation] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        parser.ExternalEntityRefHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read PIECES to the end; raise CvrfError when they are not a document."""
        fed = 0
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
                fed += len(piece)
                if fed - self._parser.CurrentByteIndex > _MAX_MARKUP:
                    raise self._draft.error(f"line {self._parser.CurrentLineNumber}: one tag is longer than {_MAX_MARKUP} bytes")
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._draft.error(f"is not well-formed XML: {expat.ErrorString(error.code)}, line {error.lineno}") from None
        except (LookupError, ValueError) as error:
            # An encoding that Python does not know.
            raise self._draft.error(f"is not readable XML: {error}") from None

    def _refuse_doctype(self, *_args: Any) -> int:
        raise self._draft.error(
            "declares a document type or an entity, which no document of MSRC does",
            "Do not use this file; download the document from https://api.msrc.microsoft.com.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _dummy, local = name.rpartition(" ")
        path = self._path
        if not path and (local != "cvrfdoc" or not space.startswith(_NAMESPACE)):
            raise self._draft.error(f"begins with {local[:60]!r} and not with cvrfdoc, so it is not a security document")
        if len(path) >= _MAX_DEPTH:
            raise self._draft.error(f"line {self._parser.CurrentLineNumber}: is nested deeper than {_MAX_DEPTH} elements")
        parent = path[-1] if path else ""
        path.append(local)
        self._text = None
        if parent in _ROWS:
            if local == "ProductID":
                self._collect(self._row_products.append)
            elif local in _ROW:
                self._collect_into(self._row, _ROW[local])
        elif local in _ROWS:
            self._row = {"type": attributes.get("Type", "")}
            self._row_products = []
        elif parent == "Revision":
            if local in ("Number", "Date"):
                self._collect_into(self._revision, local)
        elif local == "Revision":
            self._revision = {}
        elif local == "Vulnerability":
            self._draft.products_complete = True
            self._vulnerability, self._revisions, self._threats, self._remediations = {}, [], [], []
        elif local == "FullProductName":
            identifier = clean(attributes.get("ProductID", ""), MAX_TEXT)
            self._collect(lambda text: self._draft.product(identifier, text))
        elif (parent, local) in _HEAD:
            self._collect_into(self._draft.fields, _HEAD[parent, local])
        elif (parent, local) in _VULNERABILITY:
            self._collect_into(self._vulnerability, _VULNERABILITY[parent, local])

    def _collect(self, store: Callable[[str], None]) -> None:
        self._text, self._length, self._store = [], 0, store

    def _collect_into(self, target: dict[str, str], key: str) -> None:
        self._collect(lambda text: target.__setitem__(key, text))

    def _characters(self, text: str) -> None:
        if self._text is not None and self._length < MAX_TEXT:
            self._text.append(text)
            self._length += len(text)

    def _end(self, _name: str) -> None:
        local = self._path.pop()
        if self._text is not None:
            self._store(clean("".join(self._text), MAX_TEXT))
            self._text = None
        if local == "Remediation":
            self._end_remediation()
        elif local == "Threat":
            kind = _THREATS.get(self._row["type"])
            if kind:
                self._threats.append(Threat(kind, self._row.get("description", ""), tuple(self._row_products)))
        elif local == "Revision":
            self._end_revision()
        elif local == "ProductTree":
            self._draft.products_complete = True
        elif local == "Vulnerability":
            found = self._vulnerability
            self._draft.vulnerability(
                Vulnerability(
                    cve=found.get("cve", ""),
                    title=found.get("title", ""),
                    revisions=tuple(sorted(self._revisions)),
                    threats=tuple(self._threats),
                    remediations=tuple(self._remediations),
                )
            )

    def _end_remediation(self) -> None:
        row = self._row
        kb = normalize_kb(row.get("description", ""))
        if row["type"] == _VENDOR_FIX and kb is not None:
            self._remediations.append(
                Remediation(
                    kb=kb,
                    subtype=row.get("subtype", ""),
                    fixed_build=row.get("build", ""),
                    restart=row.get("restart", ""),
                    supersedes=row.get("supersedes", ""),
                    products=tuple(self._row_products),
                    url=row.get("url", ""),
                )
            )

    def _end_revision(self) -> None:
        number, day = self._revision.get("Number", ""), self._revision.get("Date", "")
        if "Vulnerability" in self._path:
            self._revisions.append(Revision(self._draft.moment(day, "RevisionHistory of a vulnerability").date(), number))
        elif "DocumentTracking" in self._path:
            self._draft.revisions.append((number, day))
