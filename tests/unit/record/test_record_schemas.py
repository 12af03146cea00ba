# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schemas of records and run records: every state of a host fits, and what is not in them is refused."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.record import SCHEMA, Record
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import State
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.tests.schemas import problems
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, record_of
from ansible_collections.winops.hotpatch.tests.unit.record.test_states import CASES, GOOD, NOW

SECTIONS = [name for name in GOOD if name not in ("schema", "observed_at", "errors", "timings_ms")]


def state_of(state: State) -> Record:
    raw, extra = CASES[state]
    return record_of(raw, **{"now": NOW, **extra})


def run_of(record: dict[str, Any] | None) -> dict[str, Any]:
    return RunRecord("web1", "r1", datetime(2026, 8, 20, tzinfo=UTC), "never", "auto", None, before=record).to_dict()


@pytest.mark.parametrize("state", list(State))
def test_every_state_fits(state: State) -> None:
    record = state_of(state).to_dict()
    assert record["schema"] == SCHEMA
    assert problems(record) == []
    assert problems(run_of(record)) == []


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_was_not_read_fits(section: str) -> None:
    record = record_of(change(GOOD, **{section: None}), now=NOW).to_dict()
    assert problems(record) == []


def test_a_run_that_saw_nothing_fits() -> None:
    assert problems(run_of(None)) == []


def parts(value: Any) -> list[dict[str, Any]]:
    """VALUE and every object in it."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict) else []) + [part for item in inner for part in parts(item)]


def test_another_key_is_refused_anywhere() -> None:
    whole = run_of(state_of(State.BASELINE_DUE).to_dict())
    count = len(parts(whole))
    assert count > 20
    for index in range(count):
        run = copy.deepcopy(whole)
        parts(run)[index]["unheard_of"] = 1
        assert any("unheard_of" in problem for problem in problems(run)), parts(whole)[index]


def test_a_missing_key_is_refused() -> None:
    record = state_of(State.CURRENT).to_dict()
    for name in set(record) - {"schema"}:
        assert problems({key: value for key, value in record.items() if key != name}), name


@pytest.mark.parametrize(("key", "value"), [("state", "fine"), ("severity", "red"), ("observed_at", "yesterday"), ("host", "")])
def test_a_value_that_is_not_known_is_refused(key: str, value: str) -> None:
    assert problems({**state_of(State.CURRENT).to_dict(), key: value})
