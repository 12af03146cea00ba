# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the payloads on a real PowerShell, with Windows replaced by doubles.

PowerShell is C($HOTPATCH_PWSH), else C(pwsh) on the PATH; without one these tests are skipped, which the header of the run says.

A payload is run by ansible-playbook itself: the connection is C(local) with C(ansible_shell_type: powershell) and pipelining, so that core
builds its execution wrapper, C(Ansible.Basic) is compiled and the result is read as over WinRM or SSH. Core calls the shell C(PowerShell),
hence the links. The modules come from a copy of the collection without its action plugins, and each payload there has the doubles in front
of its own text: the wrapper makes a runspace of its own, which sees nothing that is defined outside. One play runs many hosts, each
with its description, options and mode; the C(tree) callback writes their results.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Call
from ansible_collections.winops.hotpatch.tests.payload.harness.doubles import compile_doubles, doubles_text, make_collection, make_shell
from ansible_collections.winops.hotpatch.tests.payload.harness.memory_folder import fill, folder_of, make_icacls
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import HARNESS, find_pwsh
from ansible_collections.winops.hotpatch.tests.playbook_process import run_ansible_playbook

PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - winops.hotpatch.{module}: "{{{{ payload_args }}}}"
      check_mode: "{{{{ payload_check }}}}"
      environment: "{{{{ payload_environment }}}}"
"""


def prepare_many(root: Path, module: str, limits: dict[str, int], pwsh: str) -> None:
    body = make_collection(root, module, limits, (HARNESS / "many.ps1").read_text(encoding="utf-8"))
    make_shell(root / "bin", pwsh)
    (root / "payload.ps1").write_text(body, encoding="utf-8")
    (root / "answers").mkdir()


def play_many(root: Path, module: str, calls: dict[str, Call], executions: int = 1) -> None:
    """Run the payload for all hosts in so many executions. Hosts that hang cost waiting only, and may have more of them."""
    shares: dict[str, dict[str, Any]] = {}
    for number in range(min(executions, len(calls))):
        names = list(calls)[number :: min(executions, len(calls))]
        hosts = [of_many(name, calls[name], host_vars(root / "hosts" / name, calls[name])) for name in names]
        work = {"module": module, "payload": str(root / "payload.ps1"), "results": str(root / "answers"), "hosts": hosts}
        (root / f"work{number}.json").write_text(json.dumps(work), encoding="utf-8")
        shares[f"share{number}"] = {
            "payload_args": {},
            "payload_check": False,
            "payload_environment": {
                "HOTPATCH_MANY": str(root / f"work{number}.json"),
                "HOTPATCH_DOUBLE_LIBRARY": str(compile_doubles()),
                "HOTPATCH_DOUBLE_WORKER": str(root / "worker.ps1"),
                "HOTPATCH_COVERAGE": str(root / f"hits{number}"),
            },
        }
    said = play(root, module, shares, executions)
    for name in calls:
        assert (root / "answers" / name).is_file(), f"no result of {name}: {said}"


def of_many(name: str, call: Call, variables: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "args": call.args, "check": call.check, "environment": variables["payload_environment"]}


def play(root: Path, module: str, hosts: dict[str, dict[str, Any]], forks: int = 2) -> str:
    """Run the module on the hosts by ansible-playbook; their results are in C(results). Returns what it wrote."""
    inventory: dict[str, Any] = {"all": {"hosts": hosts, "vars": {"ansible_connection": "local", "ansible_shell_type": "powershell"}}}
    inventory["all"]["vars"]["ansible_pipelining"] = True
    (root / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
    (root / "play.yml").write_text(PLAY.format(module=module), encoding="utf-8")
    environment = os.environ | {
        "PATH": f"{root / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(root),
        "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.tree",
        "ANSIBLE_CALLBACK_TREE_DIR": str(root / "results"),
        "ANSIBLE_LOCAL_TEMP": str(root / "tmp"),
        # A module's temporary folder; and a zone that is not UTC, so that a date in the wrong zone shows.
        "TEMP": str(root),
        "TZ": "Asia/Kolkata",
    }
    arguments = ["-f", str(forks), "-i", str(root / "inventory.json"), str(root / "play.yml")]
    done = run_ansible_playbook(arguments, env=environment, timeout=900)
    return f"{done.stdout[-3000:]}{done.stderr[-3000:]}"


def answer(root: Path, name: str, folder: str = "results") -> Answer:
    log = root / "hosts" / name / "calls"
    text = (root / folder / name).read_text(encoding="utf-8")
    assert text.startswith("{"), f"{name}: {text[:2000]}"
    remembered = folder_of(root / "hosts" / name / "Program Files").glob("memory.*")
    return Answer(
        result=json.loads(text),
        calls=log.read_text(encoding="utf-8").splitlines() if log.is_file() else [],
        memory={path.name: path.read_bytes() for path in remembered if path.is_file()},
        left=[path.name for path in (root / "hosts" / name / "Temp").glob("winops*")],
    )


def host_vars(folder: Path, call: Call) -> dict[str, Any]:
    """Write the description of one host and return its variables."""
    folder.mkdir(parents=True)
    (folder / "Temp").mkdir()
    (folder / "host.json").write_text(json.dumps(call.host), encoding="utf-8")
    worker = folder.parent.parent / "worker.ps1"
    if not worker.exists():
        worker.write_text(f"{doubles_text()}\n{(HARNESS / 'worker.ps1').read_text(encoding='utf-8')}", encoding="utf-8")
    root = _windows_powershell(folder, call)
    programs = Path(call.host.get("program_files") or folder / "Program Files")
    if "memory" in call.host:
        fill(programs, call.host["memory"])
    if call.host.get("icacls", "is missing") != "is missing":
        root = str(make_icacls(folder, call.host["icacls"]))
    if call.host.get("arc") is not None:
        agent = programs / "AzureConnectedMachineAgent" / "azcmagent.exe"
        agent.parent.mkdir(parents=True)
        # Alone, or by a program that it starts and that keeps its output open: it lies dead until its parent, which does not look, ends.
        child = f'(sleep 60 & echo "$! $$" >"{agent.parent}/processes"; exec sleep 60) &'
        wait = {"hangs": "exec sleep 60", "its child hangs": child}.get(str(call.host["arc"]), ":")
        shown = call.host["arc"] if isinstance(call.host["arc"], str) else json.dumps(call.host["arc"])
        (agent.parent / "shown").write_text(shown, encoding="utf-8")
        agent.write_text(
            f'#!/bin/sh\necho "stray words" >&2\n{wait}\n[ "$*" = "show -j" ] && cat "{agent.parent}/shown"\n', encoding="utf-8"
        )
        agent.chmod(0o755)
    return {
        "payload_args": call.args,
        "payload_check": call.check,
        "payload_environment": {
            "HOTPATCH_DOUBLE": str(folder / "host.json"),
            "HOTPATCH_DOUBLE_LIBRARY": str(compile_doubles()),
            "HOTPATCH_DOUBLE_CALLS": str(folder / "calls"),
            "HOTPATCH_DOUBLE_WORKER": str(worker),
            # A 32-bit process has another folder under the first name, and on 32-bit Windows there is no second one.
            "ProgramFiles": str(folder / "Program Files (x86)" if call.host.get("bits") == "32 of 64" else programs),
            "ProgramW6432": "" if call.host.get("bits") == "32" else str(programs),
            "SystemDrive": "C:",
            "TMPDIR": str(folder / "Temp"),
            "SystemRoot": root,
            "OS": "" if call.host.get("not_windows") else "Windows_NT",
        },
    }


def _windows_powershell(folder: Path, call: Call) -> str:
    """Return the folder of Windows on the host. Windows PowerShell is in it where the description tells how it behaves."""
    if not call.host.get("windows_powershell"):
        return r"C:\Windows"
    program = folder / "Windows" / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    program.parent.mkdir(parents=True)
    script = program.with_name("double.ps1")
    script.write_text(f"{doubles_text()}\n{(HARNESS / 'windows_powershell.ps1').read_text(encoding='utf-8')}", encoding="utf-8")
    # It could not load its modules if it inherited where PowerShell 7 has its own.
    lines = ["#!/bin/sh", '[ -z "$PSModulePath" ] || exit 9', 'export HOTPATCH_COVERAGE="${HOTPATCH_COVERAGE:+$HOTPATCH_COVERAGE.$$}"']
    lines.append(f'exec "{find_pwsh()}" -NoProfile -NonInteractive -File "{script}" "$@"')
    program.write_text("\n".join([*lines, ""]), encoding="utf-8")
    program.chmod(0o755)
    return str(folder / "Windows")
