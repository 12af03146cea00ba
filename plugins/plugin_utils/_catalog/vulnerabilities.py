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
from .._values.names import is_cve, is_sha256
from .._values.printable import clean
from .mapping import CheckedMapping, repr_short
from .release import LINES

_RULE = re.compile(r"[a-z][a-z0-9_]*")
SEVERITIES = ("Critical", "Important", "Moderate", "Low")
CARRIERS = ("lcu", "hotpatch", "component", "unknown")

_DOCUMENT = frozenset({"id", "title", "revision", "revised", "sha256"})
_CVE_KEYS = frozenset({"cve", "month", "title", "severity", "exploited", "fixes"})
_FIX = frozenset({"line", "kb", "build", "carrier"})
_FINDING = frozenset({"month", "line", "kb", "rule", "message", "decision"})


@dataclass(frozen=True, slots=True)
class Document:
    """A document of MSRC that a file was made from."""

    id: str
    title: str
    revision: str
    revised: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Fix:
    """The update that fixes a vulnerability on one line. C(carrier) says which of the two tracks it belongs to."""

    line: str
    kb: str
    build: Build | None
    carrier: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {"line": self.line, "kb": self.kb, "build": str(self.build) if self.build else None, "carrier": self.carrier}


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


def _one_line(text: str) -> str:
    """Return a text of a document as it may be shown."""
    return " ".join(clean(text).split())


def read_document(file: str, where: str, data: Any) -> Document:
    """Return one entry of C(documents)."""
    entry = CheckedMapping(file, where, data, _DOCUMENT)
    digest = entry.text("sha256")
    if not is_sha256(digest) or digest != digest.lower():
        raise entry.error(f"sha256 must be 64 hexadecimal digits in lower case, not {repr_short(digest)}")
    return Document(entry.text("id"), entry.text("title"), entry.text("revision"), entry.day("revised"), digest)


def read_cve(file: str, where: str, data: Any) -> Cve:
    """Return one entry of C(cves)."""
    entry = CheckedMapping(file, where, data, _CVE_KEYS)
    name = entry.text("cve")
    if not is_cve(name):
        raise entry.error(f"cve must be a name such as CVE-2026-12345, not {repr_short(name)}")
    return Cve(
        cve=name,
        month=entry.month(),
        title=_one_line(entry.text("title")),
        severity=entry.choice("severity", SEVERITIES) if entry.has("severity") else None,
        exploited=entry.flag("exploited") if entry.has("exploited") else None,
        fixes=tuple(_fix(file, f"{where} fixes[{index}]", item) for index, item in enumerate(entry.items("fixes"), 1)),
    )


def _fix(file: str, where: str, data: Any) -> Fix:
    entry = CheckedMapping(file, where, data, _FIX)
    line = entry.choice("line", tuple(LINES))
    build = entry.build("build", line) if entry.has("build") else None
    return Fix(line, entry.kb("kb"), build, entry.choice("carrier", CARRIERS))


def read_finding(file: str, where: str, data: Any) -> Discrepancy:
    """Return one entry of C(findings)."""
    entry = CheckedMapping(file, where, data, _FINDING)
    rule = entry.text("rule")
    if not _RULE.fullmatch(rule):
        raise entry.error(f"rule must be a code such as build_differs, not {repr_short(rule)}")
    return Discrepancy(
        month=entry.month(),
        line=entry.choice("line", tuple(LINES)) if entry.has("line") else None,
        kb=entry.kb("kb") if entry.has("kb") else None,
        rule=rule,
        message=_one_line(entry.text("message")),
        decision=_one_line(entry.text("decision")),
    )
