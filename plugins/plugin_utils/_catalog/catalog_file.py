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

from .._values.build import Build
from .data_text import read_data
from .mapping import CheckedMapping
from .release import LINES, Announced, ComponentUpdate, Kind
from .release_mapping import RELEASE_KEYS, ReleaseEntry, read_release
from .vulnerabilities import Cve, Discrepancy, Document, read_cve, read_document, read_finding

FORMAT = "winops.hotpatch/catalog/1"

_ONE_LINE = frozenset({"line", "name", "base_build", "generated", "note", "hotpatch_ends", "releases", "announced", "component_updates"})
_MANY_LINES = frozenset({"format", "generated", "note", "lines", "documents", "cves", "findings"})
_LINE = frozenset({"generated", "hotpatch_ends", "releases", "announced", "component_updates"})
_ANNOUNCED = frozenset({"month", "planned_kind", "fixed_build", "source", "note"})
_COMPONENT = frozenset({"kb", "title", "build", "released", "after", "cvrf_subtype", "source", "note"})

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


def read_catalog_file(path: Path) -> CatalogFile:
    """Return the contents of the catalog file at PATH; raise CatalogError naming file, entry and rule."""
    file, data = str(path), read_data(path)
    many = isinstance(data, dict) and "format" in data
    top = CheckedMapping(file, "top level", data, _MANY_LINES if many else _ONE_LINE)
    return _many_lines(top) if many else _one_line(top)


def _one_line(top: CheckedMapping) -> CatalogFile:
    line = top.choice("line", tuple(LINES))
    if top.has("base_build") and top.data["base_build"] != LINES[line]:
        raise top.error(f"base_build of {line} is {LINES[line]}, not {top.data['base_build']!r}")
    top.optional_text("note")
    generated = top.day("generated")
    return CatalogFile(top.file, generated, (_line(top, "", line, top.optional_text("name"), generated),), (), (), ())


def _many_lines(top: CheckedMapping) -> CatalogFile:
    top.choice("format", (FORMAT,))
    top.optional_text("note")
    generated = top.day("generated")
    lines = CheckedMapping(top.file, "lines", {} if not top.has("lines") else top.data["lines"], frozenset(LINES))
    found = []
    for line in lines.data:
        part = CheckedMapping(top.file, f"lines.{line}", lines.data[line], _LINE)
        own = part.day("generated") if part.has("generated") else generated
        found.append(_line(part, f"lines.{line}.", line, None, own))
    return CatalogFile(
        path=top.file,
        generated=generated,
        lines=tuple(found),
        documents=_unique(top, "documents", read_document, lambda item: item.id),
        cves=_unique(top, "cves", read_cve, lambda item: f"{item.month} {item.cve}"),
        findings=tuple(read_finding(top.file, _name("findings", *pair), pair[1]) for pair in enumerate(top.items("findings"), 1)),
    )


def _unique(top: CheckedMapping, key: str, read: Callable[[str, str, Any], _T], mark: Callable[[_T], str]) -> tuple[_T, ...]:
    found: dict[str, _T] = {}
    for index, data in enumerate(top.items(key), 1):
        where = _name(key, index, data)
        item = read(top.file, where, data)
        if mark(item) in found:
            raise CheckedMapping(top.file, where, {}, frozenset()).error(f"{mark(item)} stands twice in this file")
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
        hotpatch_ends=top.day("hotpatch_ends") if top.has("hotpatch_ends") else None,
        releases=_releases(top, prefix, line),
        announced=tuple(_announced(entry, line) for entry in _entries(top, prefix, "announced", _ANNOUNCED)),
        components=tuple(_component(entry, line) for entry in _entries(top, prefix, "component_updates", _COMPONENT)),
    )


def _entries(top: CheckedMapping, prefix: str, key: str, known: frozenset[str]) -> list[CheckedMapping]:
    return [CheckedMapping(top.file, prefix + _name(key, index, item), item, known) for index, item in enumerate(top.items(key), 1)]


def _releases(top: CheckedMapping, prefix: str, line: str) -> tuple[ReleaseEntry, ...]:
    found: dict[tuple[str, str], ReleaseEntry] = {}
    for entry in _entries(top, prefix, "releases", RELEASE_KEYS):
        release = read_release(entry, line)
        if (release.month, release.kb) in found:
            raise entry.error(f"{release.kb} of {release.month} stands twice in this file")
        found[release.month, release.kb] = release
    return tuple(found.values())


def _announced(entry: CheckedMapping, line: str) -> Announced:
    planned = Kind(entry.choice("planned_kind", (Kind.BASELINE.value, Kind.HOTPATCH.value)))
    fixed: Build | None = entry.build("fixed_build", line) if entry.has("fixed_build") else None
    if entry.has("source"):
        entry.texts("source")
    return Announced(entry.month(), planned, fixed, entry.optional_text("note"))


def _component(entry: CheckedMapping, line: str) -> ComponentUpdate:
    build = entry.build("build", line) if entry.has("build") else None
    if entry.has("released"):
        entry.day("released")
    if entry.has("after"):
        entry.month("after")
    if entry.has("source"):
        entry.texts("source")
    entry.optional_text("cvrf_subtype")
    return ComponentUpdate(entry.kb("kb"), entry.optional_text("title") or "", build, entry.optional_text("note"))
