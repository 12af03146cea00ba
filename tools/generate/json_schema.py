# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the JSON schemas are made of: common values, objects and lists of them, and the words that the code knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module
from typing import Any

# The product is found beside this package, whichever name the checkout goes by.
_UTILS = f"{__name__.partition('tools.')[0]}plugins.plugin_utils"
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
MONTH = {"type": "string", "pattern": r"^\d{4}-\d\d$"}
KB = {"type": "string", "pattern": r"^KB\d{6,8}$"}
BUILD = {"type": "string", "pattern": r"^\d{5}\.\d{1,6}$"}
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
    return head | {"description": "Times are UTC. What is null is not known, or does not apply."} | keys


def object_of(required_keys: list[str] | None = None, /, **keys: dict[str, Any]) -> dict[str, Any]:
    """Return an object of exactly KEYS, each of them required unless REQUIRED_KEYS names fewer."""
    return {"type": "object", "additionalProperties": False, "required": required_keys or list(keys), "properties": keys}


def list_of(item: dict[str, Any]) -> dict[str, Any]:
    """Return a list, each of whose items is ITEM."""
    return {"type": "array", "items": item}


def nullable(item: dict[str, Any]) -> dict[str, Any]:
    """Return ITEM, or null in its place."""
    if "enum" in item:
        return {"enum": [*item["enum"], None]}
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
