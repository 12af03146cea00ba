# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command that an endpoint runs for its client: fed and read in pieces, ended with everything that it started."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
from contextlib import suppress
from typing import IO

# A command that nobody ends is ended after this time.
LIFETIME = 120.0


class RemoteCommand:
    """One process, in a session of its own."""

    def __init__(self, line: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            shlex.split(line),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._stdin = self._process.stdin
        self._written = {"stdout": bytearray(), "stderr": bytearray()}
        self._open = set(self._written)
        self.delivered = 0
        self._news = threading.Condition()
        for name, stream in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
            threading.Thread(target=self._read, args=(name, stream), daemon=True).start()
        self._timer = threading.Timer(LIFETIME, self.end)
        self._timer.daemon = True
        self._timer.start()

    def send(self, data: bytes, last: bool) -> None:
        """Hand the process its input. One that no longer reads is not an error here: its output tells."""
        with suppress(BrokenPipeError, ValueError):
            self._stdin.write(data)
            self._stdin.flush()
            if last:
                self._stdin.close()

    def receive(self, seconds: float, limit: int) -> tuple[dict[str, bytes], int | None] | None:
        """What was written since the last call, at most LIMIT bytes, and the exit code once that was all. None: nothing in SECONDS."""
        with self._news:
            if not self._news.wait_for(lambda: any(self._written.values()) or not self._open, seconds):
                return None
            taken = {}
            for name, waiting in self._written.items():
                taken[name] = bytes(waiting[:limit])
                del waiting[:limit]
                limit -= len(taken[name])
                self.delivered += len(taken[name])
            done = not self._open and not any(self._written.values())
        return taken, self._process.wait() if done else None

    def end(self) -> None:
        """End the process and what it started."""
        self._timer.cancel()
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _read(self, name: str, stream: IO[bytes]) -> None:
        while block := os.read(stream.fileno(), 65536):
            with self._news:
                self._written[name] += block
                self._news.notify_all()
        with self._news:
            self._open.discard(name)
            self._news.notify_all()
