# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook without a role reads is checked, and what a run needs as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.playbook_inputs import (
    NO_DEST,
    NO_SOURCES,
    NOBODY_NAMED,
    NOTHING_TO_COMPARE,
    kb_needed,
    run_needs,
)
from ansible_collections.winops.hotpatch.tests.unit.actions.test_inputs import HOSTILE, problems

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
