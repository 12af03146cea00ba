# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built-in catalog against the facts as they were gathered: nothing lost, nothing changed, and each difference has its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES, Release

FACTS = json.loads((Path(__file__).parent / "data" / "release_facts.json").read_text(encoding="utf-8"))
ROWS = [dict(zip(FACTS["columns"], row, strict=True)) for row in FACTS["releases"]]
# The catalog calls an ordinary out-of-band cumulative update what it does: it is not a baseline of a hotpatch cycle.
KINDS = {"oob_baseline": "oob_lcu"}

# (line, KB, field): what the facts say, what the catalog says, and why.
EXPLAINED: dict[tuple[str, str, str], tuple[Any, Any, str]] = {}

Fact = dict[str, Any]


def fact_of(row: Fact) -> Fact:
    """Return what the catalog must say of ROW."""
    own = row["lcu_kb"] == row["kb"]
    return {
        "month": row["month"],
        "released": row["released"],
        "kind": KINDS.get(row["kind"], row["kind"]),
        "build": row["build"],
        # A baseline is the cumulative update of its month; the catalog names one only where it is another update.
        "lcu_kb": None if own else row["lcu_kb"],
        "lcu_build": None if own else row["lcu_build"],
        "restart": row["restart"],
        "disputed_build": row["cvrf_build"],
    }


def said_of(release: Release) -> Fact:
    """Return what the catalog says of RELEASE."""
    return {
        "month": release.month,
        "released": release.released.isoformat(),
        "kind": release.kind.value,
        "build": str(release.build),
        "lcu_kb": release.lcu_kb,
        "lcu_build": str(release.lcu_build) if release.lcu_build else None,
        "restart": release.restart,
        "disputed_build": str(release.disputed_build) if release.disputed_build else None,
    }


def differences(catalog: Catalog) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    """Return every field in which the facts and CATALOG differ, with what each of the two says."""
    facts = {(row["line"], row["kb"]): fact_of(row) for row in ROWS if row["kb"]}
    said = {(line, release.kb): said_of(release) for line in LINES for release in catalog.releases(line)}
    found: dict[tuple[str, str, str], tuple[Any, Any]] = {}
    for key in facts.keys() | said.keys():
        fact, saying = facts.get(key), said.get(key)
        if fact is None or saying is None:
            found[*key, "entry"] = (fact is not None, saying is not None)
            continue
        found |= {(*key, field): (fact[field], saying[field]) for field in fact if fact[field] != saying[field]}
    return found


def test_the_facts_are_all_there() -> None:
    """A table that was cut off would agree with anything."""
    assert [sum(row["line"] == line for row in ROWS) for line in LINES] == [80, 38, 43, 28]
    assert {row["kind"] for row in ROWS} == {"baseline", "unplanned_baseline", "hotpatch", "oob_hotpatch", "oob_baseline"}
    assert all(row["line"] in LINES for row in ROWS)


def test_every_fact_is_in_the_catalog_and_nothing_else(catalog: Catalog) -> None:
    expected = {key: (fact, said) for key, (fact, said, _why) in EXPLAINED.items()}
    assert differences(catalog) == expected


def test_each_explanation_is_one() -> None:
    assert all(len(why.split()) > 5 for _fact, _said, why in EXPLAINED.values())


def test_a_month_without_kb_is_only_announced(catalog: Catalog) -> None:
    """October and November 2026: the plan is known, and the catalog must not make a release of it."""
    planned = {(row["line"], row["month"]): row for row in ROWS if row["kb"] is None}
    assert {month for _line, month in planned} == {"2026-10", "2026-11"}
    announced = {(line, item.month): item for line in LINES for item in catalog.lines[line].announced}
    assert announced.keys() == planned.keys()
    for key, row in planned.items():
        assert announced[key].planned_kind.value == row["kind"]
        fixed = announced[key].fixed_build
        assert (str(fixed) if fixed else None) in (row["build"], row["lcu_build"])


@pytest.mark.parametrize("line", LINES)
def test_the_component_updates_are_known(catalog: Catalog, line: str) -> None:
    facts = {kb for name, kb in FACTS["component_updates"] if name == line}
    assert {item.kb for item in catalog.lines[line].components} == facts
    assert facts
