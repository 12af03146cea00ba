# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of records that ends with the job, or the container, is told from one that a later job finds again."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records import lasting
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.lasting import MARKER, Job, doubt, job_of, mark

ONE, TWO = Job("17"), Job("18")
AWX = {"JOB_ID": "17", "AWX_PRIVATE_DATA_DIR": "/runner/awx_17_x"}
DOCKER = "600 500 0:50 / / rw - overlay overlay rw,lowerdir=/a"
BTRFS = "600 500 0:50 /subvolumes/1f / rw shared:1 - btrfs /dev/sda rw"
MACHINE = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw"


def test_a_folder_is_known_by_the_marker_of_an_earlier_job(tmp_path: Path) -> None:
    assert "nothing shows that" in str(doubt(tmp_path, ONE))
    mark(tmp_path, ONE)
    made = (tmp_path / MARKER).read_bytes()
    assert doubt(tmp_path, ONE), "the same job has made it"
    assert doubt(tmp_path, TWO) is None
    mark(tmp_path, TWO)
    assert (tmp_path / MARKER).read_bytes() == made, "made once"
    assert doubt(tmp_path, ONE), "of a job that is run again its folder is not known"
    assert stat.S_IMODE((tmp_path / MARKER).stat().st_mode) == 0o600
    assert json.loads(made)["made_by"]["job"] == "17"


def test_two_containers_are_two_and_one_is_one(tmp_path: Path) -> None:
    one, two = ({"host": name, "boot": "b", "namespace": "n"} for name in ("c1", "c2"))
    mark(tmp_path, Job(container=one))
    assert doubt(tmp_path, Job(container=one))
    assert doubt(tmp_path, Job(container=two)) is None


@pytest.mark.parametrize("text", ["", "ours\n", "[]", "[" * 4000, '{"made_by": 7}'])
def test_a_marker_that_a_person_has_made_counts(tmp_path: Path, text: str) -> None:
    (tmp_path / MARKER).write_text(text)
    assert doubt(tmp_path, ONE) is None


def test_a_full_disk_leaves_no_marker_that_passes_for_one_of_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    mark(tmp_path, ONE)
    assert list(tmp_path.iterdir()) == []
    assert doubt(tmp_path, ONE)


def test_what_is_no_file_is_no_marker_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MARKER)
    assert doubt(tmp_path, ONE)
    mark(tmp_path, ONE)
    assert stat.S_ISFIFO((tmp_path / MARKER).stat().st_mode)


def test_the_private_folder_of_a_job_never_lasts(tmp_path: Path) -> None:
    job = job_of({}, {**AWX, "AWX_PRIVATE_DATA_DIR": str(tmp_path)})
    (tmp_path / MARKER).write_text("")
    assert "private folder of AWX job 17" in str(doubt(tmp_path / "project" / "records", job))
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    assert "private folder" in str(doubt(link, job))
    assert "private folder" in str(doubt(Path("/runner/project/records"), job_of({"tower_job_id": 3}, {})))


def test_a_plain_controller_is_believed(tmp_path: Path) -> None:
    assert doubt(tmp_path, None) is None


@pytest.mark.parametrize(
    ("variables", "environment", "job"),
    [
        ({"awx_job_id": 17}, {}, "17"),
        ({"tower_job_id": "17"}, {}, "17"),
        ({}, AWX, "17"),
        ({}, {"JOB_ID": "17"}, None),
        ({"awx_job_id": "{{ evil }}"}, {}, None),
        ({"awx_job_id": None}, {"AWX_PRIVATE_DATA_DIR": "/x"}, None),
    ],
)
def test_a_job_of_awx_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any], environment: dict[str, str], job: str | None
) -> None:
    monkeypatch.setattr(lasting, "_SIGNS", (str(tmp_path / "no"),))
    found = job_of(variables, environment)
    assert (found.job if found else None) == job


MOUNTS = [(DOCKER, True), (BTRFS, True), (MACHINE, False), (f"{MACHINE}\n{DOCKER}", True)]


@pytest.mark.parametrize(("mounts", "contained"), MOUNTS)
def test_a_container_is_seen_by_its_sign_and_its_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, contained: bool
) -> None:
    (tmp_path / "mounts").write_text(f"24 27 0:6 / /dev rw - devtmpfs devtmpfs rw\n{mounts}\nodd\n")
    monkeypatch.setattr(lasting, "_MOUNTS", str(tmp_path / "mounts"))
    monkeypatch.setattr(lasting, "_SIGNS", (str(tmp_path / "sign"),))
    assert job_of({}, {}) is None, "without the sign"
    (tmp_path / "sign").touch()
    assert (job_of({}, {}) is not None) is contained
