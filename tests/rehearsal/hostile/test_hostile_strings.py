# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a host says of itself stays text in every output: in the terminal, the run record, the tables and files made of records."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook

MARK = Path(tempfile.gettempdir()) / f"hotpatch-was-executed-{os.getpid()}"
# Each would do harm somewhere: in a page, in a template, in a terminal, or by its size.
NASTY = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>"
    f"{{{{ lookup('ansible.builtin.pipe', 'touch {MARK}') }}}}"
    "{% for x in range(9) %}{{ 7 * 7 }}{% endfor %}"
    "\x1b[2J\x1b]0;title\x07\x9b31m\u202e"
)
HUGE = NASTY + "y" * 1_000_000
INVENTORY = """
all:
  vars:
    ansible_connection: winops.hotpatch.rehearsal
    hotpatch_rehearsal_truth: {folder}/truth
    hotpatch_rehearsal_now: "2026-05-12"
    hotpatch_records: {folder}/records
  hosts:
    nasty:
      hotpatch_rehearsal_os:
        product_name: !unsafe {nasty}
        display_version: !unsafe {nasty}
      hotpatch_rehearsal_offers_extra:
        - kb: KB5999001
          title: !unsafe {huge}
          categories:
            - !unsafe {nasty}
      hotpatch_rehearsal_monitor_errors:
        - message: !unsafe {nasty}
    nasty2:
      hotpatch_rehearsal_faults:
        - fault: probe_error
          probe: os
          message: !unsafe {nasty}
    good: {{}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def inventory(folder: Path) -> Path:
    path = folder / "inventory.yml"
    path.write_text(INVENTORY.format(folder=folder, nasty=json.dumps(NASTY), huge=json.dumps(HUGE)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def assessed(folder: Path, inventory: Path) -> Run:
    """What an operator sees, and what is kept."""
    return run_playbook(folder, "winops.hotpatch.assess", inventory)


@pytest.fixture(scope="module")
def cycled(folder: Path, inventory: Path, assessed: Run) -> Run:
    """A run that installs, by which the strings go through roles and handlers."""
    return run_playbook(folder, "winops.hotpatch.cycle", inventory)


@pytest.fixture(scope="module")
def cves(folder: Path, inventory: Path, cycled: Run) -> Run:
    """The table and the file that are made of the records, with a document whose texts are no better."""
    overlay = {
        "format": "winops.hotpatch/catalog/1",
        "generated": "2026-05-13",
        "cves": [
            {
                "cve": "CVE-2026-11111",
                "month": "2026-05",
                "title": NASTY,
                "severity": "Critical",
                "exploited": True,
                "fixes": [{"line": "ws2025", "kb": "KB5087423", "build": "26100.32772", "carrier": "hotpatch"}],
            }
        ],
    }
    (folder / "cves.json").write_text(json.dumps(overlay), encoding="utf-8")
    given = {
        "hotpatch_cve_files": [str(folder / "cves.json")],
        "hotpatch_now": "2026-05-13",
        "hotpatch_records": str(folder / "records"),
        "hotpatch_cve_out": str(folder / "cves-out.json"),
    }
    return run_playbook(folder, "winops.hotpatch.cve", inventory, "-e", json.dumps(given))


def unprintable(text: str) -> set[str]:
    return {character for character in text if not character.isprintable() and character != "\n"}


def test_runs_end_as_ever(assessed: Run, cycled: Run, cves: Run) -> None:
    assert (assessed.returncode, cves.returncode) == (0, 0), assessed.output + cves.output
    assert "good" in cycled.output


def test_terminal_shows_text(assessed: Run, cycled: Run, cves: Run) -> None:
    for run in (assessed, cycled, cves):
        assert unprintable(run.output) == set()
        assert len(run.output) < 200_000


def test_nothing_is_templated(assessed: Run, cycled: Run, cves: Run) -> None:
    for run in (assessed, cycled, cves):
        assert "494949" not in run.output
        assert "494949" not in json.dumps(run.results)
    assert not MARK.exists()


def test_records_are_small_text(folder: Path, cycled: Run) -> None:
    records = list((folder / "records").rglob("*.json"))
    assert {path.parent.name for path in records} >= {"nasty", "nasty2", "good"}, cycled.output
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert "494949" not in text
        assert len(text) < 100_000
        assert unprintable(text) == set(), path
        assert all(unprintable(value) == set() for value in _texts(json.loads(text))), path


def test_files_made_of_records_are_small_text(folder: Path, cves: Run) -> None:
    text = (folder / "cves-out.json").read_text(encoding="utf-8")
    assert len(text) < 100_000, cves.output
    assert "494949" not in text
    assert all(unprintable(value) == set() for value in _texts(json.loads(text)))


def test_task_results_are_cut(assessed: Run) -> None:
    """The record, which reports read, and not only what is shown of it."""
    (info,) = [entry["result"] for entry in assessed.results if entry["host"] == "nasty" and "record" in entry["result"]]
    titles = [offer["title"] for offer in info["record"]["offers"]]
    assert any("<script>" in title for title in titles)
    assert max(map(len, titles)) <= 500
    assert all(unprintable(value) == set() for value in _texts(info["record"]))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *_texts(item))]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
