# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An interpreter that the inventory names is not started on a host; the one that hotpatch_powershell names is.

ansible-core reads the interpreter of PowerShell modules from 2.21 on. On older ones all of this must not matter.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.release import __version__ as core
from ansible_collections.winops.hotpatch.tests.payload.hosts import server_2022_azure, server_2025
from ansible_collections.winops.hotpatch.tests.payload.powershell_7.other_system_cases import LINUX
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, Wire

CORE_CHOOSES = tuple(map(int, core.split(".")[:2])) >= (2, 21)
TASKS: list[dict[str, Any]] = [
    {"name": "ask", "winops.hotpatch.host_info": {"as_of": NOW}},
    {"name": "list", "winops.hotpatch.package_info": {}},
    {"name": "ask a delegate", "winops.hotpatch.host_info": {"as_of": NOW}, "delegate_to": "int02"},
]


@pytest.fixture(scope="module")
def fleet(wire: Wire) -> list[str]:
    wire.host("int01", server_2025())
    wire.host("int02", server_2022_azure())
    return ["int01", "int02"]


@pytest.fixture
def interpreter(tmp_path: Path) -> Path:
    """A program that is no PowerShell, and leaves a trace where it is started."""
    path = tmp_path / "interpreter"
    path.write_text(f"#!/bin/sh\ntouch '{tmp_path / 'started'}'\nexit 3\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def started(interpreter: Path) -> bool:
    return interpreter.with_name("started").exists()


def test_the_interpreter_of_the_inventory_is_left_aside(fleet: list[str], wire: Wire, tmp_path: Path, interpreter: Path) -> None:
    ran = wire.play(tmp_path, fleet, *TASKS, ansible_pwsh_interpreter=str(interpreter))
    assert ran.returncode == 0, ran.output
    assert not started(interpreter)
    assert ran.of("int01", "ask")["record"]["errors"] == []
    # The variables of a delegate are others than those of the host, and were left aside too.
    assert ran.of("int01", "ask a delegate")["observation"]["os"] == ran.of("int02", "ask")["observation"]["os"]


def test_core_itself_would_take_it(fleet: list[str], wire: Wire, tmp_path: Path, interpreter: Path) -> None:
    """The measure: without the collection in between, the interpreter decides where core has the variable."""
    bare = {"name": "bare", "winops.hotpatch.empty": {}}
    ran = wire.play(tmp_path, fleet[:1], bare, ansible_pwsh_interpreter=str(interpreter))
    assert (started(interpreter), ran.returncode == 0) == (CORE_CHOOSES, not CORE_CHOOSES), ran.output


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task["name"])
def test_the_variable_of_the_collection_is_taken(
    fleet: list[str], wire: Wire, tmp_path: Path, interpreter: Path, task: dict[str, Any]
) -> None:
    chosen: dict[str, Any] = {"ansible_pwsh_interpreter": "/no/such/pwsh", "hotpatch_powershell": "{{ named }}", "named": str(interpreter)}
    ran = wire.play(tmp_path, fleet, task, **chosen)
    assert (started(interpreter), ran.returncode == 0) == (CORE_CHOOSES, not CORE_CHOOSES), ran.output


@pytest.mark.parametrize("check", [False, True], ids=["run", "check mode"])
def test_a_host_that_is_not_windows_is_refused_by_what_it_answers(wire: Wire, tmp_path: Path, check: bool) -> None:
    """The connection takes its shell for one of Windows; the payload runs in the PowerShell that is there, and says where it is."""
    if not check:
        wire.host("lin01", LINUX)
    ran = wire.play(tmp_path, ["lin01"], *({**task, "check_mode": check, "ignore_errors": True} for task in TASKS[:2]))
    for name in ("ask", "list"):
        said = ran.of("lin01", name)
        assert said["msg"].startswith("not_windows: PowerShell 7.6.1 runs on Unix there. Set ansible_connection to "), ran.output
    assert ran.of("lin01", "ask")["decision"]["code"] == "not_windows"
    assert "HKLM" not in ran.output
