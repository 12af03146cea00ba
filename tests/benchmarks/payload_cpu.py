# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the payload of host_info costs on the shell: CPU seconds, against a module that does nothing, in one run.

Both have the doubles of Windows in front, which are compiled in either; both need the same utilities. The doubles answer at once, so
that no wait is in the figure. Each is run in turn, C(ROUNDS) times; the least of each counts, since other programs only add to it.

Usage: python -m tests.benchmarks.payload_cpu, in the checkout. Needs a PowerShell: C($HOTPATCH_PWSH), or C(pwsh) on the PATH.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .. import conftest  # first: it makes this checkout importable as a collection

from ansible import __version__ as core  # isort: skip
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call  # isort: skip
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import SKIP, find_pwsh  # isort: skip
from ansible_collections.winops.hotpatch.tests.payload.harness.running import host_vars  # isort: skip
from ansible_collections.winops.hotpatch.tests.payload.hosts import server_2025  # isort: skip
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import FIRST_LINE, make_collection  # isort: skip

ROUNDS = 5
assert conftest.__doc__
# What each is asked: the look of host_info reads the memory of the host, too.
ASKED: dict[str, dict[str, object]] = {"empty": {}, "internal_observe": {"memory": {}}}
# Stands for PowerShell, and notes the CPU seconds of the real one.
SHELL = """#!{python}
import os, sys
child = os.posix_spawn({pwsh!r}, [{pwsh!r}, *sys.argv[1:]], os.environ)
_pid, status, usage = os.wait4(child, 0)
with open({log!r}, "a") as stream:
    stream.write(f"{{usage.ru_utime + usage.ru_stime}}\\n")
sys.exit(os.waitstatus_to_exitcode(status))
"""


def prepare(root: Path, pwsh: str) -> None:
    """Make the collection with both modules, without action plugins, and the shell that counts."""
    collection = make_collection(root) / "ansible_collections" / "winops" / "hotpatch"
    modules = collection / "plugins" / "modules"
    for action in (collection / "plugins" / "action").glob("*.py"):
        action.unlink()
    head, _mark, _rest = (modules / "internal_observe.ps1").read_text(encoding="utf-8").partition(FIRST_LINE)
    nothing = "$module = [Ansible.Basic.AnsibleModule]::Create($args, @{})\n$module.ExitJson()\n"
    (modules / "empty.ps1").write_text(f"{head}{nothing}", encoding="utf-8")
    folder = root / "bin"
    folder.mkdir()
    for name in ("PowerShell", "powershell", "powershell.exe"):
        shell = folder / name
        shell.write_text(SHELL.format(python=sys.executable, pwsh=pwsh, log=str(root / "cpu")), encoding="utf-8")
        shell.chmod(0o755)


def seconds_of(root: Path, module: str, number: int) -> float:
    """Run a module once and return the CPU seconds of its PowerShell."""
    variables = host_vars(root / f"{module}{number}", Call(server_2025())) | {
        "ansible_connection": "local",
        "ansible_shell_type": "powershell",
        "ansible_pipelining": True,
    }
    inventory = {"all": {"hosts": {"web01": variables}}}
    (root / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
    task = {f"winops.hotpatch.{module}": ASKED[module], "environment": "{{ payload_environment }}"}
    (root / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]), encoding="utf-8")
    environment = os.environ | {
        "PATH": f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(root),
        "ANSIBLE_LOCAL_TEMP": str(root / "tmp"),
        "TEMP": str(root),
    }
    (root / "cpu").write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", "-i", str(root / "inventory.json"), str(root / "play.json")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    spent = [float(line) for line in (root / "cpu").read_text(encoding="utf-8").split()]
    if done.returncode or not spent:
        sys.exit(f"{module} was not executed as it should be:\n{done.stdout}{done.stderr}")
    return sum(spent)


def main() -> None:
    pwsh = find_pwsh()
    if not pwsh:
        sys.exit(SKIP)
    with tempfile.TemporaryDirectory(prefix="hotpatch-cpu-") as folder:
        root = Path(folder)
        prepare(root, str(Path(pwsh).resolve()))
        spent: dict[str, list[float]] = {name: [] for name in ASKED}
        for number in range(ROUNDS):
            for module, found in spent.items():
                found.append(seconds_of(root, module, number))
    empty, whole = (min(spent[name]) for name in ASKED)
    sys.stdout.write(
        f"ansible-core {core}, {ROUNDS} rounds, least CPU seconds of the PowerShell process\n"
        f"empty module  {empty:6.2f}\n"
        f"internal_observe {whole:6.2f}\n"
        f"ratio         {whole / empty:6.2f}\n"
    )


if __name__ == "__main__":
    main()
