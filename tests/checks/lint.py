# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linters, the type checker, the changelog and the documentation."""

from __future__ import annotations

import shutil
import sys

from .running import BUILD, COPY, PACKAGE, ROOT, Log


def check_ruff(log: Log) -> None:
    log.run("ruff", "check", "--no-cache", "--output-format", "concise", ".")


def check_format(log: Log) -> None:
    log.run("ruff", "format", "--check", "--no-cache", "--output-format", "concise", ".")


def check_mypy(log: Log) -> None:
    packages = [name for name in ("playbooks", "plugins", "tests", "tools") if any((COPY / name).rglob("*.py"))]
    targets = [part for name in packages for part in ("-p", f"{PACKAGE}.{name}")]
    log.run("mypy", "--config-file", ROOT / "pyproject.toml", *targets, cwd=COPY, env={"MYPYPATH": str(BUILD)})


def check_generated(log: Log) -> None:
    """Compare what is made from the modules' documentation or from the code; C(python -m tools.generate) writes it anew."""
    log.run(sys.executable, "-m", "tools.generate", "--check")


def check_yamllint(log: Log) -> None:
    log.run("yamllint", "--strict", ".", cwd=COPY)


def check_ansible_lint(log: Log) -> None:
    log.run("ansible-lint", "--offline", "--profile", "production", "--strict", cwd=COPY)


def check_changelog(log: Log) -> None:
    log.run("antsibull-changelog", "lint", cwd=COPY)


def check_nox(log: Log) -> None:
    """Run the sessions of noxfile.py that need no container, in an environment of their own."""
    log.run("make", "--no-print-directory", ".venv-nox/.stamp")
    nox = ROOT / ".venv-nox" / "bin" / "nox"
    log.run(
        nox, "--envdir", ROOT / ".venv-nox" / "sessions", "--reuse-existing-virtualenvs", "-s", "license-check", "extra-checks", cwd=COPY
    )
    log.notes.append("licenses, unwanted files, trailing whitespace")


def check_docs_lint(log: Log) -> None:
    log.run("antsibull-docs", "lint-collection-docs", "--plugin-docs", ".", cwd=COPY)


def check_docs_build(log: Log) -> None:
    """Render the documentation of every plugin and role as web pages in build/docs."""
    source = BUILD / "docs-source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.rmtree(BUILD / "docs", ignore_errors=True)
    source.mkdir(parents=True)
    options = ("--use-current", "--squash-hierarchy", "--dest-dir")
    log.run("antsibull-docs", "sphinx-init", "--sphinx-theme", "alabaster", *options, source, "winops.hotpatch")
    rst = source / "rst"
    log.run("antsibull-docs", "collection", "--fail-on-error", *options, rst, "winops.hotpatch")
    log.run("sphinx-build", "-q", "-b", "html", "-c", source, rst, BUILD / "docs")
