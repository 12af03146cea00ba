# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the project's checks: one line each when it has ended, the whole output in build/logs/<check>.log, the end of it on failure.

Usage: python -m tests.checks [check or group ...]. The Makefile calls it; `make help` lists the groups.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from . import artifact, certification, lint, sanity, suites
from .running import BUILD, EMPTY_CONFIG, LOGS, CheckError, Log, Totals, copy_tree, describe_pwsh, stop_commands

Run = Callable[[Log], Totals | None]
# These take minutes and say what other checks say for newer versions, so they are run only when they are asked for.
ON_REQUEST = {"certification"}
# Takes as long as all others that use one core do together, and shares no place with them, so it runs beside them.
BESIDE = {"sanity"}


def checks() -> Iterator[tuple[str, str, Run]]:
    """Yield (group, name, function) in the order in which they run; what fails fast and often comes first, what uses all cores last."""
    yield "sanity", "sanity", sanity.check_sanity
    yield "lint", "ruff", lint.check_ruff
    yield "lint", "format", lint.check_format
    yield "lint", "generated", lint.check_generated
    yield "lint", "yamllint", lint.check_yamllint
    yield "lint", "mypy", lint.check_mypy
    yield "lint", "nox", lint.check_nox
    yield "lint", "changelog", lint.check_changelog
    yield "lint", "ansible-lint", lint.check_ansible_lint
    yield "molecule", "molecule", suites.check_molecule
    yield "docs", "docs-lint", lint.check_docs_lint
    yield "docs", "docs-build", lint.check_docs_build
    yield "build", "build", artifact.check_build
    yield "build", "install", artifact.check_install
    yield "build", "importer", artifact.check_importer
    for name, run in certification.checks():
        yield "certification", name, run
    for name, suite in suites.on_all_cores():
        yield name, name, suite


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
    said = f"{word:5}{name:14}{time.monotonic() - started:6.1f} s  {'; '.join(filter(None, log.notes))}".rstrip()
    if totals.failed:
        said = f"{said}\n{log.tail()}\n    (all of it: build/logs/{log.path.name})"
    print(f"{said}\n", end="", flush=True)  # in one piece: another check may end at the same time
    return totals


def run_checks(wanted: list[tuple[str, Run]]) -> Totals:
    """Run checks one after the other; those of BESIDE begin at once, and have ended before the first begins that uses all cores."""
    totals, on_all_cores = Totals(), {name for name, dummy in suites.on_all_cores()}
    with ThreadPoolExecutor() as pool:
        beside = [pool.submit(run_check, name, run) for name, run in wanted if name in BESIDE]
        try:
            for name, run in wanted:
                while beside and name in on_all_cores:
                    totals.add(beside.pop().result())
                if name not in BESIDE:
                    totals.add(run_check(name, run))
            while beside:
                totals.add(beside.pop().result())
        except BaseException:
            stop_commands()  # the pool waits for them
            raise
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
    totals = run_checks([(name, run) for group, name, run in known if is_selected(group, name, wanted)])
    (BUILD / "totals.txt").write_text(f"{totals}\n", encoding="utf-8")
    print(totals, flush=True)
    return 1 if totals.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
