# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run records: names that stay in their folder, files that are whole or absent, damaged ones that stop nobody."""

from __future__ import annotations

import errno
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.history_of_runs import LONGEST_RUN, context_of
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.naming import new_run_id, safe_name
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.store import RecordsError, RunStore
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 6, 9, 18, tzinfo=UTC)


def record(store: RunStore | None, run_id: str = "r1", host: str = "web1", started: datetime = NOW) -> RunRecord:
    return RunRecord(host=host, run_id=run_id, started_at=started, restart_policy="never", intent="auto", store=store)


@given(st.text(min_size=1))
def test_any_name_stays_one_path_component(name: str) -> None:
    safe = safe_name(name)
    assert "/" not in safe
    assert not safe.startswith(".")
    assert 0 < len(safe) < 140
    safe.encode("ascii")


@pytest.mark.parametrize(("one", "other"), [("a/b", "a_b"), ("../x", "_./x"), ("h:1", "h_1"), (".x", "_x")])
def test_names_that_differ_give_files_that_differ(one: str, other: str) -> None:
    assert safe_name(one) != safe_name(other)


def test_an_ordinary_name_is_kept() -> None:
    assert safe_name("srv-01.example.com") == "srv-01.example.com"


def test_a_run_without_a_name_has_one_for_all_its_hosts() -> None:
    assert new_run_id() == new_run_id()
    assert new_run_id()[:8].isdecimal()


def claimed(store: RunStore, run_id: str = "june", **more: object) -> RunRecord:
    run = record(store, run_id)
    for name, value in more.items():
        setattr(run, name, value)
    run.claim()
    return run


def test_a_closed_record_is_never_written_over(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    first = claimed(store)
    assert first.run_id == "june"
    first.finish(Outcome.DUE, NOW)
    assert claimed(store).run_id == "june", "what is due is replaced by what came of it"
    first.finish(Outcome.INSTALLED, NOW)
    assert claimed(store).run_id == "june-2"
    record(store, "june-2").save()
    assert claimed(store).run_id == "june-3", "a run that was cut off keeps its record"
    (tmp_path / "web1" / "june-3.json").write_text("{")
    assert claimed(store).run_id == "june-4"


def test_a_record_is_written_where_it_is_looked_for(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = record(store)
    run.save()
    assert json.loads((tmp_path / "web1" / "r1.json").read_text())["outcome"] == "interrupted"
    run.finish(Outcome.INSTALLED, NOW + timedelta(minutes=9))
    data = json.loads((tmp_path / "web1" / "r1.json").read_text())
    assert (data["outcome"], data["finished_at"]) == ("installed", "2026-06-09T18:09:00Z")
    assert [path.name for path in (tmp_path / "web1").iterdir()] == ["r1.json"], "no part file may be left"


def test_a_write_that_fails_leaves_the_old_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = record(RunStore(tmp_path))
    run.save()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RecordsError, match=r"records: .*r1\.json.*No space left.*hotpatch_records"):
        run.finish(Outcome.INSTALLED, NOW)
    assert run.finished_at is None, "the record is still open, and so can be closed"
    assert json.loads((tmp_path / "web1" / "r1.json").read_text())["outcome"] == "interrupted"
    assert [path.name for path in (tmp_path / "web1").iterdir()] == ["r1.json"]


@pytest.mark.parametrize("links", [True, False])
def test_a_name_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    def none(*dummy: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", none)
    first, second = (record(RunStore(tmp_path)) for dummy in range(2))
    first.claim()
    first.save()
    second.claim()
    assert (first.run_id, second.run_id) == ("r1", "r1-2")
    assert sorted(path.name for path in (tmp_path / "web1").iterdir()) == ["r1-2.json", "r1.json"]
    assert json.loads((tmp_path / "web1" / "r1-2.json").read_text())["outcome"] == "due"


def test_a_run_that_is_killed_while_it_takes_its_name_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(os, "fsync", lambda handle: seen.append([path.name for path in (tmp_path / "web1").glob("*.json")]))
    record(RunStore(tmp_path)).claim()
    assert seen == [[]]


def test_a_file_in_the_place_of_the_folder_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "records").write_text("")
    with pytest.raises(RecordsError, match=r"records: .*records.*Name a folder"):
        RunStore(tmp_path / "records").check()


def test_damaged_and_foreign_records_are_passed_over(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    record(store, "r2", started=NOW).finish(Outcome.NONE, NOW)
    record(store, "r1", started=NOW - timedelta(days=30)).finish(Outcome.INSTALLED, NOW)
    (tmp_path / "web1" / "zz.json").write_text('{"host": "web1", ')
    (tmp_path / "web1" / "list.json").write_text("[]")
    (tmp_path / "web1" / "other.json").write_text('{"host": "web2"}')
    found = store.of_host("web1")
    assert [data["run_id"] for data in found.records] == ["r1", "r2"]
    assert [[name for name in ("zz.json", "list.json", "other.json") if name in text] for text in found.passed_over] == [
        ["list.json"],
        ["other.json"],
        ["zz.json"],
    ]
    assert store.of_host("nobody").records == []


def test_without_a_store_nothing_is_written() -> None:
    assert record(None).finish(Outcome.NONE, NOW) is None


def run_data(outcome: str, started: datetime, **more: object) -> dict[str, object]:
    return {**record(None, started=started).to_dict(), "outcome": outcome, **more}


def test_a_denial_counts_until_its_date() -> None:
    data = [run_data("rolled_back", NOW, denied=[{"kb": "KB5087423", "until": "2026-07-14"}])]
    assert context_of(data, NOW + timedelta(days=1)).denied == [{"kb": "KB5087423", "until": "2026-07-14"}]
    assert context_of(data, NOW + timedelta(days=1)).denials_over == frozenset()
    assert context_of(data, NOW + timedelta(days=40)).denied == []
    assert context_of(data, NOW + timedelta(days=40)).denials_over == {"KB5087423"}


def test_a_rollback_counts_until_something_is_installed_again() -> None:
    rollback = run_data("rolled_back", NOW, exposure={"since": "2026-06-09T18:00:00Z", "until": "2026-07-14", "kbs": ["KB5087423"]})
    assert context_of([rollback], NOW + timedelta(days=1)).rolled_back == {
        "kb": "KB5087423",
        "kbs": ["KB5087423"],
        "since": "2026-06-09T18:00:00Z",
        "until": "2026-07-14",
    }
    later = run_data("installed", NOW + timedelta(days=2))
    assert context_of([rollback, later], NOW + timedelta(days=3)).rolled_back is None
    assert context_of([rollback], NOW + timedelta(days=60)).rolled_back is None


@pytest.mark.parametrize("outcome", ["interrupted", "lost", "failed", "waiting"])
def test_a_rollback_counts_from_before_its_act(outcome: str) -> None:
    exposure = {"since": "2026-06-09T18:00:00Z", "until": "2026-07-14", "kbs": ["KB5087423"]}
    cut_off = run_data(outcome, NOW, exposure=exposure, denied=[{"kb": "KB5087423", "until": "2026-07-14"}])
    found = context_of([cut_off], NOW + timedelta(days=1))
    assert (found.rolled_back or {}).get("kbs") == ["KB5087423"]
    assert [entry["kb"] for entry in found.denied] == ["KB5087423"]


def test_failures_of_an_update_are_counted_until_it_is_installed() -> None:
    decision = {"action": "install", "kb": "KB5087423"}
    bad, good = run_data("failed", NOW, decision=decision), run_data("installed", NOW, decision=decision)
    other = [run_data(word, NOW, decision=decision) for word in ("lost", "interrupted", "refused", "unverified")]
    removal = run_data("failed", NOW, decision={"action": "remove", "kb": "KB5087423"})
    later = NOW + timedelta(days=1)
    assert context_of([bad, *other, removal, run_data("failed", NOW, decision=None)], later).failures == {"KB5087423": 1}
    assert not context_of([bad], later).gave_up("KB5087423")
    assert context_of([bad, *other, bad], later).gave_up("KB5087423")
    assert context_of([bad, bad, good], later).failures == {}


def test_a_run_at_work_is_told_from_one_that_was_cut_off() -> None:
    data = [run_data("interrupted", NOW)]
    assert context_of(data, NOW + timedelta(minutes=5)).at_work
    assert not context_of(data, NOW + LONGEST_RUN + timedelta(seconds=1)).at_work


def test_records_of_a_later_moment_are_not_seen() -> None:
    assert context_of([run_data("failed", NOW + timedelta(days=1))], NOW).last_outcome is None
