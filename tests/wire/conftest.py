# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real connection plugins, over loopback, to hosts whose PowerShell is real and whose Windows is made of doubles.

ansible-playbook runs as a user runs it. What it talks to is a WS-Management endpoint of these tests, or an sshd that they start.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.payload.conftest import pwsh
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import SKIP, find_pwsh
from ansible_collections.winops.hotpatch.tests.payload.hosts import Host
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import make_certificate, make_collection, make_host, make_shell
from ansible_collections.winops.hotpatch.tests.wire.wsman_endpoint import PREFIX, Endpoint, Fault, Remote

__all__ = ["NOW", "USER", "Wire", "pwsh"]

USER = "patcher"
# The day after the hosts of the tests last restarted with their baseline, and before the next release.
NOW = "2026-05-12T19:00:00Z"
OVER_WINRM = {
    "ansible_connection": "winrm",
    "ansible_host": "127.0.0.1",
    "ansible_user": USER,
    "ansible_winrm_scheme": "https",
    "ansible_winrm_transport": "basic",
    "ansible_winrm_server_cert_validation": "ignore",
}


def pytest_report_header() -> str:
    """Say loudly whether anything goes over the wire."""
    found = find_pwsh()
    return f"wire tests run on {found}" if found else f"WIRE TESTS ARE SKIPPED: {SKIP}"


@dataclass
class Wire:
    """A controller, and hosts that it reaches over winrm."""

    root: Path
    shell: Path
    endpoint: Endpoint
    password: str

    def host(self, name: str, host: Host, *faults: Fault) -> None:
        """Let there be a host of this name."""
        self.endpoint.hosts[name] = Remote(make_host(self.root, self.shell, name, host), faults)

    def play(self, folder: Path, hosts: list[str], *tasks: dict[str, Any], more: tuple[str, ...] = (), **variables: Any) -> Run:
        """Run tasks on hosts."""
        book = folder / "book.yml"
        book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]), encoding="utf-8")
        return self.run(folder, str(book), hosts, *more, **variables)

    def run(self, folder: Path, playbook: str, hosts: list[str], *more: str, **variables: Any) -> Run:
        """Run a playbook, given as a file or by its name in the collection, on hosts."""
        known = {name: {"ansible_winrm_path": PREFIX + name} for name in hosts}
        shared = OVER_WINRM | {"ansible_port": self.endpoint.port, "ansible_password": self.password} | variables
        inventory = folder / "inventory.json"
        inventory.touch(mode=0o600)
        inventory.write_text(json.dumps({"all": {"hosts": known, "vars": shared}}), encoding="utf-8")
        return run_on_the_controller(folder, self.root, playbook, inventory, *more)


def run_on_the_controller(folder: Path, collections: Path, playbook: str, inventory: Path, *more: str) -> Run:
    """Run a playbook with the collection of these tests."""
    env = {"ANSIBLE_COLLECTIONS_PATH": f"{collections}{os.pathsep}{os.environ['ANSIBLE_COLLECTIONS_PATH']}"}
    return run_playbook(folder, playbook, inventory, *more, env=env)


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collections path of the controller."""
    return make_collection(tmp_path_factory.mktemp("controller"))


@pytest.fixture(scope="session")
def shell(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the hosts find PowerShell."""
    return make_shell(tmp_path_factory.mktemp("shell"), pwsh)


@pytest.fixture(scope="session")
def wire(collections: Path, shell: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """An endpoint without hosts, and the controller."""
    password = secrets.token_urlsafe(18)
    endpoint = Endpoint(make_certificate(tmp_path_factory.mktemp("certificate") / "endpoint.pem"), USER, password)
    yield Wire(collections, shell, endpoint, password)
    endpoint.close()
