# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sources of the release data, and their age."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from .catalog import BUILT_IN, Catalog


@dataclass(frozen=True, slots=True)
class SourceAge:
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


def sources_of(catalog: Catalog, lines: Collection[str], today: date) -> tuple[SourceAge, ...]:
    """Return the sources of LINES, the built-in ones first, then the overlays as they are laid over them."""
    found: list[SourceAge] = []
    for item in catalog.sources:
        documents = tuple(f"{document.id} revised {document.revised}" for document in item.documents)
        for line in lines if item.path == BUILT_IN else sorted(item.generated):
            if line in lines:
                generated = item.generated[line]
                found.append(SourceAge(item.path, line, generated, (today - generated).days, documents))
    return tuple(found)
