# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test suites: pytest folder by folder, molecule scenario by scenario."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

from .. import run_matrix
from .running import BUILD, COPY, LOGS, ROOT, CheckError, Log, Totals, find_pwsh, read_junit

# Their files take long with few tests, and so have an order of their own: elsewhere those with the fewest tests come last. Some of their
# tests wait for a simulated host that hangs, so there is one worker more than there are cores.
LONG_FILES = {"payload", "rehearsal"}


def on_all_cores() -> Iterator[tuple[str, Callable[[Log], Totals]]]:
    """Yield (name, function) of the suites that are spread over the cores: a folder of tests each, and the oldest ansible-core."""
    for folder in sorted({path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}):
        yield folder, check_pytest(folder)
    yield "oldest-core", check_oldest_core


def check_molecule(log: Log) -> None:
    scenarios = sorted(path.parent.name for path in (COPY / "extensions" / "molecule").glob("*/molecule.yml"))
    if not scenarios:
        raise CheckError("no molecule scenario in extensions/molecule")
    for scenario in scenarios:
        log.run("molecule", "test", "-s", scenario, cwd=COPY, env={"MOLECULE_EPHEMERAL_DIRECTORY": str(BUILD / "molecule" / scenario)})
    log.notes.append(", ".join(scenarios))


def check_pytest(folder: str) -> Callable[[Log], Totals]:
    """Return the check that runs the tests of one folder; each test counts. Those that the oldest core runs are left to it."""

    left_out = [f"--ignore={run_matrix.HOSTILE}"] if run_matrix.HOSTILE.startswith(f"tests/{folder}/") else []
    return lambda log: run_pytest(log, folder, sys.executable, [f"tests/{folder}", *left_out])


def check_oldest_core(log: Log) -> Totals:
    """Run the hostile tests on the oldest ansible-core that is supported: later ones forgive more."""
    row = run_matrix.ROWS[0]
    interpreter = run_matrix.find_python(row.python)
    if interpreter is None:
        raise CheckError(f"ansible-core {row.core} needs Python {row.python}, which is not here")
    try:
        python = run_matrix.prepare(row, interpreter)
    except RuntimeError as error:
        raise CheckError(f"ansible-core {row.core} could not be installed: {error}") from error
    log.notes.append(f"ansible-core {run_matrix.installed_core(python)}")
    return run_pytest(log, "oldest-core", str(python), run_matrix.hostile_tests())


def run_pytest(log: Log, name: str, python: str, tests: list[str]) -> Totals:
    """Run TESTS with PYTHON, under the NAME of a check; return how many passed, failed and were skipped."""
    result = LOGS / f"{name}.xml"
    result.unlink(missing_ok=True)
    complaint = None
    workers = min(os.cpu_count() or 1, 8) + (name in LONG_FILES)
    spread = ["-n", str(workers), "--dist", "loadfile", *(["--no-loadscope-reorder"] if name in LONG_FILES else [])]
    try:
        log.run(python, "-m", "pytest", "-q", *spread, f"--junit-xml={result}", *tests)
    except CheckError as error:
        if not result.exists():
            raise
        complaint = error
    totals, reasons = read_junit(result)
    if complaint and not totals.failed:  # pytest itself failed, not a test
        raise complaint
    if not totals.passed + totals.failed + totals.skipped:
        raise CheckError("no test ran")
    if totals.skipped and find_pwsh():
        raise CheckError(f"{totals.skipped} skipped although there is a PowerShell: {'; '.join(reasons)}")
    log.notes.append(str(totals))
    log.notes.extend(reasons)
    return totals
