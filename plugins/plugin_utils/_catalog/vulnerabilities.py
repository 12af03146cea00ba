# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a catalog file beside releases: vulnerabilities, their documents, and findings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from .._values.build import Build
from .._values.names import CVE as CVE_NAME
from .._values.plain_fields import PlainFields
from .mapping import CheckedMapping, Keys, ListOf, OneOf, TextLike
from .release import LINES

SEVERITIES = ("Critical", "Important", "Moderate", "Low")
CARRIERS = ("lcu", "hotpatch", "component", "unknown")


@dataclass(frozen=True, slots=True)
class Document:
    """A document of MSRC that a file was made from."""

    id: str
    title: str
    revision: str
    revised: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Fix(PlainFields):
    """The update that fixes a vulnerability on one line. C(carrier) says which of the two tracks it belongs to."""

    line: str
    kb: str
    build: Build | None
    carrier: str


@dataclass(frozen=True, slots=True)
class Cve:
    """A vulnerability. None means that the document does not say."""

    cve: str
    month: str
    title: str
    severity: str | None
    exploited: bool | None
    fixes: tuple[Fix, ...]

    def fixes_of(self, line: str) -> tuple[Fix, ...]:
        """Return the updates that fix it on LINE."""
        return tuple(fix for fix in self.fixes if fix.line == line)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A contradiction between a document and the catalog, and the decision on it."""

    month: str
    line: str | None
    kb: str | None
    rule: str
    message: str
    decision: str


DOCUMENT = Keys(
    Document,
    {
        "id": CheckedMapping.text,
        "title": CheckedMapping.text,
        "revision": CheckedMapping.text,
        "revised": CheckedMapping.day,
        "sha256": TextLike(re.compile(r"[0-9a-f]{64}"), "64 hexadecimal digits in lower case"),
    },
    required=("id", "title", "revision", "revised", "sha256"),
)
_FIX = Keys(
    Fix,
    {"line": OneOf(tuple(LINES)), "kb": CheckedMapping.kb, "build": CheckedMapping.build, "carrier": OneOf(CARRIERS)},
    required=("line", "kb", "carrier"),
)
CVE = Keys(
    Cve,
    {
        "cve": TextLike(CVE_NAME, "a name such as CVE-2026-12345"),
        "month": CheckedMapping.month,
        "title": CheckedMapping.shown_text,
        "severity": OneOf(SEVERITIES),
        "exploited": CheckedMapping.flag,
        "fixes": ListOf(_FIX),
    },
    required=("cve", "month", "title"),
)
FINDING = Keys(
    Discrepancy,
    {
        "month": CheckedMapping.month,
        "line": OneOf(tuple(LINES)),
        "kb": CheckedMapping.kb,
        "rule": TextLike(re.compile(r"[a-z][a-z0-9_]*"), "a code such as build_differs"),
        "message": CheckedMapping.shown_text,
        "decision": CheckedMapping.shown_text,
    },
    required=("month", "rule", "message", "decision"),
)


def read_cve(file: str, where: str, data: Any) -> Cve:
    """Return one entry of C(cves)."""
    found = CheckedMapping(file, where, data, CVE).read()
    fixes = (_FIX.read(file, f"{where} fixes[{index}]", item) for index, item in enumerate(found["fixes"] or [], 1))
    return Cve(**found | {"fixes": tuple(fixes)})
