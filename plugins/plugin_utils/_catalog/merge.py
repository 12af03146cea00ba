# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Laying one catalog file over what is known, field by field, with the file that each field came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from .catalog_file import LineFile
from .consistency import Key, check_chain
from .release import Announced, ComponentUpdate, Release
from .release_index import LineIndex
from .release_mapping import ReleaseEntry, build_release, lay_over

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The fields of one release as they are known so far, the source of each, and what they make."""

    fields: Mapping[str, Any]
    origins: Mapping[str, str]
    release: Release


@dataclass(frozen=True, slots=True)
class LineData:
    """The releases of one product line after merging, in the order of release."""

    line: str
    name: str
    generated: date
    hotpatch_ends: date | None
    releases: tuple[Release, ...]
    announced: tuple[Announced, ...]
    components: tuple[ComponentUpdate, ...]
    entries: Mapping[Key, KnownEntry]
    index: LineIndex = field(compare=False, repr=False)

    @classmethod
    def empty(cls, line: str, name: str, generated: date) -> LineData:
        """Return a line of which nothing is known."""
        return cls(line, name, generated, None, (), (), (), {}, LineIndex(line, (), ()))


def merge_line(base: LineData, file: str, origin: str, part: LineFile) -> LineData:
    """Return BASE with PART laid over it, which stands in FILE and is named ORIGIN; raise CatalogError where the two do not fit."""
    entries = dict(base.entries)
    own: dict[Key, str] = {}
    for entry in part.releases:
        entry = _by_its_kb(entry, entries)
        key = (entry.month, entry.kb)
        known = entries.get(key)
        fields = lay_over(known.fields if known else {}, entry)
        origins = {name: known.origins[name] for name in fields if name in known.origins} if known else {}
        origins |= {name: origin for name in fields if entry.fields.get(name) is not None}
        entries[key] = KnownEntry(fields, origins, build_release(file, entry.where, part.line, fields, is_new=known is None))
        own[key] = entry.where
    releases = tuple(sorted((item.release for item in entries.values()), key=lambda release: (release.released, release.build)))
    check_chain(file, releases, own)
    announced = tuple(_later_wins(base.announced, part.announced, "month"))
    return LineData(
        line=base.line,
        name=base.name,
        generated=max(base.generated, part.generated),
        hotpatch_ends=part.hotpatch_ends or base.hotpatch_ends,
        releases=releases,
        announced=announced,
        components=tuple(_later_wins(base.components, part.components, "kb")),
        entries=entries,
        index=LineIndex(base.line, releases, announced),
    )


def _by_its_kb(entry: ReleaseEntry, entries: Mapping[Key, KnownEntry]) -> ReleaseEntry:
    """Return ENTRY as one of the KB that is installed, where it names a release by another number of that."""
    if (entry.month, entry.kb) in entries:
        return entry
    named = (known.release.kb for (month, _kb), known in entries.items() if month == entry.month and entry.kb in known.release.aliases)
    kb = next(named, entry.kb)
    return replace(entry, kb=kb, fields={**entry.fields, "kb": kb})


def _later_wins(base: Iterable[_T], more: Iterable[_T], *keys: str) -> Iterable[_T]:
    return {tuple(getattr(item, key) for key in keys): item for item in (*base, *more)}.values()


def merge_items(base: tuple[_T, ...], more: tuple[_T, ...], *keys: str) -> tuple[_T, ...]:
    """Return BASE and MORE as one, sorted by KEYS; of two with the same keys the one in MORE counts."""
    found = {tuple(getattr(item, key) or "" for key in keys): item for item in (*base, *more)}
    return tuple(found[mark] for mark in sorted(found))
