# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input of the modules that ask no host is refused by name, with the value and the remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.known_cves import BESIDE, CVES

# name: (module, arguments, what the message must say); {folder} stands for the folder of the test
BAD: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "line": ("catalog_info", {"line": ["ws2019"]}, ["line", "ws2019", "ws2022_azure"]),
    "no line": ("catalog_info", {"line": []}, ["line", "empty"]),
    "month": ("catalog_info", {"month": "June"}, ["month", "June", "2026-06"]),
    "month that is none": ("catalog_info", {"month": "2026-13"}, ["month", "2026-13"]),
    "since": ("catalog_info", {"since": "2026"}, ["since", "2026-06"]),
    "since in the future": ("catalog_info", {"since": "2027-01", "as_of": "2026-09-20"}, ["since", "2027-01", "2026-09"]),
    "since and month": ("catalog_info", {"since": "2026-01", "month": "2026-06"}, ["since", "month"]),
    "as_of": ("catalog_info", {"as_of": "2026-02-30"}, ["as_of", "2026-02-30", "ISO 8601"]),
    "catalog is not there": ("catalog_info", {"catalog": ["/nowhere/x.yml"]}, ["catalog", "/nowhere/x.yml"]),
    "other catalog is not there": ("catalog_info", {"compare_with": ["/nowhere/y.yml"]}, ["compare_with", "/nowhere/y.yml"]),
    "other catalog is broken": ("catalog_info", {"compare_with": ["{folder}/broken.yml"]}, ["compare_with", "broken.yml"]),
    "nothing to compare with": ("catalog_info", {"fail_on_change": True}, ["fail_on_change", "compare_with"]),
    "unknown option": ("catalog_info", {"lines": []}, ["lines", "Supported parameters"]),
    "show_origin": ("catalog_info", {"show_origin": "perhaps"}, ["show_origin", "perhaps"]),
    "no records": ("cve_info", {"cve_files": ["{folder}/cves.json"]}, ["records", "results"]),
    "records are not there": ("cve_info", {"cve_files": ["{folder}/cves.json"], "records": "/nowhere"}, ["records", "/nowhere", "assess"]),
    "records are none": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "records": "{folder}/none"},
        ["records", "none", "no run record"],
    ),
    "results are no records": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": [{"msg": "x"}]}, ["results[0]", "host_info"]),
    "no cves": ("cve_info", {"results": []}, ["catalog", "name no CVE", "MSRC"]),
    "cves are not there": ("cve_info", {"cve_files": ["/nowhere/z.json"], "results": []}, ["cve_files", "/nowhere/z.json"]),
    "cves with a bad carrier": ("cve_info", {"cve_files": ["{folder}/carrier.json"], "results": []}, ["carrier.json", "fixes[1]", "msu"]),
    "name": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "results": [], "cves": ["2026-30001"]},
        ["cve", "2026-30001", "CVE-2026-12345"],
    ),
    "name that is not there": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "results": [], "cves": ["CVE-2026-1111"]},
        ["CVE-2026-1111", "2 CVEs"],
    ),
    "name of another month": (
        "cve_info",
        {"cve_files": ["{folder}/months.json"], "results": [], "cves": [BESIDE], "month": "2026-08"},
        ["cves: ", BESIDE, "2026-08"],
    ),
    "month without cves": (
        "cve_info",
        {"cve_files": ["{folder}/cves.json"], "results": [], "month": "2026-07"},
        ["month", "2026-07", "2026-08"],
    ),
    "before the first": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": [], "as_of": "2026-01-20"}, ["month", "2026-08"]),
    "age": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": [], "record_max_age_days": 0}, ["record_max_age_days", "0", "7"]),
    "no host": ("cve_info", {"cve_files": ["{folder}/cves.json"], "results": []}, ["as_of: no record", "assess"]),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Each bad input in a task of one play."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "broken.yml").write_text("line: [ws2025\n")
    (folder / "none").mkdir()
    (folder / "cves.json").write_text(json.dumps(CVES))
    (folder / "months.json").write_text(json.dumps(CVES).replace('"month": "2026-08"', '"month": "2026-07"', 1))
    (folder / "carrier.json").write_text(json.dumps(CVES).replace('"carrier": "lcu"', '"carrier": "msu"', 1))
    tasks = []
    for name, (module, args, _words) in BAD.items():
        filled = json.loads(json.dumps(args).replace("{folder}", str(folder)))
        tasks.append({f"winops.hotpatch.{module}": filled, "name": name, "ignore_errors": True})
    book = folder / "book.yml"
    book.write_text(json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]))
    inventory = folder / "empty.yml"
    inventory.write_text("all: {}\n")
    return run_playbook(folder, str(book), inventory)


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_refused_by_name(outcome: Run, name: str) -> None:
    assert outcome.status("localhost", name) == "failed", outcome.output
    message = outcome.of("localhost", name)["msg"]
    for word in BAD[name][2]:
        assert word in message, f"{message!r} does not say {word!r}"
