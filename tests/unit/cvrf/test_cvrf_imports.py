# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import of documents uses the engine, never the other way, and knows neither Ansible nor the rehearsal; only downloads wait."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.unit.test_imports import UTILS, imported


def test_imports_run_one_way() -> None:
    files = sorted((UTILS / "cvrf").glob("*.py"))
    assert len(files) > 10
    for path in files:
        assert imported(path) & {"ansible", "actions", "runs", "rehearsal", "rehearsal_summary", "subprocess", "random"} == set(), path.name
        assert path.name == "fetching.py" or not imported(path) & {"time", "urllib", "http", "socket"}, path.name
    for folder in ("engine", "runs", "rehearsal"):
        for path in (UTILS / folder).glob("*.py"):
            assert "cvrf" not in imported(path), f"{folder}/{path.name}"


def test_the_files_are_short() -> None:
    assert all(len(path.read_text().splitlines()) <= 300 for path in (UTILS / "cvrf").glob("*.py"))
