# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a catalog file as plain data. YAML and JSON in their safe forms; a key that stands twice is an error in both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from .catalog_error import CatalogError

# What a person writes is small; what catalog_update makes of a year of MSRC documents, as JSON, can be ten megabytes.
_MAX_BYTES, _MAX_JSON_BYTES = 8 * 1024 * 1024, 64 * 1024 * 1024
# The same safe loader in C is ten times faster; each fork of a play reads the catalog anew.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE):  # type: ignore[misc]  # which of the two it is shows only when it is imported
    """The safe loader, which on its own lets the later of two equal keys win and loses what the first one said."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[Any] = set()
        for key, _value in getattr(node, "value", ()):
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} appears twice", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_data(path: Path) -> Any:
    """Return the data of the file at PATH; raise CatalogError where it cannot be read."""
    file = str(path)
    try:
        limit = _MAX_JSON_BYTES if path.suffix == ".json" else _MAX_BYTES
        if path.stat().st_size > limit:
            raise CatalogError(file, "file", f"is larger than {limit} bytes; this is not a catalog")
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return json.loads(text, object_pairs_hook=_mapping, parse_constant=_no_constant)
        return yaml.load(text, Loader=_Loader)  # derived from the safe loader
    except OSError as error:
        raise CatalogError(file, "file", f"cannot be read: {error.strerror or error}") from error
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        if isinstance(error, CatalogError):
            raise
        raise CatalogError(file, "file", f"is not YAML or JSON: {' '.join(str(error).split())}") from error


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} appears twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")
