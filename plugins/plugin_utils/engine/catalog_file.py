# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading one catalog file and judging it entry by entry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from .catalog_error import CatalogError
from .kb_build import Build, is_kb
from .patch_tuesday import month_of
from .release import CONFIDENCES, MONTHLY, Announced, ComponentUpdate, Kind, Release

LINES: dict[str, int] = {"ws2022_azure": 20348, "ws2025": 26100, "win11_24h2": 26100, "win11_25h2": 26200}

_TOP = {"line", "name", "base_build", "generated", "note", "hotpatch_ends", "releases", "announced", "component_updates"}
_ENTRY = {
    "month", "released", "kind", "planned_kind", "kb", "build", "disputed_build", "lcu_kb", "lcu_build",
    "restart", "confidence", "source", "note",
}  # fmt: skip
_ENTRY_REQUIRED = ("month", "released", "kind", "kb", "build", "restart")
_ANNOUNCED = {"month", "planned_kind", "fixed_build", "source", "note"}
_COMPONENT = {"kb", "title", "build", "released", "after", "cvrf_subtype", "source", "note"}
_MONTH = re.compile(r"^20\d\d-(0[1-9]|1[0-2])$")
_MAX_BYTES = 8 * 1024 * 1024
# The same safe loader in C is ten times faster; each fork of a play reads the catalog anew.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """The contents of one file, judged entry by entry; what concerns the chain of a line is judged after merging."""

    path: str
    line: str
    name: str | None
    generated: date
    hotpatch_ends: date | None
    releases: tuple[Release, ...]
    announced: tuple[Announced, ...]
    components: tuple[ComponentUpdate, ...]


class _Entry:
    """One mapping of the file, and where it stands, so that every complaint can say so."""

    def __init__(self, file: str, where: str, data: Any, known: set[str]) -> None:
        self.file = file
        self.where = where
        if not isinstance(data, dict):
            raise self.error(f"a mapping is expected, not {type(data).__name__}")
        self.data: dict[Any, Any] = data
        unknown = sorted(str(key) for key in data if key not in known)
        if unknown:
            raise self.error(f"unknown key {unknown[0]!r}; known keys are {', '.join(sorted(known))}")

    def error(self, rule: str) -> CatalogError:
        return CatalogError(self.file, self.where, rule)

    def text(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, str):
            raise self.error(f"{key} must be a text, not {value!r}")
        return value

    def day(self, key: str) -> date:
        value = self.data.get(key)
        try:
            if isinstance(value, str):
                return date.fromisoformat(value)
        except ValueError:
            pass
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise self.error(f"{key} must be a date such as 2026-06-09, not {value!r}")

    def month(self) -> str:
        value = self.data.get("month")
        if not isinstance(value, str) or not _MONTH.match(value):
            raise self.error(f"month must be a month such as 2026-06, not {value!r}")
        return value

    def kb(self, key: str) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not is_kb(value):
            raise self.error(f"{key} must be KB and six to eight digits, not {value!r}")
        return value

    def build(self, key: str, base: int | None) -> Build:
        try:
            build = Build.parse(self.data.get(key))
        except ValueError as error:
            raise self.error(f"{key}: {error}") from None
        if base is not None and build.base != base:
            raise self.error(f"{key} {build} does not belong to this line, whose base build is {base}")
        return build

    def kind(self, key: str) -> Kind:
        value = self.data.get(key)
        try:
            return Kind(str(value))
        except ValueError:
            raise self.error(f"{key} must be one of {', '.join(Kind)}, not {value!r}") from None


def read_catalog_file(path: Path) -> CatalogFile:
    """Return the contents of the catalog file at PATH; raise CatalogError naming file, entry and rule."""
    file = str(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise CatalogError(file, "file", f"is larger than {_MAX_BYTES} bytes; this is no catalog")
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # both loaders are the safe ones
    except OSError as error:
        raise CatalogError(file, "file", f"cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise CatalogError(file, "file", f"is not YAML or JSON: {' '.join(str(error).split())}") from error
    top = _Entry(file, "top level", data, _TOP)
    line = top.text("line")
    if line not in LINES:
        raise top.error(f"line must be one of {', '.join(LINES)}, not {line!r}")
    base = LINES[line]
    if "base_build" in top.data and top.data["base_build"] != base:
        raise top.error(f"base_build of {line} is {base}, not {top.data['base_build']!r}")
    return CatalogFile(
        path=file,
        line=line,
        name=top.text("name"),
        generated=top.day("generated"),
        hotpatch_ends=top.day("hotpatch_ends") if "hotpatch_ends" in top.data else None,
        releases=tuple(_release(file, line, base, index, item) for index, item in enumerate(_items(top, "releases"), 1)),
        announced=tuple(_announced(file, base, index, item) for index, item in enumerate(_items(top, "announced"), 1)),
        components=tuple(_component(file, base, index, item) for index, item in enumerate(_items(top, "component_updates"), 1)),
    )


def _items(top: _Entry, key: str) -> list[Any]:
    value = top.data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise top.error(f"{key} must be a list")
    return value


def _name(section: str, index: int, item: Any) -> str:
    if isinstance(item, dict):
        marks = [str(item[key]) for key in ("month", "kb") if item.get(key)]
        return f"{section}[{index}] {' '.join(marks)}".strip()
    return f"{section}[{index}]"


def _release(file: str, line: str, base: int, index: int, item: Any) -> Release:
    entry = _Entry(file, _name("releases", index, item), item, _ENTRY)
    for key in _ENTRY_REQUIRED:
        if entry.data.get(key) is None:
            raise entry.error(f"{key} is missing")
    month, released, kind = entry.month(), entry.day("released"), entry.kind("kind")
    if month_of(released) != month:
        raise entry.error(f"released {released} is not in month {month}")
    planned = entry.kind("planned_kind") if entry.data.get("planned_kind") is not None else None
    if kind in MONTHLY and planned not in (Kind.BASELINE, Kind.HOTPATCH):
        raise entry.error(f"planned_kind must be baseline or hotpatch where kind is {kind.value}, not {entry.data.get('planned_kind')!r}")
    if kind not in MONTHLY and planned is not None:
        raise entry.error(f"planned_kind has no meaning where kind is {kind.value}; leave it out")
    if (kind is Kind.UNPLANNED_BASELINE) == (planned is Kind.BASELINE) and kind in MONTHLY and kind is not Kind.HOTPATCH:
        raise entry.error(f"kind {kind.value} contradicts planned_kind {planned.value if planned else None}")
    restart = entry.data["restart"]
    if not isinstance(restart, bool):
        raise entry.error(f"restart must be true or false, not {restart!r}")
    if not restart and kind not in (Kind.HOTPATCH, Kind.OOB_HOTPATCH):
        raise entry.error(f"restart cannot be false where kind is {kind.value}")
    lcu_kb = entry.kb("lcu_kb") if entry.data.get("lcu_kb") is not None else None
    lcu_build = entry.build("lcu_build", base) if entry.data.get("lcu_build") is not None else None
    if (lcu_kb is None) != (lcu_build is None):
        raise entry.error("lcu_kb and lcu_build go together")
    confidence = entry.text("confidence") or "documented"
    if confidence not in CONFIDENCES:
        raise entry.error(f"confidence must be one of {', '.join(CONFIDENCES)}, not {confidence!r}")
    return Release(
        line=line,
        month=month,
        released=released,
        kind=kind,
        planned_kind=planned,
        kb=entry.kb("kb"),
        build=entry.build("build", base),
        disputed_build=entry.build("disputed_build", base) if entry.data.get("disputed_build") is not None else None,
        lcu_kb=lcu_kb,
        lcu_build=lcu_build,
        restart=restart,
        confidence=confidence,
        source=_source(entry),
        note=entry.text("note"),
    )


def _source(entry: _Entry) -> tuple[str, ...]:
    value = entry.data.get("source", [])
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise entry.error("source must be a list of texts")
    return tuple(value)


def _announced(file: str, base: int, index: int, item: Any) -> Announced:
    entry = _Entry(file, _name("announced", index, item), item, _ANNOUNCED)
    planned = entry.kind("planned_kind")
    if planned not in (Kind.BASELINE, Kind.HOTPATCH):
        raise entry.error(f"planned_kind must be baseline or hotpatch, not {planned.value}")
    fixed = entry.build("fixed_build", base) if entry.data.get("fixed_build") is not None else None
    return Announced(entry.month(), planned, fixed, entry.text("note"))


def _component(file: str, base: int, index: int, item: Any) -> ComponentUpdate:
    entry = _Entry(file, _name("component_updates", index, item), item, _COMPONENT)
    build = entry.build("build", base) if entry.data.get("build") is not None else None
    return ComponentUpdate(entry.kb("kb"), entry.text("title") or "", build, entry.text("note"))
