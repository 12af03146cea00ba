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
    NO_DEST,
    NO_FOLDER,
    NO_RECORDS,
    NO_SOURCES,
    NOBODY_NAMED,
    NOTHING_TO_COMPARE,
    kb_needed,
    run_needs,
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
        ["hotpatch_policy_host.leave_track: ", "hotpatch_policy_host has to say who answers"],
    ),
    ({"hotpatch_run_policy": {}}, ["hotpatch_run_policy: ", "Did you mean hotpatch_policy_run?"]),
    ({"hotpatch_host_policies": {}}, ["hotpatch_host_policies: ", "Did you mean hotpatch_policy_host?"]),
    ({"hotpatch_polcy": {}}, ["hotpatch_polcy: ", "Did you mean hotpatch_policy?"]),
    ({"hotpatch_policies": {}}, ["hotpatch_policies: ", "Did you mean hotpatch_policy?"]),
    ({"hotpatch_polcy_emea": {}}, ["hotpatch_polcy_emea: ", "Did you mean hotpatch_policy_emea?"]),
    ({"hotpatch_freezes": []}, ["hotpatch_freezes: ", "Write it below one: hotpatch_policy_fleet, with the key freezes."]),
    ({"hotpatch_policy_hold": {"reason": "x"}}, ["hotpatch_policy_hold: ", "with the key hold."]),
    ({"hotpatch_deny": []}, ["hotpatch_deny: ", "with the key deny."]),
    ({"hotpatch_windows": []}, ["hotpatch_windows: ", "with the key windows."]),
    ({"hotpatch_policy_restart": "never"}, ["hotpatch_policy_restart: ", "Did you mean hotpatch_restart_policy?"]),
    ({"hotpatch_drian": []}, ["hotpatch_drian: ", "Did you mean hotpatch_drain?"]),
    ({"hotpatch_record": "/srv"}, ["hotpatch_record: ", "Did you mean hotpatch_records?"]),
    ({"hotpach_restart_policy": "never"}, ["hotpach_restart_policy: ", "Did you mean hotpatch_restart_policy?"]),
    ({"hot_patch_policy_emea": {}}, ["hot_patch_policy_emea: ", "Did you mean hotpatch_policy_emea?"]),
    ({"Hotpatch_kb": "KB5094125"}, ["Hotpatch_kb: ", "Did you mean hotpatch_kb?"]),
    ({"cycle_restart_polcy": "never"}, ["cycle_restart_polcy: ", "Did you mean cycle_restart_policy?"]),
    ({"cycle_policy": {}}, ["cycle_policy: ", "Did you mean hotpatch_policy?"]),
    ({"rollback_policy_host": {}}, ["rollback_policy_host: ", "Did you mean hotpatch_policy_host?"]),
    ({"hotpatch_catalog": ["/nowhere"]}, ["hotpatch_catalog: ", "/nowhere", "does not exist"]),
    ({"hotpatch_catalog": 7}, ["hotpatch_catalog: ", "7"]),
    ({"hotpatch_catalog": "x\0y"}, ["hotpatch_catalog: ", "does not exist"]),
    ({"hotpatch_catalog": "x" * 5000}, ["hotpatch_catalog: ", "does not exist"]),
    ({"hotpatch_drain": ["drain.yml"]}, ["hotpatch_drain: ", "drain.yml", "absolute"]),
    ({"hotpatch_assess_after": [None]}, ["hotpatch_assess_after: ", "null", "absolute"]),
    ({"hotpatch_as_of": "soon"}, ["hotpatch_as_of: ", "soon", "ISO 8601"]),
    ({"hotpatch_as_of": "2026-02-30"}, ["hotpatch_as_of: ", "2026-02-30", "ISO 8601"]),
    ({"hotpatch_now": 7}, ["hotpatch_now: ", "7"]),
    ({"hotpatch_restart_polcy": "never"}, ["hotpatch_restart_polcy: ", "no such variable", "Did you mean hotpatch_restart_policy?"]),
    ({"hotpatch_reboot_timeout": 60}, ["hotpatch_reboot_timeout: ", "Did you mean hotpatch_restart_timeout?"]),
    ({"hotpatch_zzz": 1}, ["hotpatch_zzz: ", "a variable of your own"]),
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


CATALOG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("catalog", {}, []),
    ("catalog", {"hotpatch_catalog_fail_on_change": "true"}, [NOTHING_TO_COMPARE]),
    ("catalog", {"hotpatch_catalog_fail_on_change": True, "hotpatch_catalog_compare_with": []}, []),
    (
        "catalog",
        dict.fromkeys(["hotpatch_catalog_fail_on_change", "hotpatch_catalog_month", "hotpatch_catalog_show", "hotpatch_catalog"], ""),
        [],
    ),
    ("catalog", {"hotpatch_catalog_month": "June"}, ['hotpatch_catalog_month: "June" is not a month. Write it like 2026-06, in quotes.']),
    ("catalog", {"hotpatch_catalog_show": "perhaps"}, ['hotpatch_catalog_show: "perhaps" is not a boolean. Use true or false.']),
    ("catalog", {"hotpatch_catalog_shwo": True}, ["hotpatch_catalog_shwo: there is no such variable. Did you mean hotpatch_catalog_show?"]),
    ("catalog_update", {}, [NO_DEST, NO_SOURCES]),
    ("catalog_update", {"hotpatch_catalog_dest": "", "hotpatch_catalog_months": "", "hotpatch_catalog_sources": []}, [NO_DEST, NO_SOURCES]),
    ("catalog_update", {"hotpatch_catalog_dest": "/x", "hotpatch_catalog_sources": "/y", "hotpatch_catalog_retries": 0}, []),
    (
        "catalog_update",
        {"hotpatch_catalog_dest": "msrc.json", "hotpatch_catalog_months": ["June", "2026-06"]},
        [
            'hotpatch_catalog_dest: "msrc.json" is not an absolute path. Give the file to write.',
            'hotpatch_catalog_months: "June" is not a month. Write it like 2026-06, in quotes.',
        ],
    ),
    (
        "catalog_update",
        {
            "hotpatch_catalog_dest": "/x",
            "hotpatch_catalog_sources": [{"a": 1}],
            "hotpatch_catalog_timeout": 0,
            "hotpatch_catalog_retries": -1,
        },
        [
            'hotpatch_catalog_sources: {"a": 1} is not a string. Give a list of strings, in quotes.',
            "hotpatch_catalog_timeout: 0 is not a number of seconds above 0. The default is 60.",
            "hotpatch_catalog_retries: -1 is not a number of times, 0 or more. The default is 3.",
        ],
    ),
    ("cve", {"hotpatch_cves": ["CVE-2026-12345"], "hotpatch_cve_record_max_age_days": ""}, []),
    ("cve", {"hotpatch_cves": "2026-1"}, ['hotpatch_cves: "2026-1" is not the name of a CVE. Write it like CVE-2026-12345.']),
    (
        "cve",
        {"hotpatch_cve_record_max_age_days": 0},
        ["hotpatch_cve_record_max_age_days: 0 is not a number of days above 0. The default is 7."],
    ),
    ("rehearse", {"hotpatch_rehearsal_to": "2026-06"}, []),
    ("rehearse", {"hotpatch_rehearsal_show": "loud"}, ['hotpatch_rehearsal_show: "loud" is not a boolean. Use true or false.']),
    (
        "rehearse",
        {"hotpatch_rehearsal_lien": 1},
        ["hotpatch_rehearsal_lien: there is no such variable. Did you mean hotpatch_rehearsal_line?"],
    ),
    ("cve", {"hotpatch_rehearsal_show": "loud"}, []),
    (
        "field_probe",
        {"hotpatch_field_probe_restart_check": 2},
        ["hotpatch_field_probe_restart_check: 2 is not a boolean. Use true or false."],
    ),
]


@pytest.mark.parametrize(("playbook", "variables", "sentences"), CATALOG)
def test_playbooks_without_a_role_check_what_they_read(playbook: str, variables: dict[str, Any], sentences: list[str]) -> None:
    """Blank counts as not set, as a survey means it; what belongs to another playbook is not looked at."""
    assert problems({**variables, "hotpatch_drain": "nowhere.yml", "hotpatch_restart_policy": "?"}, playbook) == sentences


@pytest.mark.parametrize(
    ("playbook", "hosts", "limit", "found"),
    [
        ("rollback", None, None, [NOBODY_NAMED]),
        ("rollback", "", "", [NOBODY_NAMED]),
        ("rollback", "all", None, []),
        ("rollback", None, "web01", []),
        ("cycle", None, None, []),
    ],
)
def test_a_rollback_of_everything_has_to_be_asked_for(playbook: str, hosts: Any, limit: Any, found: list[str]) -> None:
    assert run_needs(playbook, hosts, limit) == found


def test_a_rollback_of_several_hosts_has_to_name_the_update_of_each() -> None:
    assert kb_needed({"a": None}) == kb_needed({"a": "KB5094125", "b": "KB5094125"}) == kb_needed({}) == []
    (told,) = kb_needed({"a": "KB5094125", HOSTILE: "", "c": None})
    assert told.startswith("hotpatch_rollback_kb: not set, and 3 hosts ")
    assert told.isprintable()


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
