# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a role: its argument specification, its defaults and the table in its README, each between two marks."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible.plugins.filter.core import flatten

from .documentation import ROOT, Module, SourceError, all_options, between

ROLES = ROOT / "tools" / "generate" / "roles.yml"
_WIDTH = 120
COLLECTION_WIDE = "hotpatch_"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of a role: its name, the collection-wide variables that it draws on, and its documentation."""

    name: str
    sources: list[str]
    option: dict[str, Any]
    also: list[str] = field(default_factory=list)
    # False for what the role itself reads, such as a hook.
    of_module: bool = True

    @property
    def default(self) -> Any:
        """The value where nothing is set; an option without a default has the empty text, which the role leaves out."""
        return self.option.get("default", "")

    @property
    def sentence(self) -> str:
        """The first sentence of the description."""
        return str(_texts(self.option)[0])


def read_roles(modules: list[Module], fragments: dict[str, dict[str, Any]]) -> dict[str, tuple[str, list[Variable]]]:
    """Return, by role, the prefix and the variables. Raises SourceError for an entry or an option that is not there."""
    options = {f"{module.name}.{name}": option for module in modules for name, option in all_options(module, fragments).items()}
    source = yaml.safe_load(ROLES.read_text(encoding="utf-8"))
    roles = {}
    for role, taken in source["roles"].items():
        variables = []
        for item in flatten(taken["takes"]):
            name, key = next(iter(item.items())) if isinstance(item, dict) else (item, item)
            if name in taken.get("without", ()):
                continue
            # What has no entry is the option of that name of the module update.
            entry = source["entries"].get(key, {"option": f"update.{key}"})
            if entry.get("option") not in {None, *options}:
                raise SourceError(f"{ROLES.name}: {role} takes {key}, which is neither an entry nor an option of a module")
            option = options[entry["option"]] if "option" in entry else entry
            sources = entry.get("from") or [f"hotpatch_{key}"]
            if taken["prefix"] == COLLECTION_WIDE:
                # Such a role draws on nothing but the older names of its own variables.
                sources = sources[1:]
            variables.append(Variable(f"{taken['prefix']}{name}", sources, option, entry.get("also", []), "option" in entry))
        roles[role] = (taken["prefix"], variables)
    return roles


def render_roles(modules: list[Module], fragments: dict[str, dict[str, Any]]) -> dict[Path, str]:
    """Return the text of each file of each role that states its variables."""
    found: dict[Path, str] = {}
    for role, (_prefix, variables) in read_roles(modules, fragments).items():
        folder = ROOT / "roles" / role
        parts = {
            folder / "meta" / "argument_specs.yml": ("      # {} options{}", "".join(_specified(item) for item in variables)),
            folder / "defaults" / "main.yml": ("# {} options{}", "".join(_defaulted(item) for item in variables)),
            folder / "README.md": ("<!-- {} options{} -->", _table(variables)),
        }
        for path, (mark, text) in parts.items():
            found[path] = between(path, mark, text)
    return found


def _specified(variable: Variable) -> str:
    option = {**variable.option, "default": variable.default}
    if variable.default == "" and option.get("type") == "path":
        option["type"] = "str"  # no path is empty
    drawn = [f"Drawn from {_joined([f'C({name})' for name in variable.sources])}."] if variable.sources else []
    return _option(variable.name, {**option, "description": [*_texts(option), *drawn, *variable.also]}, 6)


def _option(name: str, option: dict[str, Any], indent: int) -> str:
    pad, inner = " " * indent, " " * (indent + 2)
    lines = [f"{pad}{name}:", f'{inner}type: "{option.get("type", "str")}"']
    stated = {
        key: option[key] for key in ("elements", "required", "default") if key in option and (key, option[key]) != ("required", False)
    }
    lines += [f"{inner}{key}: {json.dumps(value)}" for key, value in stated.items()]
    if option.get("choices"):
        lines += [f"{inner}choices:", *(f'{inner}  - "{choice}"' for choice in option["choices"])]
    lines.append(f"{inner}description:")
    for text in _texts(option):
        plain = re.sub(r"\b(?:O|RV)\(", "C(", text)
        quoted = json.dumps(plain, ensure_ascii=False)
        if len(quoted) <= _WIDTH:
            lines.append(f"{inner}  - {quoted}")
        else:
            folded = textwrap.wrap(plain, _WIDTH, break_long_words=False, break_on_hyphens=False)
            lines += [f"{inner}  - >-", *(f"{inner}    {line}" for line in folded)]
    return "\n".join(lines) + "\n"


def _defaulted(variable: Variable) -> str:
    comment = "".join(f"# {line}\n" for line in textwrap.wrap(_markdown(variable.sentence).replace("`", ""), _WIDTH))
    if not variable.sources:
        return f"{comment}{variable.name}: {json.dumps(variable.default)}\n"
    literal = f"'{variable.default}'" if isinstance(variable.default, str) else json.dumps(variable.default)
    # What is blank, as a survey gives it, counts as not set. A number may be 0 and a truth false: of these the module sees to it.
    blank = "" if variable.option.get("type") in ("int", "bool") else ", true"
    value = literal
    for name in reversed(variable.sources):
        value = f"{name} | default({value}{blank})"
    return f'{comment}{variable.name}: "{{{{ {value} }}}}"\n'


def _table(variables: list[Variable]) -> str:
    rows = ["| variable | drawn from | default | description |", "|---|---|---|---|"]
    for item in variables:
        default = f"`{item.default if isinstance(item.default, str) else json.dumps(item.default)}`" if item.default != "" else "none"
        choices = f" One of {', '.join(f'`{choice}`' for choice in item.option['choices'])}." if item.option.get("choices") else ""
        drawn = ", ".join(f"`{name}`" for name in item.sources) or "the inventory"
        rows.append(f"| `{item.name}` | {drawn} | {default} | {_markdown(item.sentence)}{choices} |")
    return "\n".join(rows) + "\n"


def _markdown(text: str) -> str:
    return re.sub(r"\b(?:O|RV|V|C|M)\(([^)]*)\)", r"`\1`", text)


def _texts(option: dict[str, Any]) -> list[str]:
    description = option["description"]
    return [" ".join(str(text).split()) for text in (description if isinstance(description, list) else [description])]


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
