# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schema of catalog files is made from the keys that the reader goes by, so whatever one refuses the other refuses too."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog import catalog as catalog_module
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import CatalogError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog_file import read_catalog_file
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.mapping import CheckedMapping
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release_mapping import RELEASE as RELEASE_KEYS
from ansible_collections.winops.hotpatch.tools.generate.catalog import catalog_schema

DATA = Path(catalog_module.__file__).resolve().parent.parent / "data"
SCHEMA = json.loads((DATA / "catalog.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

RELEASE = {
    "month": "2026-10",
    "released": "2026-10-13",
    "kind": "hotpatch",
    "planned_kind": "hotpatch",
    "kb": "KB5999001",
    "aliases": ["KB5999005"],
    "build": "26100.33650",
    "disputed_build": "26100.33651",
    "lcu_kb": "KB5999002",
    "lcu_build": "26100.33700",
    "restart": False,
    "confidence": "seen",
    "source": ["https://example.com"],
    "note": "Two pages give two builds.",
    "withdrawn": True,
    "denied": True,
    "reason": "It breaks the printer.",
    "denied_until": "2026-11-10",
    "denied_except": ["host1"],
}
CONTENT = {
    "hotpatch_ends": "2029-10-09",
    "releases": [RELEASE],
    "announced": [{"month": "2026-12", "planned_kind": "hotpatch", "fixed_build": "26100.34000", "source": "calendar", "note": "A plan."}],
    "component_updates": [
        {
            "kb": "KB5999003",
            "title": "Security Update for Windows PowerShell",
            "build": "26100.33650",
            "released": "2026-10-13",
            "after": "2026-10",
            "cvrf_subtype": "Security Only",
            "source": [],
            "note": "Beside the baseline.",
        }
    ],
}
ONE_LINE = {"line": "ws2025", "name": "Server", "base_build": 26100, "generated": "2026-10-14", "note": "A note.", **CONTENT}
MANY_LINES = {
    "format": "winops.hotpatch/catalog/1",
    "generated": "2026-10-14",
    "note": "A note.",
    "lines": {"ws2025": {"generated": "2026-10-14", **CONTENT}, "win11_25h2": {}},
    "documents": [{"id": "2026-Oct", "title": "October", "revision": "1.0", "revised": "2026-10-13", "sha256": "0f" * 32}],
    "cves": [
        {
            "cve": "CVE-2026-12345",
            "month": "2026-10",
            "title": "A hole",
            "severity": "Critical",
            "exploited": False,
            "fixes": [{"line": "ws2025", "kb": "KB5999001", "build": "26100.33650", "carrier": "hotpatch"}],
        }
    ],
    "findings": [
        {"month": "2026-10", "line": "ws2025", "kb": "KB5999001", "rule": "build_differs", "message": "It differs.", "decision": "Kept."}
    ],
}
WRONG = (None, True, 7, " ", "2026-02-30", "KB12", "20348.1", [7], {"x": 1})


def accepted_by_reader(folder: Path, data: Any) -> bool:
    path = folder / "catalog.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        read_catalog_file(path)
    except CatalogError:
        return False
    return True


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value within DATA."""
    if path:
        yield path
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))


def changed(data: Any, path: tuple[Any, ...], *value: Any) -> Any:
    """Return a copy of DATA with VALUE at PATH, or without what stands there."""
    result = copy.deepcopy(data)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    if value:
        inner[path[-1]] = value[0]
    else:
        del inner[path[-1]]
    return result


def test_a_key_is_added_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = {"line": "ws2025", "generated": "2026-10-14", "releases": [{"month": "2026-10", "kb": "KB5999001", "ring": "2026-11-10"}]}
    wrong = changed(right, ("releases", 0, "ring"), "soon")
    without = changed(right, ("releases", 0, "ring"))

    def verdicts() -> list[tuple[bool, bool]]:
        validator = jsonschema.Draft202012Validator(catalog_schema())
        return [(validator.is_valid(data), accepted_by_reader(tmp_path, data)) for data in (right, wrong, without)]

    assert verdicts() == [(False, False), (False, False), (True, True)]
    monkeypatch.setitem(RELEASE_KEYS.readers, "ring", CheckedMapping.day)
    assert verdicts() == [(True, True), (False, False), (True, True)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("line", LINES)
def test_the_built_in_data_keeps_to_the_schema(line: str) -> None:
    VALIDATOR.validate(yaml.safe_load((DATA / "releases" / f"{line}.yml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("form", [ONE_LINE, MANY_LINES], ids=["one line", "many lines"])
def test_schema_and_reader_agree(tmp_path: Path, form: dict[str, Any]) -> None:
    """Each value of a complete file in turn: left out, or replaced by each of many values that are wrong somewhere."""
    VALIDATOR.validate(form)
    assert accepted_by_reader(tmp_path, form)
    verdicts = {True: 0, False: 0}
    differences = []
    for path in places(form):
        if path[:2] == ("lines", "ws2025") and len(path) > 4:
            continue  # the same entries as in the other form
        cases = [changed(form, path), *(changed(form, path, value) for value in WRONG)]
        if isinstance(path[-1], str):
            cases.append(changed(form, (*path[:-1], "color"), "red"))
        for case in cases:
            verdict = VALIDATOR.is_valid(case)
            verdicts[verdict] += 1
            if accepted_by_reader(tmp_path, case) is not verdict:
                differences.append((path, case, verdict))
    assert differences == []
    assert min(verdicts.values()) > 60


@pytest.mark.parametrize("line", LINES)
def test_both_know_the_builds_of_each_line(tmp_path: Path, line: str) -> None:
    for base in (20348, 26100, 26200):
        entry = {"month": "2026-10", "kb": "KB5999001", "build": f"{base}.1"}
        cve = {"cve": "CVE-2026-12345", "month": "2026-10", "title": "A hole"}
        fix = {"line": line, "kb": "KB5999001", "build": f"{base}.1", "carrier": "lcu"}
        for data in (
            {"line": line, "generated": "2026-10-14", "releases": [entry]},
            {"line": line, "generated": "2026-10-14", "base_build": base},
            {"format": "winops.hotpatch/catalog/1", "generated": "2026-10-14", "lines": {line: {"releases": [entry]}}},
            {"format": "winops.hotpatch/catalog/1", "generated": "2026-10-14", "cves": [{**cve, "fixes": [fix]}]},
        ):
            expected = base == LINES[line]
            assert (VALIDATOR.is_valid(data), accepted_by_reader(tmp_path, data)) == (expected, expected), data
