# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too old, missing or unreadable on the controller is named with what is needed and how to install it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions import needs, returning
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.least import LEAST_COLLECTIONS, LEAST_CORE

ROOT = Path(__file__).resolve().parents[3]
NAME = "ansible.windows"


def manifest(version: Any) -> str:
    return json.dumps({"collection_info": {"namespace": "ansible", "name": "windows", "version": version}})


def problem(monkeypatch: pytest.MonkeyPatch, folder: Path | None, **files: str) -> str:
    """What is said of a collection that is in FOLDER with FILES and has to be 3.0.0 or later."""
    for name, text in files.items():
        assert folder
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    monkeypatch.setattr(needs, "_folder_of", lambda name: folder)
    return needs.collection_problem(NAME, "3.0.0")


def test_the_least_versions_are_those_of_the_metadata() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"]
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["dependencies"]
    assert runtime.startswith(f">={LEAST_CORE},")
    assert galaxy == {name: f">={least}" for name, least in LEAST_COLLECTIONS.items()}


@pytest.mark.parametrize("found", ["2.18.0", "2.18.0rc1", "2.18.19", "2.22.0rc1", "2.23.0.dev0", "3.0.0"])
def test_a_core_that_will_do(found: str) -> None:
    assert needs.core_problem(found, "2.18.0") == ""


@pytest.mark.parametrize("found", ["2.9.27", "2.14.18", "2.17.14", "2.17.0b1"])
def test_a_core_that_is_too_old(found: str) -> None:
    assert needs.core_problem(found, "2.18.0") == (
        f"ansible-core is {found}, and winops.hotpatch needs 2.18.0 or later."
        " Install that in a virtual environment: pip install 'ansible-core>=2.18.0'"
    )


@pytest.mark.parametrize(
    "files", [{"MANIFEST_json": manifest("3.0.0")}, {"galaxy_yml": "version: 3.10.1\n"}, {"galaxy_yml": "version: '4.0.0-dev0'"}]
)
def test_a_collection_that_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, str]) -> None:
    assert problem(monkeypatch, tmp_path, **files) == ""


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"MANIFEST_json": manifest("1.14.0")}, "1.14.0"),
        ({"MANIFEST_json": manifest("3.0.0-beta1")}, "3.0.0-beta1"),
        ({"galaxy_yml": "version: 2.8.0\n"}, "2.8.0"),
        # An installed collection is what its manifest says.
        ({"MANIFEST_json": manifest("2.8.0"), "galaxy_yml": "version: 3.0.0\n"}, "2.8.0"),
    ],
)
def test_a_collection_that_is_too_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, str], found: str) -> None:
    assert problem(monkeypatch, tmp_path, **files) == (
        f"ansible.windows in {tmp_path} is {found}, and winops.hotpatch needs 3.0.0 or later."
        " Upgrade it: ansible-galaxy collection install 'ansible.windows:>=3.0.0' --upgrade"
    )


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"MANIFEST_json": ""},
        {"MANIFEST_json": "{"},
        {"MANIFEST_json": "[]"},
        {"MANIFEST_json": '{"collection_info": null}'},
        {"MANIFEST_json": manifest(None)},
        {"MANIFEST_json": manifest("newest")},
        {"MANIFEST_json": "", "galaxy_yml": "version: 3.0.0\n"},
        {"galaxy_yml": "version: [\n"},
        {"galaxy_yml": "name: windows\n"},
        {"galaxy_yml": "version: null\n"},
    ],
)
def test_a_collection_that_does_not_say_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, str]) -> None:
    """It is not taken for good: nothing else would tell before the first host is touched."""
    assert problem(monkeypatch, tmp_path, **files) == (
        f"ansible.windows in {tmp_path} does not state its version, and winops.hotpatch needs 3.0.0 or later."
        " Install it again: ansible-galaxy collection install 'ansible.windows:>=3.0.0' --force"
    )


def test_a_manifest_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "galaxy.yml").mkdir()
    assert "does not state its version" in problem(monkeypatch, tmp_path)


@pytest.mark.parametrize("name", ["no_such.collection", "ansible.no_such_collection"])
def test_a_collection_that_is_not_there(name: str) -> None:
    assert needs.collection_problem(name, "3.0.0") == (
        f"{name} is not installed, and winops.hotpatch needs 3.0.0 or later. Install it: ansible-galaxy collection install '{name}:>=3.0.0'"
    )


def test_nothing_is_missing_where_these_tests_run() -> None:
    assert needs.unmet() == needs.UNMET == ""


def test_what_is_missing_is_told_in_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "core_problem", lambda found, least: "Core is old")
    monkeypatch.setattr(needs, "collection_problem", lambda name, least: f"{name} is not installed" if name == NAME else "")
    assert needs.unmet() == "Core is old. ansible.windows is not installed"


def test_every_action_says_it_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    class Acting(returning.ReturningAction):
        def _hotpatch_do(self, task_vars: dict[str, Any]) -> dict[str, Any]:
            raise AssertionError("it went on")

    monkeypatch.setattr(returning, "UNMET", "ansible-core is too old.")
    task = SimpleNamespace(async_val=0, check_mode=False, args={}, action="winops.hotpatch.update", environment=None)
    assert Acting(task, SimpleNamespace(), SimpleNamespace(), None, None, None).run() == {"failed": True, "msg": "ansible-core is too old."}
