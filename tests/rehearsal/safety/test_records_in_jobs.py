# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of AWX, each of which takes with it what does not lie on a volume, and a volume that is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.lasting import MARKER
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.killed import HOST, extra, installs
from ansible_collections.winops.hotpatch.tests.rehearsal.safety.remembering import DECIDE, JUNE, playbook

DOUBT = "nothing shows that"


def words(run: Any) -> str:
    """The output without the line breaks that ansible-core up to 2.18 puts into a warning."""
    return " ".join(run.output.split())


def test_a_job_whose_volume_is_missing_says_so_once_and_puts_nothing_back_that_was_rolled_back(here: Any) -> None:
    here.hosts = {"srv01": dict(HOST), "srv02": dict(HOST)}
    first = playbook(here, "volume", awx_job_id=1)
    assert (first.returncode, words(first).count(DOUBT)) == (0, 1)
    assert "mount a volume into the job" in words(first)
    here.now = "2026-06-16T02:00:00Z"
    second = playbook(here, "volume", "rollback", awx_job_id=2, hotpatch_rollback_kb=JUNE)
    assert (second.returncode, words(second).count(DOUBT)) == (0, 0)
    here.now = "2026-06-18T02:00:00Z"
    third = playbook(here, "not_mounted", awx_job_id=3)
    assert words(third).count(DOUBT) == 1
    assert third.of("srv01", DECIDE)["decision"]["code"] == "denied"
    assert (installs(here, "srv01"), installs(here, "srv02")) == (1, 1)


def test_records_alone_are_no_memory_where_nothing_shows_that_they_last(here: Any) -> None:
    given: dict[str, Any] = {"hotpatch_memory": "records", "tower_job_id": 1}
    run = playbook(here, "volume", **given)
    assert run.returncode == 2
    assert "hotpatch_records: nothing shows that" in words(run)
    assert f"make the file {MARKER} there by hand" in words(run)
    assert not (here.folder / "volume").exists()
    assert not here.calls.exists()
    folder = Path(here.folder) / "volume"
    folder.mkdir()
    (folder / MARKER).touch()
    run = playbook(here, "volume", **given)
    assert (run.returncode, words(run).count(DOUBT), installs(here)) == (0, 0, 1)
    assert (folder / MARKER).read_text() == "", "what a person has made stays"


@pytest.mark.parametrize("name", ["assess", "cycle", "rollback", "resume"])
def test_a_folder_in_the_job_itself_is_told_by_every_playbook(here: Any, name: str) -> None:
    private = here.folder / "awx_17_private"
    env = {"JOB_ID": "17", "AWX_PRIVATE_DATA_DIR": str(private)}
    given = extra(here, hotpatch_hosts="all", hotpatch_records=str(private / "project" / "records"))
    run = run_playbook(here.folder, f"winops.hotpatch.{name}", here.inventory(), "-e", given, env=env)
    assert run.returncode == 0
    assert words(run).count("lies in the private folder of AWX job 17") == 1


def test_check_mode_makes_neither_the_folder_nor_the_file_in_it(here: Any) -> None:
    playbook(here, "volume", check=True, awx_job_id=1)
    assert not (here.folder / "volume").exists()
    (here.folder / "volume").mkdir()
    playbook(here, "volume", check=True, awx_job_id=1)
    assert list((here.folder / "volume").iterdir()) == []


def test_a_module_in_a_playbook_of_somebodys_own_says_the_same(here: Any) -> None:
    records = {"records": str(here.folder / "volume"), "as_of": here.now}
    run = here.play({"winops.hotpatch.host_info": {**records, "keep_record": True}}, extra=("-e", "awx_job_id=1"))
    assert DOUBT in run.of("srv01")["warnings"][0]
    run = here.play({"winops.hotpatch.host_info": {**records, "memory": "records"}}, extra=("-e", "awx_job_id=1"))
    assert DOUBT in run.of("srv01")["msg"]
    run = here.play({"winops.hotpatch.host_info": {**records, "memory": "records"}}, extra=("-e", "awx_job_id=2"))
    assert "warnings" not in run.of("srv01")
