# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generator writes what it read, finds every difference, and refuses sources that contradict themselves."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.tools.generate import __main__ as generate
from ansible_collections.winops.hotpatch.tools.generate import documentation, literals, payloads, roles
from ansible_collections.winops.hotpatch.tools.generate.documentation import Module, SourceError

VALUES: list[Any] = [
    {},
    [],
    {"a": {"b": ["c" * 70, "d" * 70], "e": True, "f": None, "g": 7}},
    ['say "yes"', "C:\\Windows"],
    [["state", "present", ["path"]], ["state", "absent", ["identity", "kb"] * 10, True]],
]


@pytest.mark.parametrize("value", VALUES)
def test_python_reads_back_what_was_written(value: Any) -> None:
    text = literals.python(value)
    assert ast.literal_eval(text) == value
    assert all(len(line) <= literals.PYTHON_WIDTH for line in text.splitlines())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"default": False, "name": "it's"}, "@{ default = $false; name = 'it''s' }"),
        ([], "@()"),
        ({}, "@{}"),
        ([["a", "b"]], "@(, @('a', 'b'))"),
        ([["a" * 60], ["b" * 60]], f"@(\n    , @('{'a' * 60}')\n    , @('{'b' * 60}')\n)"),
    ],
)
def test_powershell(value: Any, text: str) -> None:
    assert literals.powershell(value) == text


def test_every_generated_file_is_up_to_date() -> None:
    assert generate.differences(generate.targets()) == []


def test_a_changed_option_is_found_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    fragments = documentation.read_fragments()
    fragments["documentation"]["run_id"] = {"type": "int", "description": ["x"]}
    monkeypatch.setattr(generate, "read_fragments", lambda: fragments)
    fragments["gather"]["gather"] = {"type": "str", "description": ["x"]}
    found = generate.differences(generate.targets())
    # The specs, the argument specification of a role, and the payload.
    assert '-    "run_id": {"type": "str"},' in found
    assert any(line.startswith("+++ roles/cycle/meta/argument_specs.yml") for line in found)
    assert "+        gather = @{ type = 'str' }" in found
    monkeypatch.setattr(generate, "targets", lambda: {generate.ACTIONS / "specs.py": "other\n"})
    assert generate.main(["--check"]) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("update:\n  required_by: {source: [kbs]}\n", ["update", "kbs"]),
        ("updates:\n  required_by: {source: [kb]}\n", ["there is no module updates"]),
    ],
)
def test_a_constraint_of_what_is_not_there(text: str, words: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "constraints.yml").write_text(text)
    monkeypatch.setattr(documentation, "CONSTRAINTS", tmp_path / "constraints.yml")
    with pytest.raises(SourceError) as caught:
        documentation.read_modules()
    assert all(word in str(caught.value) for word in words)
    assert generate.main(["--check"]) == 2


MARKS = "# BEGIN options{which}, written by `python -m tools.generate`\nold\n# END options\n"
MODULES = [
    Module("look", {"gather": {"type": "list", "elements": "str"}, "dest": {"required": True}}, [], {"required_by": {"gather": ["dest"]}})
]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("", ["gather = @{ type = 'list'; elements = 'str' }", "dest = @{ type = 'str'; required = $true }", "required_by"]),
        (" of look: dest", ["dest = @{"]),
    ],
)
def test_a_payload_declares_what_its_mark_names(which: str, expected: list[str], tmp_path: Path) -> None:
    path = tmp_path / "look.ps1"
    path.write_text(f"before\n{MARKS.format(which=which)}after\n")
    text = payloads.render_payload(path, MODULES, {})
    assert text.startswith(f"before\n# BEGIN options{which}, ")
    assert text.endswith("# END options\nafter\n")
    assert all(part in text for part in expected)
    assert ("required_by" in text, "gather" in text) == (not which, not which)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing\n", "no pair of marks"),
        (MARKS.format(which=" of other"), "no module other"),
        (MARKS.format(which=" of look: desk"), "look does not have these options: desk"),
    ],
)
def test_a_payload_without_a_place_for_its_options(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "look.ps1"
    path.write_text(text)
    with pytest.raises(SourceError, match=words):
        payloads.render_payload(path, MODULES, {})


def test_what_a_role_states_of_its_variables_agrees() -> None:
    """Every default has its specification and its row, and a default of another type than the option's would be refused by core."""
    for name, (prefix, variables) in roles.read_roles(documentation.read_modules(), documentation.read_fragments()).items():
        folder = documentation.ROOT / "roles" / name
        specified = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
        defaults = yaml.safe_load((folder / "defaults" / "main.yml").read_text())
        rows = [
            line for line in (folder / "README.md").read_text().splitlines() if line.startswith(f"| `{prefix}") and line.count(" | ") == 3
        ]
        assert list(specified) == [item.name for item in variables] == [row.split("`")[1] for row in rows]
        assert set(specified) <= set(defaults)
        assert all(isinstance(specified[item.name]["default"], str | bool | int | list | dict) for item in variables)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"entries": {}}, "assess takes named"), ({"entries": {"restart_policy": {"option": "update.nothing"}}}, "assess takes")],
)
def test_a_role_that_takes_what_is_not_there(change: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = yaml.safe_load(roles.ROLES.read_text()) | change
    (tmp_path / "roles.yml").write_text(yaml.safe_dump(source))
    monkeypatch.setattr(roles, "ROLES", tmp_path / "roles.yml")
    with pytest.raises(SourceError, match=words):
        roles.read_roles(documentation.read_modules(), documentation.read_fragments())
