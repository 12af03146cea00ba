# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the project's checks one by one: one line each, the whole output in build/logs/<check>.log, the end of it on failure.

Usage: python -m tests.checks [check or group ...]. The Makefile calls it; `make help` lists the groups.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from . import artifact, certification, lint, sanity, suites
from .running import BUILD, EMPTY_CONFIG, LOGS, ROOT, CheckError, Log, Totals, copy_tree, describe_pwsh

Run = Callable[[Log], Totals | None]
# These take minutes and say what other checks say for newer versions, so they are run only when they are asked for.
ON_REQUEST = {"certification"}


def checks() -> Iterator[tuple[str, str, Run]]:
    """Yield (group, name, function) in the order in which they run; what fails fast and often comes first."""
    yield "lint", "ruff", lint.check_ruff
    yield "lint", "format", lint.check_format
    yield "lint", "generated", lint.check_generated
    yield "lint", "yamllint", lint.check_yamllint
    yield "lint", "mypy", lint.check_mypy
    yield "lint", "nox", lint.check_nox
    yield "lint", "changelog", lint.check_changelog
    yield "lint", "ansible-lint", lint.check_ansible_lint
    for folder in sorted({path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}):
        yield folder, folder, suites.check_pytest(folder)
    yield "oldest-core", "oldest-core", suites.check_oldest_core
    yield "molecule", "molecule", suites.check_molecule
    yield "docs", "docs-lint", lint.check_docs_lint
    yield "docs", "docs-build", lint.check_docs_build
    yield "build", "build", artifact.check_build
    yield "build", "install", artifact.check_install
    yield "build", "importer", artifact.check_importer
    yield "sanity", "sanity", sanity.check_sanity
    for name, run in certification.checks():
        yield "certification", name, run


def is_selected(group: str, name: str, wanted: list[str]) -> bool:
    """Return whether a check is run when these checks or groups were asked for, or none."""
    return bool({group, name} & set(wanted)) if wanted else group not in ON_REQUEST


def run_check(name: str, run: Run) -> Totals:
    log, started, totals = Log(name), time.monotonic(), None
    try:
        totals = run(log)
    except (CheckError, OSError, subprocess.SubprocessError, ValueError) as error:
        log.write(f"{error}\n")
        totals = Totals(failed=1)
    totals = totals or Totals(passed=1)
    word = "FAIL" if totals.failed else "ok"
    print(f"{word:5}{name:14}{time.monotonic() - started:6.1f} s  {'; '.join(filter(None, log.notes))}".rstrip(), flush=True)
    if totals.failed:
        print(f"{log.tail()}\n    (all of it: build/logs/{log.path.name})", flush=True)
    return totals


def main(wanted: list[str]) -> int:
    known = list(checks())
    names = list(dict.fromkeys(name for check in known for name in check[:2]))
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        print(f"no such check: {', '.join(unknown)}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    EMPTY_CONFIG.write_text("", encoding="utf-8")
    copy_tree()
    print(describe_pwsh(), flush=True)
    totals = Totals()
    for group, name, run in known:
        if is_selected(group, name, wanted):
            totals.add(run_check(name, run))
    (BUILD / "totals.txt").write_text(f"{totals}\n", encoding="utf-8")
    print(totals, flush=True)
    return 1 if totals.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
