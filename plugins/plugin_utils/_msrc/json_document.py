# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a security document in its JSON form, one vulnerability at a time, so that a large document does not fill the memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from .._values.names import normalize_kb
from .._values.printable import clean
from .document import MAX_TEXT, Draft, Remediation, Revision, Threat, Vulnerability

_VENDOR_FIX = 2
_THREATS = {1: "exploited", 3: "severity"}
_MAX_DEPTH = 60
# The largest value read at once: the product tree, or one vulnerability. Real ones stay under 3 MB.
_MAX_VALUE = 24 * 1024 * 1024
# What is read ahead of a value, so that most values are there as a whole.
_AHEAD = 256 * 1024
_BLANK = re.compile(r"[ \t\r\n]*")
# What moves the reader through a value: a whole string, the beginning of one that goes on in the next piece, or a bracket.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|"|[{}\[\]]', re.DOTALL)
_SCALAR_END = re.compile(r"[,\]}\s]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class JsonReader:
    """Fills a draft from pieces of JSON."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._text = ""
        self._at = 0
        self._passed = 0
        self._pieces: Iterator[str] = iter(())
        self._decoder = json.JSONDecoder(parse_constant=_constant)

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read PIECES to the end; raise CvrfError when they are not a document."""
        self._pieces = self._decoded(pieces)
        if self._next() != "{":
            self._fail("an object is expected")
        self._at += 1
        seen: set[str] = set()
        for key in self._keys():
            if key in seen:
                self._fail(f"{key[:60]!r} stands twice")
            seen.add(key)
            self._member(key)
        if self._next() != "":
            self._fail("something follows the end of the document")
        if "DocumentTracking" not in seen:
            raise self._draft.error("has no DocumentTracking, so it is not a security document")

    def _decoded(self, pieces: Iterable[bytes]) -> Iterator[str]:
        decoder: codecs.IncrementalDecoder | None = None
        for piece in pieces:
            if decoder is None:
                name = next((name for bom, name in _BOMS if piece.startswith(bom)), "utf-8")
                decoder = codecs.getincrementaldecoder(name)()
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                raise self._draft.error(f"is not {error.encoding}: {error.reason}") from None
            if text:
                yield text
        try:
            rest = decoder.decode(b"", True) if decoder else ""
        except UnicodeDecodeError as error:
            raise self._draft.error(f"is not {error.encoding}: {error.reason}") from None
        if rest:
            yield rest

    def _fail(self, what: str) -> NoReturn:
        raise self._draft.error(f"is not JSON of a security document: character {self._passed + self._at}: {what}")

    def _more(self) -> bool:
        """Read one more piece, dropping what was read. Tells whether there was one."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._passed += self._at
        self._text = self._text[self._at :] + piece
        self._at = 0
        return True

    def _next(self) -> str:
        """Return the next character that is not a blank, without taking it; at the end, an empty text."""
        while True:
            match = _BLANK.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _keys(self) -> Iterator[str]:
        """Yield the keys of the object that was just entered, with the reader before each value."""
        if self._next() == "}":
            self._at += 1
            return
        while True:
            if self._next() != '"':
                self._fail("a key in quotes is expected")
            key = self._value()
            if self._next() != ":":
                self._fail("a colon is expected")
            self._at += 1
            yield str(key)
            if not self._goes_on("}"):
                return

    def _items(self) -> Iterator[Any]:
        """Yield the items of the list that comes next, one at a time."""
        if self._next() != "[":
            self._fail("a list is expected")
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            if not self._goes_on("]"):
                return

    def _goes_on(self, end: str) -> bool:
        mark = self._next()
        if mark not in (",", end) or not mark:
            self._fail("the document ends too early" if not mark else f"a comma or {end} is expected")
        self._at += 1
        return mark == ","

    def _value(self) -> Any:
        """Return the next value as a whole."""
        mark = self._next()
        if not mark:
            self._fail("the document ends too early")
        if mark in "{[":
            while len(self._text) - self._at < _AHEAD and self._more():
                pass
            try:
                value, self._at = self._decoder.raw_decode(self._text, self._at)
                return value
            except (ValueError, RecursionError):
                # Not all of it has been read yet, or it is not JSON: the careful way tells which.
                pass
        text = self._slice()
        try:
            return self._decoder.decode(text)
        except (ValueError, RecursionError) as error:
            self._fail(str(error)[:120])

    def _slice(self) -> str:
        """Return the text of the next value and take it."""
        depth, position = 0, self._at
        if self._text[position] not in '"{[':
            return self._scalar()
        while True:
            match = _TOKEN.search(self._text, position)
            if match is None or match.group() == '"':
                # Nothing more in this piece, or a string that goes on in the next one: go on from its beginning.
                position = (match.start() if match else len(self._text)) - self._at
                if len(self._text) - self._at > _MAX_VALUE:
                    self._fail(f"one value is longer than {_MAX_VALUE} characters")
                if not self._more_at_least(len(self._text) - self._at):
                    self._fail("the document ends within a value")
                position += self._at
                continue
            position = match.end()
            token = match.group()
            if token in ("{", "["):
                depth += 1
                if depth > _MAX_DEPTH:
                    self._fail(f"is nested deeper than {_MAX_DEPTH}")
            elif token in ("}", "]"):
                depth -= 1
            if depth <= 0:
                text = self._text[self._at : position]
                self._at = position
                return text

    def _more_at_least(self, wanted: int) -> bool:
        """Read pieces until the text has grown by half of WANTED, so that a long string is not searched again for each piece."""
        collected = []
        length = 0
        for piece in self._pieces:
            collected.append(piece)
            length += len(piece)
            if length * 2 >= wanted:
                break
        if not collected:
            return False
        self._passed += self._at
        self._text = "".join([self._text[self._at :], *collected])
        self._at = 0
        return True

    def _scalar(self) -> str:
        while True:
            match = _SCALAR_END.search(self._text, self._at)
            if match is not None or not self._more():
                break
            if len(self._text) - self._at > MAX_TEXT:
                self._fail("a value is expected")
        end = match.start() if match else len(self._text)
        text = self._text[self._at : end]
        self._at = end
        return text

    def _member(self, key: str) -> None:
        if key == "Vulnerability":
            if self._next() == "n":
                self._value()
                return
            for item in self._items():
                self._vulnerability(item)
        elif key == "ProductTree":
            for product in _list(_dict(self._value()).get("FullProductName")):
                self._draft.product(_text(_dict(product).get("ProductID")), _text(_dict(product).get("Value")))
            self._draft.products_complete = True
        elif key == "DocumentTracking":
            self._tracking(_dict(self._value()))
        elif key == "DocumentTitle":
            self._draft.fields["title"] = _text(self._value())
        else:
            self._value()

    def _tracking(self, data: dict[str, Any]) -> None:
        fields = self._draft.fields
        fields["id"] = _text(_dict(data.get("Identification")).get("ID"))
        fields["version"] = _text(data.get("Version"))
        fields["released"] = _text(data.get("InitialReleaseDate"))
        if data.get("CurrentReleaseDate"):
            fields["current"] = _text(data.get("CurrentReleaseDate"))
        for item in _list(data.get("RevisionHistory")):
            self._draft.revisions.append((_text(_dict(item).get("Number")), _text(_dict(item).get("Date"))))

    def _vulnerability(self, item: Any) -> None:
        data = _dict(item)
        revisions = [
            Revision(self._draft.moment(_text(row.get("Date")), "RevisionHistory of a vulnerability").date(), _text(row.get("Number")))
            for row in map(_dict, _list(data.get("RevisionHistory")))
        ]
        threats = [
            Threat(_THREATS[row["Type"]], _text(row.get("Description")), _texts(row.get("ProductID")))
            for row in map(_dict, _list(data.get("Threats")))
            if isinstance(row.get("Type"), int) and row["Type"] in _THREATS
        ]
        self._draft.vulnerability(
            Vulnerability(
                cve=_text(data.get("CVE")),
                title=_text(data.get("Title")),
                revisions=tuple(sorted(revisions)),
                threats=tuple(threats),
                remediations=tuple(_remediations(data)),
            )
        )


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _remediations(data: dict[str, Any]) -> Iterator[Remediation]:
    for row in map(_dict, _list(data.get("Remediations"))):
        kb = normalize_kb(_text(row.get("Description")))
        if row.get("Type") == _VENDOR_FIX and kb is not None:
            yield Remediation(
                kb=kb,
                subtype=_text(row.get("SubType")),
                fixed_build=_text(row.get("FixedBuild")),
                restart=_text(row.get("RestartRequired")),
                supersedes=_text(row.get("Supercedence")),
                products=_texts(row.get("ProductID")),
                url=_text(row.get("URL")),
            )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return VALUE as text; MSRC wraps most texts as C({"Value": text})."""
    text = value.get("Value") if isinstance(value, dict) else value
    return clean(text, MAX_TEXT) if isinstance(text, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))
