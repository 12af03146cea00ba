# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook field_probe over the real winrm connection: one file a host, without its name, and nothing changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.payload.field_probe_cases import CASES, SECRETS
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.wire.conftest import Wire
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import calls_of

HOSTS = {"srv-geheim.corp.example.com": "named", "lab02": "server_2022_azure", "lab03": "fails"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("probe")


@pytest.fixture(scope="module")
def probed(wire: Wire, folder: Path) -> Run:
    for name, case in HOSTS.items():
        wire.host(name, CASES[case].host)
    return wire.run(folder, "winops.hotpatch.field_probe", list(HOSTS), hotpatch_field_probe_out=str(folder / "out"))


def test_one_file_a_host_without_names(probed: Run, folder: Path) -> None:
    assert probed.returncode == 0, probed.output
    files = sorted((folder / "out").iterdir())
    assert [path.name for path in files] == ["host1.json", "host2.json", "host3.json"]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert [secret for secret in (*SECRETS, *HOSTS) if secret.lower() in text.lower()] == []
        assert json.loads(text)["registry"]


def test_operator_sees_what_was_written_and_what_was_not(probed: Run) -> None:
    assert "1 updates on offer, 1 in the history, 1 packages, 0 problems. Read it before you pass it on." in probed.output
    assert "history: 0x80070005 access denied by network logon" in probed.output


def test_one_execution_a_host_and_nothing_changed(probed: Run, wire: Wire) -> None:
    assert probed.results
    for name in HOSTS:
        assert len(wire.endpoint.of(name, "Command")) == 1
        assert not [call for call in calls_of(wire.root, name) if call.startswith(("dism add", "dism remove", "task register", "download"))]
