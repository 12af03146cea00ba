# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint fails, at each stage of an execution and in each way: the host is reported as lost or failed, never as something that it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.payload.hosts import offer, server_2025
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, Wire
from ansible_collections.winops.hotpatch.tests.wire.wsman_endpoint import Fault
from ansible_collections.winops.hotpatch.tests.wire.wsman_messages import INTERNAL_ERROR, MESSAGES, TIMED_OUT

CASES: dict[str, Fault] = {}
for stage in ("Create", "Command", "Send", "Receive"):
    for kind in ("cut", "half", INTERNAL_ERROR, TIMED_OUT):
        CASES[f"{stage}-{kind}".lower()] = Fault(stage, kind)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


@pytest.fixture(scope="module")
def assessed(wire: Wire, records: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    for name, fault in CASES.items():
        wire.host(name, server_2025(), fault)
    return wire.run(tmp_path_factory.mktemp("assess"), "winops.hotpatch.assess", list(CASES), hotpatch_now=NOW, hotpatch_records=str(records))

def test_x(assessed: Run, wire, records) -> None:
    for name in CASES:
        r = assessed.of(name)
        rec=[json.loads(x.read_text()) for x in (records/name).glob("*.json")]
        print("##", name, assessed.status(name), str(r.get("msg"))[:200], "|", str(r.get("exception"))[-300:], [o.action for o in wire.endpoint.of(name)], [ (x["outcome"], x["decision"] and x["decision"]["action"], x["messages"]) for x in rec])
    print(assessed.output[-3000:])
    assert 0
