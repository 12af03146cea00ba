# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Downloads a document: http and https only, within limits of time and size, again after a failure that may pass."""

from __future__ import annotations

import contextlib
import http.client
import os
import ssl
import tempfile
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.urls import open_url

from .download_cache import CachedDownload
from .limits import MAX_BYTES, too_large
from .problems import CvrfError

_PIECE = 64 * 1024
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 60.0
# A whole download may take this many times the time-out of one answer, so that a server which sends a byte now and then ends too.
_WHOLE = 10
_AGENT = "winops.hotpatch catalog_update"
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTIONS = 10


@dataclass(frozen=True)
class Fetching:
    """The settings of a download: TIMEOUT and WAIT in seconds, the rest as in the options of the module."""

    proxy: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    timeout: int = 60
    retries: int = 3
    wait: float = 2.0
    max_bytes: int = MAX_BYTES
    cache: Path | None = None
    keep: bool = True
    sleep: Callable[[float], None] = time.sleep


class _PassingError(Exception):
    """A failure that may pass."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.wait = wait


def redact_url(url: str) -> str:
    """Return URL without what may be secret in it: a user, a password, a query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def check_url(url: str) -> None:
    """Raise CvrfError unless URL is one that is fetched."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise CvrfError(
            "url", f"is not a URL: {error}", "Give a URL such as https://api.msrc.microsoft.com/cvrf/v3.0/cvrf/2026-Jun."
        ) from None
    if not usable:
        raise CvrfError(redact_url(url), "is neither http nor https", "Give a file by its path, and a URL with http or https.")
    if "@" in parts.netloc:
        raise CvrfError(redact_url(url), "holds a user or a password", "Leave them out: what a URL holds ends up in logs.")
    if any(ord(character) <= 32 for character in url):
        raise CvrfError(redact_url(url).split()[0], "holds blanks or control characters", "Correct the URL.")


@contextlib.contextmanager
def fetched(url: str, how: Fetching) -> Iterator[Path]:
    """Yield a file with what URL holds. It is gone afterwards, unless it is the one of the cache. Raises CvrfError."""
    check_url(url)
    cached = CachedDownload(url, how.cache, keep=how.keep)
    with tempfile.TemporaryDirectory(prefix="hotpatch-cvrf-") as folder:
        target = Path(folder) / "document"
        for attempt in range(how.retries + 1):
            try:
                headers = _download(url, how, cached, target)
                break
            except _PassingError as problem:
                if attempt == how.retries:
                    tried = f" in {attempt + 1} attempts" if attempt else ""
                    remedy = "Check the network, proxy and timeout, or download the document and give the file."
                    raise CvrfError(redact_url(url), f"cannot be fetched{tried}: {problem}", remedy) from None
                how.sleep(min(problem.wait if problem.wait is not None else how.wait * 2**attempt, _LONGEST_WAIT))
        if headers is None:
            yield cached.body
            return
        cached.store(target, headers)
        yield target


@contextlib.contextmanager
def _through(proxy: str | None) -> Iterator[None]:
    """Set PROXY as that of the environment, which is where ansible-core takes it from."""
    before = {name: os.environ.get(name) for name in ("http_proxy", "https_proxy")}
    try:
        if proxy:
            os.environ.update(dict.fromkeys(before, proxy))
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _open(url: str, how: Fetching, headers: dict[str, str]) -> Any:
    """Return the open answer to a request of URL, redirections followed; raise what urllib raises, or CvrfError.

    They lead to http and https only and from https to https only, and a client certificate is shown to no other server.
    """
    asked = url
    for redirections in range(_MOST_REDIRECTIONS + 1):
        is_same = _server(url) == _server(asked)
        try:
            with _through(how.proxy):
                return open_url(
                    url,
                    headers=headers,
                    http_agent=_AGENT,
                    timeout=how.timeout,
                    validate_certs=how.validate_certs,
                    ca_path=how.ca_path,
                    client_cert=how.client_cert if is_same else None,
                    client_key=how.client_key if is_same else None,
                    follow_redirects="none",
                    decompress=False,
                    use_netrc=False,
                )
        except urllib.error.HTTPError as error:
            if error.code not in _REDIRECTIONS or not error.headers.get("Location") or redirections == _MOST_REDIRECTIONS:
                raise
            with error:
                # Of a redirection, the error names the target.
                url = _target(url, error.url)
    raise AssertionError("the last redirection is raised")


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _target(url: str, target: str) -> str:
    """Return TARGET, to which URL is redirected; raise CvrfError where that is refused."""
    before, after = urlsplit(url).scheme, urlsplit(target).scheme
    if after not in ("http", "https") or (before == "https" and after != "https"):
        what = f"is redirected from {before} to {after or 'nothing'}, which is refused"
        raise CvrfError(redact_url(url), what, "Check the URL and the proxy.")
    check_url(target)
    return target


def _download(url: str, how: Fetching, cached: CachedDownload, target: Path) -> Message | None:
    """Write what URL holds into TARGET and return the headers, or None where the cache holds the same."""
    headers = {"Accept": "application/xml", "Accept-Encoding": "gzip"} | cached.conditions()
    ends = time.monotonic() + how.timeout * _WHOLE
    try:
        with _open(url, how, headers) as answer:
            _save(url, how, answer, target, ends)
            received: Message = answer.headers
            return received
    except urllib.error.HTTPError as error:
        with error:
            _refused(url, error, cached)
        return None
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        what = f"{type(reason).__name__}: {reason}"[:200]
        if isinstance(reason, ssl.SSLError) and not isinstance(reason, ssl.SSLEOFError):
            remedy = "Give the authority that signed the server's certificate in ca_path, and check client_cert and client_key."
            raise CvrfError(redact_url(url), f"cannot be fetched: {what}", remedy) from None
        raise _PassingError(what) from None
    except ValueError as error:
        raise CvrfError(redact_url(url), f"cannot be fetched: {error}"[:200], "Check the URL and the proxy.") from None


def _save(url: str, how: Fetching, answer: Any, target: Path, ends: float) -> None:
    """Write the body of ANSWER into TARGET; raise when it is too large, cut off, or not complete when the clock is at ENDS."""
    length = answer.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > how.max_bytes:
        raise too_large(redact_url(url), "is larger", how.max_bytes)
    size = 0
    with target.open("wb") as file:
        while piece := answer.read(_PIECE):
            size += len(piece)
            if size > how.max_bytes:
                raise too_large(redact_url(url), "is larger", how.max_bytes)
            if time.monotonic() > ends:
                raise _PassingError(f"it was not complete after {how.timeout * _WHOLE} seconds")
            file.write(piece)
    if length.isdigit() and size < int(length):
        raise _PassingError(f"the connection ended after {size} of {length} bytes")


def _refused(url: str, error: urllib.error.HTTPError, cached: CachedDownload) -> None:
    if error.code == 304 and cached.is_sound:
        return
    if error.code in _PASSING:
        after = error.headers.get("Retry-After", "") if error.headers else ""
        raise _PassingError(f"the server answered {error.code}", float(after) if after.isdigit() else None)
    if error.code == 404:
        remedy = "A month's document is published with its first updates; check the month, or leave it out until then."
        raise CvrfError(redact_url(url), "does not exist (404)", remedy)
    raise CvrfError(redact_url(url), f"cannot be fetched: the server answered {error.code}", "Check the URL and the proxy.")
