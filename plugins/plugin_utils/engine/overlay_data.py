# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an overlay file says of itself and of CVEs, beside the releases that the catalog reads from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from .catalog_error import CatalogError

FORMAT = "winops.hotpatch/catalog/1"
_SUFFIXES = (".yml", ".yaml", ".json")
_MAX_BYTES = 32 * 1024 * 1024
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def overlay_files(overlays: Sequence[str | Path]) -> list[Path]:
    """Return the files that OVERLAYS (files and folders) name, in the order in which they are laid over one another."""
    files: list[Path] = []
    for overlay in overlays:
        path = Path(overlay).expanduser()
        if path.is_dir():
            files += sorted(item for item in path.iterdir() if item.suffix in _SUFFIXES and item.is_file())
        else:
            files.append(path)
    return files


def read_overlay(path: Path) -> dict[str, Any]:
    """Return the mapping in the file at PATH; raise CatalogError where there is none."""
    file = str(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise CatalogError(file, "file", f"is larger than {_MAX_BYTES} bytes; this is no catalog")
        text = path.read_text(encoding="utf-8")
        # Imported files are JSON and large; the JSON reader is many times faster than that of YAML.
        data = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_LOADER)  # both loaders are the safe ones
    except OSError as error:
        raise CatalogError(file, "file", f"cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        if isinstance(error, CatalogError):
            raise
        raise CatalogError(file, "file", f"is not YAML or JSON: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise CatalogError(file, "top level", f"a mapping is expected, not {type(data).__name__}")
    return data


def dates_of(path: Path, data: dict[str, Any]) -> dict[str, date]:
    """Return the date of the data of each line that the file has."""
    if "format" not in data:
        return {str(data.get("line")): day_of(path, "top level", "generated", data.get("generated"))}
    lines = data.get("lines") or {}
    if not isinstance(lines, dict):
        raise CatalogError(str(path), "lines", f"a mapping of product lines is expected, not {type(lines).__name__}")
    found: dict[str, date] = {}
    for line, section in lines.items():
        given = section.get("generated") if isinstance(section, dict) else None
        found[str(line)] = day_of(path, f"lines.{line}", "generated", given if given is not None else data.get("generated"))
    return found


def day_of(path: Path, entry: str, key: str, value: object) -> date:
    """Return the date VALUE; raise CatalogError where it is none."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise CatalogError(str(path), entry, f"{key} must be a date such as 2026-06-09, not {value!r}")
