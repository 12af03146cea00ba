# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every variable that cannot be used is named as the user wrote it, with its value and the remedy; good ones are left in peace."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.inputs import host_problems, merge_problems, run_problems
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.playbook_inputs import (
    NO_FOLDER,
    NO_RECORDS,
)
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.unknown_names import More

MORE = More({"hotpatch_rehearsal_show": {"check": "truth"}, "hotpatch_rehearsal_to": {}}, frozenset({"hotpatch_rehearsal_line"}))
ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "{{ lookup('pipe', 'id') }}\x1b[2J\u202e\nforged"


def problems(variables: dict[str, Any], playbook: str = "cycle") -> list[str]:
    """Of a host of a playbook; the records that a cycle needs are given unless VARIABLES says otherwise."""
    given = {"hotpatch_records": "/srv", **variables}
    return host_problems(given, given.__getitem__, playbook, MORE)


GOOD: list[dict[str, Any]] = [
    {},
    {
        "ansible_host": "10.0.0.1",
        "hotpatchable": 1,
        "hostname_fqdn": "x",
        "baseline_run": 1,
        "hotpatch_rehearsal_line": "ws2025",
        "cycle_info": 7,
    },
    {"hotpatch_restart_policy": "planned", "cycle_restart_policy": "allowed", "hotpatch_restart_timeout": "60"},
    {"hotpatch_restart_timeout": 60, "hotpatch_policy": {"deny": []}, "cycle_before": "{{ later }}"},
    {
        "hotpatch_policy_emea": '{"deny": [5094125]}',
        "hotpatch_policy_fleet": None,
        "hotpatch_kb": 5094125,
        "hotpatch_restart_timeout": 60.0,
    },
    dict.fromkeys(["hotpatch_restart_policy", "hotpatch_intent", "hotpatch_restart_timeout", "hotpatch_kb", "hotpatch_now"]),
    dict.fromkeys(["hotpatch_restart_policy", "hotpatch_on_refusal", "hotpatch_settle_wait", "hotpatch_catalog", "hotpatch_run_id"], " "),
    {"hotpatch_catalog": [], "hotpatch_as_of": "2026-06-09", "hotpatch_now": ""},
    {"hotpatch_as_of": date(2026, 6, 9), "hotpatch_catalog": str(ROOT)},
    {"hotpatch_drain": [[__file__]], "hotpatch_health": __file__},
]


@pytest.mark.parametrize("variables", GOOD)
def test_what_can_be_used_is_not_mentioned(variables: dict[str, Any]) -> None:
    assert problems(variables) == []


BAD: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"hotpatch_restart_policy": "sometimes"},
        ["hotpatch_restart_policy: ", '"sometimes"', "is not valid. Use never, planned or allowed."],
    ),
    ({"hotpatch_restart_policy": False}, ["hotpatch_restart_policy: ", "false"]),
    ({"hotpatch_run_id": ["a"]}, ["hotpatch_run_id: ", '["a"] is not a name']),
    ({"hotpatch_run_id": {"a": 1}}, ["hotpatch_run_id: ", "is not a name"]),
    ({"hotpatch_run_id": True}, ["hotpatch_run_id: ", "true is not a name"]),
    ({"hotpatch_kb": "newest"}, ["hotpatch_kb: ", '"newest" is not a KB number. Write it like KB5094125.']),
    ({"hotpatch_rollback_deny_until": "never"}, ["hotpatch_rollback_deny_until: ", '"never"', "ISO 8601"]),
    ({"hotpatch_rollback_restore_baseline": "maybe"}, ["hotpatch_rollback_restore_baseline: ", '"maybe"']),
    ({"hotpatch_restart_timeout": 10**30}, ["hotpatch_restart_timeout: ", "too much: the most is 604800"]),
    ({"hotpatch_restart_timeout": 60.5}, ["hotpatch_restart_timeout: ", "60.5"]),
    ({"hotpatch_now": "9999-12-31"}, ["hotpatch_now: ", "2000 to 2100"]),
    ({"hotpatch_now": "0001-01-01T00:00:00+14:00"}, ["hotpatch_now: ", "0001-01-01"]),
    ({"hotpatch_records": {"a": 1}}, ["hotpatch_records: ", "is not an absolute path"]),
    ({"hotpatch_records": 123}, ["hotpatch_records: ", "123", "is not an absolute path"]),
    ({"hotpatch_records": "~nosuchuser/records"}, ["hotpatch_records: ", "nosuchuser", "is not an absolute path"]),
    ({"cycle_resume_after_failure": ["never"]}, ["cycle_resume_after_failure: ", '["never"]', "unchanged"]),
    ({"hotpatch_records": "./records"}, ["hotpatch_records: ", '"./records"', "is not an absolute path", "inventory_dir"]),
    ({"hotpatch_records": True}, ["hotpatch_records: ", "true", "is not an absolute path"]),
    ({"hotpatch_records": ["/srv"]}, ["hotpatch_records: ", '["/srv"]', "is not an absolute path"]),
    ({"hotpatch_intent": "patch"}, ["hotpatch_intent: ", "lcu"]),
    ({"hotpatch_on_refusal": True}, ["hotpatch_on_refusal: ", "true", "Use report or fail."]),
    ({"hotpatch_server_selection": "wsus"}, ["hotpatch_server_selection: ", "wsus"]),
    ({"hotpatch_restart_timeout": "soon"}, ["hotpatch_restart_timeout: ", "soon", "1200"]),
    ({"cycle_restart_timeout": 0}, ["cycle_restart_timeout: ", "0", "1200"]),
    ({"hotpatch_restart_timeout": True}, ["hotpatch_restart_timeout: ", "true"]),
    ({"hotpatch_policy_run": "strict"}, ["hotpatch_policy_run: ", '"strict"', "mapping"]),
    ({"hotpatch_policy_emea": ["deny"]}, ["hotpatch_policy_emea: ", "mapping"]),
    ({"hotpatch_policy_emea": {"deny": [None]}}, ["hotpatch_policy_emea.deny[0]: ", "null"]),
    (
        {"hotpatch_policy_host": {"leave_track": True}},
        ["hotpatch_policy_host.leave_track: ", "has to say who answers for it"],
    ),
    ({"hotpatch_catalog": ["/nowhere"]}, ["hotpatch_catalog: ", "/nowhere", "does not exist"]),
    ({"hotpatch_catalog": 7}, ["hotpatch_catalog: ", "7"]),
    ({"hotpatch_catalog": "x\0y"}, ["hotpatch_catalog: ", "does not exist"]),
    ({"hotpatch_catalog": "x" * 5000}, ["hotpatch_catalog: ", "does not exist"]),
    ({"hotpatch_drain": ["drain.yml"]}, ["hotpatch_drain: ", "drain.yml", "absolute"]),
    ({"hotpatch_assess_after": [None]}, ["hotpatch_assess_after: ", "null", "absolute"]),
    ({"hotpatch_as_of": "soon"}, ["hotpatch_as_of: ", "soon", "ISO 8601"]),
    ({"hotpatch_as_of": "2026-02-30"}, ["hotpatch_as_of: ", "2026-02-30", "ISO 8601"]),
    ({"hotpatch_now": 7}, ["hotpatch_now: ", "7"]),
]


@pytest.mark.parametrize(("variables", "words"), BAD)
def test_what_cannot_be_used_is_refused_by_name(variables: dict[str, Any], words: list[str]) -> None:
    found = problems(variables)
    assert len(found) == 1
    assert found[0].startswith(words[0])
    assert all(word in found[0] for word in words), found


@pytest.mark.parametrize("value", [None, ""])
def test_records_are_asked_for_where_they_are_needed(value: Any) -> None:
    for playbook, sentence in (("cycle", NO_RECORDS), ("rollback", NO_RECORDS), ("cve", NO_FOLDER)):
        assert problems({"hotpatch_records": value}, playbook) == [sentence] == host_problems([], str, playbook)
        assert problems({"hotpatch_records": "/srv"}, playbook) == []
    assert problems({"hotpatch_records": value}, "assess") == []


def test_a_value_that_cannot_be_had_is_a_problem_of_its_variable() -> None:
    def value_of(name: str) -> Any:
        raise ValueError("'site' is undefined.")

    found = host_problems(["hotpatch_records"], value_of, "cycle")
    assert found == ["hotpatch_records: 'site' is undefined. Correct its template, or the variables in it."]


def test_only_what_is_checked_is_resolved() -> None:
    """The variables of a host can be many, and some of them templates of things that are not there yet."""
    asked: list[str] = []
    names = ["ansible_password", "my_app", "cycle_info", "hotpatch_intent"]

    def value_of(name: str) -> Any:
        asked.append(name)
        return "auto"

    assert host_problems(names, value_of, "assess") == []
    assert asked == ["hotpatch_intent"]


@pytest.mark.parametrize("name", ["hotpatch_restart_policy", "hotpatch_policy_run", "hotpatch_catalog", "hotpatch_drain", "hotpatch_as_of"])
def test_the_text_of_a_value_cannot_forge_a_line(name: str) -> None:
    assert all(problem.isprintable() for problem in problems({name: HOSTILE}))
    assert all(problem.isprintable() for problem in merge_problems({HOSTILE: problems({f"hotpatch_{HOSTILE}": 1})}))


def test_each_problem_is_told_once() -> None:
    assert merge_problems({"a": [], "b": ["x", "y"], "c": ["y"]}) == ["x (First seen on b.)", "y (First seen on b.)"]


@pytest.mark.parametrize(
    ("serial", "percentage", "words"),
    [
        (None, None, []),
        ("", " ", []),
        ([1, 5, "50%"], 0, []),
        ("25%", "100", []),
        (10, 30, []),
        ("some", None, ["hotpatch_serial", "some", "25%"]),
        ([1, 0], None, ["hotpatch_serial", "0"]),
        (True, None, ["hotpatch_serial", "true"]),
        (None, "many", ["hotpatch_max_fail_percentage", "many", "0 to 100"]),
        (None, 101, ["hotpatch_max_fail_percentage", "101"]),
        (None, "5\n", ["hotpatch_max_fail_percentage"]),
    ],
)
def test_what_ansible_reads_before_there_are_hosts(serial: Any, percentage: Any, words: list[str]) -> None:
    found = run_problems(serial, percentage)
    assert len(found) == (1 if words else 0)
    assert all(word in found[0] for word in words)
