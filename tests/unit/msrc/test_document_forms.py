# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document is read alike in every form and order in which it may come."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc import reading
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.limits import Limits
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.reading import read_bytes, read_file
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import GOOD, SAMPLES, as_json, as_xml, read

XML, JSON = as_xml(GOOD), as_json(GOOD)
LIMITS = Limits(packed=1 << 20, unpacked=4 << 20)


def test_the_good_document_is_read_in_every_form(tmp_path: Path) -> None:
    utf16 = as_xml(GOOD, "utf-16")
    forms = {
        "plain.json": JSON,
        "plain.xml": XML,
        "bom.json": b"\xef\xbb\xbf" + JSON,
        "bom.xml": b"\xef\xbb\xbf" + XML,
        "utf16.xml": utf16,
        "utf16.json": JSON.decode().encode("utf-16"),
        "latin.xml": as_xml(GOOD, "iso-8859-1"),
        "packed.json.gz": gzip.compress(JSON),
        "packed twice.xml.gz": gzip.compress(XML[:500]) + gzip.compress(XML[500:]) + b"\0" * 512,
    }
    for name, data in forms.items():
        (tmp_path / name).write_bytes(data)
        found = read_file(tmp_path / name, LIMITS)
        assert (found.id, found.revision, [row.cve for row in found.vulnerabilities]) == ("2026-Dec", "5", ["CVE-2026-90001"]), name


def test_values_of_other_types_than_usual_are_passed_over() -> None:
    odd = json.loads(JSON)
    odd["Vulnerability"] += [
        None,
        5,
        {"Remediations": "x", "Threats": {}},
        {"Remediations": [{"Type": "2"}, 7, {"Type": 2, "ProductID": 1}]},
    ]
    odd["ProductTree"]["FullProductName"] += [None, {"ProductID": ["11923"], "Value": 5}]
    odd["DocumentNotes"] = [{"Value": "x" * 100_000}]
    found = read(odd)
    assert [row.cve for row in found.vulnerabilities] == ["CVE-2026-90001"]


def test_products_after_the_vulnerabilities_are_found_too() -> None:
    data = json.loads(JSON)
    turned = {key: data[key] for key in ("Vulnerability", "ProductTree", "DocumentTracking", "DocumentTitle")}
    assert read(turned).vulnerabilities == read(data).vulnerabilities


@pytest.mark.parametrize("size", [1, 3, 17, 4096])
def test_the_size_of_the_pieces_does_not_matter(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [read_bytes("x", data, LIMITS) for data in (XML, JSON)]
    monkeypatch.setattr(reading, "PIECE", size)
    assert [read_bytes("x", data, LIMITS) for data in (XML, JSON)] == expected


def test_the_excerpts_are_within_every_limit() -> None:
    assert all(read_file(path, LIMITS).vulnerabilities for path in SAMPLES.glob("*.json"))
