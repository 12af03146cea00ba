# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A collection that is too old, or does not say what it is, ends every run before any host is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import Run, run_playbook

OLD = json.dumps({"collection_info": {"namespace": "ansible", "name": "windows", "version": "1.14.0"}})
INSTALL = "ansible-galaxy collection install 'ansible.windows:>=3.0.0'"


def run_with(fleet: Any, playbook: str, manifest: str) -> tuple[Run, Path]:
    """Run a playbook where Ansible finds an ansible.windows with this manifest, and return where it lies."""
    folder = fleet.folder / "older" / "ansible_collections" / "ansible" / "windows"
    (folder / "meta").mkdir(parents=True)
    (folder / "meta" / "runtime.yml").write_text("{}\n")
    (folder / "MANIFEST.json").write_text(manifest)
    env = {"ANSIBLE_COLLECTIONS_PATH": f"{fleet.folder / 'older'}{os.pathsep}{os.environ['ANSIBLE_COLLECTIONS_PATH']}"}
    extra = {
        "hotpatch_now": fleet.now,
        "hotpatch_records": str(fleet.folder / "records"),
        "hotpatch_rehearsal_out": str(fleet.folder / "out"),
    }
    return run_playbook(fleet.folder, f"winops.hotpatch.{playbook}", fleet.inventory(), "-e", json.dumps(extra), env=env), folder


@pytest.mark.parametrize("playbook", ["assess", "cycle", "rehearse", "catalog"])
def test_an_older_collection_is_refused_once(fleet: Any, playbook: str) -> None:
    fleet.hosts = {"srv01": {}, "srv02": {}}
    run, folder = run_with(fleet, playbook, OLD)
    assert run.returncode == 2
    said = f"ansible.windows in {folder} is 1.14.0, and winops.hotpatch needs 3.0.0 or later. Upgrade it: {INSTALL} --upgrade"
    (failed,) = [entry for entry in run.results if entry["status"] == "failed"]
    assert failed["result"]["msg"] == said
    assert not fleet.calls.exists()
    assert not (fleet.folder / "records").exists()
    assert not (fleet.folder / "out").exists()


def test_a_collection_without_a_version_is_refused(fleet: Any) -> None:
    run, folder = run_with(fleet, "assess", "{}")
    assert run.returncode == 2
    assert f"ansible.windows in {folder} does not state its version" in run.of("srv01")["msg"]
    assert not fleet.calls.exists()
