# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a failure is text too: what a host, a transport or an overlay says when something goes wrong is never a template.

Up to ansible-core 2.18 the text that an action raises is taken for one, and what it asks for is done on the controller. So these tests are
run on the oldest core that is supported as well: C(make test-oldest-core).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, Run, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile_answers import ANSWERS, make_collection

HOTPATCH, AFTER, BASELINE = "2025-11-11", "2025-11-18", "2026-01-13"
SUM, PRODUCT = "{{ 7 * 7777777 }}", "54444439"
LONGEST = 3000


@dataclass(frozen=True)
class Case:
    """What a host does, how Ansible must report it, and whether its text must be seen in the result of a task."""

    rules: tuple[dict[str, Any], ...]
    status: str = "failed"
    shown: bool = True
    variables: dict[str, Any] = field(default_factory=dict)
    now: str = HOTPATCH


def rule(module: str = "_observe", nth: int = 1, **does: Any) -> tuple[dict[str, Any], ...]:
    return ({"module": module, "nth": nth, **does},)


# What stands for the text of a host: it is another one for each host, so that a mark tells which one was executed.
TEXT = "@TEXT@"
FAILED = {"failed": True, "msg": TEXT}
# What an observation can be, for each playbook.
OBSERVATION = {
    "failed": Case(rule(answer=FAILED)),
    "failed-huge": Case(rule(answer={"failed": True, "msg": f"{TEXT}{'y' * 1_000_000}"})),
    "failed-list": Case(rule(answer={"failed": True, "msg": [{TEXT: TEXT}]})),
    "unreachable": Case(rule(answer={"unreachable": True, "msg": TEXT}), "unreachable"),
    "stderr": Case(rule(answer={"module_stderr": TEXT})),
    "no-json": Case(rule(raw=[1, "", TEXT]), shown=False),
    "no-json-out": Case(rule(raw=[0, TEXT, ""]), shown=False),
    "raises-connection": Case(rule(raises="connection", text=TEXT), "unreachable"),
    "raises-transport": Case(rule(raises="transport", text=TEXT), "unreachable"),
    "raises-ansible": Case(rule(raises="ansible", text=TEXT)),
    "raises-other": Case(rule(raises="other", text=TEXT)),
}
# What looks like an observation and is none: the host is judged by what can be read of it, so the run of it goes on.
SHAPES = {
    "text": Case(rule(answer={"observation": TEXT}), "ok"),
    "keys": Case(rule(answer={"observation": {TEXT: TEXT}, TEXT: TEXT}), "ok"),
    "schema": Case(
        rule(answer={"observation": {"schema": TEXT, "os": {TEXT: {TEXT: TEXT}}, "errors": TEXT, "timings_ms": {TEXT: TEXT}}}), "ok"
    ),
    "os": Case(rule(replace=["ServerDatacenter", TEXT]), "ok"),
}
RESTARTS = {"hotpatch_restart_policy": "allowed"}
HOOKS = {"hotpatch_drain": "{folder}/hook.yml", "hotpatch_resume": "{folder}/hook.yml", "hotpatch_resume_after_failure": "always"}
# After the first observation nothing that a host says may count either, through rescue, handlers and the last word of a role.
CYCLE = {
    "second-failed": Case(rule(nth=2, answer=FAILED)),
    "second-unreachable": Case(rule(nth=2, answer={"unreachable": True, "msg": TEXT}), "unreachable"),
    "second-stderr": Case(rule(nth=2, answer={"module_stderr": TEXT})),
    "second-raises": Case(rule(nth=2, raises="other", text=TEXT)),
    "third-failed": Case(rule(nth=3, answer=FAILED)),
    "updates-failed": Case(rule("win_updates", answer=FAILED)),
    "updates-unreachable": Case(rule("win_updates", answer={"unreachable": True, "msg": TEXT}), shown=False),
    "updates-raise": Case(rule("win_updates", raises="ansible", text=TEXT)),
    "updates-say": Case(
        rule("win_updates", replace=["Failed to install all updates", TEXT]),
        variables={"hotpatch_rehearsal_faults": [{"fault": "install_error", "hresult": "0x80073712"}]},
        shown=False,
    ),
    "updates-title": Case(rule("win_updates", replace=["An update of the rehearsal.", TEXT]), "ok", shown=False),
    "updates-stranger": Case(rule("win_updates", nth=2, replace=["KB5068966", TEXT])),
    "baseline-failed": Case(rule(nth=3, answer=FAILED), now=BASELINE, variables=RESTARTS),
    "baseline-hooks": Case(rule(nth=3, answer=FAILED), now=BASELINE, variables=RESTARTS | HOOKS),
    "restart-raises": Case(rule("raw", raises="other", text=TEXT), now=BASELINE, variables=RESTARTS),
    "restart-lost": Case(rule("raw", raises="connection", text=TEXT), "unreachable", now=BASELINE, variables=RESTARTS),
    # A health task of the user fails, so that a handler rolls back, which is answered so too.
    "handler-failed": Case(
        (*rule(nth=4, answer=FAILED), *rule("package", answer=FAILED)),
        variables=RESTARTS | {"hotpatch_health": "{folder}/unhealthy.yml"},
    ),
    "overlay-key": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}, shown=False),
    "overlay-sum": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}),
    "overlay-broken": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}, shown=False),
    "overlay-name": Case((), variables={"hotpatch_catalog": ["{folder}/overlays/@HOST@"]}),
    "records": Case((), "ok", shown=False),
}
ROLLBACK = {
    "second-failed": Case(rule(nth=2, answer=FAILED)),
    "second-unreachable": Case(rule(nth=2, answer={"unreachable": True, "msg": TEXT}), "unreachable"),
    "package-failed": Case(rule("package", answer=FAILED)),
    "package-message": Case(rule("package", answer={"failed": True, "message": TEXT})),
    "package-raises": Case(rule("package", raises="transport", text=TEXT), "unreachable"),
    "restart-raises": Case(rule("raw", raises="other", text=TEXT), shown=False),
    "restart-lost": Case(rule("raw", raises="connection", text=TEXT), "unreachable"),
    "identity": Case(rule(replace=["Package_for_", TEXT])),
}
PLAYBOOKS: dict[str, dict[str, Case]] = {
    "assess": OBSERVATION | SHAPES,
    "cycle": OBSERVATION | CYCLE,
    "rollback": {name: Case(case.rules, case.status, case.shown, RESTARTS, AFTER) for name, case in (OBSERVATION | ROLLBACK).items()},
}
ALL = [(playbook, name) for playbook, cases in PLAYBOOKS.items() for name in cases]


@dataclass
class Played:
    """A playbook that was run over hosts that say what they should not."""

    folder: Path
    run: Run
    words: dict[str, str]

    def executed(self) -> list[str]:
        """The names of the hosts whose text was executed."""
        marks = [path.name for path in (self.folder / "marks").iterdir()]
        return sorted([*marks, *(path.name.removeprefix("mark-of-") for path in self.folder.rglob("mark-of-*"))])


def template(folder: Path, name: str) -> str:
    """A text that leaves a file if it is taken for a template, and is not fit for a terminal."""
    return f"{{{{ lookup('ansible.builtin.pipe', 'touch {folder}/marks/{name}') }}}}{SUM}\x1b[2J\u202e"


def filled(value: Any, words: dict[str, str]) -> Any:
    """Return VALUE with the WORDS of a host in it."""
    if isinstance(value, dict):
        return {filled(key, words): filled(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [filled(item, words) for item in value]
    for word, text in words.items() if isinstance(value, str) else ():
        value = value.replace(word, text)
    return value


def write_overlays(folder: Path) -> None:
    """Write files of release data of which nothing but data is to be expected.

    There is no slash in them, since the name of a file can have none: the mark is left where the playbook lies, within this folder too. And
    they are short, since a message shows the beginning and the end of a key only: what is left of a longer one may be no template at all.
    """
    lookup = "{{{{ lookup('pipe', 'touch mark-of-{}') }}}}"
    keys = {"overlay-key": lookup.format("overlay-key"), "overlay-sum": SUM, "overlay-broken": "{% for {{ {# " + "x" * 99}
    for name, key in keys.items():
        (folder / "overlays" / name).mkdir(parents=True)
        data = {"format": "winops.hotpatch/catalog/1", "generated": "2025-11-12", key: 1}
        (folder / "overlays" / name / "a.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "overlays" / "overlay-name").mkdir()
    (folder / "overlays" / "overlay-name" / f"{lookup.format('overlay-name')}{SUM}.json").write_text("[]", encoding="utf-8")


def write_record(folder: Path, name: str, text: str) -> None:
    """Write a run record as a run on another controller may have left it."""
    record = {
        "schema": "winops.hotpatch/run/1",
        "host": name,
        "run_id": text,
        "started_at": "2025-11-01T18:00:00Z",
        "finished_at": text,
        "outcome": "rolled_back",
        "denied": [{"kb": "KB5068966", "until": text}, {"kb": text, "until": text}],
        "exposure": {"kbs": [text], "since": text, "until": text},
        "messages": [text],
    }
    path = folder / "records" / name / "20251101T180000Z-00000001.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(record), encoding="utf-8")


def play(folder: Path, playbook: str) -> Played:
    """Run a playbook of the collection over the hosts of its cases."""
    cases = PLAYBOOKS[playbook]
    for name in ("marks", "answers"):
        (folder / name).mkdir()
    texts = {name: template(folder, name) for name in cases}
    for name, case in cases.items():
        (folder / "answers" / f"{name}.json").write_text(json.dumps(filled(case.rules, {TEXT: texts[name]})), encoding="utf-8")
    if playbook == "cycle":
        write_overlays(folder)
        write_record(folder, "records", texts["records"])
        hook = [
            {
                "name": "Show what a hook is given",
                "ansible.builtin.debug": {"msg": "{{ hotpatch_decision }} {{ hotpatch_result | default({}) }}"},
            }
        ]
        (folder / "hook.yml").write_text(json.dumps(hook), encoding="utf-8")
        (folder / "unhealthy.yml").write_text(json.dumps([{"ansible.builtin.fail": {"msg": "The service is down"}}]), encoding="utf-8")
    hosts = {
        name: {"now": case.now, "hotpatch_now": case.now, **filled(case.variables, {"{folder}": str(folder), "@HOST@": name})}
        for name, case in cases.items()
    }
    fleet = Fleet(folder)
    fleet.hosts = hosts
    inventory = fleet.inventory()
    given = {"hotpatch_records": str(folder / "records"), "hotpatch_hosts": "all"}
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(folder / "controller")), ANSWERS: str(folder / "answers")}
    return Played(folder, run_playbook(folder, f"winops.hotpatch.{playbook}", inventory, "-e", json.dumps(given), env=env), texts)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    return {playbook: play(tmp_path_factory.mktemp(playbook), playbook) for playbook in PLAYBOOKS}


def texts_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *texts_of(item))]
    if isinstance(value, list):
        return [text for item in value for text in texts_of(item)]
    return [value] if isinstance(value, str) else []


def unprintable(text: str) -> set[str]:
    return {character for character in text if not character.isprintable() and character != "\n"}


@pytest.mark.parametrize(("playbook", "name"), ALL)
def test_the_text_of_a_failure_is_not_executed(played: dict[str, Played], playbook: str, name: str) -> None:
    assert name not in played[playbook].executed()


@pytest.mark.parametrize(("playbook", "name"), ALL)
def test_the_text_is_shown_as_it_is(played: dict[str, Played], playbook: str, name: str) -> None:
    results = [text for entry in played[playbook].run.results if entry["host"] == name for text in texts_of(entry["result"])]
    assert results
    assert not [text for text in results if PRODUCT in text]
    assert PRODUCT not in played[playbook].run.output
    if PLAYBOOKS[playbook][name].shown:
        assert [text for text in results if SUM in text], results


@pytest.mark.parametrize(("playbook", "name"), ALL)
def test_ansible_counts_the_host_as_ever(played: dict[str, Played], playbook: str, name: str) -> None:
    """Lost hosts are unreachable, and all others whose run did not end well have failed."""
    results = [entry["status"] for entry in played[playbook].run.results if entry["host"] == name]
    statuses = {"unreachable"} if "unreachable" in results else {"failed"} if "failed" in results else {"ok"}
    assert statuses == {PLAYBOOKS[playbook][name].status}, played[playbook].run.output


@pytest.mark.parametrize(("playbook", "name"), ALL)
def test_messages_and_records_are_short_lines_of_text(played: dict[str, Played], playbook: str, name: str) -> None:
    found = played[playbook]
    results = [entry["result"].get("msg") for entry in found.run.results if entry["host"] == name]
    messages = [message for message in results if isinstance(message, str)]
    records = [json.loads(path.read_text(encoding="utf-8")) for path in (found.folder / "records" / name).glob("*.json")]
    own = [record for record in records if record["run_id"] != found.words[name]]
    assert own or name.startswith("overlay")
    for text in [*messages, *texts_of(own)]:
        assert len(text) <= LONGEST
        assert unprintable(text) == set()
        assert PRODUCT not in text


def test_the_role_has_the_last_word_where_its_handler_fails(played: dict[str, Played]) -> None:
    """What a handler raised would end the host then and there; what it returns is part of what the role says."""
    found = played["cycle"].run.of(
        "handler-failed", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person"
    )
    assert "The rollback itself failed: The host could not be observed: {{ lookup(" in found["msg"]
    assert found["msg"].endswith("Look at this host by hand before anything else is installed on it.")


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_the_terminal_shows_short_text(played: dict[str, Played], playbook: str) -> None:
    output = played[playbook].run.output
    assert unprintable(output) == set()
    assert len(output) < 400_000
