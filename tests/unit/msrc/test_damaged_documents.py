# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are no documents, damaged ones, and ones made to do harm: each ends in a sentence that names the file and the place."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.limits import Limits
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.problems import CvrfError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.reading import document_files, read_file
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import GOOD, Data, as_json, as_xml

XML, JSON = as_xml(GOOD), as_json(GOOD)
LIMITS = Limits(packed=1 << 20, unpacked=4 << 20)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def xml_with(old: str, new: str) -> bytes:
    """Return the good document with one text exchanged."""
    assert old.encode() in XML
    return XML.replace(old.encode(), new.encode(), 1)


def doctype(text: str, use: str = "") -> bytes:
    """Return the good document with a document type before it and USE as its title."""
    head, rest = XML.split(b"\n", 1)
    return head + b"\n" + text.encode() + rest.replace(b"2026-Dec Security Updates", use.encode(), 1)


def changed(change: Callable[[Data], object]) -> bytes:
    """Return the good document with something else in it."""
    data = json.loads(JSON)
    change(data)
    return json.dumps(data).encode()


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blanks": (b" \n\t ", "is empty"),
    "a page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "document type"),
    "a page without a doctype": (b"<html><body>Sign in</body></html>", "begins with 'html'"),
    "text": (b"Not found", "neither XML nor JSON"),
    "binary": (bytes(range(128, 256)), "neither XML nor JSON"),
    "other xml": (b'<?xml version="1.0"?><rss/>', "begins with 'rss'"),
    "the name in no namespace": (b"<cvrfdoc/>", "begins with 'cvrfdoc'"),
    "billion laughs": (doctype(f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"), "document type or an entity"),
    "external entity": (doctype('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;"), "document type or an entity"),
    "external dtd": (doctype('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'), "document type or an entity"),
    "parameter entity": (doctype('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>'), "document type or an entity"),
    "undefined entity": (xml_with("2026-Dec Security", "&nbsp; Security"), "undefined entity"),
    "xml cut off": (XML[: len(XML) // 2], "not well-formed XML"),
    "xml that goes on": (XML + b"<more/>", "junk after document element"),
    "xml with crossed tags": (xml_with("</vuln:CVE>", "</vuln:CVX>"), "mismatched tag"),
    "xml of an unknown encoding": (XML.replace(b"utf-8", b"ebcdic-x", 1), "unknown encoding"),
    "xml that is not its encoding": (
        xml_with("Title of", "T\u00fctle of").replace("\u00fc".encode(), b"\xfc"),
        "not well-formed (invalid token)",
    ),
    "xml too deep": (b"<cvrf:cvrfdoc xmlns:cvrf='http://www.icasi.org/CVRF/schema/cvrf/1.1'>" + b"<a>" * 100_000, "nested deeper"),
    "json cut off": (JSON[: len(JSON) // 2], "is not JSON of a security document: "),
    "json cut off at the end": (JSON[:-1], "Expecting ',' delimiter"),
    "json that goes on": (JSON + b"{}", "Extra data"),
    "json of no object": (b'{"DocumentTracking": [1, 2', "Expecting ',' delimiter"),
    "json with a bare word": (JSON.replace(b'"Version": "1.0"', b'"Version": NaN'), "NaN"),
    "json too deep": (b'{"a": ' + b"[" * 100_000, "nested deeper"),
    "json without a comma": (JSON.replace(b', "ProductTree"', b' "ProductTree"'), "Expecting ',' delimiter"),
    "json with a key twice": (JSON.replace(b'"ProductTree"', b'"DocumentTitle"'), "'DocumentTitle' appears twice"),
    "json with a key twice further down": (JSON.replace(b'"CVE": ', b'"Title": "another", "CVE": '), "'Title' appears twice"),
    "json that is not utf-8": (JSON.replace(b"Title of", b"T\xfctle of"), "is not utf-8"),
    "json with a control character": (JSON.replace(b"Title of", b"Title\x01of"), "Invalid control character"),
    "json without tracking": (b'{"Vulnerability": []}', "no DocumentTracking"),
    "vulnerabilities that are no list": (changed(lambda data: data.update(Vulnerability="none")), "a list is expected"),
    "an id of no month": (
        changed(lambda data: data["DocumentTracking"]["Identification"].update(ID={"Value": "CVE-2026-1"})),
        "not the id of",
    ),
    "an id that is a path": (
        changed(lambda data: data["DocumentTracking"]["Identification"].update(ID="../../x")),
        "not the id of",
    ),
    "no id": (changed(lambda data: data["DocumentTracking"].pop("Identification")), "not the id of"),
    "no revision": (
        changed(lambda data: (data["DocumentTracking"].pop("RevisionHistory"), data["DocumentTracking"].pop("CurrentReleaseDate"))),
        "neither a RevisionHistory",
    ),
    "a date that is none": (
        changed(lambda data: data["DocumentTracking"].update(CurrentReleaseDate="yesterday")),
        "'yesterday', which is not a date",
    ),
    "a date of a vulnerability that is none": (
        changed(lambda data: data["Vulnerability"][0]["RevisionHistory"][0].update(Date="2026-13-40")),
        "not a date",
    ),
    "damaged gzip": (b"\x1f\x8b" + b"\xff" * 50, "damaged gzip"),
    "gzip cut off": (gzip.compress(XML)[:-20], "ends within its gzip data"),
    "gzip of nothing": (gzip.compress(b""), "is empty"),
    "gzip bomb": (gzip.compress(XML[:250] + b" " * (64 << 20)), "unpacks to more than 4194304 bytes"),
    "gzip in gzip": (gzip.compress(gzip.compress(XML)), "neither XML nor JSON"),
    "too large": (XML[:250] + b" " * (2 << 20), "is larger than 1048576 bytes"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_is_no_document_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    data, message = BAD[name]
    path = tmp_path / "2026-Dec.xml"
    path.write_bytes(data)
    with pytest.raises(CvrfError) as caught:
        read_file(path, LIMITS)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert message in text
    assert "/etc/passwd" not in text
    assert len(text) < 600


def test_zstd_is_named_with_its_remedy_and_not_passed_over_in_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "2026-Dec.xml.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + b"\0" * 20)
    (tmp_path / "2026-Nov.xml").write_bytes(XML)
    assert path in document_files(tmp_path)
    with pytest.raises(CvrfError, match="is packed with zstd") as caught:
        read_file(path, LIMITS)
    assert "zstd -d" in caught.value.remedy


def test_folders(tmp_path: Path) -> None:
    with pytest.raises(CvrfError, match="holds no document"):
        document_files(tmp_path)
    with pytest.raises(CvrfError, match="does not exist"):
        document_files(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe.xml")
    with pytest.raises(CvrfError, match="neither a file nor a folder"):
        document_files(tmp_path / "pipe.xml")
    for name in ("2026-Dec.xml", "2026-Nov.json", "2026-Oct.xml.gz", "index.json", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in document_files(tmp_path)] == ["2026-Dec.xml", "2026-Nov.json", "2026-Oct.xml.gz"]
