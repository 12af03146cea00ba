# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server on 127.0.0.1 that answers as a test tells it to."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """One answer. LENGTH is what the header says, if not the truth; SLOW is a wait in seconds before it and between its bytes."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    slow: float = 0.0


@dataclass
class Server:
    """What to answer to which path, one after the other (the last one again and again), what was asked, and with what certificate."""

    url: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    certificates: list[bool] = field(default_factory=list)

    def next(self, path: str) -> Answer:
        """Return the next answer to PATH."""
        answers = self.answers.get(path, [Answer(404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def serve(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Yield a running server, of HTTPS where TLS is given."""
    state = Server("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.path, dict(self.headers.items())))
            state.certificates.append(isinstance(self.connection, ssl.SSLSocket) and bool(self.connection.getpeercert()))
            answer = state.next(self.path)
            known = answer.headers.get("ETag")
            if known and self.headers.get("If-None-Match") == known:
                answer = Answer(304, headers={"ETag": known})
            time.sleep(answer.slow)
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.length != -1 and answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
                self.end_headers()
                if answer.slow:
                    for byte in answer.body:
                        self.wfile.write(bytes([byte]))
                        time.sleep(answer.slow)
                else:
                    self.wfile.write(answer.body)
            except OSError:
                pass

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        state.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
