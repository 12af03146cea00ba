# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a host: whatever its text is, nothing of it is believed that this collection did not write."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.found import read_answer
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.memory import LARGEST, NEWEST_RUNS, SCHEMA, Memory, read_memory
from hypothesis import given
from hypothesis import strategies as st

MACHINE = {"smbios_uuid": "4C4C4544-0042", "machine_guid": "3f2504e0-4f89"}
FULL = Memory(
    machine=MACHINE,
    service={"run_id": "june", "since": "2026-06-14T02:00:00Z"},
    hold={"reason": "audit"},
    denied=({"kb": "KB5087423", "until": "2026-07-14"},),
    exposure={"kbs": ["KB5087423"], "since": "2026-05-20T02:00:00Z", "until": "2026-07-14"},
    lifted=({"kb": "KB5082063", "at": "2026-06-01T00:00:00Z", "owner": "team", "reason": "tested"},),
    runs=({"run_id": "june", "started_at": "2026-06-14T02:00:00Z", "outcome": "installed"},),
)


def answer(text: object, **more: Any) -> dict[str, Any]:
    found = {"document": text, "revision": "aa", "written": False, "writable": True, "error": None, "machine": MACHINE}
    return {**found, "clock": "2026-06-14T02:00:00Z", **more}


def test_it_survives_the_way_to_text_and_back() -> None:
    assert read_memory(FULL.text()) == FULL
    assert read_memory(Memory().text()) == Memory()
    assert json.loads(FULL.text())["schema"] == SCHEMA
    assert FULL.text().isascii()


def test_it_is_never_longer_than_a_host_takes_and_keeps_what_lasts() -> None:
    long = [{"run_id": f"run-{number}", "started_at": "2026-06-14T02:00:00Z", "removed": ["x" * 9000]} for number in range(NEWEST_RUNS)]
    memory = FULL
    for run in long:
        memory = memory.with_run(run)
    assert len(memory.runs) == NEWEST_RUNS
    text = memory.text()
    assert len(text) <= LARGEST
    found = read_memory(text)
    assert found.denied == FULL.denied
    assert found.runs[-1] == long[-1]
    assert 0 < len(found.runs) < NEWEST_RUNS


def test_a_journal_in_any_language_costs_no_run_and_no_denial() -> None:
    """A sign that is not ASCII takes six bytes, and there are logs of Windows that have no other."""
    memory = replace(FULL, restart_journal=tuple({"at": f"2026-05-{day:02d}T00:00:00Z", "cause": "\u0416" * 500} for day in range(1, 25)))
    text = memory.text()
    assert len(text) <= LARGEST
    found = read_memory(text)
    assert (found.denied, found.runs) == (FULL.denied, FULL.runs)
    assert 0 < len(found.restart_journal) < len(memory.restart_journal)
    assert found.restart_journal[-1] == memory.restart_journal[-1]


@pytest.mark.parametrize("journal", ["x", {"a": 1}, 7, [None, "x", 5], [{}] * 5000])
def test_an_odd_journal_costs_no_denial(journal: Any) -> None:
    """One of an earlier release has none at all."""
    document = json.loads(FULL.text()) | {"restart_journal": journal}
    assert read_memory(json.dumps(document)).denied == FULL.denied
    del document["restart_journal"]
    assert read_memory(json.dumps(document)) == FULL


def test_a_run_is_written_once() -> None:
    done = {**FULL.runs[0], "outcome": "failed"}
    assert FULL.with_run(done).runs == (done,)
    assert len(FULL.with_run({**done, "started_at": "2026-06-15T02:00:00Z"}).runs) == 2


def test_what_has_ended_goes() -> None:
    kept = FULL.without_ended(datetime(2026, 7, 13, tzinfo=UTC))
    assert (kept.denied, kept.exposure) == (FULL.denied, FULL.exposure)
    gone = FULL.without_ended(datetime(2026, 7, 15, tzinfo=UTC))
    assert (gone.denied, gone.exposure) == ((), None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not JSON"),
        ("{{ lookup('pipe', 'id') }}", "is not JSON"),
        ("[" * 100_000, "longer than any"),
        ("[" * 60_000, "is not JSON"),
        ("[]", "is not of schema"),
        ('{"schema": "other/1"}', "is not of schema"),
        (json.dumps({"schema": SCHEMA, "lease": 7}), "lease is not an object"),
        (json.dumps({"schema": SCHEMA, "runs": [[]]}), "runs is not a list of objects"),
        (json.dumps({"schema": SCHEMA, "denied": [{}] * 900}), "denied is not a list of objects"),
        (json.dumps({"schema": SCHEMA, "service": "no"}), "service is not an object"),
    ],
)
def test_what_is_not_one_is_put_aside_and_may_be_written_over(text: str, why: str) -> None:
    found = read_answer(answer(text))
    assert found.put_aside is not None
    assert why in found.put_aside
    assert found.unusable is None
    assert found.memory == Memory(machine=MACHINE)
    assert found.revision == "aa"


def test_one_of_a_later_release_is_left_alone() -> None:
    found = read_answer(answer(json.dumps({"schema": "winops.hotpatch/memory/2"})))
    assert found.unusable is not None
    assert "memory/2" in found.unusable
    assert found.put_aside is None


@pytest.mark.parametrize(
    "machine", [{"smbios_uuid": "other"}, {"machine_guid": "other"}, {"smbios_uuid": "4c4c4544-0042", "machine_guid": "x"}]
)
def test_that_of_a_clone_or_an_image_is_put_aside(machine: dict[str, str]) -> None:
    found = read_answer(answer(FULL.text(), machine=machine))
    assert found.put_aside is not None
    assert "another machine" in found.put_aside
    assert found.memory.denied == ()


def test_an_identity_that_cannot_be_read_is_no_other_machine() -> None:
    found = read_answer(answer(FULL.text(), machine={"smbios_uuid": None, "machine_guid": "3F2504E0-4F89"}))
    assert found.put_aside is None
    assert found.memory.denied == FULL.denied


@pytest.mark.parametrize(
    ("given_answer", "why"),
    [
        (None, "gave no answer"),
        ([], "gave no answer"),
        (answer(None, writable=False), "not an administrator"),
        (answer(None, writable="yes"), "not an administrator"),
        (answer(FULL.text(), error={"hresult": "0x80070020", "message": "in use"}), "0x80070020 in use"),
        (answer(None, error={}), "gave no reason"),
    ],
)
def test_one_that_cannot_be_written_says_why(given_answer: Any, why: str) -> None:
    found = read_answer(given_answer)
    assert found.unusable is not None
    assert why in found.unusable


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda item: st.lists(item) | st.dictionaries(st.text(), item)
)


@given(JSON)
def test_no_document_and_no_answer_raises(value: Any) -> None:
    read_answer(value)
    read_answer(answer(value))
    read_answer(answer(json.dumps(value)))
    keys = ("machine", "lease", "service", "hold", "denied", "exposure", "lifted", "runs")
    for key in keys:
        found = read_answer(answer(json.dumps({"schema": SCHEMA, key: value})))
        assert found.memory.text()
