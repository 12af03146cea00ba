# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a security document in its JSON form, as a whole; what no catalog needs is dropped while it is read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from .._values.names import normalize_kb
from .._values.printable import clean
from .document import MAX_TEXT, Draft, Remediation, Revision, Threat, Vulnerability

_VENDOR_FIX = 2
_THREATS = {1: "exploited", 3: "severity"}
# The members that are read anywhere in a document. Most of a real document is in others: scores, statuses, notes.
_READ = frozenset(
    {
        *("DocumentTitle", "DocumentTracking", "Identification", "ID", "Version", "InitialReleaseDate", "CurrentReleaseDate"),
        *("RevisionHistory", "Number", "Date", "ProductTree", "FullProductName", "ProductID", "Value"),
        *("Vulnerability", "CVE", "Title", "Threats", "Type", "Description"),
        *("Remediations", "SubType", "FixedBuild", "RestartRequired", "Supercedence", "URL"),
    }
)


class JsonReader:
    """Fills a draft from JSON."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read PIECES to the end; raise CvrfError when they are not a document.

        The pieces are held in memory together with what was read from them; their size is limited where they are read from a file.
        """
        try:
            data = _dict(json.loads(b"".join(pieces), object_pairs_hook=_object, parse_constant=_constant))
        except UnicodeDecodeError as error:
            raise self._draft.error(f"is not {error.encoding}: {error.reason}") from None
        except RecursionError:
            raise self._draft.error("is nested deeper than any document of MSRC") from None
        except ValueError as error:
            raise self._draft.error(f"is not JSON of a security document: {str(error)[:120]}") from None
        if "DocumentTracking" not in data:
            raise self._draft.error("has no DocumentTracking, so it is not a security document")
        self._draft.fields["title"] = _text(data.get("DocumentTitle"))
        self._tracking(_dict(data["DocumentTracking"]))
        for product in _list(_dict(data.get("ProductTree")).get("FullProductName")):
            self._draft.product(_text(_dict(product).get("ProductID")), _text(_dict(product).get("Value")))
        self._draft.products_complete = True
        vulnerabilities = data.get("Vulnerability")
        if not isinstance(vulnerabilities, list | None):
            raise self._draft.error("is not JSON of a security document: Vulnerability: a list is expected")
        for item in vulnerabilities or ():
            self._vulnerability(item)

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


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object with PAIRS, without the members that are not read; raise ValueError if a key appears twice."""
    if len(dict(pairs)) < len(pairs):
        ((name, _count),) = Counter(key for key, _value in pairs).most_common(1)
        raise ValueError(f"{name[:60]!r} appears twice")
    return {key: value for key, value in pairs if key in _READ}


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
