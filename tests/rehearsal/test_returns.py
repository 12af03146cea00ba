# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules return is what their documentation says, down to the keys of records, decisions and offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
MODULES_OF_HOSTS = ("host_info", "update", "package", "package_info", "rollback")
# Keys of every result, which Ansible documents.
COMMON = {"changed", "failed", "diff", "invocation", "warnings", "deprecations", "exception", "unreachable"}
# These hold what Windows named, so their keys are not ours to document.
FREE = {"timings_ms", "updates"}


def documented(module: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((MODULES / f"{module}.yml").read_text())["RETURN"]
    return found


def undocumented(where: str, value: Any, docs: dict[str, Any]) -> list[str]:
    """Return every key of VALUE, at any depth, that DOCS do not have."""
    missing: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        for key, below in item.items():
            if key.startswith("_ansible") or (where.count(".") == 0 and key in COMMON):
                continue
            if key not in docs:
                missing.append(f"{where}.{key}")
            elif key not in FREE and "contains" in docs[key]:
                missing += undocumented(f"{where}.{key}", below, docs[key]["contains"])
    return sorted(set(missing))


def absent(value: dict[str, Any], docs: dict[str, Any]) -> list[str]:
    return [key for key, doc in docs.items() if doc["returned"] in ("always", "success") and key not in value and key not in COMMON]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, fleet_type: Any) -> dict[str, dict[str, Any]]:
    fleet = fleet_type(tmp_path_factory.mktemp("returns"))
    args = {"as_of": fleet.now, "records": str(fleet.folder / "records")}
    run = fleet.play(
        {"winops.hotpatch.host_info": args},
        {"winops.hotpatch.update": args},
        {"winops.hotpatch.package_info": {}},
        {"winops.hotpatch.package": {"state": "absent", "identity": "none"}},
        {"winops.hotpatch.rollback": {**args, "restart_policy": "allowed"}},
    )
    assert run.returncode == 0, run.output
    return {name: run.of("srv01", f"winops.hotpatch.{name}") for name in MODULES_OF_HOSTS}


@pytest.mark.parametrize("module", MODULES_OF_HOSTS)
def test_every_key_is_documented_and_there(results: dict[str, dict[str, Any]], module: str) -> None:
    docs = documented(module)
    assert undocumented(module, results[module], docs) == []
    assert absent(results[module], docs) == []
