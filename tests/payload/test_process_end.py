# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that hangs holds neither the result nor the process: after the last byte of the result the shell ends at once."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Call
from ansible_collections.winops.hotpatch.tests.payload.harness.doubles import make_collection
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import HARNESS
from ansible_collections.winops.hotpatch.tests.payload.harness.running import answer, host_vars, play
from ansible_collections.winops.hotpatch.tests.payload.hosts import server_2025
from ansible_collections.winops.hotpatch.tests.payload.restart_check_cases import SEARCH, network_logon

# Longer than everything else here, also on a machine that is busy; a call that sleeps cannot be interrupted, as a call into COM cannot.
HANG = {"hang": 240}
SECOND = "00000000-0000-4000-8000-000005000002"
HOSTS = {
    "cim": Call(server_2025(faults={"cim Win32_DeviceGuard": HANG}), {"gather": ["vbs", "disk"]}),
    "com": Call(server_2025(faults={SEARCH: HANG}), {"gather": ["offers", "disk"]}),
    "program": Call(server_2025(arc="hangs"), {"gather": ["platform", "disk"]}),
    "program_of_program": Call(server_2025(arc="its child hangs"), {"gather": ["platform", "disk"]}),
    "task": Call(network_logon(**{"task start": HANG}), {"gather": ["disk", "offers", "restart_check"]}),
    "task_stop": Call(network_logon(**{"task stop": HANG}), {"gather": ["disk", "offers", "restart_check"]}),
    "task_worker": Call(
        network_logon(**{f"restart_check ask {SECOND}": HANG | {"batch": True}}), {"gather": ["disk", "offers", "restart_check"]}
    ),
}
# Where a call itself hangs, as against a program or a worker that can be ended.
LEFT_BEHIND = {"cim": "vbs", "com": "offers", "task": "offers", "task_stop": "offers"}


@dataclass(frozen=True)
class Hung:
    """What the payload said of each host, and how long each shell worked until its last byte and lived after it, in seconds."""

    answers: dict[str, Answer]
    worked: list[float]
    lingered: list[float]


@pytest.fixture(scope="module")
def hung(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Hung:
    """Run the payload on all hosts, each in a shell of its own that is watched."""
    root = tmp_path_factory.mktemp("hung")
    make_collection(root, "internal_observe", {"other": 5, "offers": 5, "restart_check_each": 4, "restart_check": 30})
    (root / "bin").mkdir()
    (root / "times").mkdir()
    for name in ("PowerShell", "powershell", "powershell.exe"):
        shell = root / "bin" / name
        shell.write_text(
            f'#!/bin/sh\nHOTPATCH_TIMED="{Path(pwsh).resolve()}" HOTPATCH_TIMES="{root / "times"}"'
            f' exec "{sys.executable}" "{HARNESS / "timed_shell.py"}" "$@"\n',
            encoding="utf-8",
        )
        shell.chmod(0o755)
    play(root, "internal_observe", {name: host_vars(root / "hosts" / name, call) for name, call in HOSTS.items()}, forks=len(HOSTS))
    times = [json.loads(path.read_text(encoding="utf-8")) for path in (root / "times").iterdir()]
    times = [item for item in times if item["worked"] > 3]
    return Hung({name: answer(root, name) for name in HOSTS}, [item["worked"] for item in times], [item["lingered"] for item in times])


def test_the_process_ends_with_the_result(hung: Hung) -> None:
    # From 2.21 on, ansible-core starts one shell more for each host.
    assert len(hung.lingered) in (len(HOSTS), 2 * len(HOSTS))
    # The result does not wait for what hangs either.
    assert max(hung.worked) < HANG["hang"]
    assert max(hung.lingered) <= 10


@pytest.mark.parametrize("name", HOSTS)
def test_the_result_is_whole(hung: Hung, name: str) -> None:
    seen = hung.answers[name]
    assert seen.observation["disk"] == {"system_free_bytes": 30000000000}
    if "platform" in HOSTS[name].args["gather"]:
        (problem,) = seen.problems("platform")
        assert "did not end within" in problem["message"]
        assert seen.observation["platform"]["manufacturer"] == "VMware, Inc."


@pytest.mark.parametrize(("name", "probe"), LEFT_BEHIND.items())
def test_what_is_left_behind_is_named(hung: Hung, name: str, probe: str) -> None:
    (problem,) = hung.answers[name].problems(probe)
    assert problem["hresult"] == "0x800705B4"
    assert "its call is left behind in process " in problem["message"]
    on_host = re.search(r"; left behind on the host: the scheduled task winops\.hotpatch \d+, the folder \S+$", problem["message"])
    assert (on_host is not None) == name.startswith("task")


def test_a_task_that_hangs_is_removed(hung: Hung) -> None:
    assert hung.answers["task_worker"].calls[-3:] == ["task stop", "task unregister", "remove"]
    assert hung.answers["task_worker"].left == []
