# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which update fixes which vulnerability on which product line: the section C(cves) of overlay files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .catalog import LINES
from .catalog_error import CatalogError
from .kb_build import Build, is_kb
from .overlay_data import FORMAT, overlay_files, read_overlay

SEVERITIES = ("Critical", "Important", "Moderate", "Low")
CARRIERS = ("lcu", "hotpatch", "component", "unknown")
_CVE = re.compile(r"^CVE-[0-9]{4}-[0-9]{4,}$")
_MONTH = re.compile(r"^20\d\d-(0[1-9]|1[0-2])$")
_KEYS = {"cve", "month", "title", "severity", "exploited", "fixes"}
_FIX_KEYS = {"line", "kb", "build", "carrier"}


@dataclass(frozen=True, slots=True)
class Fix:
    """One update that fixes a vulnerability on one line, and what kind of update carries it."""

    line: str
    kb: str
    build: Build | None
    carrier: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {"line": self.line, "kb": self.kb, "build": str(self.build) if self.build else None, "carrier": self.carrier}


@dataclass(frozen=True, slots=True)
class Cve:
    """One vulnerability as the document of one month tells it."""

    cve: str
    month: str
    title: str
    severity: str | None
    exploited: bool | None
    fixes: tuple[Fix, ...]

    def fixes_of(self, line: str) -> tuple[Fix, ...]:
        """Return the updates that fix it on LINE."""
        return tuple(fix for fix in self.fixes if fix.line == line)


def read_cves(overlays: Sequence[str | Path]) -> tuple[Cve, ...]:
    """Return the vulnerabilities that the files (or folders of files) OVERLAYS tell of, by month and name; later files win.

    Files without the section are passed over. Raises CatalogError.
    """
    found: dict[tuple[str, str], Cve] = {}
    for path in overlay_files(overlays):
        found |= {(item.month, item.cve): item for item in _of_file(path)}
    return tuple(found[key] for key in sorted(found))


def _of_file(path: Path) -> list[Cve]:
    data = read_overlay(path)
    if "format" not in data:
        if "cves" in data:
            raise CatalogError(str(path), "top level", f"cves need the form of many lines; write format: {FORMAT}")
        return []
    if data["format"] != FORMAT:
        raise CatalogError(str(path), "top level", f"format must be {FORMAT}, not {data['format']!r}")
    items = data.get("cves")
    if items is None:
        return []
    if not isinstance(items, list):
        raise CatalogError(str(path), "cves", f"a list is expected, not {type(items).__name__}")
    found: dict[tuple[str, str], Cve] = {}
    for index, item in enumerate(items, 1):
        where = f"cves[{index}]"
        cve = _cve(str(path), where, item)
        if (cve.month, cve.cve) in found:
            raise CatalogError(str(path), f"{where} {cve.cve}", f"stands twice in this file for {cve.month}")
        found[cve.month, cve.cve] = cve
    return list(found.values())


def _cve(file: str, where: str, data: Any) -> Cve:
    _check_keys(file, where, data, _KEYS, ("cve", "month", "fixes"))
    name, month, fixes = data["cve"], data["month"], data["fixes"]
    if not isinstance(name, str) or not _CVE.match(name):
        raise CatalogError(file, where, f"cve must be a name such as CVE-2026-12345, not {name!r}")
    where = f"{where} {name}"
    if not isinstance(month, str) or not _MONTH.match(month):
        raise CatalogError(file, where, f"month must be a month such as 2026-06, not {month!r}")
    title, severity, exploited = data.get("title"), data.get("severity"), data.get("exploited")
    if title is not None and not isinstance(title, str):
        raise CatalogError(file, where, f"title must be a text, not {title!r}")
    if severity is not None and severity not in SEVERITIES:
        raise CatalogError(file, where, f"severity must be one of {', '.join(SEVERITIES)} or null, not {severity!r}")
    if exploited is not None and not isinstance(exploited, bool):
        raise CatalogError(file, where, f"exploited must be true, false or null, not {exploited!r}")
    if not isinstance(fixes, list):
        raise CatalogError(file, where, f"fixes must be a list, not {type(fixes).__name__}")
    return Cve(
        name, month, title or "", severity, exploited, tuple(_fix(file, f"{where} fixes[{i}]", item) for i, item in enumerate(fixes, 1))
    )


def _fix(file: str, where: str, data: Any) -> Fix:
    _check_keys(file, where, data, _FIX_KEYS, ("line", "kb", "carrier"))
    line, kb, carrier = data["line"], data["kb"], data["carrier"]
    if line not in LINES:
        raise CatalogError(file, where, f"line must be one of {', '.join(LINES)}, not {line!r}")
    if not is_kb(kb):
        raise CatalogError(file, where, f"kb must be KB and six to eight digits, not {kb!r}")
    if carrier not in CARRIERS:
        raise CatalogError(file, where, f"carrier must be one of {', '.join(CARRIERS)}, not {carrier!r}")
    build = None
    if data.get("build") is not None:
        try:
            build = Build.parse(data["build"])
        except ValueError as error:
            raise CatalogError(file, where, f"build: {error}") from None
        if build.base != LINES[line]:
            raise CatalogError(file, where, f"build {build} does not belong to {line}, whose base build is {LINES[line]}")
    return Fix(line, kb, build, carrier)


def _check_keys(file: str, where: str, data: Any, known: set[str], required: tuple[str, ...]) -> None:
    if not isinstance(data, dict):
        raise CatalogError(file, where, f"a mapping is expected, not {type(data).__name__}")
    unknown = sorted(str(key) for key in data if key not in known)
    if unknown:
        raise CatalogError(file, where, f"unknown key {unknown[0]!r}; known keys are {', '.join(sorted(known))}")
    missing = [key for key in required if data.get(key) is None]
    if missing:
        raise CatalogError(file, where, f"{missing[0]} is missing")
