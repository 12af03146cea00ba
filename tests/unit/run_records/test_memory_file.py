# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of a host beside its records: of all processes that have read one document one makes the next (_run_records/memory_file)."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.found import read_answer
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.memory import Memory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.memory_file import MemoryFile
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.store import RunStore

CLOCK = "2026-06-14T02:00:00Z"
PROCESSES, ROUNDS = 6, 60


def of(root: Path, read_only: bool = False) -> MemoryFile:
    return MemoryFile(RunStore(root), "web1", read_only)


def write(file: MemoryFile, expect: str, **more: Any) -> dict[str, Any]:
    return file.answer({"expect": expect, "document": json.dumps({**json.loads(Memory().text()), **more})}, CLOCK)


def test_what_was_written_is_read_and_what_was_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    file = of(tmp_path)
    empty = read_answer(file.answer({}, CLOCK))
    assert (empty.memory, empty.unusable, empty.revision, list(tmp_path.iterdir())) == (Memory(), None, "0", [])
    assert write(file, "0", hold={"owner": "one"})["written"] is True
    late = read_answer(write(file, "0", hold={"owner": "two"}))
    assert (late.written, late.revision, late.memory.hold) == (False, "1", {"owner": "one"})
    assert write(file, "1")["written"] is True


def test_a_look_and_check_mode_write_nothing(tmp_path: Path) -> None:
    assert write(of(tmp_path, read_only=True), "0")["written"] is False
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_reads_it_and_few_documents_stay(tmp_path: Path) -> None:
    for number in range(20):
        assert write(of(tmp_path), str(number))["written"] is True
    files = sorted((tmp_path / "web1").iterdir())
    assert [path.name for path in files] == [f".memory-{number:010d}.json" for number in range(13, 21)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_whoever_has_read_a_document_long_ago_writes_nothing(tmp_path: Path) -> None:
    """Its number is free again: the document that had it was removed."""
    for number in range(20):
        write(of(tmp_path), str(number), hold={"owner": str(number)})
    late = MemoryFile(RunStore(tmp_path), "web1")
    assert late._make(5, Memory().text()) is False
    assert len(list((tmp_path / "web1").iterdir())) == 8


@pytest.mark.parametrize("odd", ["garbage", "pipe", "link", "large"])
def test_what_is_no_document_is_told_and_written_over(tmp_path: Path, odd: str) -> None:
    write(of(tmp_path), "0", hold={"owner": "one"})
    path = tmp_path / "web1" / ".memory-0000000002.json"
    if odd == "pipe":
        os.mkfifo(path)
    elif odd == "link":
        path.symlink_to("/dev/zero")
    elif odd == "large":
        path.touch()
        os.truncate(path, 2**33)
    else:
        path.write_bytes(b"\xff{{ 7*7 }}")
    found = read_answer(of(tmp_path).answer({}, CLOCK))
    assert (found.put_aside, found.memory.hold, found.unusable) == ("it is not JSON", None, None)
    assert write(of(tmp_path), found.revision)["written"] is True


def test_a_disk_that_is_full_and_a_file_system_without_links_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    told = read_answer(write(of(tmp_path), "0"))
    assert (told.written, told.unusable) == (False, f"{tmp_path / 'web1'}: Operation not supported")
    assert list((tmp_path / "web1").iterdir()) == []


def test_the_last_number_is_not_passed(tmp_path: Path) -> None:
    (tmp_path / "web1").mkdir()
    (tmp_path / "web1" / ".memory-9999999999.json").write_text(Memory().text())
    assert "no number is left" in str(read_answer(write(of(tmp_path), "9999999999")).unusable)


def _race(root: str, name: int, start: Any, wins: Any) -> None:
    """Claims, as one of many processes, whatever it has read, and tells which documents it has made."""
    file = MemoryFile(RunStore(root), "web1")
    made: list[int] = []
    start.wait()
    while len(made) < ROUNDS:
        revision = file.answer({}, CLOCK)["revision"]
        answer = write(file, revision, hold={"owner": str(name), "reason": revision})
        if answer["written"]:
            made.append(int(revision) + 1)
    wins.put(made)


def test_of_many_processes_one_makes_each_document(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start, wins = context.Barrier(PROCESSES), context.Queue()
    processes = [context.Process(target=_race, args=(str(tmp_path), name, start, wins)) for name in range(PROCESSES)]
    for process in processes:
        process.start()
    made = [number for _process in processes for number in wins.get(timeout=120)]
    for process in processes:
        process.join()
    assert sorted(made) == list(range(1, PROCESSES * ROUNDS + 1))
