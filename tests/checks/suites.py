# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test suites: pytest folder by folder, molecule scenario by scenario."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from .running import BUILD, COPY, LOGS, CheckError, Log, Totals, find_pwsh, read_junit


def check_molecule(log: Log) -> None:
    scenarios = sorted(path.parent.name for path in (COPY / "extensions" / "molecule").glob("*/molecule.yml"))
    if not scenarios:
        raise CheckError("no molecule scenario in extensions/molecule")
    for scenario in scenarios:
        log.run("molecule", "test", "-s", scenario, cwd=COPY, env={"MOLECULE_EPHEMERAL_DIRECTORY": str(BUILD / "molecule" / scenario)})
    log.notes.append(", ".join(scenarios))


def check_pytest(folder: str) -> Callable[[Log], Totals]:
    """Return the check that runs the tests of one folder; each test counts."""

    def run(log: Log) -> Totals:
        result = LOGS / f"{folder}.xml"
        result.unlink(missing_ok=True)
        workers, complaint = str(min(os.cpu_count() or 1, 8)), None
        try:
            log.run(sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadfile", f"--junit-xml={result}", f"tests/{folder}")
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

    return run
