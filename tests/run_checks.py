# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the project's checks one by one: one line each, the whole output in build/logs/<check>.log, the end of it on failure.

Usage: run_checks.py [check or group ...]. The Makefile calls it; `make help` lists the groups.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LOGS = BUILD / "logs"
# Ansible's tools insist on this shape of path, so they get a copy of the working tree in it.
COPY = BUILD / "ansible_collections" / "winops" / "hotpatch"
EMPTY_CONFIG = BUILD / "ansible.cfg"
ENV_BIN = Path(sys.prefix) / "bin"
# ansible-test keeps its own environments under the home folder; this one goes away with the test environment.
SANITY_HOME = Path(sys.prefix) / "home"
PACKAGE = "ansible_collections.winops.hotpatch"
DOC_TYPES = {"module": "modules", "connection": "connection", "filter": "filter", "lookup": "lookup", "callback": "callback"}
TAIL = 60


class CheckError(Exception):
    """A check failed; the message goes to the log."""


@dataclasses.dataclass
class Totals:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Totals) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


class Log:
    """Where the output of one check goes, and the things worth saying although it passed."""

    def __init__(self, name: str) -> None:
        self.path = LOGS / f"{name}.log"
        self.path.write_text("", encoding="utf-8")
        self.notes: list[str] = []

    def write(self, text: str) -> None:
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(text)

    def run(self, *argv: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
        """Run a command of the test environment; return its standard output, raise if it fails."""
        command = [str(part) for part in argv]
        self.write(f"$ {' '.join(command)}\n")
        done = subprocess.run(command, cwd=cwd, env=base_environment() | (env or {}), capture_output=True, text=True, check=False)
        self.write(done.stdout + done.stderr)
        if done.returncode:
            raise CheckError(f"{Path(command[0]).name}: exit code {done.returncode}")
        return done.stdout

    def tail(self) -> str:
        return "\n".join(f"    {line}" for line in self.path.read_text(encoding="utf-8").splitlines()[-TAIL:])


def base_environment() -> dict[str, str]:
    """Return the caller's environment without the settings that would make two machines differ."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTEST_", "MOLECULE_", "MYPY"))}
    env["PATH"] = f"{ENV_BIN}{os.pathsep}{env.get('PATH', os.defpath)}"
    env["ANSIBLE_CONFIG"] = str(EMPTY_CONFIG)
    env["ANSIBLE_COLLECTIONS_PATH"] = str(BUILD)
    env["ANSIBLE_NOCOLOR"] = env["NO_COLOR"] = "1"
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env["LC_ALL"] = env["LANG"] = "C.UTF-8"
    env.pop("FORCE_COLOR", None)
    env.pop("PYTHONPATH", None)
    return env


def copy_tree() -> None:
    """Put the files that git knows, or would add, where tools expect a collection; as a repository, because they ask git what there is."""
    listing = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    shutil.rmtree(COPY, ignore_errors=True)
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=COPY, check=True, capture_output=True)


# The checks.


def check_ruff(log: Log) -> None:
    log.run("ruff", "check", "--no-cache", "--output-format", "concise", ".")


def check_format(log: Log) -> None:
    log.run("ruff", "format", "--check", "--no-cache", "--output-format", "concise", ".")


def check_mypy(log: Log) -> None:
    packages = [name for name in ("plugins", "tests") if any((COPY / name).rglob("*.py"))]
    targets = [part for name in packages for part in ("-p", f"{PACKAGE}.{name}")]
    log.run("mypy", "--config-file", ROOT / "pyproject.toml", *targets, cwd=COPY, env={"MYPYPATH": str(BUILD)})


def check_yamllint(log: Log) -> None:
    log.run("yamllint", "--strict", ".", cwd=COPY)


def check_ansible_lint(log: Log) -> None:
    log.run("ansible-lint", "--offline", "--profile", "production", "--strict", cwd=COPY)


def check_changelog(log: Log) -> None:
    log.run("antsibull-changelog", "lint", cwd=COPY)


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


def archive() -> Path:
    found = sorted(BUILD.glob("winops-hotpatch-*.tar.gz"))
    if len(found) != 1:
        raise CheckError(f"expected one built archive in build/, found {[path.name for path in found]}")
    return found[0]


def check_build(log: Log) -> None:
    for old in BUILD.glob("winops-hotpatch-*.tar.gz"):
        old.unlink()
    log.run("ansible-galaxy", "collection", "build", "--force", "--output-path", BUILD, cwd=COPY)
    archive()


def check_install(log: Log) -> None:
    """Install the archive as a user would, and let ansible-doc show everything in it with its options."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"ANSIBLE_COLLECTIONS_PATH": folder, "ANSIBLE_GALAXY_CACHE_DIR": f"{folder}/cache"}
        log.run("ansible-galaxy", "collection", "install", archive(), "--no-deps", "--offline", "-p", folder, cwd=BUILD, env=env)
        installed = Path(folder, *PACKAGE.split("."))
        seen: dict[str, int] = {}
        for kind, directory in DOC_TYPES.items():
            stems = {path.stem for path in (installed / "plugins" / directory).glob("[!_]*.*")}
            listing = log.run("ansible-doc", "-t", kind, "--json", "--list", "winops.hotpatch", cwd=BUILD, env=env) if stems else "{}"
            missing = {f"winops.hotpatch.{stem}" for stem in stems} - set(json.loads(listing))
            if missing:
                raise CheckError(f"ansible-doc does not list {kind}: {', '.join(sorted(missing))}")
            for stem in sorted(stems):
                log.run("ansible-doc", "-t", kind, f"winops.hotpatch.{stem}", cwd=BUILD, env=env)
            seen[kind] = len(stems)
        roles = {path.name for path in (installed / "roles").glob("*") if path.is_dir()}
        for role in sorted(roles):
            text = log.run("ansible-doc", "-t", "role", "--json", f"winops.hotpatch.{role}", cwd=BUILD, env=env)
            if not json.loads(text).get(f"winops.hotpatch.{role}", {}).get("entry_points"):
                raise CheckError(f"ansible-doc shows no argument specification of role {role}")
        seen["role"] = len(roles)
    log.notes.append(", ".join(f"{count} {kind}s" for kind, count in seen.items() if count))


def check_importer(log: Log) -> None:
    """Import the archive as Galaxy does. flake8 stays off: it would be fed PowerShell and YAML."""
    config = BUILD / "galaxy-importer.cfg"
    config.write_text(
        "[galaxy-importer]\nCHECK_CHANGELOG = True\nREQUIRE_V1_OR_GREATER = True\nRUN_ANSIBLE_DOC = True\nRUN_ANSIBLE_LINT = False\n"
        "RUN_FLAKE8 = False\nRUN_ANSIBLE_TEST = False\nCHECK_REQUIRED_TAGS = True\n",
        encoding="utf-8",
    )
    with tempfile.TemporaryDirectory() as folder:  # it leaves a result file where it runs
        env = {"GALAXY_IMPORTER_CONFIG": str(config)}
        log.run(sys.executable, "-m", "galaxy_importer.main", archive(), cwd=Path(folder), env=env)
    problems = re.findall(r"^(?:ERROR|WARNING): .*$", log.path.read_text(encoding="utf-8"), re.MULTILINE)
    if problems:
        raise CheckError("\n".join(problems))


def check_sanity(log: Log) -> None:
    """ansible-test sanity without containers, in environments below the test environment."""
    seed_sanity_pip()
    skip = ["pslint"]
    pwsh = find_pwsh()
    path = base_environment()["PATH"]
    if pwsh is None:
        skip.append("validate-modules")
        log.notes.append("without validate-modules and pslint: no pwsh")
    else:
        path = f"{pwsh.parent}{os.pathsep}{path}"
        probe = [str(pwsh), "-NoProfile", "-NonInteractive", "-Command", "@(Get-Module -ListAvailable PSScriptAnalyzer).Count"]
        if subprocess.run(probe, capture_output=True, text=True, check=False).stdout.strip() not in {"", "0"}:
            skip.remove("pslint")
        else:
            log.notes.append("without pslint: no PSScriptAnalyzer")
    arguments = [part for name in skip for part in ("--skip-test", name)]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    env = {"HOME": str(SANITY_HOME), "PATH": path, "PIP_QUIET": "1"} | {
        key: value for key, value in kept_by_home().items() if key not in os.environ
    }
    log.run("ansible-test", "sanity", "--python", version, "--color", "no", *arguments, cwd=COPY, env=env)


def kept_by_home() -> dict[str, str]:
    """Return the settings that tools look up in the home folder, which ansible-test does not get to see."""
    home = Path.home()
    kept = {"PYENV_ROOT": home / ".pyenv", "PIP_CONFIG_FILE": home / ".config" / "pip" / "pip.conf"}
    return {key: str(path) for key, path in kept.items() if path.exists()}


def seed_sanity_pip() -> None:
    """Spare ansible-test the download of get-pip.py: Python's own ensurepip does the same."""
    spec = subprocess.run(
        [sys.executable, "-c", "import ansible_test; print(ansible_test.__path__[0])"], capture_output=True, text=True, check=True
    ).stdout.strip()
    source = (Path(spec) / "_internal" / "python_requirements.py").read_text(encoding="utf-8")
    cache = SANITY_HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"pip='([0-9.]+)'", source):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text("import ensurepip\nensurepip.bootstrap()\n", encoding="utf-8")


def find_pwsh() -> Path | None:
    named = os.environ.get("HOTPATCH_PWSH") or shutil.which("pwsh")
    return Path(named).resolve() if named else None


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
        try:
            workers = str(min(os.cpu_count() or 1, 8))
            log.run(sys.executable, "-m", "pytest", "-q", "-n", workers, f"--junit-xml={result}", f"tests/{folder}")
        except CheckError:
            if not result.exists():
                raise
        totals, reasons = read_junit(result)
        if totals.passed + totals.failed == 0:
            raise CheckError("no test ran")
        log.notes.append(str(totals))
        log.notes.extend(reasons)
        return totals

    return run


def read_junit(path: Path) -> tuple[Totals, list[str]]:
    totals, reasons = Totals(), dict[str, int]()
    for suite in ElementTree.parse(path).getroot().iter("testsuite"):
        count = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        failed = count["failures"] + count["errors"]
        totals.add(Totals(count["tests"] - failed - count["skipped"], failed, count["skipped"]))
    for skipped in ElementTree.parse(path).getroot().iter("skipped"):
        message = skipped.get("message") or "no reason given"
        reasons[message] = reasons.get(message, 0) + 1
    return totals, [f"{count} skipped: {message}" for message, count in sorted(reasons.items())]


Run = Callable[[Log], Totals | None]


def checks() -> Iterator[tuple[str, str, Run]]:
    """Yield (group, name, function) in the order in which they run; what fails fast and often comes first."""
    yield "lint", "ruff", check_ruff
    yield "lint", "format", check_format
    yield "lint", "yamllint", check_yamllint
    yield "lint", "mypy", check_mypy
    yield "lint", "changelog", check_changelog
    yield "lint", "ansible-lint", check_ansible_lint
    for folder in sorted({path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").glob("*/**/test_*.py")}):
        yield folder, folder, check_pytest(folder)
    yield "molecule", "molecule", check_molecule
    yield "docs", "docs-lint", check_docs_lint
    yield "docs", "docs-build", check_docs_build
    yield "build", "build", check_build
    yield "build", "install", check_install
    yield "build", "importer", check_importer
    yield "sanity", "sanity", check_sanity


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
        print(f"{log.tail()}\n    (all of it: {log.path.relative_to(ROOT)})", flush=True)
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
    totals = Totals()
    for group, name, run in known:
        if not wanted or group in wanted or name in wanted:
            totals.add(run_check(name, run))
    (BUILD / "totals.txt").write_text(f"{totals}\n", encoding="utf-8")
    print(totals, flush=True)
    return 1 if totals.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
