# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the release data comes from, and how old it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .catalog import load_catalog
from .overlay_data import dates_of, overlay_files, read_overlay

BUILT_IN = "built-in"


@dataclass(frozen=True, slots=True)
class Source:
    """The data of one line in one file."""

    source: str
    line: str
    generated: date
    age_days: int
    documents: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-plain form."""
        return {
            "source": self.source,
            "line": self.line,
            "date": self.generated.isoformat(),
            "age_days": self.age_days,
            "documents": list(self.documents),
        }


def sources_of(overlays: Sequence[str | Path], lines: Collection[str], today: date) -> tuple[Source, ...]:
    """Return the sources of LINES, the built-in ones first, then OVERLAYS as they are laid over them. Raises CatalogError."""
    built_in = load_catalog()
    found = [_source(BUILT_IN, line, built_in.generated_for(line), today, ()) for line in lines]
    for path in overlay_files(overlays):
        data = read_overlay(path)
        documents = tuple(_document(item) for item in data.get("documents") or () if isinstance(item, dict))
        for line, generated in sorted(dates_of(path, data).items()):
            if line in lines:
                found.append(_source(str(path), line, generated, today, documents))
    return tuple(found)


def _source(source: str, line: str, generated: date, today: date, documents: tuple[str, ...]) -> Source:
    return Source(source, line, generated, (today - generated).days, documents)


def _document(item: dict[str, Any]) -> str:
    """Return the id of a document that was imported, with the day of its revision."""
    revised = f" revised {item['revised']}" if item.get("revised") else ""
    return f"{item.get('id')}{revised}"
