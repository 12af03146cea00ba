# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service of Microsoft answers something else than a document, or an older one than it did: the overlay stays as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import as_xml, document, fix, vulnerability
from ansible_collections.winops.hotpatch.tests.unit.msrc.test_module import module
from ansible_collections.winops.hotpatch.tests.unit.msrc.web_server import Answer, serve

JSON = {"Content-Type": "application/json; charset=utf-8"}
FIXES = fix("KB5990001", "11923", "20348.6000"), fix("KB5990002", "11923", "20348.5950", "AzureHotpatch")
OLD = document(vulnerability("CVE-2026-90001", *FIXES), number="2", revised="2026-12-09T09:00:00")
NEW = document(vulnerability("CVE-2026-90001", *FIXES), vulnerability("CVE-2026-99999", *FIXES), number="5", revised="2026-12-20T09:00:00")
PATH = "/cvrf/2026-Dec"
ODD = {
    "an error of the server": (
        Answer(500, json.dumps({"error": {"message": "Encountered an internal server error."}}).encode(), JSON),
        "500",
    ),
    "an error in place of a document": (Answer(200, json.dumps({"error": {"message": "No HTTP resource was found"}}).encode(), JSON), ""),
    "nothing": (Answer(200, b"", JSON), "empty"),
    "a page": (Answer(200, b"<!DOCTYPE html><html><body>Sign in</body></html>", {"Content-Type": "text/html"}), ""),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_document_is_told_with_its_url_and_changes_nothing(tmp_path: Path, name: str) -> None:
    answer, words = ODD[name]
    dest = tmp_path / "msrc.json"
    with serve() as server:
        options = {"months": ["2026-12"], "url": f"{server.url}/cvrf", "dest": str(dest), "retries": 1, "retry_wait": 0, "timeout": 10}
        # The service answers XML whatever is asked for, under whatever header.
        server.answers[PATH] = [Answer(200, as_xml(NEW), JSON)]
        assert module(tmp_path, **options).result["changed"] is True
        before = dest.read_bytes()
        server.answers[PATH] = [answer, answer]
        done = module(tmp_path, **options)
        said = done.result["msg"]
        assert done.code != 0
        assert dest.read_bytes() == before
        assert f"{server.url}{PATH}" in said
        assert words in said
        assert "Traceback" not in done.output


def test_an_older_revision_takes_nothing_back(tmp_path: Path) -> None:
    dest = tmp_path / "msrc.json"
    with serve() as server:
        options = {"months": ["2026-12"], "url": f"{server.url}/cvrf", "dest": str(dest), "retries": 0, "timeout": 10}
        for content in (NEW, OLD):
            server.answers[PATH] = [Answer(200, as_xml(content), JSON)]
            assert module(tmp_path, **options).code == 0
    assert "CVE-2026-99999" in dest.read_text()
