# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoint fails, at each stage of an execution, in each way: the host is lost or failed in Ansible's own words, or a retry succeeds.

What a failure must never give is a record: neither of this run, nor a change to that of an earlier one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.store import RunStore
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from ansible_collections.winops.hotpatch.tests.payload.hosts import Host, offer, server_2025
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, Wire
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import calls_of
from ansible_collections.winops.hotpatch.tests.wire.wsman_endpoint import Fault
from ansible_collections.winops.hotpatch.tests.wire.wsman_messages import INTERNAL_ERROR, MESSAGES, TIMED_OUT

# After these seconds without output the endpoint answers a Receive with a time-out, and the client asks again.
PATIENCE = 5
EARLIER = "20260414T200000Z-00000001"
# Enough for an answer in several parts.
MANY_OFFERS = [offer(f"KB6{number:06}", title=f"{number} {'long ' * 55}".strip()) for number in range(240)]


@dataclass(frozen=True)
class DecisionInput:
    """A fault, how Ansible reports the host, and in which words."""

    fault: Fault
    status: str
    words: str = ""


CUT, HALF, FAULT = "Connection aborted", "IncompleteRead", MESSAGES[INTERNAL_ERROR]
SEND = "winrm send_input failed"
CASES = {
    "create-cut": DecisionInput(Fault("Create", "cut"), "unreachable", CUT),
    "create-half": DecisionInput(Fault("Create", "half"), "unreachable", HALF),
    "create-fault": DecisionInput(Fault("Create", INTERNAL_ERROR), "unreachable", FAULT),
    "create-timeout": DecisionInput(Fault("Create", TIMED_OUT), "unreachable", "basic:"),
    "command-cut": DecisionInput(Fault("Command", "cut"), "unreachable", CUT),
    "command-started-cut": DecisionInput(Fault("Command", "cut", done=True), "unreachable", CUT),
    "command-fault": DecisionInput(Fault("Command", INTERNAL_ERROR), "unreachable", FAULT),
    "command-timeout": DecisionInput(Fault("Command", TIMED_OUT), "unreachable"),
    "send-cut": DecisionInput(Fault("Send", "cut"), "unreachable", SEND),
    "send-fault": DecisionInput(Fault("Send", INTERNAL_ERROR), "unreachable", SEND),
    "receive-cut": DecisionInput(Fault("Receive", "cut"), "unreachable", CUT),
    "receive-fault": DecisionInput(Fault("Receive", INTERNAL_ERROR), "unreachable", FAULT),
    "receive-timeout": DecisionInput(Fault("Receive", TIMED_OUT, times=3), "ok"),
    "answer-cut": DecisionInput(Fault("Answer", "cut"), "unreachable", CUT),
    "answer-half": DecisionInput(Fault("Answer", "half"), "unreachable", HALF),
    "answer-fault": DecisionInput(Fault("Answer", INTERNAL_ERROR), "unreachable", FAULT),
    "answer-timeout": DecisionInput(Fault("Answer", TIMED_OUT, times=3), "ok"),
}
FAILED = [name for name, case in CASES.items() if case.status != "ok"]
ASKED = "ask"


def host_of(name: str) -> Host:
    return server_2025(offers=MANY_OFFERS) if name.startswith("answer-") else server_2025()


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the run record of an earlier run for each host."""
    folder = tmp_path_factory.mktemp("records")
    moment = datetime(2026, 4, 14, 20, tzinfo=UTC)
    for name in CASES:
        RunRecord(name, EARLIER, moment, "never", "auto", RunStore(folder), decision={"action": "none"}).finish(Outcome.NONE, moment)
    return folder


@pytest.fixture(scope="module")
def before(records: Path) -> dict[str, bytes]:
    return {name: (records / name / f"{EARLIER}.json").read_bytes() for name in CASES}


@pytest.fixture(scope="module")
def assessed(wire: Wire, records: Path, before: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Run:
    for name, case in CASES.items():
        wire.host(name, host_of(name), case.fault)
    ask = {"as_of": NOW, "records": str(records), "keep_record": True}
    task = {"name": ASKED, "winops.hotpatch.host_info": ask}
    return wire.play(tmp_path_factory.mktemp("play"), list(CASES), task, ansible_winrm_connection_timeout=PATIENCE)


def written(records: Path, name: str) -> dict[str, Any]:
    """The run record that this run has left."""
    (path,) = [path for path in (records / name).glob("*.json") if path.stem != EARLIER]
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize("name", CASES)
def test_fault_was_met(assessed: Run, wire: Wire, name: str) -> None:
    fault = CASES[name].fault
    assert wire.endpoint.hosts[name].counts[fault.action] >= fault.nth + fault.times - 1, assessed.output


@pytest.mark.parametrize("name", CASES)
def test_ansible_says_what_happened(assessed: Run, name: str) -> None:
    case, result = CASES[name], assessed.of(name, ASKED)
    assert assessed.status(name, ASKED) == case.status
    assert case.words in str(result.get("msg")), result


@pytest.mark.parametrize("name", FAILED)
def test_no_record(assessed: Run, records: Path, name: str) -> None:
    assert not {"record", "decision", "observation"} & set(assessed.of(name, ASKED))
    run = written(records, name)
    assert run["outcome"] == CASES[name].status
    assert [run[key] for key in ("line", "month", "decision", "before", "after", "verification")] == [None] * 6
    assert any(CASES[name].words in message for message in run["messages"])


def test_earlier_records_stay(assessed: Run, records: Path, before: dict[str, bytes]) -> None:
    assert assessed.results
    assert {name: (records / name / f"{EARLIER}.json").read_bytes() for name in CASES} == before


@pytest.mark.parametrize("name", sorted(set(CASES) - set(FAILED)))
def test_retry_gives_the_whole_answer_of_one_execution(assessed: Run, wire: Wire, records: Path, name: str) -> None:
    host, result = host_of(name), assessed.of(name, ASKED)
    assert [entry["title"] for entry in result["record"]["offers"]] == [entry["title"] for entry in host["offers"]]
    assert result["record"]["errors"] == []
    assert written(records, name)["decision"]["action"] == result["decision"]["action"]
    assert len(wire.endpoint.of(name, "Command")) == 1


def test_nothing_is_executed_twice(assessed: Run, wire: Wire) -> None:
    """A client that repeated a command after a cut could install twice."""
    expected = {name: 0 if name.startswith("create-") else 1 for name in CASES}
    assert {name: len(wire.endpoint.of(name, "Command")) for name in CASES} == expected, assessed.output
    searches = {name: sum(call.startswith("search ") for call in calls_of(wire.root, name)) for name in CASES}
    assert max(searches.values()) == 1
    # What was lost in the middle of its answer had been done.
    assert all(searches[name] == 1 for name in CASES if name.startswith("answer-"))
