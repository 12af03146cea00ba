# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The payloads over the real ssh connection, to hosts whose shell is PowerShell."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.payload.hosts import WINDOWS, Host, offer, server_2022_azure, server_2025
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, run_on_the_controller
from ansible_collections.winops.hotpatch.tests.wire.ssh_server import SshServer, login, ssh_server
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import calls_of, make_host

FLEET: dict[str, Host] = {
    "web01": server_2025(offers=[offer("KB5087423", title="Größe <b> {{ 7 * 7 }}", restart_check={"bootstrapper": True, "answer": False})]),
    "sql01": server_2022_azure(),
}
TASKS = [{"name": "ask", "winops.hotpatch.host_info": {"as_of": NOW}}]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what there is of the hosts lies."""
    return tmp_path_factory.mktemp("ssh_hosts")


@pytest.fixture(scope="module")
def server(hosts: Path, shell: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    if not shutil.which("ssh"):
        pytest.skip("no ssh on this machine: install the OpenSSH client to test the ssh connection")
    environments = {name: make_host(hosts, shell, name, host) for name, host in FLEET.items()}
    with ssh_server(tmp_path_factory.mktemp("ssh"), environments) as running:
        yield running


@pytest.fixture(scope="module")
def ran(server: SshServer, collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("play")
    # Nothing of the user's own: no agent, no configuration, no master connection that outlives the test.
    options = f"-F none -o UserKnownHostsFile={server.known_hosts} -o IdentitiesOnly=yes -o IdentityAgent=none -o ControlMaster=no"
    shared = {
        "ansible_connection": "ssh",
        "ansible_shell_type": "powershell",
        "ansible_host": "127.0.0.1",
        "ansible_port": server.port,
        "ansible_user": login(),
        "ansible_ssh_args": options,
        # There is no such program, and no answer may depend on it: ansible-core 2.21 and later would start it.
        "ansible_pwsh_interpreter": "/no/such/pwsh",
    }
    keys = {name: {"ansible_ssh_private_key_file": str(server.key_of(name))} for name in FLEET}
    inventory, book = folder / "inventory.json", folder / "book.yml"
    inventory.write_text(json.dumps({"all": {"hosts": keys, "vars": shared}}), encoding="utf-8")
    book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": TASKS}]), encoding="utf-8")
    return run_on_the_controller(folder, collections, str(book), inventory, "-vvv")


@pytest.mark.parametrize("name", FLEET)
def test_record_is_that_of_the_host(ran: Run, name: str) -> None:
    host, result = FLEET[name], ran.of(name, "ask")
    assert ran.status(name, "ask") == "ok", ran.output
    windows, record = host["registry"][WINDOWS], result["record"]
    assert (record["os"]["build"], record["os"]["ubr"]) == (int(windows["CurrentBuild"]), windows["UBR"])
    assert record["os"]["product_name"] == host["cim"]["Win32_OperatingSystem"][0]["Caption"]
    assert [entry["title"] for entry in record["offers"]] == [entry["title"] for entry in host["offers"]]
    assert (record["host"], record["observed_at"], record["errors"]) == (name, host["now"], [])


def test_one_execution_a_task(ran: Run, server: SshServer, hosts: Path) -> None:
    assert ran.returncode == 0, ran.output
    assert {name: server.commands_of(name) for name in FLEET} == dict.fromkeys(FLEET, len(TASKS))
    for name in FLEET:
        assert sum(call.startswith("search ") for call in calls_of(hosts, name)) == 1
