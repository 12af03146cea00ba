# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of Red Hat's partner certification, version 3.0.0, with its versions of the tools and its Python.

They are those of https://github.com/ansible-collections/partner-certification-checker, but without a container: sanity looks at the
collection with the one Python that it runs on.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .. import run_matrix
from .artifact import refuse_complaints
from .running import BUILD, COPY, CheckError, Log, base_environment
from .sanity import run_sanity

PYTHON = "3.12"
# The ansible-cores of its sanity matrix, and the ansible packages that go with them.
ROWS = (run_matrix.Row("2.16", PYTHON, 12), run_matrix.Row("2.18", PYTHON, 12), run_matrix.Row("2.20", PYTHON, 13))
# Its only setting besides that lint is a check of its own.
IMPORTER = "[galaxy-importer]\nCHECK_REQUIRED_TAGS=True\nRUN_ANSIBLE_LINT=False\n"


def checks() -> Iterator[tuple[str, Callable[[Log], None]]]:
    """Yield (name, function), the fast ones first."""
    yield "cert-lint", check_lint
    yield "cert-import", check_import
    for row in ROWS:
        yield f"cert-{row.core}", check_sanity(row)


def check_lint(log: Log) -> None:
    """Lint the collection. Nothing but ansible-core is there, so that a collection that it depends on cannot be seen either."""
    python = environment("certification-lint")
    log.run(python.parent / "ansible-lint", "--profile=production", cwd=COPY, env=with_path(python))


def check_import(log: Log) -> None:
    """Let the importer build the collection and import it."""
    python = environment("certification-import")
    config = BUILD / "certification-importer.cfg"
    config.write_text(IMPORTER, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:  # it leaves a result file where it runs
        arguments = ("--git-clone-path", COPY, "--output-path", folder)
        env = {"GALAXY_IMPORTER_CONFIG": str(config)} | with_path(python)
        log.run(python, "-m", "galaxy_importer.main", *arguments, cwd=Path(folder), env=env)
    refuse_complaints(log)


def check_sanity(row: run_matrix.Row) -> Callable[[Log], None]:
    """Return the check that runs the ansible-test sanity of this core."""

    def check(log: Log) -> None:
        python = environment(row.name, f"core-{row.core}", f"windows-{row.windows}")
        log.notes.append(f"ansible-core {run_matrix.installed_core(python)}")
        run_sanity(log, python, run_matrix.ENVIRONMENTS / f"home-{row.name}")

    return check


def environment(name: str, requirements: str | None = None, windows: str | None = None) -> Path:
    """Make the environment of this name, whose requirements have its name if nothing else is said; return its Python."""
    interpreter = run_matrix.find_python(PYTHON)
    if interpreter is None:
        raise CheckError(f"certification needs Python {PYTHON}, which is not here")
    try:
        return run_matrix.make_environment(name, interpreter, requirements or name, windows)
    except RuntimeError as error:
        raise CheckError(f"the environment {name} could not be made: {error}") from error


def with_path(python: Path) -> dict[str, str]:
    """Return the PATH on which the programs beside PYTHON are found first, which the tools call by their names."""
    return {"PATH": f"{python.parent}{os.pathsep}{base_environment()['PATH']}"}
