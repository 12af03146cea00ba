# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pylint is left out of ansible-test sanity for one reason only, and then it is said."""

from __future__ import annotations

import http.server
import itertools
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests import run_matrix
from ansible_collections.winops.hotpatch.tests.checks import running, sanity
from ansible_collections.winops.hotpatch.tests.checks.running import CheckError, Log

PLAIN = "# from https://docs.example.invalid/requirements\nastroid==4.0.4\npylint==4.0.8\n"


class Server(http.server.BaseHTTPRequestHandler):
    """One that has the archive /dill.zip only."""

    def do_HEAD(self) -> None:
        self.send_response(200 if self.path == "/dill.zip" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Server) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an ansible-test whose pylint needs nothing but PyPI."""
    for name, text in (("_data/requirements/sanity.pylint.txt", PLAIN), ("_internal/python_requirements.py", "pip='24.2'\n")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(sanity, "ask", lambda python, script: str(tmp_path) if "ansible_test" in script else "3.13")
    monkeypatch.setattr(running, "LOGS", tmp_path)
    monkeypatch.setattr(sanity, "BUILD", tmp_path)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def needs(folder: Path, url: str) -> None:
    """Let pylint need an archive at this URL, as that of ansible-core 2.22.0rc1 does."""
    path = folder / "_data" / "requirements" / "sanity.pylint.txt"
    path.write_text(f"{PLAIN}dill @ {url}#sha256={'0' * 64}\n", encoding="utf-8")


def test_it_looks_at_a_copy_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes beside what it looks at, while other checks look at the copy that they share."""
    places: list[Path] = []

    def run(self: Log, *dummy: str | Path, cwd: Path, env: dict[str, str]) -> str:
        places.extend((cwd, Path(env["ANSIBLE_HOME"])))
        return ""

    monkeypatch.setattr(Log, "run", run)
    sanity.run_sanity(Log("other"), Path(sys.executable), folder / "home")
    tree, home = places
    assert tree == folder / "other" / "ansible_collections" / "winops" / "hotpatch"
    assert (tree / "galaxy.yml").read_bytes() == (running.ROOT / "galaxy.yml").read_bytes()
    assert home.parent == folder / "other"


def skipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], list[str]]:
    """Return the tests that run_sanity skips, and what the check says about that."""
    commands: list[list[str]] = []

    def run(self: Log, *argv: str | Path, **dummy: object) -> str:
        commands.append([str(part) for part in argv])
        return ""

    monkeypatch.setattr(Log, "run", run)
    log = Log("sanity")
    sanity.run_sanity(log, Path(sys.executable), folder / "home")
    (command,) = commands
    return {name for flag, name in itertools.pairwise(command) if flag == "--skip-test"}, log.notes


def test_pylint_runs_when_it_needs_pypi_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names, notes = skipped(folder, monkeypatch)
    assert "pylint" not in names
    assert not [note for note in notes if "pylint" in note]


@pytest.mark.parametrize("path", ["dill.zip", "gone.zip"])
def test_pylint_runs_when_the_server_answers(folder: Path, server: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the archive is gone, pip fails and so does the check."""
    needs(folder, f"{server}/{path}")
    names, notes = skipped(folder, monkeypatch)
    assert "pylint" not in names
    assert not [note for note in notes if "pylint" in note]


def test_pylint_is_left_out_and_that_is_said_when_nobody_answers(folder: Path, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    needs(folder, f"{nobody}/dill.zip")
    names, notes = skipped(folder, monkeypatch)
    assert "pylint" in names
    assert f"without pylint: {nobody}/dill.zip cannot be reached" in notes


@pytest.mark.parametrize(
    ("notes", "word"),
    [
        ([], "ok"),
        (["without pslint: no PSScriptAnalyzer"], "ok"),
        (["without pylint: https://x/y cannot be reached"], "ok, without pylint: https://x/y cannot be reached"),
    ],
)
def test_table_of_the_matrix_says_that_pylint_was_left_out(
    folder: Path, notes: list[str], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del folder
    monkeypatch.setattr(run_matrix, "run_sanity", lambda log, python, home: log.notes.extend(notes))
    assert run_matrix.sanity(run_matrix.ROWS[0], Path(sys.executable)) == word


def test_failure_is_a_failure_without_pylint_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del folder

    def fail(log: Log, python: Path, home: Path) -> None:
        del python, home
        log.notes.append("without pylint: https://x/y cannot be reached")
        raise CheckError("ansible-test: exit code 1")

    monkeypatch.setattr(run_matrix, "run_sanity", fail)
    assert run_matrix.sanity(run_matrix.ROWS[0], Path(sys.executable)) == "failed"
