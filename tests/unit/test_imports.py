# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of plugin_utils stand on floors: imports run downwards only, everything is private, and the pure floors know no Ansible."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
UTILS = PLUGINS / "plugin_utils"
# From the lowest floor up: a room may import from the rooms of lower floors, and from no other.
FLOORS = (
    ("_values", "_advice"),
    ("_catalog", "_observation", "_policy", "_memory"),
    ("_host",),
    ("_record", "_cve"),
    ("_decision",),
    ("_rollout",),
    ("_reports",),
    ("_msrc", "_run_records", "_field_probe", "_inputs"),
    ("_actions",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# Beside the floors: the model of Windows knows values alone, and a rehearsal looks at the product from outside.
BESIDE = {"_simulator": {"_values"}, "_rehearsal": {"_values", "_simulator", "_catalog", "_decision", "_run_records"}}
ROOMS = (*FLOOR, *BESIDE)
PURE = (
    "_values",
    "_advice",
    "_catalog",
    "_observation",
    "_policy",
    "_memory",
    "_host",
    "_record",
    "_cve",
    "_decision",
    "_rollout",
    "_reports",
)
# The outside world: a pure floor has nothing of it but the catalog's own files.
WORLD = {"ansible", "time", "random", "subprocess", "socket"}
# The clock: whatever asks it what time it is now.
CLOCK = {"now", "today", "utcnow"}


def files(*rooms: str) -> list[Path]:
    """The Python files of the rooms, at any depth."""
    found = sorted(path for room in rooms for path in (UTILS / room).rglob("*.py"))
    assert len(found) > len(rooms)
    return found


def imported_rooms(path: Path, root: Path = UTILS) -> set[str]:
    """Return the rooms that the file at PATH below ROOT imports from, its own left out."""
    found: set[str] = set()
    package = path.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = package[: len(package) - node.level + 1]
        found |= {(*base, *(node.module.split(".") if node.module else [name.name]))[0] for name in node.names}
    return found - {path.relative_to(root).parts[0]}


def imported_packages(path: Path) -> set[str]:
    """Return the top-level packages that the file at PATH imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_every_room_has_its_floor() -> None:
    assert {path.name for path in UTILS.iterdir() if path.is_dir() and path.name not in ("data", "__pycache__")} == set(ROOMS)
    assert [path.name for path in UTILS.glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("room", FLOOR)
def test_imports_run_downwards(room: str) -> None:
    below = {name for name, floor in FLOOR.items() if floor < FLOOR[room]}
    wrong = {str(path.relative_to(UTILS)): imported_rooms(path) - below for path in files(room)}
    assert {path: rooms for path, rooms in wrong.items() if rooms} == {}


@pytest.mark.parametrize("room", BESIDE)
def test_what_stands_beside_the_floors(room: str) -> None:
    wrong = {str(path.relative_to(UTILS)): imported_rooms(path) - BESIDE[room] for path in files(room)}
    assert {path: rooms for path, rooms in wrong.items() if rooms} == {}


@pytest.mark.parametrize(
    ("place", "line", "seen"),
    [
        ("_host/new.py", "from .._record.state import State", {"_record"}),
        ("_host/checks/new.py", "from ..._record import state", {"_record"}),
        ("_values/new.py", "from .. import _policy", {"_policy"}),
        ("_values/new.py", "if True:\n    from .._policy.policy import Policy", {"_policy"}),
        ("_host/checks/new.py", "from ..history import History", set()),
    ],
)
def test_an_upward_import_is_seen(tmp_path: Path, place: str, line: str, seen: set[str]) -> None:
    """The measure itself, at both depths of a room."""
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert imported_rooms(path, tmp_path) == seen


def test_rooms_are_imported_by_their_relative_names_only() -> None:
    """An absolute import would get past every test of this file."""
    absolute = [path for path in UTILS.rglob("*.py") if "ansible_collections" in imported_packages(path)]
    assert absolute == []


@pytest.mark.parametrize("room", PURE)
def test_pure_floors_know_nothing_of_the_world(room: str) -> None:
    for path in files(room):
        assert imported_packages(path) & WORLD == set(), path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in CLOCK, f"{path}:{node.lineno} asks the clock"


@pytest.mark.parametrize("room", ROOMS)
def test_no_imports_run_in_circles(room: str) -> None:
    """Neither at the top of a file, nor within a function, nor for the types alone: each of these hides a circle."""
    graph: dict[str, set[str]] = {}
    for path in files(room):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level and node not in tree.body]
        assert inner == [], f"{path}:{[node.lineno for node in inner]}"
        name = ".".join(path.relative_to(UTILS).with_suffix("").parts)
        graph[name] = {found for node in tree.body if isinstance(node, ast.ImportFrom) for found in modules_of(path, node)}
    TopologicalSorter({name: found & graph.keys() for name, found in graph.items()}).prepare()


def modules_of(path: Path, node: ast.ImportFrom) -> set[str]:
    """Return the modules of plugin_utils that an import in the file at PATH may name, with dots."""
    package = path.relative_to(UTILS).parent.parts
    if not node.level:
        return set()
    base = ".".join((*package[: len(package) - node.level + 1], *(node.module or "").split(".")))
    return {base.strip("."), *(f"{base}.{name.name}".replace("..", ".").strip(".") for name in node.names)}


def test_the_model_of_windows_is_not_drawn_by_lot() -> None:
    assert [path for path in files("_simulator") if "random" in imported_packages(path)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_package_says_what_it_is_and_for_whom(room: str) -> None:
    for folder in {path.parent for path in files(room)}:
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert said, folder
        assert said.endswith("For use inside this collection only: anything here may change in any release."), folder


# The parts of the house: within each, a name in a traceback means one thing.
PARTS = (tuple(room for room in FLOOR if room != "_msrc"), ("_msrc",), ("_simulator",), ("_rehearsal",))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part[0])
def test_names_mean_one_thing(part: tuple[str, ...]) -> None:
    names = Counter(path.name for path in files(*part) if path.name != "__init__.py")
    classes = Counter(
        node.name
        for path in files(*part)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in (names + classes).items() if count > 1] == []


def test_the_product_does_not_know_the_rehearsal() -> None:
    for name in ("host_info", "update", "rollback", "package", "package_info"):
        assert "rehears" not in (PLUGINS / "action" / f"{name}.py").read_text(encoding="utf-8")
    for path in files(*FLOOR):
        assert "rehearsal" not in path.read_text(encoding="utf-8"), path.name
