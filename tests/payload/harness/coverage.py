# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements of the payloads, and those that were executed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# A statement: file, line, column.
Place = tuple[str, int, int]


@dataclass
class Covered:
    """The statements of the payloads with their first lines, and those that were executed."""

    statements: dict[Place, str]
    executed: set[Place]

    def __or__(self, other: Covered) -> Covered:
        return Covered(self.statements | other.statements, self.executed | other.executed)


RunCovered = Callable[..., Covered]


def covered(root: Path) -> Covered:
    table = json.loads((root / "statements.json").read_text(encoding="utf-8"))
    places = {item["id"]: (item["file"], item["line"], item["column"]) for item in table}
    hits = {int(line) for path in root.glob("hits*") for line in path.read_text(encoding="utf-8").split()}
    # A module runs its own lines when it is imported, before there is anything to mark with; every case imports it.
    hits |= {item["id"] for item in table if item["imported"]}
    return Covered({places[item["id"]]: item["text"] for item in table}, {places[number] for number in hits})
