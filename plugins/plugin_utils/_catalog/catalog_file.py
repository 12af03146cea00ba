# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading one catalog file, in either of its two forms, and judging it entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from .catalog_error import CatalogError
from .data_text import read_data
from .mapping import CheckedMapping, Keys, ListOf, OneOf
from .release import LINES, Announced, ComponentUpdate
from .release_mapping import PLANNED_KIND, RELEASE, ReleaseEntry, read_release
from .vulnerabilities import CVE, DOCUMENT, FINDING, Cve, Discrepancy, Document, read_cve

FORMAT = "winops.hotpatch/catalog/1"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class LineFile:
    """The content of one file on one line; the chain of the line is judged after merging."""

    line: str
    name: str | None
    generated: date
    hotpatch_ends: date | None
    releases: tuple[ReleaseEntry, ...]
    announced: tuple[Announced, ...]
    components: tuple[ComponentUpdate, ...]


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """The contents of one file, judged entry by entry."""

    path: str
    generated: date
    lines: tuple[LineFile, ...]
    documents: tuple[Document, ...]
    cves: tuple[Cve, ...]
    findings: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True)
class PerLine:
    """Reads a mapping of product lines, whose values are mappings of C(keys)."""

    keys: Keys

    def __call__(self, entry: CheckedMapping, key: str) -> dict[str, CheckedMapping]:
        """Return the mapping of each line."""
        lines = CheckedMapping(entry.file, key, entry.data[key], Keys(dict, dict.fromkeys(LINES, self))).data
        return {line: CheckedMapping(entry.file, f"{key}.{line}", lines[line], self.keys) for line in lines}


def base_build(entry: CheckedMapping, key: str) -> int:
    """Return the base build of the line, which KEY must repeat."""
    line = entry.choice("line", tuple(LINES))
    if entry.data[key] != LINES[line]:
        raise entry.error(f"{key} of {line} is {LINES[line]}, not {entry.data[key]!r}")
    return LINES[line]


_ANNOUNCED = Keys(
    Announced,
    {
        "month": CheckedMapping.month,
        "planned_kind": PLANNED_KIND,
        "fixed_build": CheckedMapping.build,
        "source": CheckedMapping.texts,
        "note": CheckedMapping.text,
    },
    required=("month", "planned_kind"),
)
_COMPONENT = Keys(
    ComponentUpdate,
    {
        "kb": CheckedMapping.kb,
        "title": CheckedMapping.text,
        "build": CheckedMapping.build,
        "released": CheckedMapping.day,
        "after": CheckedMapping.month,
        "cvrf_subtype": CheckedMapping.text,
        "source": CheckedMapping.texts,
        "note": CheckedMapping.text,
    },
    required=("kb",),
)
_LINE = Keys(
    LineFile,
    {
        "generated": CheckedMapping.day,
        "hotpatch_ends": CheckedMapping.day,
        "releases": ListOf(RELEASE),
        "announced": ListOf(_ANNOUNCED),
        "component_updates": ListOf(_COMPONENT),
    },
)
_HEAD = {"generated": CheckedMapping.day, "note": CheckedMapping.text}
ONE_LINE = Keys(
    LineFile,
    {"line": OneOf(tuple(LINES)), "name": CheckedMapping.text, "base_build": base_build, **_HEAD, **_LINE.readers},
    required=("line", "generated"),
)
MANY_LINES = Keys(
    CatalogFile,
    {
        "format": OneOf((FORMAT,)),
        **_HEAD,
        "lines": PerLine(_LINE),
        "documents": ListOf(DOCUMENT),
        "cves": ListOf(CVE),
        "findings": ListOf(FINDING),
    },
    required=("format", "generated"),
)


def read_catalog_file(path: Path) -> CatalogFile:
    """Return the contents of the catalog file at PATH; raise CatalogError naming file, entry and rule."""
    file, data = str(path), read_data(path)
    many = isinstance(data, dict) and "format" in data
    top = CheckedMapping(file, "top level", data, MANY_LINES if many else ONE_LINE)
    return _many_lines(top) if many else _one_line(top)


def _one_line(top: CheckedMapping) -> CatalogFile:
    found = top.read()
    line = _line(top, "", found["line"], found["name"], found["generated"])
    return CatalogFile(top.file, found["generated"], (line,), (), (), ())


def _many_lines(top: CheckedMapping) -> CatalogFile:
    found = top.read()
    return CatalogFile(
        path=top.file,
        generated=found["generated"],
        lines=tuple(
            _line(part, f"{part.where}.", line, None, part.get("generated") or found["generated"])
            for line, part in (found["lines"] or {}).items()
        ),
        documents=_unique(top, "documents", DOCUMENT.read, lambda item: item.id),
        cves=_unique(top, "cves", read_cve, lambda item: f"{item.month} {item.cve}"),
        findings=tuple(FINDING.read(top.file, _name("findings", *pair), pair[1]) for pair in enumerate(top.items("findings"), 1)),
    )


def _unique(top: CheckedMapping, key: str, read: Callable[[str, str, Any], _T], mark: Callable[[_T], str]) -> tuple[_T, ...]:
    found: dict[str, _T] = {}
    for index, data in enumerate(top.items(key), 1):
        where = _name(key, index, data)
        item = read(top.file, where, data)
        if mark(item) in found:
            raise CatalogError(top.file, where, f"{mark(item)} appears twice in this file")
        found[mark(item)] = item
    return tuple(found.values())


def _name(section: str, index: int, item: Any) -> str:
    """Return the name of ITEM for an error: its place, and what it calls itself as far as that can be printed on one line."""
    marks = [item.get(key) for key in ("id", "cve", "month", "kb")] if isinstance(item, dict) else []
    plain = [mark[:40] for mark in marks if isinstance(mark, str) and mark.isascii() and mark.isprintable()]
    return " ".join([f"{section}[{index}]", *plain])


def _line(top: CheckedMapping, prefix: str, line: str, name: str | None, generated: date) -> LineFile:
    return LineFile(
        line=line,
        name=name,
        generated=generated,
        hotpatch_ends=top.get("hotpatch_ends"),
        releases=_releases(_entries(top, prefix, line, "releases", RELEASE)),
        announced=tuple(map(_announced, _entries(top, prefix, line, "announced", _ANNOUNCED))),
        components=tuple(map(_component, _entries(top, prefix, line, "component_updates", _COMPONENT))),
    )


def _entries(top: CheckedMapping, prefix: str, line: str, key: str, keys: Keys) -> list[CheckedMapping]:
    return [CheckedMapping(top.file, prefix + _name(key, index, item), item, keys, line) for index, item in enumerate(top.items(key), 1)]


def _releases(entries: list[CheckedMapping]) -> tuple[ReleaseEntry, ...]:
    found: dict[tuple[str, str], ReleaseEntry] = {}
    for entry in entries:
        release = read_release(entry)
        if (release.month, release.kb) in found:
            raise entry.error(f"{release.kb} of {release.month} appears twice in this file")
        found[release.month, release.kb] = release
    return tuple(found.values())


def _announced(entry: CheckedMapping) -> Announced:
    found = entry.read()
    return Announced(found["month"], found["planned_kind"], found["fixed_build"], found["note"])


def _component(entry: CheckedMapping) -> ComponentUpdate:
    found = entry.read()
    return ComponentUpdate(found["kb"], found["title"] or "", found["build"], found["note"])
