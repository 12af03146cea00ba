# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the rehearsal, the payloads and ansible-test sanity on each ansible-core that the collection supports.

Each core builds the execution wrapper of a payload in its own way, so all payload tests are run on each, where there is a PowerShell.
The tests in which whoever is asked answers with a template are run apart by `make test` on the oldest core, where they matter most.

Usage: python -m tests.run_matrix [--sanity] [core ...], such as 2.18 2.22; with --sanity nothing but ansible-test sanity is run.
`make test-matrix` and `make sanity-matrix` call it.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .checks.running import EMPTY_CONFIG, LOGS, ROOT, CheckError, Log, Totals, copy_tree, describe_pwsh, find_pwsh, read_junit
from .checks.sanity import WITHOUT_PYLINT, run_sanity

ENVIRONMENTS = ROOT / ".venv-matrix"
TAIL = 40
# The tests in which hosts, servers and files say what they should not.
HOSTILE = "tests/rehearsal/hostile"
# The hostile tests over winrm need no PowerShell: what answers there is an endpoint that lets nobody in.
OVER_WINRM = "tests/wire/test_hostile_faults.py"
# Which PowerShell runs is a matter of core's: from 2.21 on it can be chosen.
WITH_PWSH = ["tests/payload", "tests/wire/test_interpreter.py"]


@dataclasses.dataclass(frozen=True)
class Row:
    """A core, the Python to run it with, and the major version of the ansible package whose ansible.windows goes with it."""

    core: str
    python: str
    windows: int
    prerelease: bool = False

    @property
    def name(self) -> str:
        """Core and Python, as in the names of the environment and of the logs."""
        return f"{self.core}-py{self.python}"

    @property
    def requirement(self) -> str:
        major, minor = self.core.split(".")
        return f"ansible-core>={self.core}{'.0rc1' if self.prerelease else ''},<{major}.{int(minor) + 1}.dev0"


ROWS = (
    # The ansible packages of the cores up to 2.18 still have an ansible.windows below 3.0.0.
    Row("2.16", "3.11", 12),
    Row("2.17", "3.11", 12),
    Row("2.18", "3.11", 12),
    Row("2.19", "3.11", 12),
    Row("2.20", "3.12", 13),
    Row("2.21", "3.12", 14),
    Row("2.22", "3.13", 14, prerelease=True),
    Row("2.21", "3.14", 14),
)


def hostile_tests() -> list[str]:
    """Return the tests in which hosts, servers and files say what they should not."""
    return [*sorted(str(path.relative_to(ROOT)) for path in (ROOT / HOSTILE).glob("test_*.py")), OVER_WINRM]


def find_python(version: str) -> str | None:
    """Return an interpreter of this version that really starts: a shim on the PATH may refuse to."""
    roots = {Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")), Path.home() / ".pyenv"}
    managed = [str(path) for root in sorted(roots) for path in sorted(root.glob(f"versions/{version}.*/bin/python{version}"))]
    for candidate in [sys.executable, shutil.which(f"python{version}"), *managed, str(Path.home() / ".local" / "bin" / f"python{version}")]:
        if candidate and asked_version(candidate) == version:
            return candidate
    return None


def asked_version(python: str) -> str | None:
    try:
        command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def prepare(row: Row, python: str) -> Path:
    """Return the Python of the environment of this row."""
    return make_environment(row.name, python, f"core-{row.core}", f"windows-{row.windows}")


def make_environment(name: str, python: str, requirements: str, windows: str | None = None) -> Path:
    """Make an environment once, and again when its requirements have changed; return its Python.

    REQUIREMENTS and WINDOWS name files of requirements/; what stands in WINDOWS is installed without its dependencies.
    """
    folder = ENVIRONMENTS / name
    main, *bare = (ROOT / "requirements" / f"{part}.txt" for part in (requirements, windows) if part)
    stamp, wanted = folder / "stamp.txt", "\n".join((python, *(path.read_text(encoding="utf-8") for path in (main, *bare))))
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        run([python, "-m", "venv", str(folder)])
        pip = [
            str(folder / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--no-input",
            "--require-hashes",
        ]
        run([*pip, "-r", str(main)])
        for path in bare:
            run([*pip, "--no-deps", "--no-compile", "-r", str(path)])
        stamp.write_text(wanted, encoding="utf-8")
    return folder / "bin" / "python"


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def test(row: Row, python: Path) -> Totals:
    """Run the tests and return how they ended. The output goes to build/logs."""
    result, log = LOGS / f"matrix-{row.name}.xml", LOGS / f"matrix-{row.name}.log"
    result.unlink(missing_ok=True)
    workers = str(min(os.cpu_count() or 1, 8))
    suites = ["tests/rehearsal", OVER_WINRM, *(WITH_PWSH if find_pwsh() else [])]
    command = [str(python), "-m", "pytest", "-q", "-n", workers, "--dist", "loadfile", "-m", "", f"--junit-xml={result}", *suites]
    with log.open("w", encoding="utf-8") as stream:
        subprocess.run(command, cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT, check=False)
    totals = read_junit(result)[0] if result.exists() else Totals()
    if totals.failed or not totals.passed:
        print("\n".join(log.read_text(encoding="utf-8").splitlines()[-TAIL:]))
        totals.failed = totals.failed or 1
    return totals


def sanity(row: Row, python: Path) -> str:
    """Run ansible-test sanity of this core; return for the table how it ended, and whether pylint was left out."""
    log = Log(f"matrix-{row.name}-sanity")
    try:
        run_sanity(log, python, ENVIRONMENTS / f"home-{row.name}")
    except CheckError as error:
        print(f"{error}\n{log.tail()}")
        return "failed"
    return ", ".join(("ok", *(note for note in log.notes if note.startswith(WITHOUT_PYLINT))))


def installed_core(python: Path) -> str:
    return subprocess.run(
        [python, "-c", "import ansible.release as r; print(r.__version__)"], capture_output=True, text=True, check=True
    ).stdout.strip()


def main(arguments: list[str]) -> int:
    wanted, only_sanity = [name for name in arguments if name != "--sanity"], "--sanity" in arguments
    rows = [row for row in ROWS if row.core in wanted] if wanted else ROWS
    unknown = set(wanted) - {row.core for row in rows}
    if unknown:
        known = ", ".join(row.core for row in ROWS)
        print(f"no such core: {', '.join(sorted(unknown))}; there are {known}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    EMPTY_CONFIG.write_text("", encoding="utf-8")
    copy_tree()
    print(describe_pwsh(), flush=True)
    table: list[tuple[str, ...]] = [("core", "python", "passed", "failed", "skipped", "sanity", "seconds")]
    sums, missing = Totals(), 0
    for row in rows:
        interpreter = find_python(row.python)
        if interpreter is None:
            print(f"NOT RUN: ansible-core {row.core} needs Python {row.python}, which is not here", flush=True)
            table.append((row.core, f"{row.python} missing", "-", "-", "-", "-", "-"))
            missing += 1
            continue
        print(f"ansible-core {row.core} on Python {row.python} ...", flush=True)
        started = time.monotonic()
        try:
            python = prepare(row, interpreter)
            counts = Totals() if only_sanity else test(row, python)
            core, checked = installed_core(python), sanity(row, python)
        except RuntimeError as error:
            print(error)
            counts, core, checked = Totals(failed=1), f"{row.core} not installed", "-"
        counts.failed += checked == "failed"
        counts.passed += only_sanity and checked.startswith("ok")
        sums.add(counts)
        numbers = (str(counts.passed), str(counts.failed), str(counts.skipped))
        table.append((core, row.python, *numbers, checked, f"{time.monotonic() - started:.0f}"))
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print(f"{sums.passed} passed, {sums.failed} failed, {sums.skipped} skipped, {missing} Pythons missing")
    return 1 if sums.failed or missing == len(table) - 1 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
