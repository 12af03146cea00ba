# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the schemas that ship say of records and run records, for tests that hold every one they make against them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

DATA = Path(__file__).resolve().parents[1] / "plugins" / "plugin_utils" / "data"


def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((DATA / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


RECORD, RUN = _validator("record"), _validator("run")


def problems(data: Any) -> list[str]:
    """What is wrong with DATA, a record or a run record; empty where nothing is, or where it is neither."""
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema == "winops.hotpatch/record/1":
        return [f"{error.json_path}: {error.message}" for error in RECORD.iter_errors(data)]
    if schema != "winops.hotpatch/run/1":
        return []
    found = [f"{error.json_path}: {error.message}" for error in RUN.iter_errors(data)]
    # The schema of a run says of a bad record only that it fits neither form.
    return found and [*found, *problems(data.get("before")), *problems(data.get("after"))]


def stamps(folder: Path) -> dict[Path, int]:
    """When each JSON file below FOLDER was written last."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.json") if path.is_file()}


def written_since(folder: Path, before: dict[Path, int]) -> list[str]:
    """What is wrong with the records below FOLDER that are new or changed since BEFORE, with their files."""
    found: list[str] = []
    for path, stamp in stamps(folder).items():
        if before.get(path) != stamp:
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:  # no record of a run is left in such a state; others test that
                continue
            found += [f"{path}: {problem}" for problem in problems(data)]
    return found
