# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a transport raises and what a field probe answers is text, and counts as what was raised.

Like the failures of hosts, this is run on the oldest ansible-core that is supported as well, which takes what is raised for a template.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_answers import ANSWERS, make_collection
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_texts import PRODUCT, template


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two hosts that are lost, one that is let go on; and one on which the connection has a defect."""
    folder = tmp_path_factory.mktemp("lost")
    (folder / "answers").mkdir()
    rules = {"gone": "connection", "kept": "connection", "defect": "other"}
    for name, error in rules.items():
        rule = {"module": "internal_observe", "raises": error, "text": template(name)}
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
