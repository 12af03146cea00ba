# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of a module and what its action validates are the same: names, types, defaults, choices, suboptions."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.argument_spec import (
    HOST_INFO,
    OBSERVE,
    PACKAGE,
    PACKAGE_INFO,
    ROLLBACK,
    UPDATE,
)

PLUGINS = Path(__file__).parents[3] / "plugins"
SPECS = {
    "__observe": OBSERVE,
    "host_info": HOST_INFO,
    "update": UPDATE,
    "rollback": ROLLBACK,
    "package": PACKAGE,
    "package_info": PACKAGE_INFO,
}
DEFAULTS = {"required": False, "type": "str", "default": None, "choices": None, "elements": None}


def fragment(name: str) -> dict[str, Any]:
    """Return the options of a doc fragment such as C(winops.hotpatch._common.intent)."""
    *_collection, module, variant = (name if name.count(".") == 3 else f"{name}.documentation").split(".")
    tree = ast.parse((PLUGINS / "doc_fragments" / f"{module}.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.lower() == variant.lower():
            return dict((yaml.safe_load(ast.literal_eval(node.value)) or {}).get("options") or {})
    raise AssertionError(f"no fragment {name}")


def documented(module: str) -> dict[str, Any]:
    doc = yaml.safe_load((PLUGINS / "modules" / f"{module}.yml").read_text())["DOCUMENTATION"]
    options: dict[str, Any] = {}
    for name in doc.get("extends_documentation_fragment", []):
        if name.startswith("winops.hotpatch."):
            options |= fragment(name)
    return options | (doc.get("options") or {})


def compare(where: str, spec: dict[str, Any], docs: dict[str, Any]) -> list[str]:
    wrong = [f"{where}: {name} is only in one of them" for name in set(spec) ^ set(docs)]
    for name in set(spec) & set(docs):
        for key, default in DEFAULTS.items():
            if spec[name].get(key, default) != docs[name].get(key, default):
                wrong.append(f"{where}.{name}.{key}: spec {spec[name].get(key)!r}, docs {docs[name].get(key)!r}")
        wrong += compare(f"{where}.{name}", spec[name].get("options", {}), docs[name].get("suboptions", {}))
    return wrong


@pytest.mark.parametrize("module", sorted(SPECS))
def test_documentation_and_argument_spec_agree(module: str) -> None:
    assert compare(module, SPECS[module], documented(module)) == []


@pytest.mark.parametrize("module", sorted(SPECS))
def test_the_comparison_sees_a_difference(module: str) -> None:
    docs = documented(module)
    docs["sha999"] = {"type": "str"}
    assert compare(module, SPECS[module], docs) != []
