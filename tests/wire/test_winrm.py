# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The payloads over the real winrm connection: the right answer, in one execution a host."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.payload.hosts import server_2025
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, Wire

FLEET = {"web01": server_2025()}


@pytest.fixture(scope="module")
def assessed(wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Run:
    for name, host in FLEET.items():
        wire.host(name, host)
    folder: Path = tmp_path_factory.mktemp("assess")
    return wire.run(folder, "winops.hotpatch.assess", list(FLEET), "-vvvv", hotpatch_now=NOW, hotpatch_records=str(folder / "records"))


def test_assess(assessed: Run, wire: Wire) -> None:
    print(assessed.output)
    print(wire.endpoint.operations, wire.endpoint.refused)
    assert assessed.returncode == 0
