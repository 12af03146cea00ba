# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that does not end is ended with all that it has started, without Ansible; what lives on is named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PLUGINS

# Each program writes down what it starts, with the parent that Windows would name: there it stays the same when the parent has ended.
NOTE = 'echo "$! $$ {age}" >>"{noted}"'
# name: (the program, the fault of CIM).
PROGRAMS = {
    "waits for its child": ("sleep 60 &\n{note}\nwait", ""),
    "leaves its child": ("sleep 60 &\n{note}", ""),
    "leaves the child of its child": ("sh -c 'sleep 60 &\n{note}\nwait' &\n{note}", ""),
    "has the number of an older one": ("sleep 60 &\n{older}", ""),
    "on a host whose CIM fails": ("sleep 60 &\n{older}", "throw 'Access denied'"),
    "ends": ("{note}", "throw 'nobody asks'"),
}
SCRIPT = """
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
foreach ($name in @('_Values.psm1', '_Tool.psm1')) {{ . ([ScriptBlock]::Create([IO.File]::ReadAllText("{folder}/$name"))) }}
Function Get-CimInstance {{
    param ([string]$ClassName, [string[]]$Property, [uint32]$OperationTimeoutSec)
    {fault}
    foreach ($line in [IO.File]::ReadAllLines('{noted}')) {{
        $id, $parent, $age = $line -split ' '
        $from = [DateTime]::Now.AddHours(-[int]$age)
        [pscustomobject]@{{ ProcessId = [uint32]$id; ParentProcessId = [uint32]$parent; CreationDate = $from }}
    }}
}}
$said = try {{ Invoke-Tool -Path '{program}' -Seconds 1 }} catch {{ $_.Exception.Message }}
$stubborn = [pscustomobject]@{{ Id = 4711; ProcessName = 'stubborn' }}
Add-Member -InputObject $stubborn -MemberType ScriptMethod -Name Kill -Value {{ throw 'Access is denied' }}
Add-Member -InputObject $stubborn -MemberType ScriptMethod -Name WaitForExit -Value {{ param ($Milliseconds) $false }}
ConvertTo-Json -Compress -InputObject @{{ said = "$said"; stubborn = Stop-StartedProcess -Process $stubborn }}
"""

# Runs the shell, and takes leave of what is orphaned below it: on Windows nothing is left of a process that has ended.
REAPER = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
shell = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
while True:
    number, status = os.wait()
    if number == shell:
        sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Ended:
    said: str
    stubborn: str
    living: bool


@pytest.fixture(scope="module", params=PROGRAMS)
def ended(request: pytest.FixtureRequest, pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Ended]]:
    """Run each program with a time limit of a second."""
    folder = tmp_path_factory.mktemp("program")
    noted, program = folder / "noted", folder / "agent"
    text, fault = PROGRAMS[request.param]
    notes = {name: NOTE.format(noted=noted, age=age) for name, age in (("note", 0), ("older", 1))}
    program.write_text(f"#!/bin/sh\n{text.format(**notes)}\necho done\n", encoding="utf-8")
    program.chmod(0o755)
    script = folder / "run.ps1"
    script.write_text(SCRIPT.format(folder=PLUGINS / "module_utils", noted=noted, program=program, fault=fault), encoding="utf-8")
    command = [sys.executable, "-c", REAPER, pwsh, "-NoProfile", "-NonInteractive", "-File", str(script)]
    answer = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=120).stdout)
    numbers = [int(line.split()[0]) for line in noted.read_text(encoding="utf-8").splitlines() if not line.startswith(" ")]
    living = [number for number in numbers if Path(f"/proc/{number}").exists()]
    yield request.param, Ended(answer["said"], answer["stubborn"], bool(living))
    for number in living:
        os.kill(number, signal.SIGKILL)


def test_all_that_a_program_has_started_ends_with_it(ended: tuple[str, Ended]) -> None:
    name, found = ended
    assert found.living == (name in ("has the number of an older one", "on a host whose CIM fails"))


def test_what_is_left_behind_is_said(ended: tuple[str, Ended]) -> None:
    name, found = ended
    if name == "ends":
        assert found.said == "done\n"
        return
    before, mark, left = found.said.partition("; left behind on the host: ")
    assert before.endswith("/agent did not end within 1 seconds")
    assert (left if mark else None) == ("whatever it has started" if name == "on a host whose CIM fails" else None)


def test_a_process_that_cannot_be_ended_is_named(ended: tuple[str, Ended]) -> None:
    assert ended[1].stubborn == "stubborn (4711)"
