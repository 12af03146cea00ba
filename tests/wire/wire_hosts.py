# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ends of a wire test: the collection with the doubles in front of its payloads, and the environment that a host gives to them.

Roles, playbooks, action plugins and the real connection plugin run as they ship. Only the text of a payload has the doubles in front.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.tests.payload.harness import doubles as payload_doubles
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call
from ansible_collections.winops.hotpatch.tests.payload.harness.running import host_vars
from ansible_collections.winops.hotpatch.tests.payload.hosts import Host
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SHIPPED = ("plugins", "roles", "playbooks", "meta")
FIRST_LINE = "Set-StrictMode -Version Latest\n"
# Does nothing, with the utilities that the payloads use: what it costs on the wire is ansible-core's own share.
EMPTY = """#!powershell

#AnsibleRequires -CSharpUtil Ansible.Basic

$module = [Ansible.Basic.AnsibleModule]::Create($args, @{})
$module.ExitJson()
"""


def make_collection(root: Path, *, doubles: bool = True) -> Path:
    """Copy the collection and return its path. Each payload has the doubles in front, if wanted; a module C(empty) is added."""
    collection = root / "ansible_collections" / "winops" / "hotpatch"
    for folder in SHIPPED:
        shutil.copytree(CHECKOUT / folder, collection / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "galaxy.yml", collection)
    before = payload_doubles.doubles_text() if doubles else ""
    for script in (collection / "plugins" / "modules").glob("*.ps1"):
        # Everything up to the options stays first: core reads the requirements there.
        head, mark, rest = script.read_text(encoding="utf-8").partition(FIRST_LINE)
        assert mark, f"{script.name} has no strict mode"
        script.write_text(f"{head}{before}\n{mark}{rest}", encoding="utf-8")
    (collection / "plugins" / "modules" / "empty.ps1").write_text(EMPTY, encoding="utf-8")
    return root


def make_shell(root: Path, pwsh: str) -> Path:
    """Make the folder in which a host finds PowerShell under the names that ansible-core calls it by."""
    folder = root / "bin"
    payload_doubles.make_shell(folder, pwsh)
    return folder


def make_host(root: Path, shell: Path, name: str, host: Host) -> dict[str, str]:
    """Write the description of a host and return the environment of its commands."""
    folder = root / "hosts" / name
    given: dict[str, Any] = host_vars(folder, Call(host))
    own = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "COLLECT_", "PYTEST_"))}
    place = {"PATH": f"{shell}{os.pathsep}{os.environ['PATH']}", "TEMP": str(folder), "TZ": "Asia/Kolkata"}
    double: dict[str, str] = given["payload_environment"]
    return own | place | double


def calls_of(root: Path, name: str) -> list[str]:
    """The doubles that were called on a host, in order."""
    log = root / "hosts" / name / "calls"
    return log.read_text(encoding="utf-8").splitlines() if log.is_file() else []


def change_host(root: Path, name: str, host: Host) -> None:
    """Give a host that is there another description."""
    (root / "hosts" / name / "host.json").write_text(json.dumps(host), encoding="utf-8")


def make_certificate(path: Path) -> Path:
    """Write a certificate of one day for 127.0.0.1, with its key, to one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path
