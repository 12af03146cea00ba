# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, options and documents are text to each module, also where a playbook of a user rescues a failure and shows it.

Like the failures of hosts, this is run on the oldest ansible-core that is supported as well, which takes what is raised for a template.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile_answers import ANSWERS, make_collection
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import document, fix, vulnerability

SUM, PRODUCT = "{{ 7 * 7777777 }}", "54444439"
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
    "plan-from": ("rehearsal_plan", {"from": "@text", "to": "2025-11", "inventory": "{folder}/inventory.yml", "out": "{folder}/out"}),
    "plan-host": ("rehearsal_plan", {"from": "2025-10", "to": "2025-11", "inventory": "{folder}/plan.yml", "out": "{folder}/out"}),
    "run": (
        "rehearsal_run",
        {"run": {**RUN, "restart_policy": "@text"}, "hosts": ["h"], "inventory": "{folder}/inventory.yml", "out": "{folder}/out"},
    ),
    "summary": ("rehearsal_summary", {"out": "@name"}),
}


def template(name: str) -> str:
    """A text that leaves a file beside the playbook if it is taken for a template, and that can be the name of a file."""
    return f"{{{{ lookup('ansible.builtin.pipe', 'touch mark-of-{name}') }}}}{SUM}\u202e"


@dataclass
class Played:
    folder: Path
    run: Run


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


def test_the_variables_of_a_host_are_text(tmp_path: Path) -> None:
    """The check before a run shows values of the inventory; also what a host or a service put there through a dynamic inventory."""
    text, other = (json.dumps(f"{template(name)}\\x1b[2J\nforged") for name in ("variable", "policy"))
    hosts = f"{{h: {{hotpatch_intent: !unsafe {text}, hotpatch_policy: !unsafe {other}, hotpatch_catalog: [!unsafe {text}]}}}}"
    (tmp_path / "inventory.yml").write_text(f"all: {{hosts: {hosts}, vars: {{ansible_connection: winops.hotpatch.rehearsal}}}}\n")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(tmp_path / "controller"))}
    run = run_playbook(tmp_path, "winops.hotpatch.assess", tmp_path / "inventory.yml", env=env)
    assert run.returncode != 0
    message = next(entry["result"]["msg"] for entry in run.results if entry["status"] == "failed")
    lines = message.splitlines()
    assert [line.split(":")[0] for line in lines] == ["hotpatch_intent", "hotpatch_policy", "hotpatch_catalog"], message
    assert all("{{ lookup(" in line and line.isprintable() for line in lines)
    assert not list(tmp_path.rglob("mark-of-*"))
    assert PRODUCT not in run.output + message


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """Documents whose texts are hostile are imported, shown as a difference, and the catalog that they make is shown."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "documents").mkdir()
    text = f"{template('document')}\x1b[2J\nws2025 2026-10 KB9999999: kind hotpatch"
    found = vulnerability(
        "CVE-2026-90001",
        fix("KB5990001", "12436", "26100.39000", text),
        fix("KB5990002", "12436", f"={text}", text, restart=text, supersedes=text, url=text),
    )
    found["Title"]["Value"] = text
    found["RevisionHistory"][0]["Number"] = text
    data = document(found, number=text)
    data["DocumentTitle"]["Value"] = text
    (folder / "documents" / f"{template('document')}.json").write_text(json.dumps(data), encoding="utf-8")
    inventory = folder / "inventory.yml"
    inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n", encoding="utf-8")
    given = {
        "hotpatch_catalog_dest": str(folder / "msrc.json"),
        "hotpatch_catalog_sources": [str(folder / "documents")],
    }
    shown = {"hotpatch_catalog": [str(folder / "msrc.json")], "hotpatch_catalog_compare_with": [], "hotpatch_catalog_lines": ["ws2025"]}
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(folder / "controller"))}
    return {
        "update": Played(
            folder, run_playbook(folder, "winops.hotpatch.catalog_update", inventory, "--diff", "-e", json.dumps(given), env=env)
        ),
        "show": Played(folder, run_playbook(folder, "winops.hotpatch.catalog", inventory, "-e", json.dumps(shown), env=env)),
    }


@pytest.mark.parametrize("step", ["update", "show"])
def test_documents_are_text(imported: dict[str, Played], step: str) -> None:
    found = imported[step]
    assert found.run.returncode == 0, found.run.output
    assert not list(found.folder.rglob("mark-of-*"))
    assert PRODUCT not in found.run.output + json.dumps(found.run.results)
    assert {character for character in found.run.output if not character.isprintable()} <= {"\n"}
    assert not [line for line in found.run.output.splitlines() if line.lstrip("+ ").startswith("ws2025 2026-10 KB9999999")]


def test_the_overlay_can_be_read_by_people(imported: dict[str, Played]) -> None:
    text = (imported["update"].folder / "msrc.json").read_text(encoding="utf-8")
    assert text.isascii()
    assert "\\u202e" not in text
    assert "\\u001b" not in text


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two hosts that are lost, one that is let go on; and one on which the connection has a defect."""
    folder = tmp_path_factory.mktemp("lost")
    (folder / "answers").mkdir()
    rules = {"gone": "connection", "kept": "connection", "defect": "other"}
    for name, error in rules.items():
        rule = {"module": "_observe", "raises": error, "text": template(name)}
        (folder / "answers" / f"{name}.json").write_text(json.dumps([rule]), encoding="utf-8")
    ask = {"name": "ask", "winops.hotpatch.host_info": {}, "ignore_unreachable": "{{ inventory_hostname == 'kept' }}"}
    tasks = [
        {"name": "try", "block": [ask], "rescue": [{"name": "rescue", "ansible.builtin.debug": {"msg": "rescued"}}]},
        {"name": "after", "ansible.builtin.debug": {"msg": "after"}},
    ]
    (folder / "book.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(folder / "controller")), ANSWERS: str(folder / "answers")}
    fleet = Fleet(folder, gone={}, kept={}, defect={})
    return run_playbook(folder, str(folder / "book.yml"), fleet.inventory(), "-vvv", env={**env, "ANSIBLE_DISPLAY_TRACEBACK": "always"})


def test_what_is_returned_counts_as_what_was_raised(lost: Run) -> None:
    """An unreachable host is out of the play and not rescued, unless ignore_unreachable says so; a failed one is rescued."""
    told = {
        host: [(entry["task"], entry["status"]) for entry in lost.results if entry["host"] == host] for host in ("gone", "kept", "defect")
    }
    assert told == {
        "gone": [("ask", "unreachable")],
        "kept": [("ask", "unreachable"), ("after", "ok")],
        "defect": [("ask", "failed"), ("rescue", "ok"), ("after", "ok")],
    }, lost.output


def test_a_defect_comes_with_its_traceback(lost: Run) -> None:
    message = str(lost.of("defect", "ask")["msg"])
    assert message.startswith("Unexpected failure: ValueError: {{ lookup(")
    assert "Traceback (most recent call last):" in lost.output
    assert 'hostile_answers.py", line' in lost.output
    assert PRODUCT not in lost.output


@pytest.mark.parametrize("playbook", ["assess", "cycle", "rollback"])
def test_inputs_are_refused_as_text(tmp_path: Path, playbook: str) -> None:
    """What an inventory marks as text stays text on its way through the check of all hosts' variables."""
    unsafe = f"!unsafe {json.dumps(template('input'))}"
    variables = {
        "hotpatch_catalog": f"[{unsafe}]",
        "hotpatch_restart_policy": unsafe,
        "hotpatch_policy": unsafe,
        "hotpatch_now": unsafe,
        "hotpatch_before": f"[{unsafe}]",
        "hotpatch_restart_timeout": unsafe,
    }
    inventory = tmp_path / "inventory.yml"
    lines = "".join(f"      {name}: {value}\n" for name, value in variables.items())
    inventory.write_text(f"all:\n  hosts:\n    h:\n{lines}", encoding="utf-8")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(tmp_path / "controller"))}
    run = run_playbook(tmp_path, f"winops.hotpatch.{playbook}", inventory, "-e", "hotpatch_hosts=all", env=env)
    (message,) = [str(entry["result"]["msg"]) for entry in run.results if entry["status"] == "failed"]
    assert [name for name in variables if f"{name}: " not in message] == []
    assert message.count("{{ lookup(") >= len(variables)
    assert PRODUCT not in run.output + message
    assert not list(tmp_path.rglob("mark-of-*"))


def test_what_a_probe_finds_is_text(tmp_path: Path) -> None:
    """The answer of the field probe, in the file that it makes and in what the playbook says of it."""
    (tmp_path / "answers").mkdir()
    text = template("found")
    found = {
        "now": text,
        "errors": [{"probe": text, "hresult": text, "message": f"{text}{'y' * 2_000}"}],
        "updates": {"search_result": text, "offers": []},
        "registry": {text: {text: text}},
        "history": [{"title": text}],
    }
    rule = {"module": "field_probe", "answer": {"changed": False, "found": found, "names": [text], text: text}}
    (tmp_path / "answers" / "h.json").write_text(json.dumps([rule]), encoding="utf-8")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(tmp_path / "controller")), ANSWERS: str(tmp_path / "answers")}
    given = {"hotpatch_field_probe_out": str(tmp_path / "out")}
    run = run_playbook(tmp_path, "winops.hotpatch.field_probe", Fleet(tmp_path, h={}).inventory(), "-e", json.dumps(given), env=env)
    assert run.returncode == 0, run.output
    assert (tmp_path / "out" / "host1.json").read_text(encoding="utf-8").isascii()
    assert PRODUCT not in run.output + json.dumps(run.results)
    assert max(map(len, run.of("h")["msg"])) <= 500
    assert {character for character in run.output if not character.isprintable()} <= {"\n"}
    assert not list(tmp_path.rglob("mark-of-*"))
