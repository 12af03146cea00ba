# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogs of other days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import Announced
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release_index import LineIndex
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG


def known_on(day: str, base: Catalog = CATALOG) -> Catalog:
    """Return BASE as it would have been when its data was made on DAY: of what came out later only the plan is known."""
    made = date.fromisoformat(day)
    lines = {}
    for line, data in base.lines.items():
        releases = tuple(release for release in data.releases if release.released <= made)
        later = [release for release in data.releases if release.released > made and release.planned_kind]
        plans = [Announced(release.month, release.planned_kind, None, None) for release in later if release.planned_kind]
        announced = (*plans, *data.announced)
        index = LineIndex(line, releases, announced)
        lines[line] = replace(data, generated=made, releases=releases, announced=announced, index=index)
    return replace(base, lines=lines)
