# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules as their documentation states them, fragments included, and how they depend on one another."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "plugins" / "modules"
# The plain fragment of the first is C(documentation) here, and that of each other file its name.
FRAGMENTS = tuple(ROOT / "plugins" / "doc_fragments" / name for name in ("_common.py", "_policy.py", "_memory.py"))
CONSTRAINTS = Path(__file__).with_name("constraints.yml")
_OURS = "winops.hotpatch._"


class SourceError(Exception):
    """A source of the generator cannot be used; the message names the file and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Module:
    """One module: the options that are its own, the fragments that it adds, and what it asks of several options together."""

    name: str
    own: dict[str, Any]
    fragments: list[str] = field(default_factory=list)
    constraints: dict[str, Any] = field(default_factory=dict)


def read_fragments() -> dict[str, dict[str, Any]]:
    """Return the options of each documentation fragment by its name in small letters; the plain one of all is C(documentation)."""
    found: dict[str, dict[str, Any]] = {}
    for path in FRAGMENTS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                options = dict(yaml.safe_load(ast.literal_eval(node.value)).get("options") or {})
                if options:
                    found[_variant(f"{_OURS}{path.stem[1:]}.{node.targets[0].id}")] = options
    return found


def read_modules() -> list[Module]:
    """Return the modules in the order of their names. Raises SourceError for a constraint of an option that is not there."""
    fragments = read_fragments()
    constraints: dict[str, Any] = yaml.safe_load(CONSTRAINTS.read_text(encoding="utf-8"))
    modules = []
    for path in sorted(MODULES.glob("*.yml")):
        documentation = yaml.safe_load(path.read_text(encoding="utf-8"))["DOCUMENTATION"]
        names = [_variant(name) for name in documentation.get("extends_documentation_fragment") or [] if name.startswith(_OURS)]
        module = Module(
            path.stem,
            dict(documentation.get("options") or {}),
            [name for name in names if name in fragments],
            constraints.pop(path.stem, {}),
        )
        unknown = _named(module.constraints) - set(all_options(module, fragments))
        if unknown:
            raise SourceError(f"{CONSTRAINTS.name}: {module.name} does not have these options: {', '.join(sorted(unknown))}")
        modules.append(module)
    if constraints:
        raise SourceError(f"{CONSTRAINTS.name}: there is no module {', '.join(sorted(constraints))}")
    return modules


def all_options(module: Module, fragments: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return every option of MODULE; its own count before those of its fragments, as in ansible-doc."""
    options: dict[str, Any] = {}
    for name in module.fragments:
        options |= fragments[name]
    return options | module.own


def spec_of(option: dict[str, Any]) -> dict[str, Any]:
    """Return a documented OPTION as ansible-core's argument spec states it."""
    spec: dict[str, Any] = {"type": option.get("type", "str")}
    for key in ("elements", "choices", "required", "default", "aliases"):
        if option.get(key) is not None and option[key] != {"required": False}.get(key):
            spec[key] = option[key]
    if "suboptions" in option:
        spec["options"] = {name: spec_of(item) for name, item in option["suboptions"].items()}
    return spec


def between(path: Path, mark: str, text: str) -> str:
    """Return the text of the file at PATH with TEXT between its two marks. Raises SourceError where there are none.

    MARK is such a line, with a place for BEGIN or END and one for what the first of them says besides.
    """
    first, last = mark.format("BEGIN", ", written by `python -m tools.generate`"), mark.format("END", "")
    before, opened, rest = path.read_text(encoding="utf-8").partition(f"{first}\n")
    _old, closed, after = rest.partition(f"{last}\n")
    if not opened or not closed:
        raise SourceError(f"{path.relative_to(ROOT)}: there is no pair of lines '{first.strip()}' and '{last.strip()}'")
    return f"{before}{opened}{text}{closed}{after}"


def _variant(fragment: str) -> str:
    file, _dot, name = fragment[len(_OURS) :].lower().partition(".")
    name = name or "documentation"
    if file == "common":
        return name
    return file if name == "documentation" else f"{file}_{name}"


def _named(constraints: dict[str, Any]) -> set[str]:
    """Return the options that CONSTRAINTS speak of."""
    found: set[str] = set()
    for kind, entries in constraints.items():
        if kind == "required_by":
            found |= {name for option, needed in entries.items() for name in [option, *needed]}
        elif kind == "required_if":
            found |= {name for entry in entries for name in [entry[0], *entry[2]]}
        else:
            found |= {name for entry in entries for name in entry}
    return found
