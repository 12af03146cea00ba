# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide's way into a site without the internet: import, digest, carry over, check, use. No process may connect to another."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.guides import ROOT, code_blocks, read_guide
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Fleet, run_on_localhost, run_playbook

SAMPLES = ROOT / "tests" / "unit" / "msrc" / "samples"
# Every Python of the run loads this first.
NO_NETWORK = """
import socket
_connect = socket.socket.connect
def connect(self, address):
    if self.family != socket.AF_UNIX:
        raise OSError(f"this test has no network: {address}")
    return _connect(self, address)
socket.socket.connect = connect
"""
SETTLED = """
line: ws2025
generated: "2026-11-24"
releases:
  - month: "2026-10"
    released: "2026-10-13"
    kind: baseline
    planned_kind: baseline
    kb: KB5999001
    build: "26100.33650"
    restart: true
"""


def command_of_docs(word: str) -> str:
    """Return the shell command of the guide that has WORD in it."""
    return next(block.strip() for block in code_blocks(read_guide("air_gapped"), "sh") if word in block)


@pytest.fixture(scope="module")
def no_network(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("python")
    (folder / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory, no_network: dict[str, str]) -> Path:
    """The side with access: documents in, an overlay and its digest out."""
    folder = tmp_path_factory.mktemp("outside")
    catalog = folder / "hotpatch-catalog"
    catalog.mkdir()
    (catalog / "90-october.yml").write_text(SETTLED, encoding="utf-8")
    run = run_on_localhost(
        folder,
        "catalog_update",
        env=no_network,
        hotpatch_catalog_dest=str(catalog / "10-msrc.json"),
        hotpatch_catalog_sources=[str(SAMPLES)],
    )
    assert run.returncode == 0, run.output
    done = shell(folder, command_of_docs("> catalog.sha256"))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def inside(outside: Path, tmp_path: Path) -> Path:
    """The inner side, after the folder and the digest were carried over."""
    shutil.copytree(outside / "hotpatch-catalog", tmp_path / "hotpatch-catalog")
    shutil.copy(outside / "catalog.sha256", tmp_path)
    return tmp_path


def test_what_was_carried_over_is_whole(inside: Path) -> None:
    done = shell(inside, command_of_docs("--check"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == 2


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_what_was_harmed_on_the_way_is_noticed(inside: Path, harm: str) -> None:
    path = inside / "hotpatch-catalog" / "10-msrc.json"
    if harm == "changed":
        path.write_text(path.read_text(encoding="utf-8").replace("KB5094125", "KB5094126", 1), encoding="utf-8")
    else:
        path.unlink()
    done = shell(inside, command_of_docs("--check"))
    assert done.returncode != 0
    assert "10-msrc.json: FAILED" in done.stdout


def test_inner_side_uses_it(inside: Path, no_network: dict[str, str]) -> None:
    catalog = str(inside / "hotpatch-catalog")
    run = run_on_localhost(
        inside,
        "catalog",
        env=no_network,
        hotpatch_catalog=[catalog],
        hotpatch_catalog_compare_with=[],
        hotpatch_catalog_lines=["ws2025"],
        hotpatch_as_of="2026-10-20",
    )
    assert run.returncode == 0, run.output
    assert "ws2025 2026-10: baseline as planned, KB5999001 (26100.33650), restart" in run.output
    assert f"{catalog}/90-october.yml" in run.output
    # A host is judged by it: without the overlay that month is missing.
    now: dict[str, Any] = {"hotpatch_now": "2026-10-13T20:00:00Z"}
    hosts: dict[str, dict[str, Any]] = {"srv01": {**now, "hotpatch_catalog": [catalog]}, "srv02": now}
    fleet = Fleet(inside, "2026-10-13T20:00:00Z", **hosts)
    assessed = run_playbook(inside, "winops.hotpatch.assess", fleet.inventory(), env=no_network)
    assert assessed.returncode == 0, assessed.output
    found = {entry["host"]: entry["result"]["decision"] for entry in assessed.results if "decision" in entry["result"]}
    assert (found["srv01"]["kb"], found["srv01"]["kind"]) == ("KB5999001", "baseline")
    assert found["srv02"]["code"] == "catalog_missing_month"


def test_both_sides_make_the_same_of_the_documents(inside: Path, no_network: dict[str, str]) -> None:
    """The documents themselves may be carried over instead; the digest shows that both sides made the same of them."""
    path = inside / "hotpatch-catalog" / "10-msrc.json"
    path.unlink()
    run = run_on_localhost(
        inside, "catalog_update", env=no_network, hotpatch_catalog_dest=str(path), hotpatch_catalog_sources=[str(SAMPLES)]
    )
    assert run.returncode == 0, run.output
    assert shell(inside, command_of_docs("--check")).returncode == 0


def test_a_download_is_noticed_here(inside: Path, no_network: dict[str, str]) -> None:
    """The test itself: a run that wants the network cannot have it."""
    run = run_on_localhost(
        inside,
        "catalog_update",
        env=no_network,
        hotpatch_catalog_dest=str(inside / "x.json"),
        hotpatch_catalog_months=["2026-06"],
        hotpatch_catalog_retries=0,
    )
    assert run.returncode != 0
    assert not (inside / "x.json").exists()
