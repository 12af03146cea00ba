# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files written by hand stay short enough to be read at once, and folders small enough to find something in."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.checks.running import ROOT, tracked_files
from ansible_collections.winops.hotpatch.tools.generate.__main__ import targets

LINES, FILES, MOST_EXCEPTIONS = 250, 25, 5
# What tools or others have written, by folder or by name, and what is data.
NOT_BY_HAND = {"data", "samples", "LICENSES", "COPYING", "CHANGELOG.rst", "changelog.yaml"}
DATA = {".json", ".jsonl", ".txt", ".xml"}
# A part that the generator has written within a file.
GENERATED = re.compile(r"^\W*BEGIN [^\n]*written by `python -m tools\.generate`.*?^\W*END [^\n]*\n", re.DOTALL | re.MULTILINE)
ONE_DOCUMENT = "Ansible reads the documentation of a module from one file; most of it is the RETURN of one result"
# Why a file may be longer.
LONGER = {
    "plugins/connection/rehearsal.py": "a connection plugin states its options in its own file: 250 lines of documentation, 70 of code",
    "plugins/modules/catalog_info.yml": ONE_DOCUMENT,
    "plugins/modules/host_info.yml": ONE_DOCUMENT,
}


def hand_lines(text: str, *, is_generated: bool = False) -> int:
    """Return the number of lines of TEXT that are written by hand. A generated file has some only where parts of it are marked."""
    kept, parts = GENERATED.subn("", text)
    return 0 if is_generated and not parts else kept.count("\n")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """The files of the repository, relative to it, that are not data or of others."""
    return [path for path in tracked_files() if path.suffix not in DATA and not NOT_BY_HAND & set(path.parts)]


def test_files_written_by_hand_are_short(files: list[Path]) -> None:
    generated = {path.relative_to(ROOT) for path in targets()}
    lines = {str(path): hand_lines((ROOT / path).read_text(encoding="utf-8"), is_generated=path in generated) for path in files}
    assert len(lines) > 500
    # Those that are longer, each with a reason, and no reason without such a file.
    assert {path: count for path, count in lines.items() if count > LINES and path not in LONGER} == {}
    assert {path for path in LONGER if lines[path] <= LINES} == set()
    assert len(LONGER) <= MOST_EXCEPTIONS


def test_folders_are_small(files: list[Path]) -> None:
    counted = Counter(str(path.parent) for path in files if path.parts[0] == "tests" or path.parts[:2] == ("plugins", "plugin_utils"))
    assert counted["tests/rehearsal"] > 10
    assert {folder: count for folder, count in counted.items() if count > FILES} == {}


def test_lines_by_hand_are_counted() -> None:
    marked = "a\n# BEGIN options, written by `python -m tools.generate`\nb\nc\n# END options\nd\n"
    assert (hand_lines(marked), hand_lines(marked, is_generated=True)) == (2, 2)
    assert (hand_lines("a\nb\n"), hand_lines("a\nb\n", is_generated=True)) == (2, 0)
