# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all checks use: the copy of the working tree, the environment of a command, the log of a check, totals."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
LOGS = BUILD / "logs"
# Ansible's tools insist on this shape of path, so they get a copy of the working tree in it.
COPY = BUILD / "ansible_collections" / "winops" / "hotpatch"
EMPTY_CONFIG = BUILD / "ansible.cfg"
ENV_BIN = Path(sys.prefix) / "bin"
PACKAGE = "ansible_collections.winops.hotpatch"
TAIL = 60
LIMIT = 900  # seconds that one command may take
# The commands under way, in whichever thread.
UNDER_WAY: set[subprocess.Popen[bytes]] = set()


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
        with self.path.open("ab") as stream, tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=base_environment() | (env or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=stream,
                start_new_session=True,
            )
            UNDER_WAY.add(process)
            try:
                process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                raise CheckError(f"{Path(command[0]).name}: not finished after {LIMIT} s, stopped") from None
            finally:
                if process.poll() is None:  # it hangs, or the user has interrupted the run
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                UNDER_WAY.discard(process)
                output.seek(0)
                shutil.copyfileobj(output, stream)
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        if process.returncode:
            raise CheckError(f"{Path(command[0]).name}: exit code {process.returncode}")
        return text

    def tail(self) -> str:
        return "\n".join(f"    {line}" for line in self.path.read_text(encoding="utf-8").splitlines()[-TAIL:])


def stop_commands() -> None:
    """End every command that is under way, with its children: the check that waits for it fails then."""
    for process in tuple(UNDER_WAY):
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)


def find_pwsh() -> Path | None:
    """Return the PowerShell of this machine, as the payload tests look for one."""
    found = shutil.which(os.environ.get("HOTPATCH_PWSH") or "pwsh")
    return Path(found).resolve() if found else None


def describe_pwsh() -> str:
    """Say in one line which PowerShell runs the payloads."""
    pwsh = find_pwsh()
    if pwsh is None:
        return "no PowerShell: what needs one is not run (set HOTPATCH_PWSH, or put pwsh on the PATH)"
    asked = [str(pwsh), "-NoProfile", "-NonInteractive", "-Command", '"$($PSVersionTable.PSVersion) ($($PSVersionTable.PSEdition))"']
    version = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    return f"PowerShell {version}: {pwsh}"


def base_environment() -> dict[str, str]:
    """Return the caller's environment without the settings that would make two machines differ."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTEST_", "MOLECULE_", "MYPY"))}
    env["PATH"] = f"{ENV_BIN}{os.pathsep}{env.get('PATH', os.defpath)}"
    env["ANSIBLE_CONFIG"] = str(EMPTY_CONFIG)
    env["ANSIBLE_COLLECTIONS_PATH"] = str(BUILD)
    env["ANSIBLE_HOME"] = str(BUILD / "ansible-home")  # molecule installs the collection there
    env["ANSIBLE_NOCOLOR"] = env["NO_COLOR"] = "1"
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env["LC_ALL"] = env["LANG"] = "C.UTF-8"
    env.pop("FORCE_COLOR", None)
    env.pop("PYTHONPATH", None)
    return env


def tracked_files() -> list[Path]:
    """Return the files that git knows, or would add, relative to the checkout."""
    listing = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]


def copy_tree(place: Path = BUILD) -> Path:
    """Put the files of the checkout where tools expect a collection below PLACE; as a repository, because they ask git what there is.

    Returns the folder of the collection, COPY if nothing else is said.
    """
    copy = place / COPY.relative_to(BUILD)
    shutil.rmtree(copy, ignore_errors=True)
    for path in tracked_files():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy / path)
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=copy, check=True, capture_output=True)
    return copy


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
