# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a failure is text too: what a host, a transport or an overlay says when something goes wrong is never a template.

Up to ansible-core 2.18 the text that an action raises is taken for one, and what it asks for is done on the controller. So these tests are
run on the oldest core that is supported as well: C(make test-oldest-core).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_answers import ANSWERS, make_collection
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_cases import PLAYBOOKS, TEXT
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_texts import PRODUCT, SUM, Played

LONGEST = 3000
ALL = [(playbook, name) for playbook, cases in PLAYBOOKS.items() for name in cases]


@dataclass
class PlayedCases(Played):
    """A playbook that was run over the hosts of its cases, with the words that each of them said."""

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


def play(folder: Path, playbook: str) -> PlayedCases:
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
    if playbook == "cycle":
        # All of them fail on purpose, and no batch of them is to end the run for the others.
        given["hotpatch_serial"] = "100%"
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(folder / "controller")), ANSWERS: str(folder / "answers")}
    return PlayedCases(folder, run_playbook(folder, f"winops.hotpatch.{playbook}", inventory, "-e", json.dumps(given), env=env), texts)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PlayedCases]:
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
def test_the_text_of_a_failure_is_not_executed(played: dict[str, PlayedCases], playbook: str, name: str) -> None:
    assert name not in played[playbook].executed()


@pytest.mark.parametrize(("playbook", "name"), ALL)
def test_the_text_is_shown_as_it_is(played: dict[str, PlayedCases], playbook: str, name: str) -> None:
    results = [text for entry in played[playbook].run.results if entry["host"] == name for text in texts_of(entry["result"])]
    assert results
    assert not [text for text in results if PRODUCT in text]
    assert PRODUCT not in played[playbook].run.output
    if PLAYBOOKS[playbook][name].shown:
        assert [text for text in results if SUM in text], results


@pytest.mark.parametrize(("playbook", "name"), ALL)
def test_whoever_did_not_end_well_fails_the_run_and_whoever_is_lost_is_told_so(
    played: dict[str, PlayedCases], playbook: str, name: str
) -> None:
    """A host that cannot be reached fails as well, because Ansible would not let it pass to the end of the run."""
    run, wanted = played[playbook].run, PLAYBOOKS[playbook][name].status
    results = {entry["status"] for entry in run.results if entry["host"] == name}
    assert ("failed" in results) is (wanted != "ok"), run.output
    lost = {"unreachable", "lost"} & set(run.table()[name].split()[1:3])
    assert bool(lost) is (wanted == "unreachable"), run.table()[name]


@pytest.mark.parametrize(("playbook", "name"), ALL)
def test_messages_and_records_are_short_lines_of_text(played: dict[str, PlayedCases], playbook: str, name: str) -> None:
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


def test_the_role_has_the_last_word_where_its_handler_fails(played: dict[str, PlayedCases]) -> None:
    """What a handler raised would end the host then and there; what it returns is part of what the role says."""
    found = played["cycle"].run.of(
        "handler-failed", "winops.hotpatch.internal_apply : Fail, and say what was done and what is left to a person"
    )
    assert "The rollback failed: The host could not be observed: {{ lookup(" in found["msg"]
    assert found["msg"].endswith("Check this host by hand before you install anything else on it.")


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_the_terminal_shows_short_text(played: dict[str, PlayedCases], playbook: str) -> None:
    output = played[playbook].run.output
    assert unprintable(output) == set()
    assert len(output) < 400_000
