# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parser, schema and documentation of an observation come from one source: what is changed there changes in all of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, make_dataclass
from typing import Annotated, Any, Literal

import jsonschema
import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation import facts
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation, parser_of
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.shape import Kb, LongText, Rule
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import LINES, builds_of, change, host
from ansible_collections.winops.hotpatch.tools.generate import __main__ as generate
from ansible_collections.winops.hotpatch.tools.generate.observation import SAMPLE, observation_returns, observation_schema

GOOD: dict[str, Any] = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
SOUND = [error.probe for error in parse_observation(GOOD).errors]
CONTRACT = jsonschema.Draft202012Validator(observation_schema())


@dataclass
class Fact:
    """A fact that nobody asks for."""

    state: Annotated[Literal["wet", "dry"] | None, "Its state."]
    name: Annotated[str, "Its name."]


def fits(raw: Any, schema: dict[str, Any] | None = None) -> bool:
    return bool((jsonschema.Draft202012Validator(schema) if schema else CONTRACT).is_valid(raw))


def with_field(section: str, name: str, hint: Any) -> type[facts.Observation]:
    """An observation whose SECTION has one field more."""
    base = {"os": facts.Os, "disk": facts.Disk}[section]
    wider = make_dataclass(base.__name__, [(name, hint)], bases=(base,), frozen=True, slots=True)
    return make_dataclass("Observation", [(section, wider | None)], bases=(facts.Observation,), frozen=True, slots=True)


@pytest.mark.parametrize(
    ("hint", "good", "bad", "documented"),
    [
        (Annotated[str | None, "The paint."], "red", 7, {"type": "str"}),
        (Annotated[LongText | None, "The paint."], "r" * 400, ["red"], {"type": "str"}),
        (Annotated[bool | None, "The paint."], True, "yes", {"type": "bool"}),
        (Annotated[int | None, "The paint."], 5, True, {"type": "int"}),
        (Annotated[Literal["red", "blue"] | None, "The paint."], "blue", "green", {"type": "str", "choices": ["red", "blue"]}),
        (Annotated[Literal[1, 2] | None, "The paint."], 2, 3, {"type": "int", "choices": [1, 2]}),
        (Annotated[Kb | None, "The paint."], "KB5120228", "none", {"type": "str"}),
        (Annotated[tuple[Kb, ...] | None, "The paint."], ["KB5120228"], ["none"], {"type": "list", "elements": "str"}),
        (Annotated[tuple[str, ...], "The paint."], ["red"], None, {"type": "list", "elements": "str"}),
        (Annotated[tuple[Fact, ...] | None, "The paint."], [{"state": "wet", "name": "red"}], [{"state": "wet", "name": None}], None),
        (Annotated[tuple[Fact, ...] | None, "The paint.", Rule(inside="coats")], {"coats": []}, [], None),
        (Annotated[Fact | None, "The paint."], {"state": None, "name": "red"}, {"state": "old", "name": "red"}, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_field_more_is_read_demanded_and_documented(hint: Any, good: Any, bad: Any, documented: dict[str, Any] | None) -> None:
    kind = with_field("disk", "paint", hint)
    schema, parse = observation_schema(kind), parser_of(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert not fits(GOOD, schema)

    raw = change(GOOD, disk__paint=good)
    assert not fits(raw)
    assert fits(raw, schema)
    seen = parse(raw)
    assert [error.probe for error in seen.errors] == SOUND
    assert getattr(seen.disk, "paint") not in (None, "")  # noqa: B009 (mypy does not know the field)

    raw = change(GOOD, disk__paint=bad)
    assert not fits(raw, schema)
    assert parse(raw).disk is None
    assert [error.probe for error in parse(raw).errors] == [*SOUND, "disk"]

    about = observation_returns(kind)["disk"]["contains"]["paint"]
    assert about["description"] == "The paint."
    if documented is not None:
        assert about == {"description": "The paint.", "returned": "always", **documented}
    assert "paint" not in observation_returns()["disk"]["contains"]


def test_a_section_more_is_missed_where_it_is_not_there() -> None:
    kind = make_dataclass("Observation", [("paint", Annotated[Fact | None, "The paint."])], bases=(facts.Observation,), frozen=True)
    assert "paint" in observation_schema(kind)["required"]
    assert observation_returns(kind)["paint"]["contains"]["state"]["choices"] == ["wet", "dry"]
    assert parser_of(kind)(GOOD).error_of("paint") == "probe paint failed: the answer lacks this section"
    assert getattr(parser_of(kind)({**GOOD, "paint": {"state": "dry", "name": "x"}}), "paint") == Fact("dry", "x")  # noqa: B009


def test_a_section_of_a_later_release_is_not_missed() -> None:
    """Observations that were kept before it came are whole without it."""
    paint = Annotated[Fact | None, "The paint.", Rule(newer=True)]
    kind = make_dataclass("Observation", [("paint", paint)], bases=(facts.Observation,), frozen=True)
    assert fits(GOOD, observation_schema(kind))
    seen: Any = parser_of(kind)(GOOD)
    assert (seen.paint, [error.probe for error in seen.errors]) == (None, SOUND)
    assert not fits({**GOOD, "paint": 7}, observation_schema(kind))
    older = {key: value for key, value in GOOD.items() if key != "powershell"}
    assert fits(older)
    assert parse_observation(older).powershell is None
    assert [error.probe for error in parse_observation(older).errors] == SOUND


def test_a_value_of_a_later_release_is_not_missed() -> None:
    older = {**GOOD, "powershell": {"edition": "Desktop", "version": "5.1.26100.32995"}}
    assert fits(older)
    found = parse_observation(older)
    assert found.powershell == facts.PowerShell("Desktop", "5.1.26100.32995", None)
    assert [error.probe for error in found.errors] == SOUND
    assert not fits({**GOOD, "powershell": {**older["powershell"], "administrator": "yes"}})
    assert not fits({**GOOD, "powershell": {"edition": "Desktop"}})


def test_the_check_finds_what_was_not_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "Observation", with_field("os", "paint", Annotated[str | None, "The C(Paint)."]))
    found = generate.differences(generate.targets())
    assert [line.split()[1] for line in found if line.startswith("+++")] == [
        "plugins/plugin_utils/data/observation.schema.json",
        "plugins/modules/host_info.yml",
    ]
    assert "+            description: The C(Paint)." in found
    assert any(line.strip("+ ") == '"description": "The Paint."' for line in found)


def described(about: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, item in about.items():
        yield f"{where}.{name}", item
        yield from described(item.get("contains", {}), f"{where}.{name}")


def test_every_value_has_a_description() -> None:
    found = dict(described(observation_returns(), "observation"))
    assert len(found) > 100
    assert [name for name, item in found.items() if not item["description"].endswith(".")] == []
    assert found["observation.pending.causes.source"]["choices"][-1] == "configmgr"


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(item, (*path, key))


def with_value(path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(GOOD)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


VALUES: list[Any] = [
    None,
    True,
    0,
    3,
    2**40,
    -1,
    1.5,
    "x",
    "KB5120228",
    "2026-01-02T03:04:05Z",
    "0x80240438",
    [],
    {},
    ["KB5120228"],
    [None],
]
VALUES += [{"causes": []}, [{"probe": "x", "hresult": None, "message": None}]]


def test_what_the_schema_allows_is_read_whole() -> None:
    """Each value of the sample in turn becomes another one."""
    tried = [(path, value, with_value(path, value)) for path in places(GOOD) for value in VALUES if path[0] not in ("errors", "timings_ms")]
    allowed = [(path, value, parse_observation(raw)) for path, value, raw in tried if fits(raw)]
    assert [(path, value) for path, value, seen in allowed if [error.probe for error in seen.errors] != SOUND] == []
    assert len(allowed) > 200


# The schema holds payloads to the words that they may write. The parser takes others for what they are: a cause of a pending restart is one
# although nobody has heard of it, and an operation of another name is neither an installation nor a removal.
@pytest.mark.parametrize(
    ("path", "word"),
    [
        (("update_source", "service_start"), "boot"),
        (("pending", "causes", 0, "source"), "something_new"),
        (("history", 0, "operation"), "repair"),
        (("history", 0, "operation"), None),
        (("monitor", "service"), "paused"),
        (("monitor", "task"), "running"),
        (("monitor", "events", 0, "level"), "verbose"),
        (("servicing", "asked"), "dism"),
        (("platform", "arc", "installed"), None),
        (("offers", 0, "update_id"), None),
        (("offers", 0, "restart_check", "asked"), None),
        (("offers", 0, "categories"), None),
        (("observed_at",), None),
    ],
)
def test_where_the_schema_asks_for_more_than_the_parser(path: tuple[Any, ...], word: str | None) -> None:
    raw = with_value(path, word)
    assert not fits(raw)
    assert [error.probe for error in parse_observation(raw).errors] == SOUND


def test_the_sample_and_the_hosts_of_these_tests_are_observations() -> None:
    assert fits(GOOD)
    assert SOUND == ["offers"]
    for line in LINES:
        jsonschema.validate(host(line, *list(builds_of(line))[:5]), observation_schema())
