# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports run one way: actions use the engine, never back, and the rehearsal has a model of Windows of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

UTILS = Path(__file__).parents[2] / "plugins" / "plugin_utils"
# folder: what no file in it may import
FORBIDDEN = {
    "engine": ("ansible", "time", "random", "subprocess", "socket", "actions", "runs", "rehearsal", "rehearsal_summary"),
    "runs": ("ansible", "subprocess", "actions", "rehearsal", "rehearsal_summary"),
    "rehearsal": ("engine", "runs", "actions", "rehearsal_summary", "random"),
    "actions": ("rehearsal", "rehearsal_summary"),
}
# The clock: whatever asks it what time it is now.
CLOCK = {"now", "today", "utcnow"}


def imported(path: Path) -> set[str]:
    """Return the top-level modules and the sibling packages that PATH imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.level == 2:
            found |= {node.module.split(".")[0]} if node.module else {name.name for name in node.names}
    return found


@pytest.mark.parametrize("folder", sorted(FORBIDDEN))
def test_imports_run_one_way(folder: str) -> None:
    files = sorted((UTILS / folder).glob("*.py"))
    assert len(files) > 3
    for path in files:
        assert imported(path) & set(FORBIDDEN[folder]) == set(), f"{folder}/{path.name}"


def test_the_engine_never_reads_the_clock() -> None:
    for path in sorted((UTILS / "engine").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in CLOCK, f"engine/{path.name}:{node.lineno} asks the clock"


def test_the_product_does_not_know_the_rehearsal() -> None:
    plugins = UTILS.parent
    for name in ("host_info", "update", "rollback", "package"):
        assert "rehears" not in (plugins / "action" / f"{name}.py").read_text()
    for path in [*(UTILS / "actions").glob("*.py"), *(UTILS / "runs").glob("*.py"), *(UTILS / "engine").glob("*.py")]:
        assert "rehearsal" not in path.read_text(), path.name
