# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs never share a record, a run at work is told from a dead one, and what lies among the records is passed over by name."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.all_records import read_all
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.history_of_runs import LONGEST_RUN, context_of
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.lasting import Job
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.memory_file import MemoryFile
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.naming import safe_name
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.process import is_gone, is_orphan, this_process
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.reading import LARGEST
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.store import RecordsError, RunStore
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome

NOW = datetime(2026, 6, 9, 18, tzinfo=UTC)
ELSEWHERE = {"host": "another", "boot": None, "namespace": None, "playbook": {"pid": 1, "started": 1}, "worker": {"pid": 1, "started": 1}}


def record(store: RunStore | None, run_id: str = "june", started: datetime = NOW, **more: Any) -> RunRecord:
    return RunRecord("web1", run_id, started, "never", "auto", store, **more)


def data(outcome: str, started: datetime = NOW, **more: Any) -> dict[str, Any]:
    return record(None, started=started).to_dict() | {"outcome": outcome} | more


def test_of_many_runs_with_one_id_each_gets_a_record_of_its_own(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    runs = [record(store, controller={**ELSEWHERE, "host": str(number)}) for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(RunRecord.claim, runs))
    assert len({run.run_id for run in runs}) == len(runs)
    assert {run.run_id for run in runs} >= {"june", "june-2", "june-16"}


def test_what_another_run_has_due_is_not_taken_over(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    record(store, controller=ELSEWHERE).claim()
    mine = record(store)
    mine.claim()
    assert mine.run_id == "june-2"
    again = record(store)
    again.claim()
    assert again.run_id == "june-2", "the next task of the same playbook"


def test_only_the_owner_reads_records(tmp_path: Path) -> None:
    run = record(RunStore(tmp_path / "a" / "records"))
    run.claim()
    path = run.finish(Outcome.NONE, NOW)
    assert path is not None
    assert [stat.S_IMODE(item.stat().st_mode) for item in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]


@pytest.mark.parametrize(("mode", "folder"), [(0o640, 0o750), (0o644, 0o755), (0o660, 0o770), (0o600, 0o700)])
def test_others_read_records_where_the_operator_says_so_whatever_the_umask(tmp_path: Path, mode: int, folder: int) -> None:
    store = RunStore(tmp_path / "records", Job("1"), mode)
    was = os.umask(0o077)
    try:
        run = record(store)
        run.claim()
        path = run.finish(Outcome.NONE, NOW)
        made = MemoryFile(store, "web1").answer({"expect": "0", "document": "{}"}, None)
    finally:
        os.umask(was)
    assert path is not None
    assert made["written"] is True
    files = [item for item in store.root.rglob("*") if item.is_file()]
    assert (len(files), {stat.S_IMODE(item.stat().st_mode) for item in files}) == (3, {mode})
    assert {stat.S_IMODE(item.stat().st_mode) for item in (path.parent, store.root)} == {folder}


@pytest.mark.parametrize("root", ["./records", "records", "~nosuchuser/records"])
def test_a_folder_that_is_not_absolute_is_refused(root: str) -> None:
    with pytest.raises(RecordsError, match=r"records: .*Name an absolute path"):
        RunStore(root)


def test_a_host_cannot_have_the_folder_of_another() -> None:
    assert safe_name(safe_name("a/b")) != safe_name("a/b")
    assert safe_name("20260609T180000Z-0123abcd") == "20260609T180000Z-0123abcd"


def test_a_disk_that_is_full_is_said_of_the_controller_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = record(RunStore(tmp_path), decision={"action": "install"}, before={"state": "x"})
    run.claim()
    run.save()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RecordsError, match=r"june\.json.*on the controller: No space left on device.*hotpatch_records"):
            run.finish(Outcome.INSTALLED, NOW)
    run.finish_if_possible(Outcome.FAILED, NOW)
    (path,) = (tmp_path / "web1").iterdir()
    found = json.loads(path.read_text())
    assert (found["outcome"], found["decision"], found["before"]) == ("failed", {"action": "install"}, {"state": "x"})


def test_a_refused_run_does_not_hide_the_one_at_work() -> None:
    runs = [data("interrupted", controller=ELSEWHERE), *[data("refused", NOW + timedelta(minutes=n), run_id=str(n)) for n in range(3)]]
    assert context_of(runs, NOW + timedelta(hours=1)).at_work is not None
    assert context_of(runs, NOW + LONGEST_RUN).at_work is None
    assert context_of(runs, NOW - timedelta(minutes=1)).at_work is not None, "by a clock that is behind"


def test_a_run_that_was_closed_is_not_at_work() -> None:
    assert context_of([data("interrupted", finished_at="2026-06-09T18:05:00Z")], NOW).at_work is None


def test_a_process_that_has_ended_is_gone_and_one_elsewhere_is_not_judged() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    told = this_process()
    told["playbook"] = {"pid": child.pid, "started": None}
    assert not is_gone(this_process())
    assert not is_gone(told)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(told), "nobody has waited for it yet"
    child.wait()
    assert is_gone(told)
    assert not is_gone({**told, "host": "another"})
    assert not is_gone({**told, "namespace": "another container"})
    reused = this_process()
    reused["playbook"]["started"] = 1
    assert is_gone(reused), "its number belongs to another process"


def test_what_is_said_of_a_process_may_be_anything() -> None:
    told: tuple[Any, ...] = (None, 7, [], {}, {**this_process(), "playbook": None}, {**this_process(), "playbook": {"pid": "1"}})
    for odd in told:
        assert not is_gone(odd)


def _middle(answers: Any) -> None:
    """Makes a child as ansible-core makes a worker, and ends without it."""
    child = multiprocessing.get_context("fork").Process(target=_orphan, args=(answers,))
    child.start()
    os._exit(0)


def _orphan(answers: Any) -> None:
    multiprocessing.parent_process().join(30)  # type: ignore[union-attr]
    # The kernel closes the files of a process, which is what join waits for, a moment before it gives its children another parent.
    end = time.monotonic() + 5
    while not is_orphan() and time.monotonic() < end:
        time.sleep(0.01)
    answers.send(is_orphan())


def test_a_worker_sees_that_its_parent_is_gone() -> None:
    here, there = multiprocessing.Pipe()
    middle = multiprocessing.get_context("fork").Process(target=_middle, args=(there,))
    middle.start()
    assert here.poll(40)
    assert here.recv() is True
    middle.join()
    assert not is_orphan()


def test_a_denial_counts_whenever_its_run_began() -> None:
    runs = [data("rolled_back", NOW + timedelta(days=2), denied=[{"kb": "KB5087423", "until": "2026-07-14"}])]
    assert [item["kb"] for item in context_of(runs, NOW).denied] == ["KB5087423"]


def test_the_last_run_that_acted_counts() -> None:
    acted = data("failed", decision={"action": "install", "kb": "KB5087423", "build": "26100.8246"}, run_id="broken")
    later = [data(outcome, NOW + timedelta(minutes=5)) for outcome in ("refused", "due", "none", "unreachable")]
    found = context_of([acted, *later], NOW + timedelta(hours=1))
    assert (found.last_outcome, found.last_acting and found.last_acting.name) == (Outcome.FAILED, "broken")


ODD = [
    {"started_at": "0001-01-01T00:00:00+14:00"},
    {"started_at": 7},
    {"exposure": {"until": None, "kbs": None}, "outcome": "rolled_back"},
    {"exposure": {"until": 5, "kbs": 5}, "outcome": "rolled_back"},
    {"denied": [{"kb": 5}]},
    {"outcome": ["none"]},
    {"finished_at": "9999-12-31T23:59:59-14:00"},
    {"decision": "install"},
]


@pytest.mark.parametrize("odd", ODD)
def test_a_value_that_no_run_writes_is_named_and_ends_nothing(tmp_path: Path, odd: dict[str, Any]) -> None:
    (tmp_path / "web1").mkdir()
    (tmp_path / "web1" / "odd.json").write_text(json.dumps(data("none") | odd))
    found = RunStore(tmp_path).of_host("web1")
    assert "odd.json" in found.passed_over[0]
    context_of(found.records, NOW + timedelta(hours=1))


def test_what_is_no_file_is_neither_waited_for_nor_read(tmp_path: Path) -> None:
    folder = tmp_path / "web1"
    record(RunStore(tmp_path), "good").finish(Outcome.NONE, NOW)
    os.mkfifo(folder / "pipe.json")
    (folder / "device.json").symlink_to("/dev/zero")
    (folder / "self.json").symlink_to("self.json")
    (folder / "folder.json").mkdir()
    (folder / "deep.json").write_text("[" * 200_000)
    (folder / "number.json").write_text("1" * 10_000)
    with (folder / "large.json").open("wb") as file:
        file.truncate(LARGEST + 1)
    found = RunStore(tmp_path).of_host("web1")
    assert [item["run_id"] for item in found.records] == ["good"]
    assert len(found.passed_over) == 7
    everything = read_all(str(tmp_path))
    assert ([item["run_id"] for item in everything.records], list(everything.unreadable)) == (["good"], ["web1"])
