# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A WS-Management endpoint on loopback for the real winrm connection: TLS, basic authentication, remote shells whose commands really run.

One endpoint plays many hosts, told apart by the path of the request: C(/wsman/<host>). Each has an environment of its own for its
commands, and may have faults: what breaks, at which operation. Everything asked is kept, so that a test can count it.
"""

from __future__ import annotations

import base64
import hmac
import socket
import ssl
import threading
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from . import wsman_messages as messages
from .remote_command import RemoteCommand
from .wsman_messages import Request

PREFIX = "/wsman/"
# As Windows has it: MaxEnvelopeSizekb.
REQUEST_LIMIT = 500 * 1024
# Of an answer, what is not output.
ENVELOPE = 4096


@dataclass(frozen=True)
class Fault:
    """What goes wrong at the C(nth) operation C(action) of a host, and at those that follow it, C(times) in all.

    The C(action) is that of the request; C(Answer) is a Receive for the rest of an output of which the client has a part.
    C(cut) ends the connection without an answer, C(half) in the middle of the answer; a number is the code of a fault that is answered.
    C(done) tells whether the operation was carried out all the same, and C(reason) what a fault says instead of what Windows would say.
    """

    action: str
    kind: str | int
    nth: int = 1
    times: int = 1
    done: bool = False
    reason: str | None = None

    def hits(self, action: str, count: int) -> bool:
        return action == self.action and self.nth <= count < self.nth + self.times


@dataclass(frozen=True)
class Operation:
    """One request that was let in."""

    host: str
    action: str
    size: int
    command_line: str = ""


@dataclass
class Remote:
    """A host that the endpoint plays."""

    environment: dict[str, str]
    faults: tuple[Fault, ...] = ()
    shells: dict[str, dict[str, RemoteCommand]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


class Endpoint:
    """The endpoint, serving in a thread until C(close)."""

    def __init__(self, certificate: Path, user: str, password: str) -> None:
        self.hosts: dict[str, Remote] = {}
        self.operations: list[Operation] = []
        self.refused: list[str] = []
        self._login = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._lock = threading.Lock()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server = _Server(self)
        # The handshake is left to the thread of the connection: a client that is silent must not stop the others.
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Serve no more, and end what still runs."""
        self._server.shutdown()
        self._server.server_close()
        for remote in self.hosts.values():
            for shell in remote.shells.values():
                for command in shell.values():
                    command.end()

    def of(self, host: str, action: str | None = None) -> list[Operation]:
        """What was asked of a host."""
        return [item for item in self.operations if item.host == host and action in (None, item.action)]

    def lets_in(self, path: str, header: str) -> str | None:
        """The host that a request is for, or None if it may not come in. What is kept of a refusal holds no password."""
        scheme, _dummy, given = header.partition(" ")
        host = path.removeprefix(PREFIX)
        if scheme == "Basic" and hmac.compare_digest(given, self._login) and host in self.hosts:
            return host
        with self._lock:
            self.refused.append(path)
        return None

    def answer(self, host: str, text: bytes, size: int) -> tuple[int, bytes] | Fault:
        """Do what a request asks for: HTTP status and answer, or the fault that leaves it without one."""
        request = messages.read_request(text)
        remote = self.hosts[host]
        command = remote.shells.get(request.shell_id, {}).get(request.command_id)
        stage = "Answer" if request.action == "Receive" and command and command.delivered else request.action
        with self._lock:
            self.operations.append(Operation(host, request.action, size, request.command_line if request.action == "Command" else ""))
            remote.counts[stage] += 1
            hit = next((item for item in remote.faults if item.hits(stage, remote.counts[stage])), None)
        if hit and not hit.done and hit.kind != "half":
            return (500, messages.fault(request, hit.kind, hit.reason)) if isinstance(hit.kind, int) else hit
        code, inside = self._carry_out(remote, request)
        if hit and isinstance(hit.kind, int):
            code = hit.kind
        elif hit:
            return hit
        return (500, messages.fault(request, code)) if code else (200, messages.envelope(request, inside))

    def _carry_out(self, remote: Remote, request: Request) -> tuple[int, str]:
        """The code of the fault, 0 if none, and the body of the answer."""
        if request.action == "Create":
            shell_id = str(uuid.uuid4()).upper()
            remote.shells[shell_id] = {}
            return 0, messages.shell_created(shell_id)
        shell = remote.shells.get(request.shell_id)
        if shell is None:
            return messages.NO_SUCH_SHELL, ""
        if request.action == "Delete":
            for command in remote.shells.pop(request.shell_id).values():
                command.end()
            return 0, ""
        if request.action == "Command":
            command_id = str(uuid.uuid4()).upper()
            shell[command_id] = RemoteCommand(request.command_line, remote.environment)
            return 0, messages.command_started(command_id)
        known = shell.get(request.command_id)
        if known is None:
            return messages.INTERNAL_ERROR, ""
        if request.action == "Send":
            for data, last in request.streams():
                known.send(data, last)
            return 0, "<rsp:SendResponse/>"
        if request.action == "Receive":
            # Base64 takes four characters for three bytes.
            found = known.receive(request.seconds, (request.answer_limit - ENVELOPE) * 3 // 4)
            return (0, messages.output(request.command_id, *found)) if found else (messages.TIMED_OUT, "")
        if request.action == "Signal":
            known.end()
            return 0, "<rsp:SignalResponse/>"
        return messages.INTERNAL_ERROR, ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that goes away is what many tests are about, and they look at what it was told."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Server

    def log_message(self, *args: object) -> None:
        """Write no log: the operations are kept."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        if length > REQUEST_LIMIT:
            self.close_connection = True
            return self._answer(413, b"")
        text = self.rfile.read(length)
        host = self.server.endpoint.lets_in(self.path, self.headers.get("Authorization", ""))
        if host is None:
            return self._answer(401, b"", ("WWW-Authenticate", 'Basic realm="WSMAN"'))
        head = len(self.requestline) + len(bytes(self.headers))
        try:
            found = self.server.endpoint.answer(host, text, head + length)
        except ValueError:
            return self._answer(400, b"")
        if not isinstance(found, Fault):
            return self._answer(*found)
        if found.kind == "half":
            self._begin(200, 4000)
            self.wfile.write(b"<s:Envelope ")
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        return None

    def _answer(self, status: int, data: bytes, *more: tuple[str, str]) -> None:
        self._begin(status, len(data), *more)
        self.wfile.write(data)

    def _begin(self, status: int, length: int, *more: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "application/soap+xml;charset=UTF-8"), ("Content-Length", str(length)), *more):
            self.send_header(name, value)
        self.end_headers()
