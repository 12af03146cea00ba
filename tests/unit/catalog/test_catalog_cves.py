# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section cves of overlay files: what is read, and what is refused with file, entry and rule."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog_error import CatalogError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.sources import sources_of
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.vulnerabilities import Cve, Fix
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.build import Build


def read_cves(paths: list[Path]) -> tuple[Cve, ...]:
    """The vulnerabilities that overlay files tell of."""
    return load_catalog(paths).cves


FORMAT = "winops.hotpatch/catalog/1"
FIX = {"line": "ws2025", "kb": "KB5094125", "build": "26100.32995", "carrier": "lcu"}
CVE: dict[str, Any] = {"cve": "CVE-2026-12345", "month": "2026-06", "title": "A", "severity": "Critical", "exploited": True, "fixes": [FIX]}


def write(path: Path, *cves: Any, **top: Any) -> Path:
    data = {"format": FORMAT, "generated": "2026-06-09", "cves": list(cves), **top}
    path.write_text(json.dumps(data) if path.suffix == ".json" else yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["a.json", "a.yml"])
def test_what_is_read(tmp_path: Path, name: str) -> None:
    (cve,) = read_cves([write(tmp_path / name, CVE)])
    assert (cve.cve, cve.month, cve.title, cve.severity, cve.exploited) == ("CVE-2026-12345", "2026-06", "A", "Critical", True)
    assert cve.fixes == (Fix("ws2025", "KB5094125", Build(26100, 32995), "lcu"),)
    assert cve.fixes_of("ws2022_azure") == ()


def test_what_the_document_does_not_say(tmp_path: Path) -> None:
    (cve,) = read_cves([write(tmp_path / "a.json", {"cve": "CVE-2026-1234567", "month": "2026-06", "title": "A", "fixes": []})])
    assert (cve.title, cve.severity, cve.exploited, cve.fixes) == ("A", None, None, ())


def test_later_files_win_and_all_are_in_order(tmp_path: Path) -> None:
    write(tmp_path / "1.json", CVE, {**CVE, "month": "2026-05"}, {**CVE, "cve": "CVE-2026-0001"})
    write(tmp_path / "2.yml", {**CVE, "severity": "Low"})
    found = read_cves([tmp_path])
    assert [(cve.month, cve.cve, cve.severity) for cve in found] == [
        ("2026-05", "CVE-2026-12345", "Critical"),
        ("2026-06", "CVE-2026-0001", "Critical"),
        ("2026-06", "CVE-2026-12345", "Low"),
    ]
    assert read_cves([tmp_path / "2.yml", tmp_path / "1.json"])[-1].severity == "Critical"


def test_the_form_of_one_line_has_none(tmp_path: Path) -> None:
    path = tmp_path / "line.yml"
    path.write_text('line: ws2025\ngenerated: "2026-06-09"\n', encoding="utf-8")
    assert read_cves([path]) == ()


BAD: dict[str, tuple[Any, str, str]] = {
    "no mapping": ("CVE-2026-1", "cves[1]", "a mapping is expected, not str"),
    "unknown key": ({**CVE, "score": 9}, "cves[1]", "unknown key 'score'"),
    "no name": ({**CVE, "cve": None}, "cves[1]", "cve must be a string, not None"),
    "bad name": ({**CVE, "cve": "CVE-26-1"}, "cves[1]", "CVE-2026-12345, not 'CVE-26-1'"),
    "bad month": ({**CVE, "month": "2026-13"}, "cves[1] CVE-2026-12345", "not '2026-13'"),
    "month as a number": ({**CVE, "month": 202606}, "cves[1] CVE-2026-12345", "not 202606"),
    "title": ({**CVE, "title": 1}, "cves[1] CVE-2026-12345", "title must be a string"),
    "severity": ({**CVE, "severity": "High"}, "cves[1] CVE-2026-12345", "Critical, Important, Moderate, Low, not 'High'"),
    "exploited": ({**CVE, "exploited": "yes"}, "cves[1] CVE-2026-12345", "true or false, not 'yes'"),
    "no fixes": ({**CVE, "fixes": "x"}, "cves[1]", "fixes must be a list, not 'x'"),
    "fixes are no list": ({**CVE, "fixes": FIX}, "cves[1] CVE-2026-12345", "fixes must be a list, not {"),
    "fix is not a mapping": ({**CVE, "fixes": ["KB5094125"]}, "fixes[1]", "a mapping is expected, not str"),
    "fix without a line": ({**CVE, "fixes": [{**FIX, "line": None}]}, "fixes[1]", "line must be one of ws2022_azure"),
    "fix of another line": ({**CVE, "fixes": [FIX, {**FIX, "line": "ws2019"}]}, "fixes[2]", "ws2022_azure, ws2025"),
    "fix without letters": ({**CVE, "fixes": [{**FIX, "kb": "5094125"}]}, "fixes[1]", "KB and six to eight digits, not '5094125'"),
    "carrier": ({**CVE, "fixes": [{**FIX, "carrier": "msu"}]}, "fixes[1]", "lcu, hotpatch, component, unknown, not 'msu'"),
    "build": ({**CVE, "fixes": [{**FIX, "build": "10.0.26100.1"}]}, "fixes[1]", "is not a build such as 26100.32995"),
    "build of another line": ({**CVE, "fixes": [{**FIX, "build": "20348.1"}]}, "fixes[1]", "base build is 26100"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_entries(tmp_path: Path, name: str) -> None:
    entry, where, rule = BAD[name]
    path = write(tmp_path / "bad.json", entry)
    with pytest.raises(CatalogError) as error:
        read_cves([path])
    assert error.value.file == str(path)
    assert where in error.value.entry
    assert rule in error.value.rule


def test_bad_files(tmp_path: Path) -> None:
    for text, rule in (
        ("[]", "a mapping is expected, not list"),
        ("{", "is not YAML or JSON"),
        ('{"format": "winops.hotpatch/catalog/2"}', "format must be one of winops.hotpatch/catalog/1"),
        ('{"format": "winops.hotpatch/catalog/1", "generated": "2026-06-09", "cves": {}}', "cves must be a list, not {}"),
        ('{"line": "ws2025", "cves": []}', "unknown key 'cves'"),
    ):
        path = tmp_path / "bad.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CatalogError) as error:
            read_cves([path])
        assert rule in str(error.value)
    with pytest.raises(CatalogError, match="cannot be read: No such file"):
        read_cves([tmp_path / "none.json"])
    with pytest.raises(CatalogError, match="appears twice"):
        read_cves([write(tmp_path / "twice.json", CVE, CVE)])


def test_sources_say_date_and_age(tmp_path: Path) -> None:
    many = write(
        tmp_path / "1.json",
        lines={"ws2025": {"generated": "2026-06-12"}, "win11_25h2": {}},
        documents=[{"id": "2026-Jun", "title": "June", "revision": "2.0", "revised": "2026-06-12", "sha256": "0" * 64}],
    )
    one = tmp_path / "2.yml"
    one.write_text("line: ws2025\ngenerated: 2026-06-14\n", encoding="utf-8")
    found = [source.to_dict() for source in sources_of(load_catalog([many, one]), ["ws2025"], date(2026, 6, 15))]
    assert [(item["source"], item["date"], item["age_days"], item["documents"]) for item in found] == [
        ("built-in", "2026-11-22", -160, []),
        (str(many), "2026-06-12", 3, ["2026-Jun revised 2026-06-12"]),
        (str(one), "2026-06-14", 1, []),
    ]
    bad = write(tmp_path / "bad.json", lines={"ws2025": {"generated": "June"}})
    with pytest.raises(CatalogError, match=r"lines\.ws2025: generated must be a date such as 2026-06-09, not 'June'"):
        load_catalog([bad])
