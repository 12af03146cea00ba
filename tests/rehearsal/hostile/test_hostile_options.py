# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and files are text to each module, also where a playbook of a user rescues a failure and shows it.

Like the failures of hosts, this is run on the oldest ansible-core that is supported as well, which takes what is raised for a template.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_answers import ANSWERS, make_collection
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_texts import PRODUCT, Played, template
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import document

RUN = {"run_id": "1", "month": "2025-11", "title": "x", "now": "2025-11-11"}
# name: (module, arguments). @text is the hostile text, as it is read from a file; @name is a path whose last part is that text.
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "choice": ("host_info", {"restart_policy": "@text"}),
    "moment": ("host_info", {"as_of": "@text"}),
    "mapping": ("host_info", {"policy": "@text"}),
    "policy-key": ("host_info", {"policy": "@key"}),
    "policy-value": ("update", {"policy": {"deny": ["@text"]}}),
    "kb": ("update", {"kb": "@text"}),
    "records": ("update", {"records": "@name"}),
    "deny-until": ("rollback", {"deny_until": "@text"}),
    "package-kb": ("package", {"state": "absent", "kb": "@text"}),
    "overlay": ("catalog_info", {"catalog": ["@name"]}),
    "month": ("catalog_info", {"month": "@text"}),
    "source-name": ("catalog_update", {"dest": "{folder}/dest.json", "sources": ["@name"]}),
    "source-id": ("catalog_update", {"dest": "{folder}/dest.json", "sources": ["{folder}/id.json"]}),
    "source-month": ("catalog_update", {"dest": "{folder}/dest.json", "months": ["@text"]}),
    "dest": ("catalog_update", {"dest": "@name", "sources": ["{folder}/id.json"]}),
    "cves": ("cve_info", {"cves": ["@text"], "records": "{folder}"}),
    "cve-record": ("cve_info", {"cve_files": ["{folder}/cves.json"], "records": "{folder}/records", "as_of": "2026-05-13"}),
    "probe": ("field_probe", {"dest": "{folder}/probe.json"}),
    "probe-dest": ("field_probe", {"dest": "@name/probe.json"}),
    "package": ("package", {"state": "absent", "identity": "x"}),
    "package-info": ("package_info", {}),
    "plan-from": (
        "internal_rehearsal_plan",
        {"from": "@text", "to": "2025-11", "inventory": "{folder}/inventory.yml", "out": "{folder}/out"},
    ),
    "plan-host": ("internal_rehearsal_plan", {"from": "2025-10", "to": "2025-11", "inventory": "{folder}/plan.yml", "out": "{folder}/out"}),
    "run": (
        "internal_rehearsal_run",
        {"run": {**RUN, "restart_policy": "@text"}, "hosts": ["h"], "inventory": "{folder}/inventory.yml", "out": "{folder}/out"},
    ),
    "write-dest": ("internal_write_json", {"data": {}, "dest": "@name/x.json"}),
    "summary": ("internal_rehearsal_summary", {"out": "@name"}),
}


def arguments(folder: Path, name: str, value: Any) -> Any:
    """Return VALUE with the text of a case, as a playbook would hand it over, and write the files that it is in."""
    if isinstance(value, dict):
        return {key: arguments(folder, name, item) for key, item in value.items()}
    if isinstance(value, list):
        return [arguments(folder, name, item) for item in value]
    texts = folder / "texts"
    if value == "@key":
        (texts / name).write_text(json.dumps({template(name): 1}), encoding="utf-8")
        return f"{{{{ lookup('ansible.builtin.file', '{texts}/{name}') | from_json }}}}"
    if value == "@text":
        (texts / name).write_text(template(name), encoding="utf-8")
    elif value.startswith("@name"):
        (texts / name).write_text(f"{folder}/named/{template(name)}{value.removeprefix('@name')}", encoding="utf-8")
        (folder / "named" / template(name)).write_text("[]", encoding="utf-8")
    else:
        return value.replace("{folder}", str(folder))
    return f"{{{{ lookup('ansible.builtin.file', '{texts}/{name}') }}}}"


@pytest.fixture(scope="module")
def rescued(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("rescued")
    for name in ("texts", "named", "answers", "records/h"):
        (folder / name).mkdir(parents=True)
    tasks: list[dict[str, Any]] = []
    for name, (module, args) in TASKS.items():
        failing = {"name": name, f"winops.hotpatch.{module}": arguments(folder, name, args)}
        show = {"name": f"show {name}", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result }}"}}
        tasks.append({"name": name, "block": [failing], "rescue": [show]})
    (folder / "book.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    said = {"package": template("package"), "package_info": template("package-info"), "field_probe": template("probe")}
    answers = [{"module": module, "answer": {"failed": True, "msg": text}} for module, text in said.items()]
    (folder / "answers" / "h.json").write_text(json.dumps(answers), encoding="utf-8")
    (folder / "id.json").write_text(json.dumps(document(month=template("source-id"))), encoding="utf-8")
    record = {"schema": "winops.hotpatch/run/1", "host": "h", "run_id": template("cve-record"), "started_at": template("cve-record")}
    (folder / "records" / "h" / "1.json").write_text(json.dumps(record | {"before": {}}), encoding="utf-8")
    fixes = [{"line": "ws2025", "kb": "KB5087423", "build": "26100.32772", "carrier": "hotpatch"}]
    cve = {"cve": "CVE-2026-11111", "month": "2026-05", "title": "x", "severity": "Critical", "exploited": True, "fixes": fixes}
    overlay = {"format": "winops.hotpatch/catalog/1", "generated": "2026-05-13", "cves": [cve]}
    (folder / "cves.json").write_text(json.dumps(overlay), encoding="utf-8")
    (folder / "plan.yml").write_text(f"all: {{hosts: {{h: {{ansible_connection: !unsafe {json.dumps(template('plan-host'))}}}}}}}\n")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(folder / "controller")), ANSWERS: str(folder / "answers")}
    inventory = Fleet(folder, h={}).inventory()
    return Played(folder, run_playbook(folder, str(folder / "book.yml"), inventory, env=env))


@pytest.mark.parametrize("name", TASKS)
def test_a_rescue_may_show_what_failed(rescued: Played, name: str) -> None:
    assert rescued.run.status("h", name) == "failed", rescued.run.of("h", name)
    assert not list(rescued.folder.rglob(f"mark-of-{name}"))
    message = str(rescued.run.of("h", name)["msg"])
    shown = rescued.run.of("h", f"show {name}")["msg"]
    for told in (message, json.dumps(shown)):
        assert "{{ lookup(" in told
    assert PRODUCT not in json.dumps(shown) + message
    assert len(message) < 3000


@pytest.mark.parametrize("name", [name for name in TASKS if name != "choice" and name != "run"])
def test_messages_can_be_printed(rescued: Played, name: str) -> None:
    assert str(rescued.run.of("h", name)["msg"]).isprintable()
