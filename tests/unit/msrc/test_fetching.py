# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Downloads from a real web server on this machine: marks, retries, limits, redirections, proxies."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.fetching import Fetching, check_url, fetched, redact_url
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.importing import Wanted, run_import
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.problems import CvrfError
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import GOOD, as_json, as_xml, built_in, document, fix, vulnerability
from ansible_collections.winops.hotpatch.tests.unit.msrc.web_server import Answer, Server, serve

BODY = as_xml(GOOD)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serve() as running:
        yield running


def waits() -> tuple[list[float], Any]:
    """Return a list of the waits that are asked for, and a sleep that only notes them."""
    noted: list[float] = []
    return noted, noted.append


def got(url: str, **how: Any) -> bytes:
    """Return what is downloaded from URL."""
    with fetched(url, Fetching(**{"timeout": 5, "retries": 0, **how})) as path:
        return path.read_bytes()


def test_a_document_is_fetched_and_says_who_asks(server: Server) -> None:
    server.answers["/2026-Dec"] = [Answer(body=BODY)]
    assert got(f"{server.url}/2026-Dec") == BODY
    ((path, headers),) = server.asked
    assert path == "/2026-Dec"
    assert headers["User-Agent"].startswith("winops.hotpatch")
    assert "If-None-Match" not in headers


def test_an_unchanged_document_is_not_downloaded_again(server: Server, tmp_path: Path) -> None:
    server.answers["/2026-Dec"] = [Answer(body=BODY, headers={"ETag": '"five"'})]
    url, cache = f"{server.url}/2026-Dec", tmp_path / "cache"
    assert got(url, cache=cache) == got(url, cache=cache) == BODY
    assert [headers.get("If-None-Match") for _path, headers in server.asked] == [None, '"five"']
    server.answers["/2026-Dec"] = [Answer(body=BODY + b"\n", headers={"ETag": '"six"'})]
    assert got(url, cache=cache) == BODY + b"\n"
    assert got(url, cache=cache) == BODY + b"\n"
    assert [headers.get("If-None-Match") for _path, headers in server.asked[2:]] == ['"five"', '"six"']
    assert len(list(cache.iterdir())) == 2


def test_the_date_of_a_document_serves_where_it_has_no_mark(server: Server, tmp_path: Path) -> None:
    server.answers["/d"] = [Answer(body=BODY, headers={"Last-Modified": "Tue, 08 Dec 2026 18:00:00 GMT"}), Answer(304)]
    assert got(f"{server.url}/d", cache=tmp_path) == got(f"{server.url}/d", cache=tmp_path) == BODY
    assert server.asked[1][1]["If-Modified-Since"] == "Tue, 08 Dec 2026 18:00:00 GMT"


@pytest.mark.parametrize("damage", ["body", "marks", "other url"])
def test_a_damaged_cache_is_not_trusted(server: Server, tmp_path: Path, damage: str) -> None:
    server.answers["/d"] = [Answer(body=BODY, headers={"ETag": '"five"'})]
    assert got(f"{server.url}/d", cache=tmp_path) == BODY
    (body,), (marks,) = tmp_path.glob("*.document"), tmp_path.glob("*.json")
    if damage == "body":
        body.write_bytes(b"<other/>")
    elif damage == "marks":
        marks.write_text("{")
    else:
        marks.write_text(json.dumps({**json.loads(marks.read_text()), "url": "http://127.0.0.1/other"}))
    assert got(f"{server.url}/d", cache=tmp_path) == BODY
    assert "If-None-Match" not in server.asked[1][1]


def test_without_keeping_nothing_is_written(server: Server, tmp_path: Path) -> None:
    server.answers["/d"] = [Answer(body=BODY, headers={"ETag": '"five"'})]
    got(f"{server.url}/d", cache=tmp_path / "cache", keep=False)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    server.answers["/d"] = [Answer(body=BODY, headers={"ETag": '"five"'})]
    with pytest.raises(CvrfError, match=r"^cache .*file/cache: cannot be written"):
        got(f"{server.url}/d", cache=tmp_path / "file" / "cache")


def test_an_unasked_304_is_an_error(server: Server) -> None:
    server.answers["/d"] = [Answer(304)]
    with pytest.raises(CvrfError, match="the server answered 304"):
        got(f"{server.url}/d")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_failure_that_may_pass_is_tried_again(server: Server, status: int) -> None:
    server.answers["/d"] = [Answer(status), Answer(status), Answer(body=BODY)]
    noted, sleep = waits()
    assert got(f"{server.url}/d", retries=3, wait=1.5, sleep=sleep) == BODY
    assert noted == [1.5, 3.0]


def test_the_wait_that_the_server_asks_for_is_kept_to_within_bounds(server: Server) -> None:
    server.answers["/d"] = [Answer(429, headers={"Retry-After": "7"}), Answer(503, headers={"Retry-After": "86400"}), Answer(body=BODY)]
    noted, sleep = waits()
    assert got(f"{server.url}/d", retries=2, sleep=sleep) == BODY
    assert noted == [7.0, 60.0]


def test_after_the_last_attempt_the_reason_is_said(server: Server) -> None:
    server.answers["/d"] = [Answer(503)]
    noted, sleep = waits()
    with pytest.raises(CvrfError, match="cannot be fetched in 3 attempts: the server answered 503"):
        got(f"{server.url}/d", retries=2, sleep=sleep)
    assert len(noted) == 2
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("status", "message"), [(404, r"does not exist \(404\)"), (401, "answered 401"), (403, "answered 403"), (410, "answered 410")]
)
def test_a_failure_that_does_not_pass_is_not_tried_again(server: Server, status: int, message: str) -> None:
    server.answers["/d"] = [Answer(status)]
    with pytest.raises(CvrfError, match=message):
        got(f"{server.url}/d", retries=5, sleep=pytest.fail)
    assert len(server.asked) == 1


def test_a_server_that_does_not_answer_runs_into_the_time_out(server: Server) -> None:
    server.answers["/d"] = [Answer(body=b"x", slow=5)]
    with pytest.raises(CvrfError, match=r"cannot be fetched: .*timed out"):
        got(f"{server.url}/d", timeout=1)


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.fetching._WHOLE", 1)
    monkeypatch.setattr("ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.fetching._PIECE", 4)
    server.answers["/d"] = [Answer(body=b"x" * 100, slow=0.1)]
    with pytest.raises(CvrfError, match="was not complete after 1 seconds"):
        got(f"{server.url}/d", timeout=1)


def test_a_port_where_nobody_listens(server: Server) -> None:
    with pytest.raises(CvrfError, match=r"cannot be fetched: .*[Cc]onnection refused"):
        got("http://127.0.0.1:9/2026-Dec")


def test_a_download_that_is_cut_off_is_tried_again(server: Server) -> None:
    server.answers["/d"] = [Answer(body=BODY[:100], length=len(BODY)), Answer(body=BODY)]
    noted, sleep = waits()
    assert got(f"{server.url}/d", retries=1, sleep=sleep, timeout=2) == BODY
    assert len(noted) == 1


@pytest.mark.parametrize("length", [None, -1, 10])
def test_a_document_that_is_too_large_is_refused(server: Server, length: int | None) -> None:
    server.answers["/d"] = [Answer(body=b"x" * 5000, length=length)]
    limit = 1000 if length != 10 else 9
    with pytest.raises(CvrfError, match=rf"is larger than {limit} bytes"):
        got(f"{server.url}/d", max_bytes=limit, retries=2, sleep=pytest.fail)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "data:text/xml,x", "FILE:///etc/passwd"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_to_anything_but_the_web_is_refused(server: Server, target: str, status: int) -> None:
    server.answers["/d"] = [Answer(status, headers={"Location": target})]
    with pytest.raises(CvrfError, match=r"is redirected from http to (file|ftp|gopher|data), which is refused"):
        got(f"{server.url}/d", retries=2, sleep=pytest.fail)


def test_a_redirection_within_the_web_is_followed_and_an_endless_one_is_not(server: Server) -> None:
    server.answers["/d"] = [Answer(302, headers={"Location": "/e"})]
    server.answers["/e"] = [Answer(body=BODY)]
    assert got(f"{server.url}/d") == BODY
    server.answers["/e"] = [Answer(302, headers={"Location": "/e"})]
    with pytest.raises(CvrfError, match="cannot be fetched: the server answered 302"):
        got(f"{server.url}/d")


def test_the_proxy_is_asked_and_its_password_is_not_shown(server: Server) -> None:
    server.answers["http://msrc.invalid/2026-Dec"] = [Answer(body=BODY)]
    proxy = server.url.replace("http://", "http://user:Secret1@")
    assert got("http://msrc.invalid/2026-Dec", proxy=proxy) == BODY
    assert server.asked[0][0] == "http://msrc.invalid/2026-Dec"
    server.answers["http://msrc.invalid/2026-Dec"] = [Answer(503)]
    with pytest.raises(CvrfError) as caught:
        got("http://msrc.invalid/2026-Dec", proxy=proxy)
    assert "Secret1" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("file:///etc/passwd", "neither http nor https"),
        ("ftp://example.com/x", "neither http nor https"),
        ("https:///cvrf", "neither http nor https"),
        ("https://user:Secret1@example.com/x", "holds a user or a password"),
        ("https://[::1/x", "is not a URL"),
        ("https://example.com:99999/x", "is not a URL"),
        ("https://example.com/a b", "holds blanks"),
        ("https://example.com/a\r\nHost: other", "holds blanks"),
    ],
)
def test_urls_that_are_not_fetched(url: str, message: str) -> None:
    with pytest.raises(CvrfError, match=message) as caught:
        check_url(url)
    assert "Secret1" not in str(caught.value)


def test_what_may_be_secret_in_a_url_is_not_shown() -> None:
    assert redact_url("https://user:Secret1@example.com:8443/cvrf/2026-Jun?sig=Secret2#x") == "https://example.com:8443/cvrf/2026-Jun"


def test_months_are_downloaded_from_the_url_of_the_api(server: Server, tmp_path: Path) -> None:
    server.answers["/cvrf/2026-Dec"] = [Answer(body=gzip.compress(BODY), headers={"Content-Encoding": "gzip"})]
    found = run_import(Wanted((), ("2026-12",), f"{server.url}/cvrf/"), built_in(), tmp_path / "msrc.json")
    assert [(row["id"], row["source"], row["used"]) for row in found.documents] == [("2026-Dec", f"{server.url}/cvrf/2026-Dec", True)]


def test_another_document_than_was_asked_for_is_refused(server: Server, tmp_path: Path) -> None:
    server.answers["/cvrf/2026-Nov"] = [Answer(body=BODY)]
    with pytest.raises(CvrfError, match="holds the document 2026-Dec, which was not asked for"):
        run_import(Wanted((), ("2026-11",), f"{server.url}/cvrf"), built_in(), tmp_path / "msrc.json")


def test_a_page_instead_of_a_document_names_the_url(server: Server, tmp_path: Path) -> None:
    server.answers["/2026-Dec"] = [Answer(body=b"<html>Sign in</html>")]
    with pytest.raises(CvrfError, match=f"^{server.url}/2026-Dec: begins with 'html'"):
        run_import(Wanted((f"{server.url}/2026-Dec",), ()), built_in(), tmp_path / "msrc.json")


def test_json_from_the_web_gives_the_same_releases_as_xml(server: Server, tmp_path: Path) -> None:
    data = document(vulnerability("CVE-2026-90001", fix("KB5990001", "11923", "20348.6000")))
    server.answers |= {"/j": [Answer(body=as_json(data))], "/x": [Answer(body=as_xml(data))]}
    results = [run_import(Wanted((f"{server.url}{path}",), ()), built_in(), tmp_path / "msrc.json").after for path in ("/j", "/x")]
    assert results[0]["lines"] == results[1]["lines"]
    assert results[0]["lines"]["ws2022_azure"]["releases"]
