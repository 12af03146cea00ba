# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import into an overlay file: what is read and compared, and that nothing is lost when it cannot be written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.importing import Wanted, check_dest, run_import, verify, write
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.outline import outline
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.overlay import lay_over, render
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.problems import CvrfError
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import (
    HOTPATCH,
    SAMPLES,
    Data,
    as_json,
    as_xml,
    built_in,
    contributed,
    december,
    document,
    fix,
    vulnerability,
)

OLD, NEW = december("KB5990002", "9", "2026-12-10T08:00:00"), december("KB5990003", "12", "2026-12-20T08:00:00")
EMPTY: Data = {"format": "winops.hotpatch/catalog/1", "generated": None, "lines": {}, "documents": [], "cves": [], "findings": []}
FOREIGN = {
    "no json": "lines: {}",
    "a list": "[]",
    "an overlay by hand": '{"line": "ws2025", "releases": []}',
    "another format": json.dumps({**EMPTY, "format": "winops.hotpatch/catalog/9"}),
    "a key too many": json.dumps({**EMPTY, "x": 1}),
    "documents of no form": json.dumps({**EMPTY, "documents": [7]}),
    "lines of no form": json.dumps({**EMPTY, "lines": []}),
    "cves of no form": json.dumps({**EMPTY, "cves": {}}),
    "releases of no form": json.dumps({**EMPTY, "lines": {"ws2025": {}}}),
    "cut off": render(lay_over(None, [contributed(OLD)])[0])[:-200],
}


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_a_file_that_is_not_its_own_is_refused_and_left_alone(name: str, tmp_path: Path) -> None:
    dest = tmp_path / "msrc.json"
    dest.write_text(FOREIGN[name])
    with pytest.raises(CvrfError) as caught:
        run_import(Wanted((str(SAMPLES),), ()), built_in(), dest)
    assert str(caught.value).startswith(f"{dest}: ")
    assert "Give another dest" in str(caught.value)
    assert dest.read_text() == FOREIGN[name]


def test_a_dest_that_cannot_be_written_is_refused_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for dest, message in (
        (tmp_path, "is a folder"),
        (tmp_path / "msrc.yml", "does not end in .json"),
        (tmp_path / "missing" / "msrc.json", "does not exist"),
    ):
        with pytest.raises(CvrfError, match=message) as caught:
            check_dest(dest)
        assert str(dest) in str(caught.value)
    monkeypatch.setattr(os, "access", lambda *_args: False)
    with pytest.raises(CvrfError, match="no right to write"):
        check_dest(tmp_path / "msrc.json")


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_disk_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    dest = tmp_path / "msrc.json"
    write(run_import(Wanted((str(SAMPLES / "2026-Aug.json"),), ()), built_in(), dest), dest)
    before = dest.read_bytes()

    def fail(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    if step == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CvrfError, match=r"^dest .*msrc.json: cannot be written: No space left on device"):
        write(run_import(Wanted((str(SAMPLES),), ()), built_in(), dest), dest)
    assert dest.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["msrc.json"]


def test_the_rights_of_the_file_are_kept(tmp_path: Path) -> None:
    dest = tmp_path / "msrc.json"
    write(run_import(Wanted((str(SAMPLES / "2026-Aug.json"),), ()), built_in(), dest), dest)
    assert dest.stat().st_mode & 0o777 == 0o644
    dest.chmod(0o640)
    write(run_import(Wanted((str(SAMPLES),), ()), built_in(), dest), dest)
    assert dest.stat().st_mode & 0o777 == 0o640


def test_one_bad_document_stops_the_import(tmp_path: Path) -> None:
    (tmp_path / "2026-Dec.xml").write_bytes(as_xml(NEW))
    (tmp_path / "2026-Nov.xml").write_bytes(as_xml(NEW)[:-30])
    with pytest.raises(CvrfError, match=r"2026-Nov.xml: is not well-formed XML"):
        run_import(Wanted((str(tmp_path),), ()), built_in(), tmp_path / "msrc.json")


def test_months_choose_among_the_sources(tmp_path: Path) -> None:
    found = run_import(Wanted((str(SAMPLES),), ("2026-08", "2026-06")), built_in(), tmp_path / "msrc.json")
    assert [row["id"] for row in found.documents] == ["2026-Aug", "2026-Jun"]
    with pytest.raises(CvrfError, match=r"none of the documents is of 2020-01"):
        run_import(Wanted((str(SAMPLES),), ("2020-01",)), built_in(), tmp_path / "msrc.json")
    with pytest.raises(CvrfError, match="sources: is empty and so is months"):
        run_import(Wanted((), ()), built_in(), tmp_path / "msrc.json")


def test_the_outline_says_what_changes(tmp_path: Path) -> None:
    (tmp_path / "new.json").write_bytes(as_json(NEW))
    found = run_import(Wanted((str(tmp_path / "new.json"),), ()), built_in(), tmp_path / "msrc.json")
    assert outline(found.before) == ""
    assert "ws2022_azure 2026-12 KB5990003: kind hotpatch, build 20348.5950, released 2026-12-08, lcu_kb KB5990001\n" in outline(
        found.after
    )
    assert "CVEs of 2026-12: 1\n" in outline(found.after)
    assert "document 2026-Dec: revision 12 of 2026-12-20\n" in outline(found.after)


def november(build: str) -> Data:
    """A document of November 2026 with one hotpatch of this build."""
    rows = fix("KB5980001", "11923", "20348.5900"), fix("KB5980002", "11923", build, HOTPATCH)
    item = vulnerability("CVE-2026-80001", *rows, revisions="1.0 2026-11-10")
    return document(item, month="2026-Nov", day="2026-11-10", revised="2026-11-12T08:00:00")


def test_an_overlay_is_a_catalog_for_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "nov.json").write_bytes(as_json(november("20348.5860")))
    (tmp_path / "dec.json").write_bytes(as_json(NEW))
    dest = tmp_path / "overlay" / "msrc.json"
    dest.parent.mkdir()
    found = run_import(Wanted((str(tmp_path), str(SAMPLES)), ()), built_in(), dest)
    verify(found, [], dest)
    write(found, dest)
    catalog, before = load_catalog([dest]), built_in()
    added = {(name, row.kb) for name in catalog.lines for row in catalog.releases(name)}
    assert added - {(name, row.kb) for name in before.lines for row in before.releases(name)} == {
        ("ws2022_azure", "KB5980002"),
        ("ws2022_azure", "KB5990003"),
    }
    for name in before.lines:
        for row in before.releases(name):
            now = catalog.find(name, row.kb)
            assert now is not None
            assert (now.kind, now.build, now.released, now.restart) == (row.kind, row.build, row.released, row.restart)
    # Once more over its own result, as one of the overlays: it is left out there, and nothing changes.
    assert not run_import(Wanted((str(tmp_path), str(SAMPLES)), ()), built_in(), dest).changed


def test_documents_that_would_break_the_catalog_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    # Each of the two fits the catalog, and they do not fit each other: the later one has the lower build.
    (tmp_path / "nov.json").write_bytes(as_json(november("20348.5999")))
    (tmp_path / "dec.json").write_bytes(as_json(NEW))
    dest = tmp_path / "msrc.json"
    found = run_import(Wanted((str(tmp_path / "nov.json"), str(tmp_path / "dec.json")), ()), built_in(), dest)
    with pytest.raises(CvrfError, match=r"msrc.json: would not make a valid catalog: .*msrc.json.*KB5990003.*is not above") as caught:
        verify(found, [], dest)
    assert "Nothing was written" in caught.value.remedy
