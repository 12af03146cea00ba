# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that has imported what every ansible-playbook imports before it reads its configuration, and forks for each run.

It is the program that playbook_process.py starts. Each line of its input is the JSON of one run; the answer is a line with the
exit code, or null after the time limit. It ends, and a run that is under way with it, when its input does.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.abc
import json
import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import IO, Any, NoReturn

# What core and its connections import from elsewhere; a name that an environment does not have costs time only.
FOREIGN = (
    "argparse",
    "cmd",
    "concurrent.futures",
    "configparser",
    "cryptography.hazmat.backends.openssl.backend",
    "cryptography.hazmat.primitives.hmac",
    "cryptography.hazmat.primitives.kdf.pbkdf2",
    "cryptography.hazmat.primitives.padding",
    "ctypes.util",
    "curses",
    "difflib",
    "distro",
    "glob",
    "gzip",
    "importlib.metadata",
    "importlib.resources",
    "jinja2.nativetypes",
    "jinja2.sandbox",
    "multiprocessing.managers",
    "multiprocessing.pool",
    "multiprocessing.queues",
    "multiprocessing.synchronize",
    "packaging.specifiers",
    "platform",
    "pprint",
    "pty",
    "secrets",
    "syslog",
    "tarfile",
    "tomllib",
    "winrm",
    "xml.etree.ElementTree",
    "xmltodict",
    "yaml",
    "zoneinfo",
)
PAUSE = 0.005  # seconds between two looks at a run


class ConfigurationWantedError(BaseException):
    """Core is about to read its configuration. Not an Exception: core takes those for faults of the configuration."""


class StopBeforeConfiguration(importlib.abc.MetaPathFinder):
    """Stops the import of core's command line where it would read the environment for the first time."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == "ansible.constants":
            raise ConfigurationWantedError


def preload() -> None:
    """Import core as far as it goes without its configuration, then what it takes from elsewhere, in the order of a process of its own.

    The order counts: since 2.19, core replaces parts of Python for what is imported afterwards.
    """
    stop = StopBeforeConfiguration()
    sys.meta_path.insert(0, stop)
    with contextlib.suppress(ConfigurationWantedError):
        importlib.import_module("ansible.cli.playbook")
    sys.meta_path.remove(stop)
    for name in FOREIGN:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    assert "ansible.constants" not in sys.modules
    assert "ansible_collections" not in sys.modules


def become_playbook(run: dict[str, Any]) -> NoReturn:
    """Turn this fork into C(python -m ansible playbook) with the arguments, the environment and the folder of RUN."""
    os.setsid()
    os.chdir(run["folder"])
    os.environ.clear()
    os.environ.update(run["environment"])
    time.tzset()
    for number, name in ((1, "output"), (2, "errors")):
        stream = os.open(run[name], os.O_WRONLY | os.O_APPEND)
        os.dup2(stream, number)
        os.close(stream)
    sys.path.insert(0, str(Path.cwd()))  # as -m does
    core = importlib.import_module("ansible")
    sys.argv = [str(Path(str(core.__file__)).with_name("__main__.py")), "playbook", *run["arguments"]]
    sys.exit(importlib.import_module("ansible.cli.playbook").main(["playbook", *run["arguments"]]))


def wait(pid: int, seconds: float, requests: IO[bytes]) -> int | None:
    """Return the exit code of a run. It is killed after so many SECONDS, which gives None; where nobody waits for it anymore, all ends."""
    end = time.monotonic() + seconds
    while True:
        # No further request comes while one is answered: there is something to read only when the input has ended.
        abandoned = bool(select.select([requests], [], [], PAUSE)[0])
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if abandoned or time.monotonic() > end:
            with contextlib.suppress(ProcessLookupError):  # it has not yet got as far as to have a group
                os.killpg(pid, signal.SIGKILL)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            if abandoned:
                sys.exit()
            return None


def serve() -> None:
    # The standard streams are those of the runs; what comes and goes here has others, which a run does not keep open.
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    preload()
    # Collecting it would only write to, and so copy, memory that all runs share.
    gc.collect()
    gc.freeze()
    while line := requests.readline():
        run = json.loads(line)
        pid = os.fork()
        if not pid:
            requests.close()
            replies.close()
            become_playbook(run)
        replies.write(f"{json.dumps(wait(pid, run['timeout'], requests))}\n".encode())
        replies.flush()


if __name__ == "__main__":
    del sys.path[0]  # the folder of this file, which holds nothing that core may find
    serve()
