# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every console block of the README runs as it is printed, with the inventory that the README prints.

What a test machine does not have is replaced at the edge, never left out: GitHub by a copy of the checkout with a ready environment, Galaxy
by the archive built from it, pip and kinit by programs that note their arguments, Microsoft's server by one on this machine, Windows by
the rehearsal (in group_vars beside the inventory). The year of `make rehearse` is cut to one month by the environment.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.guides import ROOT
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import as_xml, document, fix, vulnerability
from ansible_collections.winops.hotpatch.tests.unit.msrc.web_server import Answer, serve

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
# A block that is added or removed has to be added or removed here.
REHEARSE, INSTALL, LOOK, MONTH = ([line.removeprefix("$ ") for line in block.splitlines()] for block in BLOCKS)
INVENTORIES = re.findall(r"^```yaml\n(# inventory\.yml\n.*?)^```$", README, re.MULTILINE | re.DOTALL)
DAY = "2026-08-11T20:00:00Z"
HOTPATCH = "KB5120228"
FIXED = vulnerability("CVE-2026-90001", fix("KB5999001", "12436", "26100.33650"), revisions="1.0 2026-10-13")
OCTOBER = document(FIXED, month="2026-Oct", day="2026-10-13")
# Every Python of a run loads this first: a connection over TLS goes, without TLS, to the server of this test.
TO_THIS_MACHINE = """
import http.client, os, socket
def connect(self):
    assert self.host == "api.msrc.microsoft.com", self.host
    self.sock = socket.create_connection(("127.0.0.1", int(os.environ["README_PORT"])))
http.client.HTTPSConnection.connect = connect
"""


class Machine:
    """A home directory and the programs that stand in for those of the world."""

    def __init__(self, home: Path) -> None:
        self.home, self.programs = home, home / "bin"
        self.programs.mkdir()
        self.env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")} | {
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "ANSIBLE_HOME": str(home / ".ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(home / "collections"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
        }

    def program(self, name: str, *lines: str) -> None:
        """Put a shell script in the place of a program."""
        path = self.programs / name
        path.write_text("\n".join(["#!/bin/sh", "set -e", *lines, ""]), encoding="utf-8")
        path.chmod(0o755)

    def run(self, *commands: str, **env: str) -> str:
        """Run commands in one shell; return their output, and fail the test if one of them fails."""
        script = "set -e\n" + "\n".join(commands)
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=self.home,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    def truth(self) -> dict[str, Any]:
        """Return the simulated hosts, by their names."""
        return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (self.home / "truth").glob("*.json")}


def copy_checkout(target: Path) -> Path:
    """Copy the files that git knows, or would add, to TARGET, and return it."""
    listing = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which the block "Install" was run: the collection on it is the built archive."""
    machine = Machine(tmp_path_factory.mktemp("home"))
    checkout = copy_checkout(tmp_path_factory.mktemp("checkout"))
    machine.run(f"cd '{checkout}' && ansible-galaxy collection build -v --output-path '{machine.home}'")
    (archive,) = machine.home.glob("winops-hotpatch-*.tar.gz")
    galaxy = shutil.which("ansible-galaxy")
    machine.program(
        "ansible-galaxy",
        'test "$*" = "collection install winops.hotpatch"',
        f"exec '{galaxy}' collection install '{archive}' --no-deps --offline -p '{machine.home}/collections'",
    )
    machine.program("pip", f"echo \"$*\" >>'{machine.home}/pip.log'")
    machine.run(*INSTALL)
    return machine


@pytest.fixture(scope="module")
def fleet(installed: Machine) -> Machine:
    """The machine with the inventory of the README, and Windows rehearsed."""
    (text,) = INVENTORIES
    (installed.home / "inventory.yml").write_text(text, encoding="utf-8")
    (installed.home / "group_vars").mkdir()
    rehearsed = {
        "ansible_connection": "winops.hotpatch.rehearsal",
        "hotpatch_rehearsal_truth": "{{ inventory_dir }}/truth",
        "hotpatch_rehearsal_now": DAY,
        "hotpatch_as_of": DAY,
    }
    (installed.home / "group_vars" / "all.yml").write_text(json.dumps(rehearsed), encoding="utf-8")
    installed.program("kinit", f"echo \"$*\" >>'{installed.home}/kinit.log'")
    return installed


@pytest.fixture
def microsoft(fleet: Machine) -> Iterator[Machine]:
    """The machine, with a server that answers in the place of Microsoft's."""
    (fleet.home / "site").mkdir(exist_ok=True)
    (fleet.home / "site" / "sitecustomize.py").write_text(TO_THIS_MACHINE, encoding="utf-8")
    with serve() as server:
        server.answers["/cvrf/v3.0/cvrf/2026-Oct"] = [Answer(body=as_xml(OCTOBER))]
        fleet.env |= {"PYTHONPATH": str(fleet.home / "site"), "README_PORT": server.url.rpartition(":")[2]}
        yield fleet
        assert [path for path, _headers in server.asked] == ["/cvrf/v3.0/cvrf/2026-Oct"]
    del fleet.env["PYTHONPATH"]


def test_every_line_of_a_block_is_a_command() -> None:
    for block in BLOCKS:
        assert all(line.startswith("$ ") for line in block.splitlines())


def test_without_windows(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    checkout, environment = copy_checkout(tmp_path / "github"), Path(sys.executable).parent
    machine.program(
        "git",
        'test "$*" = "clone https://github.com/winops/hotpatch"',
        f"cp -R '{checkout}' hotpatch",
        "mkdir hotpatch/.venv",
        f"ln -s '{environment}' hotpatch/.venv/bin",
        "touch hotpatch/.venv/.stamp",
    )
    output = machine.run(*REHEARSE, FROM="2026-08", TO="2026-08")
    assert re.search(r"Rehearsal 2026-08 to 2026-08: \d+ hosts, [1-9]\d* host-months installed, .*, 0 restarts not allowed\.", output)


def test_the_shell_of_the_checkout(tmp_path: Path) -> None:
    """CONTRIBUTING has two ways to the collection of the checkout; both lead there."""
    machine = Machine(tmp_path)
    checkout = copy_checkout(tmp_path / "hotpatch")
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (checkout / ".venv" / ".stamp").touch()
    (exports,) = re.findall(r"^\$ (export PATH=.*)$", (checkout / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    found = f"winops.hotpatch.update    ({checkout}/.venv/collections/ansible_collections/winops/hotpatch"
    asked = "ansible-doc winops.hotpatch.update | cat"
    for commands in ([f"echo '{asked}' | make shell"], ["make link", exports, asked]):
        output = machine.run(f"cd '{checkout}'", *commands, SHELL="/bin/sh")
        # ansible-core before 2.17 shows the name in capitals.
        assert " ".join(found.split()).lower() in re.sub(r"\s+", " ", output).lower()


def test_install(installed: Machine) -> None:
    assert (installed.home / "collections" / "ansible_collections" / "winops" / "hotpatch" / "playbooks" / "cycle.yml").is_file()
    assert (installed.home / "pip.log").read_text() == "install pywinrm[kerberos]\n"
    assert "kerberos" in (metadata("pywinrm").get_all("Provides-Extra") or [])


def test_first_look(fleet: Machine) -> None:
    output = fleet.run(*LOOK)
    assert (fleet.home / "kinit.log").read_text() == "operator@EXAMPLE.COM\n"
    for host in ("srv01.example.com", "srv02.example.com"):
        assert re.search(rf"{host}.*hotpatch_due", output)
        assert list((fleet.home / "records" / host).glob("*.json"))


def test_the_month(microsoft: Machine) -> None:
    folder, update, catalog, check, cycle, planned = MONTH
    microsoft.run(folder, update)
    assert "KB5999001" in (microsoft.home / "catalog" / "msrc.json").read_text(encoding="utf-8")
    assert "KB5999001" in microsoft.run(catalog)
    microsoft.run(LOOK[-1])
    before = microsoft.truth()
    assert len(before) == 2
    assert HOTPATCH in microsoft.run(check)
    assert microsoft.truth() == before
    for command in (cycle, planned):
        microsoft.run(command)
        for name, host in microsoft.truth().items():
            assert HOTPATCH in json.dumps(host), name
            assert host["boots"] == before[name]["boots"], name
