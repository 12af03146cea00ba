# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the JSON schemas: common values, objects and lists of them, and the words that the code knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

# The product is found beside this package, whichever name the checkout goes by.
_UTILS = f"{__name__.partition('tools.')[0]}plugins.plugin_utils"
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
TEXT = {"type": "string"}
BOOL = {"type": "boolean"}
INT = {"type": "integer"}
LINE = {"type": "string", "minLength": 1}


def render_schema(schema: dict[str, Any]) -> str:
    """Return the text of a schema's file."""
    return json.dumps(schema, indent=1) + "\n"


def page(name: str, title: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of winops.hotpatch/NAME/1, whose values are those of KEYS."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"winops.hotpatch/{name}/1", "title": title}
    return head | {"description": "Times are UTC. A null value is not known, or does not apply."} | keys


def object_of(required_keys: list[str] | None = None, /, **keys: dict[str, Any]) -> dict[str, Any]:
    """Return an object of exactly KEYS, each of them required unless REQUIRED_KEYS names fewer."""
    required = list(keys) if required_keys is None else required_keys
    return {"type": "object", "additionalProperties": False, "required": required, "properties": keys}


def plain(text: str) -> str:
    """Return TEXT, a docstring or a description, without the marks of semantic markup."""
    return re.sub(r"\b[CV]\(([^)]*)\)", r"\1", text)


def list_of(item: dict[str, Any]) -> dict[str, Any]:
    """Return a list, each of whose items is ITEM."""
    return {"type": "array", "items": item}


def nullable(item: dict[str, Any]) -> dict[str, Any]:
    """Return ITEM, or null in its place."""
    if "enum" in item:
        return {"enum": [*item["enum"], None]}
    if "anyOf" in item:
        return {**item, "anyOf": [*item["anyOf"], {"type": "null"}]}
    return {**item, "type": [item["type"], "null"]}


def enum(values: Iterable[str]) -> dict[str, Any]:
    """Return one of VALUES."""
    return {"enum": list(dict.fromkeys(map(str, values)))}


def code(module: str, name: str) -> dict[str, Any]:
    """Return one of the words of the enum NAME in a module of plugin_utils."""
    return enum(values_of(module, name))


def values_of(module: str, name: str) -> list[str]:
    """Return the words of the enum NAME in a module of plugin_utils."""
    return [str(item.value) for item in getattr(product_module(module), name)]


def product_module(name: str) -> Any:
    """Return a module of plugin_utils by its name with dots."""
    return import_module(f"{_UTILS}.{name}")


def text_like(pattern: re.Pattern[str]) -> dict[str, Any]:
    """Return a text that is PATTERN as a whole."""
    return {"type": "string", "pattern": f"^{pattern.pattern}$"}


DAY = text_like(product_module("_values.moments").DAY)
MONTH = text_like(product_module("_values.names").MONTH)
KB = text_like(product_module("_values.names").KB)
BUILD = text_like(product_module("_values.build").BUILD)
