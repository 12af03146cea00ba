# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real ansible-playbook over simulated hosts."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.playbook_process import run_ansible_playbook
from ansible_collections.winops.hotpatch.tests.schemas import problems, stamps, written_since

HERE = Path(__file__).resolve().parent
# The files that take longest begin first: one that begins last would leave the other cores without work.
LONGEST = ("test_year.py", "test_rollback_again.py", "test_lost_connections.py", "test_readme.py", "test_unverified.py", "test_update.py")
UPDATES = {"category_names": ["*"], "state": "installed"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@dataclass
class Run:
    """How a run ended."""

    returncode: int
    output: str
    results: list[dict[str, Any]]

    def of(self, host: str, task: str | None = None) -> dict[str, Any]:
        """The last result of a host, or of one of its tasks."""
        return self._last(host, task)["result"]  # type: ignore[no-any-return]

    def status(self, host: str, task: str | None = None) -> str:
        """ok, failed, unreachable or skipped."""
        return str(self._last(host, task)["status"])

    def table(self) -> dict[str, str]:
        """The lines of the table that the run ended with, by the hosts that they are about."""
        lines = self.output.splitlines()
        heads = [number for number, line in enumerate(lines) if line.split() == ["host", "state", "outcome", "KB", "reason"]]
        assert len(heads) == 1, self.output
        return {line.split()[0]: line for line in takewhile(str.strip, lines[heads[0] + 1 :])}

    def remedies(self) -> dict[str, str]:
        """What is to be done, below the table, by the hosts that it is about."""
        lines = self.output.partition("\nWhat to do\n")[2].splitlines()
        found = list(takewhile(str.strip, lines))
        return {name: text.strip() for names, text in zip(found[::2], found[1::2], strict=True) for name in names.strip(" :").split(", ")}

    def _last(self, host: str, task: str | None) -> dict[str, Any]:
        found = [entry for entry in self.results if entry["host"] == host and task in (None, entry["task"])]
        assert found, f"no result of {host} {task or ''} in: {self.output}"
        return found[-1]


class Fleet:
    """An inventory of simulated hosts in a directory of its own."""

    def __init__(self, folder: Path, now: str = "2025-11-11", **hosts: dict[str, Any]) -> None:
        self.folder, self.now = folder, now
        self.hosts: dict[str, dict[str, Any]] = hosts or {"srv01": {}}
        self.truth, self.calls = folder / "truth", folder / "calls"

    def inventory(self) -> Path:
        """Writes the inventory as it is now."""
        hosts = {
            name: {key if key.startswith(("ansible_", "hotpatch_")) else f"hotpatch_rehearsal_{key}": value for key, value in given.items()}
            for name, given in self.hosts.items()
        }
        shared = {
            "ansible_connection": "winops.hotpatch.rehearsal",
            "hotpatch_rehearsal_truth": str(self.truth),
            "hotpatch_rehearsal_now": self.now,
        }
        path = self.folder / "inventory.yml"
        path.write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}, indent=1))
        return path

    def play(self, *tasks: dict[str, Any], check: bool = False, extra: tuple[str, ...] = ()) -> Run:
        """Runs tasks, given as mappings of a module's name to its arguments and task keywords, on all hosts."""
        book = self.folder / "book.yml"
        named = [{"name": next(iter(task)), **task} for task in tasks]
        book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": named}]))
        return run_playbook(self.folder, str(book), self.inventory(), *(["--check"] if check else []), *extra)

    def state(self, host: str = "srv01") -> dict[str, Any]:
        """What is true of a host."""
        found: dict[str, Any] = json.loads((self.truth / f"{host}.json").read_text())
        return found

    def log(self, host: str = "srv01") -> list[dict[str, Any]]:
        """What was sent to a host."""
        return [json.loads(line) for line in (self.calls / f"{host}.jsonl").read_text().splitlines()]


def run_playbook(folder: Path, playbook: str, inventory: Path, *args: str, env: dict[str, str] | None = None) -> Run:
    """Runs a playbook, given as a file or by its name in a collection, with this interpreter's Ansible."""
    results = folder / "results.jsonl"
    results.unlink(missing_ok=True)
    before = stamps(folder)
    arguments = ["-i", str(inventory), playbook, *args]
    done = run_ansible_playbook(arguments, cwd=folder, timeout=300, env=os.environ | settings(folder, results) | (env or {}))
    found = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    # Whatever the test is about, no run may leave or return a record that the schemas do not describe.
    assert written_since(folder, before) == []
    assert [problem for entry in found for problem in problems(entry["result"].get("record"))] == []
    return Run(done.returncode, done.stdout + done.stderr, found)


def run_on_localhost(folder: Path, playbook: str, *args: str, env: dict[str, str] | None = None, **extra: Any) -> Run:
    """Runs a playbook of the collection with extra variables, over an inventory without any host."""
    inventory = folder / "empty.yml"
    inventory.write_text("all: {}\n")
    return run_playbook(folder, f"winops.hotpatch.{playbook}", inventory, "-e", json.dumps(extra), *args, env=env)


def settings(folder: Path, results: Path) -> dict[str, str]:
    """Ansible's settings: where the collections lie comes from the environment of the tests."""
    return {
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "collect",
        "COLLECT_RESULTS": str(results),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_RETRY_FILES_ENABLED": "false",
        "ANSIBLE_DEPRECATION_WARNINGS": "false",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_FORKS": "4",
        "ANSIBLE_ACTION_PLUGINS": str(HERE / "action_plugins"),
    }


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """One host, srv01, enrolled and on its baseline on the hotpatch day of November 2025."""
    return Fleet(tmp_path)


@pytest.fixture(scope="session")
def fleet_type() -> type[Fleet]:
    """For a test that plays once for a whole module."""
    return Fleet
