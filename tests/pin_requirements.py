# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compile requirements/*.txt, with the versions of today and their hashes. `make requirements` calls it; uv must be on the PATH.

test, runtime, windows, nox, reuse and certification-* come from the .in files of these names, core-* and windows-* from the rows of
tests/run_matrix.py.
"""

from __future__ import annotations

import subprocess
import sys

from .checks.certification import PYTHON as CERTIFICATION_PYTHON
from .checks.running import ROOT, CheckError
from .run_matrix import ROWS

FOLDER = ROOT / "requirements"
OLDEST_PYTHON = "3.11"
FILES = dict.fromkeys(("runtime", "test", "nox", "reuse"), OLDEST_PYTHON) | dict.fromkeys(
    ("certification-lint", "certification-import"), CERTIFICATION_PYTHON
)


def compile_file(name: str, text: str, python: str, *flags: str) -> None:
    """Write requirements/NAME.txt from TEXT for PYTHON and later; raise CheckError with what uv says if it cannot."""
    command = ["uv", "pip", "compile", "-", "--upgrade", "--universal", "--python-version", python, "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--quiet", "--output-file", f"requirements/{name}.txt", *flags]
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CheckError(f"{name}: {done.stderr}")
    path = FOLDER / f"{name}.txt"
    path.write_text(f"# Written by `make requirements`.\n{path.read_text(encoding='utf-8')}", encoding="utf-8")


def main() -> int:
    try:
        for name, oldest in FILES.items():
            compile_file(name, f"-r requirements/{name}.in\n", oldest)
        compile_file("windows", "-r requirements/windows.in\n", OLDEST_PYTHON, "--no-deps")
        for row in {row.core: row for row in reversed(ROWS)}.values():
            compile_file(f"core-{row.core}", f"{row.requirement}\n-r requirements/matrix.in\n", row.python)
        for windows, python in {row.windows: row.python for row in reversed(ROWS)}.items():
            compile_file(f"windows-{windows}", f"ansible>={windows}.0,<{windows + 1}\n", python, "--no-deps")
    except CheckError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
