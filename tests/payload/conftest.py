# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures that run payloads on a real PowerShell; what they do is in harness/."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable

import pytest
from ansible_collections.winops.hotpatch.tests.checks.running import describe_pwsh
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Call, Run
from ansible_collections.winops.hotpatch.tests.payload.harness.coverage import Covered, RunCovered, covered
from ansible_collections.winops.hotpatch.tests.payload.harness.doubles import make_collection, make_shell
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import HARNESS, PLUGINS, SKIP, find_pwsh
from ansible_collections.winops.hotpatch.tests.payload.harness.running import answer, host_vars, play, play_many, prepare_many
from ansible_collections.winops.hotpatch.tests.payload.host_info_cases import ANSWERING


def pytest_report_header() -> str:
    """Say loudly whether the payloads are executed."""
    return f"payload tests run on {describe_pwsh()}" if find_pwsh() else f"PAYLOAD TESTS ARE SKIPPED: {SKIP}"


@pytest.fixture(scope="session")
def pwsh() -> str:
    """The PowerShell to use."""
    found = find_pwsh()
    if not found:
        pytest.skip(SKIP)
    return found


@pytest.fixture(scope="session")
def powershell(pwsh: str) -> Callable[[str, str], str]:
    """Run a script file's text with one argument and return what it wrote."""

    def run(script: str, *arguments: str) -> str:
        command = [pwsh, "-NoProfile", "-NonInteractive", "-File", script, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"{script}: {done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def payload(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a payload for many hosts at once: C(payload(module, {name: Call}, limits={...}))."""

    def run(module: str, calls: dict[str, Call], limits: dict[str, int] | None = None) -> dict[str, Answer]:
        root = tmp_path_factory.mktemp(module)
        make_collection(root, module, limits or {})
        make_shell(root / "bin", pwsh)
        said = play(root, module, {name: host_vars(root / "hosts" / name, call) for name, call in calls.items()})
        for name in calls:
            assert (root / "results" / name).is_file(), f"no result of {name}: {said}"
        return {name: answer(root, name) for name in calls}

    return run


@pytest.fixture(scope="session")
def payload_for_many(pwsh: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """As C(payload), for dozens of hosts: each execution (one, or as many as are asked for) runs the payload for its share of them."""

    def run(module: str, calls: dict[str, Call], limits: dict[str, int] | None = None, executions: int = 1) -> dict[str, Answer]:
        root = tmp_path_factory.mktemp(module)
        prepare_many(root, module, limits or {}, pwsh)
        play_many(root, module, calls, executions)
        return {name: answer(root, name, "answers") for name in calls}

    return run


@pytest.fixture(scope="session")
def payload_with_coverage(pwsh: str, powershell: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> RunCovered:
    """As C(payload_for_many), with a mark in front of every statement; returns which of them were executed."""

    def run(module: str, calls: dict[str, Call], limits: dict[str, int] | None = None, executions: int = 1) -> Covered:
        root = tmp_path_factory.mktemp(module)
        prepare_many(root, module, limits or {}, pwsh)
        text = (PLUGINS / "modules" / f"{module}.ps1").read_text(encoding="utf-8")
        used = [f"{name}.psm1" for name in re.findall(r"(?m)^#AnsibleRequires -PowerShell \.\.module_utils\.(\w+)", text)]
        folder = root / "ansible_collections" / "winops" / "hotpatch" / "plugins" / "module_utils"
        scripts = [str(root / f"{module}.ps1"), *(str(folder / name) for name in used)]
        (root / "payload.ps1").rename(root / f"{module}.ps1")
        (root / "scripts.json").write_text(json.dumps(scripts), encoding="utf-8")
        powershell(str(HARNESS / "instrument.ps1"), str(root / "scripts.json"), str(root / "statements.json"))
        (root / f"{module}.ps1").rename(root / "payload.ps1")
        play_many(root, module, calls, executions)
        return covered(root)

    return run


@pytest.fixture(scope="session")
def observed(payload_for_many: Run) -> dict[str, Answer]:
    """What internal_observe.ps1 said of all hosts that answer, in one run."""
    return payload_for_many("internal_observe", ANSWERING)
