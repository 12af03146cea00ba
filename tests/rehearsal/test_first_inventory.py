# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A first inventory, with one host of each mistake beside good ones: each is told its cause and its remedy, none harms another."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, Run, run_playbook
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import make_certificate

DAY = "2025-11-11T20:00:00Z"
ASK = "winops.hotpatch.assess : Ask the host what it is, and decide what a run would do"
# Libraries that this controller has not, wherever the tests run.
MISSING = ("pypsrp", "kerberos", "winkerberos", "requests_kerberos", "requests_credssp")
PASSWORD = "tr0ub4dor"
ADDRESS = {"ansible_host": "127.0.0.1", "ansible_user": "ops", "ansible_password": PASSWORD, "ansible_winrm_transport": "ntlm"}


@contextmanager
def answering(status: int, certificate: Path | None = None, body: bytes = b"") -> Iterator[int]:
    """Serve on loopback what answers STATUS and BODY to everything, over TLS with CERTIFICATE, and yield the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="WSMAN"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(path: Path, says: str, status: int) -> str:
    """Make a program that is called in place of ssh, and takes what it is sent as ssh does."""
    path.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{says}' >&2\nexit {status}\n")
    path.chmod(0o755)
    return str(path)


def mistakes(folder: Path, ports: dict[str, int]) -> dict[str, tuple[dict[str, Any], str, str, str]]:
    """Return the variables of each host, how Ansible reports it, what is said of the cause, and of the remedy."""
    winrm, over_ssh = (
        {**ADDRESS, "ansible_connection": "winrm"},
        {**ADDRESS, "ansible_connection": "ssh", "ansible_shell_type": "powershell"},
    )
    plain = {**winrm, "ansible_winrm_scheme": "http", "ansible_winrm_transport": "basic"}
    del over_ssh["ansible_password"]
    denied = program(folder / "denied", "ops@127.0.0.1: Permission denied (publickey).", 255)
    starts_cmd = program(folder / "starts_cmd", "Parameter format not correct - ;", 1)
    became = program(folder / "became", "Failed to become user SYSTEM: Access is denied", 1)
    locked = program(folder / "locked", "Method invocation is supported only on core types in this language mode.", 1)
    return {
        "no-connection": ({**ADDRESS, "ansible_connection": "ssh"}, "failed", "not_windows", "Set ansible_connection to winrm or psrp"),
        "no-psrp": ({**ADDRESS, "ansible_connection": "psrp"}, "failed", "pypsrp or dependencies are not", "Install pypsrp"),
        "no-kerberos": ({**winrm, "ansible_winrm_transport": "kerberos"}, "unreachable", "kerberos", "Install the Kerberos libraries"),
        "no-credssp": ({**winrm, "ansible_winrm_transport": "credssp"}, "unreachable", "credssp", "Install requests-credssp"),
        "port": ({**winrm, "ansible_port": ports["closed"]}, "unreachable", "Connection refused", "Nothing listens on this port"),
        "scheme": (
            {**winrm, "ansible_port": ports["refuses"], "ansible_winrm_scheme": "https"},
            "unreachable",
            "SSL",
            "does not speak HTTPS",
        ),
        "certificate": ({**winrm, "ansible_port": ports["tls"]}, "unreachable", "verify failed", "ansible_winrm_ca_trust_path"),
        "name": ({**winrm, "ansible_host": "no-such-host.invalid"}, "unreachable", "Failed to resolve", "set ansible_host"),
        "password": ({**plain, "ansible_port": ports["refuses"]}, "unreachable", "rejected", "check ansible_user"),
        "proxy": ({**plain, "ansible_port": ports["forbids"]}, "unreachable", "403", "no_proxy"),
        "no-sshd": ({**over_ssh, "ansible_port": ports["closed"]}, "unreachable", "Connection refused", "No SSH server"),
        "ssh-account": (
            {**over_ssh, "ansible_ssh_executable": denied},
            "unreachable",
            "Permission denied",
            "administrators_authorized_keys",
        ),
        "ssh-cmd": ({**over_ssh, "ansible_ssh_executable": starts_cmd}, "failed", "Parameter format", "ansible_shell_type to cmd"),
        "become": ({**over_ssh, "ansible_ssh_executable": became}, "failed", "Failed to become", "ansible_become_user"),
        "sudo": ({**over_ssh, "ansible_become": True, "ansible_ssh_executable": locked}, "failed", "become plugin", "to runas"),
        "not-winrm": ({**plain, "ansible_port": ports["lacks"]}, "unreachable", "404", "is not WinRM"),
        "html": ({**plain, "ansible_port": ports["html"]}, "unreachable", "basic: no reason was given", "is not WinRM"),
        "no-secret": ({key: plain[key] for key in plain if key != "ansible_password"}, "unreachable", "requires a", "Set ansible_password"),
        "url": ({**winrm, "ansible_host": "https://web01:5986"}, "unreachable", "Failed to resolve", "leave out https://"),
        "app-control": ({**over_ssh, "ansible_ssh_executable": locked}, "failed", "language mode", "App Control"),
    }


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Fleet, dict[str, Any], Run]]:
    """An inventory, its mistakes, and its first assess."""
    fleet = Fleet(tmp_path_factory.mktemp("first"), DAY)
    for library in MISSING:
        path = fleet.folder / "libraries" / f"{library}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"raise ModuleNotFoundError(\"No module named '{library}'\")\n")
    with ExitStack() as stack:
        certificate = make_certificate(fleet.folder / "host.pem")
        ports = {"closed": closed_port(), "refuses": stack.enter_context(answering(401)), "forbids": stack.enter_context(answering(403))}
        ports |= {"lacks": stack.enter_context(answering(404)), "html": stack.enter_context(answering(200, body=b"<html>Hello</html>"))}
        ports["tls"] = stack.enter_context(answering(401, certificate))
        wrong = mistakes(fleet.folder, ports)
        fleet.hosts = {"good01": {}, "good02": {}} | {name: variables for name, (variables, *_rest) in wrong.items()}
        extra = json.dumps({"hotpatch_now": DAY, "hotpatch_records": str(fleet.folder / "records")})
        env = {"PYTHONPATH": str(fleet.folder / "libraries")}
        yield fleet, wrong, run_playbook(fleet.folder, "winops.hotpatch.assess", fleet.inventory(), "-e", extra, env=env)


def test_each_host_is_told_its_cause_and_its_remedy(inventory: tuple[Fleet, dict[str, Any], Run]) -> None:
    _fleet, wrong, run = inventory
    remedies = run.remedies()
    for name, (_variables, status, cause, remedy) in wrong.items():
        result = run.of(name, ASK)
        assert (run.status(name, ASK), result.get("unreachable", False)) == ("failed", status == "unreachable"), name
        assert cause.lower() in result["msg"].lower(), name
        assert remedy in result["msg"], result["msg"]
        assert remedy in remedies[name], run.output
        assert result["msg"].endswith(result.get("remedy") or result["decision"]["remedy"])
    for word in ("Traceback", "MODULE FAILURE", "Unexpected failure", "is 5.1 or later"):
        assert word not in run.output


def test_the_table_has_them_all_and_the_good_ones_are_unharmed(inventory: tuple[Fleet, dict[str, Any], Run]) -> None:
    fleet, wrong, run = inventory
    table = run.table()
    assert set(table) == set(fleet.hosts)
    words = {name: line.split(maxsplit=4)[1:3] for name, line in table.items()}
    assert words["good01"] == words["good02"] == ["hotpatch_due", "would_install"]
    for name, (_variables, status, _cause, _remedy) in wrong.items():
        expected = {"unreachable": ["unreachable", "unreachable"], "failed": ["unknown", "failed"]}[status]
        assert words[name] == (["unknown", "refused"] if name == "no-connection" else expected)
    assert run.returncode == 2
    assert {path.name for path in (fleet.folder / "records").iterdir()} >= {"good01", "good02"}
    assert PASSWORD not in "".join(path.read_text() for path in (fleet.folder / "records").glob("*/*.json"))


def test_an_option_is_not_held_against_the_way_to_the_host(tmp_path: Path) -> None:
    """Its words may be those of a connection that fails."""
    fleet = Fleet(tmp_path, DAY)
    fleet.hosts = {"good01": {}}
    task = {"catalog": [str(tmp_path / "timed out: Connection refused, Permission denied (publickey).json")]}
    run = fleet.play({"winops.hotpatch.host_info": task})
    assert run.status("good01") == "failed"
    assert "Permission denied" in run.of("good01")["msg"]
    assert "remedy" not in run.of("good01")


@pytest.mark.parametrize("book", ["cycle", "rollback"])
def test_the_other_playbooks_keep_the_remedies_and_call_nothing_half_done(tmp_path: Path, book: str) -> None:
    fleet = Fleet(tmp_path, DAY)
    over_ssh = {"ansible_host": "127.0.0.1", "ansible_connection": "ssh", "ansible_shell_type": "powershell"}
    locked = program(tmp_path / "locked", "Method invocation is supported only on core types in this language mode.", 1)
    fleet.hosts = {
        "app-control": {**over_ssh, "ansible_ssh_executable": locked},
        "no-sshd": {**over_ssh, "ansible_port": closed_port()},
        "no-windows": {"ansible_connection": "local"},
    }
    extra = {
        "hotpatch_now": DAY,
        "hotpatch_records": str(tmp_path / "records"),
        "hotpatch_hosts": "all",
        "hotpatch_rollback_kb": "KB5068966",
    }
    run = run_playbook(tmp_path, f"winops.hotpatch.{book}", fleet.inventory(), "-e", json.dumps(extra))
    told = {"app-control": "App Control, AppLocker", "no-sshd": "No SSH server", "no-windows": "Set ansible_connection"}
    for name, remedy in told.items():
        assert remedy in run.remedies()[name], run.output
    assert run.table()["no-windows"].count("not_windows: ") == 1
    assert "by hand" not in run.output
    assert "It is not known how far" not in run.output


@pytest.mark.parametrize("module", ["update", "rollback"])
def test_a_host_that_was_not_reached_has_nothing_done_to_it(tmp_path: Path, module: str) -> None:
    fleet = Fleet(tmp_path, DAY)
    over_ssh = {"ansible_host": "127.0.0.1", "ansible_connection": "ssh", "ansible_shell_type": "powershell"}
    fleet.hosts = {"no-sshd": {**over_ssh, "ansible_port": closed_port()}, "good01": {}}
    tasks = [{f"winops.hotpatch.{module}": given} for given in ({"restart_policy": "allowed"}, {"catalog": [str(tmp_path / "none.json")]})]
    run = fleet.play({**tasks[0], "ignore_unreachable": True, "when": "inventory_hostname == 'no-sshd'"}, {**tasks[1], "name": "wrong"})
    told = "Nothing was done on this host. Run again once the cause is gone."
    assert run.of("no-sshd", f"winops.hotpatch.{module}")["explanation"] == told
    assert run.of("good01", "wrong")["explanation"] == told


@pytest.mark.parametrize("book", ["assess", "cycle"])
def test_what_core_refuses_before_a_host_is_asked_is_told_in_the_table(tmp_path: Path, book: str) -> None:
    fleet = Fleet(tmp_path, DAY)
    winrm = {**ADDRESS, "ansible_connection": "winrm", "ansible_port": closed_port()}
    wrong: dict[str, tuple[dict[str, Any], str, str]] = {
        "misspelt": ({**winrm, "ansible_connection": "winrmm"}, "winrmm", "Correct ansible_connection"),
        "port": ({**winrm, "ansible_port": "abc"}, "abc", "1 to 65535"),
        "secret": ({**winrm, "ansible_password": "{{ vault_secret }}"}, "password", "such as a vault"),
        "become": ({**winrm, "ansible_become": True, "ansible_become_method": "runass"}, "Invalid become method", "runas on Windows"),
        "shell": ({**winrm, "ansible_connection": "ssh", "ansible_shell_type": "pwsh"}, "pwsh", "powershell or cmd"),
    }
    fleet.hosts = {"good01": {}} | {name: variables for name, (variables, *_rest) in wrong.items()}
    extra = {"hotpatch_now": DAY, "hotpatch_records": str(tmp_path / "records")}
    run = run_playbook(tmp_path, f"winops.hotpatch.{book}", fleet.inventory(), "-e", json.dumps(extra), env={"COLUMNS": "400"})
    table = run.table()
    for name, (_variables, cause, remedy) in wrong.items():
        assert table[name].split()[1:3] == ["unknown", "failed"]
        assert cause in table[name]
        assert remedy in run.remedies()[name], run.output
    assert "see its output" not in run.output


def test_what_cannot_be_told_is_a_sentence_before_the_next_step(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, DAY)
    odd = program(tmp_path / "odd", "something odd", 1)
    fleet.hosts = {"odd": {"ansible_connection": "ssh", "ansible_shell_type": "powershell", "ansible_ssh_executable": odd}}
    run = fleet.play({"winops.hotpatch.host_info": {}})
    told = "The host could not be observed: something odd. Run winops.hotpatch.assess with -vvv against this host alone."
    assert run.of("odd")["msg"] == told
