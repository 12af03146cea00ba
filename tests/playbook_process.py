# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""C(python -m ansible playbook) for the tests, without the time that importing it takes.

tests/rehearsal/playbooks/test_playbook_process.py holds that it is the same playbook as in a process of its own.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

# Read only by Ansible's configuration, by plugins, and by what a run starts. Whatever else differs may have been read by an import already.
READ_LATE = ("ANSIBLE_", "COLLECT_", "COLUMNS", "HOTPATCH_", "PATH", "PYTEST_", "TEMP", "TZ")
PROGRAM = Path(__file__).with_name("preloaded_ansible.py")


def run_ansible_playbook(
    arguments: list[str], *, env: dict[str, str], timeout: float, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ansible-playbook of this interpreter in a folder, the current one unless another is given; return how it ended and what it wrote.

    Raises subprocess.TimeoutExpired after TIMEOUT seconds; the run is killed then.
    """
    run = preloaded().run if early(env) == preloaded().early else run_alone
    return run(arguments, cwd or Path.cwd(), env, timeout)


def run_alone(arguments: list[str], folder: Path, env: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Do the same in a process that starts from nothing."""
    command = [sys.executable, "-m", "ansible", "playbook", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=timeout, check=False)


def early(env: dict[str, str]) -> dict[str, str]:
    """Return the part of an environment that Python and its libraries may read when they are loaded."""
    return {name: value for name, value in env.items() if not name.startswith(READ_LATE)}


@cache
def preloaded() -> PreloadedAnsible:
    """Return the one of this process; it ends with this process, however that ends."""
    found = PreloadedAnsible()
    atexit.register(found.close)
    return found


class PreloadedAnsible:
    """A preloaded_ansible.py of this interpreter, with the environment that this process has now."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self.early = early(dict(os.environ))

    def run(self, arguments: list[str], folder: Path, env: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
        assert early(env) == self.early, "it was started in another environment"
        with tempfile.TemporaryDirectory() as streams:
            output, errors = Path(streams, "output"), Path(streams, "errors")
            output.touch()
            errors.touch()
            run = {"arguments": arguments, "folder": str(folder), "environment": env, "timeout": timeout}
            returncode = self.ask({**run, "output": str(output), "errors": str(errors)})
            said, complained = output.read_text(encoding="utf-8"), errors.read_text(encoding="utf-8")
        if returncode is None:
            raise subprocess.TimeoutExpired(arguments, timeout, said, complained)
        return subprocess.CompletedProcess(arguments, returncode, said, complained)

    def ask(self, run: dict[str, object]) -> int | None:
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(f"{json.dumps(run)}\n".encode())
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BaseException:  # interrupted: its next answer would be taken for that of another run
            self.close()
            raise
        assert answer, f"{PROGRAM.name} has ended with exit code {self.process.wait()}"
        found: int | None = json.loads(answer)
        return found

    def close(self) -> None:
        """End it, and a run that is under way."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
