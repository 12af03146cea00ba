# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An SSH server on loopback: the machine's own sshd where there is one, else asyncssh. Keys and settings are its own.

One server plays many hosts, told apart by the key that logs in. A key may do one thing: run the script of its host, which sets the
environment of the host, notes that it was called, and does what was asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import shlex
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SSHD = shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"]))
# OpenSSH wants this folder when it is started by root; its own service makes it.
PRIVILEGE_SEPARATION = Path("/run/sshd")
SECONDS_TO_START = 15
SCRIPT = "HOTPATCH_WIRE_SCRIPT"
SETTINGS = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
"""


@dataclass(frozen=True)
class SshServer:
    """A server that is running."""

    folder: Path
    port: int
    kind: str

    def key_of(self, host: str) -> Path:
        return self.folder / f"{host}.key"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    def commands_of(self, host: str) -> int:
        """How many commands a host was sent."""
        log = self.folder / f"{host}.commands"
        return len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0


@contextlib.contextmanager
def ssh_server(folder: Path, hosts: dict[str, dict[str, str]]) -> Iterator[SshServer]:
    """Serve HOSTS, environment by name, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = SshServer(folder, port, "sshd" if SSHD else "asyncssh")
    _make_key(folder / "host_key")
    host_key = (folder / "host_key.pub").read_text(encoding="utf-8")
    server.known_hosts.write_text(f"[127.0.0.1]:{port} {host_key}", encoding="utf-8")
    allowed = []
    for name, environment in hosts.items():
        script = _make_script(folder, name, environment)
        _make_key(server.key_of(name))
        public = server.key_of(name).with_suffix(".key.pub").read_text(encoding="utf-8")
        # asyncssh does not tell a forced command what was asked for, so the script comes to it by a name of its own.
        allowed.append(f'command="{script}",restrict {public}' if SSHD else f'environment="{SCRIPT}={script}" {public}')
    (folder / "authorized_keys").write_text("".join(allowed), encoding="utf-8")
    with _run_sshd(server, SSHD) if SSHD else _run_asyncssh(server):
        yield server


def _make_key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, timeout=30)


def _make_script(folder: Path, name: str, environment: dict[str, str]) -> Path:
    script = folder / f"{name}.sh"
    words = " ".join(shlex.quote(f"{key}={value}") for key, value in environment.items() if key.isidentifier())
    log = shlex.quote(str(folder / f"{name}.commands"))
    script.write_text(f'#!/bin/sh\necho command >>{log}\nexec env {words} sh -c "$SSH_ORIGINAL_COMMAND"\n', encoding="utf-8")
    script.chmod(0o755)
    return script


@contextlib.contextmanager
def _run_sshd(server: SshServer, sshd: str) -> Iterator[None]:
    if os.getuid() == 0:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    settings = server.folder / "sshd_config"
    settings.write_text(SETTINGS.format(port=server.port, folder=server.folder), encoding="utf-8")
    with (server.folder / "sshd.log").open("wb") as log:
        process = subprocess.Popen([sshd, "-D", "-e", "-f", str(settings)], stdin=subprocess.DEVNULL, stderr=log, start_new_session=True)
        try:
            _wait_for(server, process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(server: SshServer, process: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < last and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"sshd does not serve: {(server.folder / 'sshd.log').read_text(encoding='utf-8')}")


@contextlib.contextmanager
def _run_asyncssh(server: SshServer) -> Iterator[None]:
    """Serve in a thread of this process."""
    import asyncssh  # only here, where the machine has no sshd

    async def handle(process: Any) -> None:
        script = process.get_extra_info("connection").get_key_option("environment")[SCRIPT]
        environment = os.environ | {"SSH_ORIGINAL_COMMAND": process.command or ""}
        child = await asyncio.create_subprocess_exec(
            script, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        await process.redirect(stdin=child.stdin, stdout=child.stdout, stderr=child.stderr)
        process.exit(await child.wait())

    async def serve() -> Any:
        return await asyncssh.listen(
            "127.0.0.1",
            server.port,
            server_host_keys=[str(server.folder / "host_key")],
            authorized_client_keys=str(server.folder / "authorized_keys"),
            process_factory=handle,
            encoding=None,
        )

    async def stop(listener: Any) -> None:
        listener.close()
        await listener.wait_closed()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listener = asyncio.run_coroutine_threadsafe(serve(), loop).result(SECONDS_TO_START)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(stop(listener), loop).result(SECONDS_TO_START)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS_TO_START)


def login() -> str:
    """The user that a server of these tests lets in: the one that runs it."""
    return getpass.getuser()
