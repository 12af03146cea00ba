# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of an observation, and what host_info documents of it: both from the dataclasses that the parser is made from."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from .documentation import between
from .json_schema import BOOL, INT, MOMENT, TEXT, list_of, nullable, object_of, page, plain, product_module

SAMPLE = Path(__file__).with_name("observation_sample.yml")
_PURPOSE = (
    "The one contract between the PowerShell payloads, the rehearsal and the parser. A section that is null was not gathered, or its probe"
    " failed; then errors names the probe. Times are UTC, sizes bytes, HRESULTs 0x and eight hexadecimal digits."
)
# What an answer has besides the facts: the parser asks for the first, and nobody reads the second.
_NAME = "Name and version of this shape."
_TIMINGS = "The duration of each probe, in milliseconds."
_YAML_TYPES = {str: "str", int: "int", bool: "bool", datetime: "str", tuple: "list"}
_INDENT = " " * 6
_MARK = _INDENT + "# {} observation{}"


def observation_schema(kind: type[Any] | None = None) -> dict[str, Any]:
    """Return the schema of winops.hotpatch/observation/1, or of what the dataclass KIND states in its place."""
    shapes = _shapes(kind or _facts().Observation)
    keys = {
        "schema": {"const": _facts().SCHEMA, "description": _NAME},
        **{name: _value(shape) for name, shape in shapes.items()},
        "timings_ms": {"type": "object", "additionalProperties": {"type": "number"}, "description": _TIMINGS},
    }
    found = object_of(_required(keys, shapes), **keys)
    return page("observation", "The facts that one host reported, at one time", found) | {"description": _PURPOSE}


def observation_returns(kind: type[Any] | None = None) -> dict[str, Any]:
    """Return the documentation of each section of an observation, in the form of RETURN."""
    sample = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    return {
        "schema": {"description": _NAME, "returned": "always", "type": "str", "sample": _facts().SCHEMA},
        **_returns(kind or _facts().Observation, sample),
        "timings_ms": {"description": _TIMINGS, "returned": "always", "type": "dict", "sample": sample["timings_ms"]},
    }


def render_returns(path: Path) -> str:
    """Return the text of the documentation at PATH with its part about observations written anew."""
    text = yaml.dump(observation_returns(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120 - len(_INDENT))
    return between(path, _MARK, "".join(f"{_INDENT}{line}\n" for line in text.splitlines()))


class _Dumper(yaml.SafeDumper):
    """Indents lists as the files of this collection do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _facts() -> Any:
    return product_module("_observation.facts")


def _shapes(kind: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = product_module("_observation.shape").shapes_of(kind)
    return found


def _object(kind: type[Any]) -> dict[str, Any]:
    shapes = _shapes(kind)
    keys = {name: _value(shape) for name, shape in shapes.items()}
    return object_of(_required(keys, shapes), **keys)


def _required(keys: dict[str, Any], shapes: dict[str, Any]) -> list[str]:
    """Return those of KEYS that an observation of an earlier release has too."""
    return [name for name in keys if name not in shapes or not shapes[name].rule.newer]


def _value(shape: Any) -> dict[str, Any]:
    """Return the schema of one value."""
    words = shape.literals or shape.rule.words
    if words:
        value: dict[str, Any] = {"enum": list(words)}
    elif shape.item is not None:
        value = list_of(_value(shape.item)) | ({"maxItems": shape.rule.most} if shape.rule.most else {})
    elif shape.kind in _YAML_TYPES:
        value = dict({str: TEXT, int: INT, bool: BOOL, datetime: MOMENT}[shape.kind])
    else:
        value = _object(shape.kind)
    if shape.rule.pattern:
        value["pattern"] = shape.rule.pattern
    if shape.rule.inside:
        value = object_of(**{shape.rule.inside: value})
    if shape.nullable and not shape.rule.always:
        value = nullable(value)
    said = plain(_description(shape))
    return value | ({"description": said} if said else {})


def _returns(kind: type[Any], sample: Any) -> dict[str, Any]:
    return {name: _return(shape, (sample or {}).get(name)) for name, shape in _shapes(kind).items()}


def _return(shape: Any, sample: Any) -> dict[str, Any]:
    """Return the documentation of one value; SAMPLE is an example of it."""
    about: dict[str, Any] = {"description": _description(shape), "returned": "always"}
    key = shape.rule.inside
    if key:
        within = replace(shape, rule=replace(shape.rule, inside=None))
        return about | {"type": "dict", "contains": {key: _return(within, sample[key] if sample else None)}}
    about["type"] = _YAML_TYPES.get(shape.kind, "dict")
    value = shape
    if shape.item is not None:
        value = shape.item
        about["elements"] = _YAML_TYPES.get(value.kind, "dict")
    if value.kind not in _YAML_TYPES:
        return about | {"contains": _returns(value.kind, next(iter(sample or []), None) if shape.item else sample)}
    words = shape.literals or shape.rule.words
    return about | ({"choices": list(words)} if words else {}) | ({} if sample is None else {"sample": sample})


def _description(shape: Any) -> str:
    """Return the description of the value itself, or else what the class says that it becomes."""
    return shape.description or (inspect.getdoc(shape.kind) or "" if shape.kind not in _YAML_TYPES else "")
