# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of catalog files, from the keys and readers that the reader of catalog files goes by."""

from __future__ import annotations

import inspect
from typing import Any

from .json_schema import BOOL, BUILD, DAY, INT, KB, MONTH, enum, list_of, nullable, object_of, page, plain, product_module, text_like

_TITLE = "A catalog file: release data of one product line, or of several"
_PURPOSE = (
    "Both forms, told apart by the key format. A key that is null counts as absent; in a release that corrects another it clears the field."
    " What entries must make together (builds that rise, one KB one meaning, dates that fit the kind) is judged when the file is laid over"
    " the others."
)
_TEXT = {"type": "string", "pattern": r"\S"}
# What each method of CheckedMapping reads.
_READ: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "shown_text": _TEXT,
    "texts": {"description": "A list of texts; one text alone is a list of one.", "anyOf": [_TEXT, list_of(_TEXT)]},
    "kbs": {"description": "A list of KB numbers; one alone is a list of one.", "anyOf": [KB, list_of(KB)]},
    "flag": BOOL,
    "day": DAY | {"format": "date", "description": "A date in UTC."},
    "month": MONTH,
    "kb": KB,
    "build": BUILD | {"description": "Base build and revision. In YAML it needs quotes, or it becomes a number."},
    "base_build": INT,
}
_SAID = {"required": ["reason"], "properties": {"reason": {"type": "string"}}}
_MARKED = [{"required": [mark], "properties": {mark: {"const": True}}} for mark in ("withdrawn", "denied")]
# The rule between the keys of a release that one file alone must keep.
_REASON = [
    {"if": {"anyOf": _MARKED}, "then": _SAID},
    {"if": _SAID, "then": {"anyOf": [{"required": ["withdrawn"]}, {"required": ["denied"]}]}},
]


def catalog_schema() -> dict[str, Any]:
    """Return the schema of winops.hotpatch/catalog/1."""
    file = product_module("_catalog.catalog_file")
    definitions: dict[str, Any] = {}
    forms = {name: _object(keys, definitions) for name, keys in (("one_line", file.ONE_LINE), ("many_lines", file.MANY_LINES))}
    told_apart = {"if": {"required": ["format"]}, "then": _ref("many_lines"), "else": _ref("one_line")}
    return page("catalog", _TITLE, {"description": _PURPOSE, **told_apart, "$defs": definitions | forms})


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _object(keys: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a mapping; what its lists hold is added to DEFINITIONS."""
    values = {key: _value(key, reader, definitions) for key, reader in keys.readers.items()}
    optional = {key: nullable(value) for key, value in values.items() if key not in keys.required}
    rules = _REASON if keys is product_module("_catalog.release_mapping").RELEASE else _rules_of_lines(keys)
    found = object_of(list(keys.required), **values | optional) | {"description": plain(inspect.getdoc(keys.entry) or "")}
    return found | ({"allOf": rules} if rules else {})


def _value(key: str, reader: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what READER takes under KEY."""
    kinds = product_module("_catalog.mapping")
    if isinstance(reader, kinds.OneOf):
        return enum(reader.choices)
    if isinstance(reader, kinds.TextLike):
        return text_like(reader.pattern)
    if isinstance(reader, kinds.ListOf):
        definitions[key] = _object(reader.keys, definitions)
        return list_of(_ref(key))
    if isinstance(reader, product_module("_catalog.catalog_file").PerLine):
        definitions["line"] = _object(reader.keys, definitions)
        return object_of([], **{line: {"allOf": [_ref("line"), _of_base(reader.keys, base)]} for line, base in _lines().items()})
    return _READ[reader.__name__]


def _lines() -> dict[str, int]:
    found: dict[str, int] = product_module("_catalog.release").LINES
    return found


def _rules_of_lines(keys: Any) -> list[dict[str, Any]]:
    """Return the rules of a mapping that names its line: its builds are those of the line."""
    if "line" not in keys.readers or not _of_base(keys, 0):
        return []
    named = {line: {"required": ["line"], "properties": {"line": {"const": line}}} for line in _lines()}
    return [{"if": named[line], "then": _of_base(keys, base)} for line, base in _lines().items()]


def _of_base(keys: Any, base: int) -> dict[str, Any]:
    """Return the rules of the builds in a mapping and in its lists where the base build is BASE; nothing if there are none."""
    found: dict[str, Any] = {}
    for key, reader in keys.readers.items():
        inner = getattr(reader, "keys", None)
        name = getattr(reader, "__name__", "")
        if inner and _of_base(inner, base):
            found[key] = {"items": _of_base(inner, base)}
        elif name in ("build", "base_build"):
            found[key] = {"pattern": rf"^{base}\."} if name == "build" else {"enum": [base, None]}
    return {"properties": found} if found else {}
