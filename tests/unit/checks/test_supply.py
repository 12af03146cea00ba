# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CI installs and on which cores it runs is said in several files, which must agree; what leaves the project can be checked."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.plugins.loader import _does_collection_support_ansible_version as supports
from ansible_collections.winops.hotpatch.tests.checks import bill
from ansible_collections.winops.hotpatch.tests.run_matrix import ROWS

ROOT = Path(__file__).resolve().parents[3]
CORES = list(dict.fromkeys(row.core for row in ROWS))
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def steps() -> list[dict[str, Any]]:
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


@pytest.mark.parametrize(
    ("version", "supported"),
    [*((f"{core}.0", True) for core in CORES), ("2.22.0rc1", True), ("2.18.19", True), ("2.15.13", False), ("2.23.0b1", False)],
)
def test_cores_of_the_matrix_and_no_others_are_supported(version: str, supported: bool) -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert supports(runtime["requires_ansible"], version) is supported


def test_every_place_names_the_same_cores() -> None:
    nox = tomllib.loads((ROOT / "antsibull-nox.toml").read_text(encoding="utf-8"))["sessions"]["ansible_test_sanity"]
    assert (nox["min_version"], nox["max_version"]) == (CORES[0], CORES[-1])
    for path in (ROOT / "noxfile.py", WORKFLOW):
        found = re.findall(r"\b2\.\d\d\b", path.read_text(encoding="utf-8"))
        assert found == CORES, path.name
    assert f"ansible-core {CORES[0]} to {CORES[-1]}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.stem)
def test_requirement_has_a_version_and_a_hash(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    required = [line for line in lines if line and not line.startswith("#")]
    assert required
    for line in required:
        assert re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line[:80]


def test_pinned_versions_are_those_that_the_in_files_ask_for() -> None:
    wanted = re.findall(r"^([A-Za-z0-9_-]+)[\[>=]", (ROOT / "requirements" / "test.in").read_text(encoding="utf-8"), re.MULTILINE)
    pinned = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements" / "test.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert wanted
    assert {name.lower() for name in wanted} <= set(pinned)


def test_actions_are_named_by_commit_and_keep_no_credentials() -> None:
    used = [step for step in steps() if "uses" in step]
    assert used
    for step in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
        if step["uses"].startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_ci_run_installs_nothing() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert not re.search(r"\bapt|\bcurl\b|\bpip\b|\bInstall-Module\b", script)


def test_bill_and_sums_match_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bill, "COPY", ROOT)
    archive = tmp_path / "winops-hotpatch-1.0.0.tar.gz"
    archive.write_bytes(b"archive")
    path = bill.write_bill(archive)
    first = path.read_bytes()
    component = json.loads(first)["metadata"]["component"]
    assert component["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"archive").hexdigest()}]
    assert [part["name"] for part in json.loads(first)["components"]] == ["ansible-core", "ansible.windows"]
    lines = [line.split("  ") for line in (tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    sums = {name: found for found, name in lines}
    assert sums == {entry.name: hashlib.sha256(entry.read_bytes()).hexdigest() for entry in (path, archive)}
    assert bill.write_bill(archive).read_bytes() == first
