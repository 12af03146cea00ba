# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame around a probe, without Ansible: a probe that cannot start is an error, and never an empty answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PLUGINS

SCRIPT = """
foreach ($name in @('_Values.psm1', '_Probe.psm1')) {{ . ([ScriptBlock]::Create([IO.File]::ReadAllText("{folder}/$name"))) }}
Function Read-Nothing {{ param ([hashtable]$Context) $Context.value = 1 }}
$bare = @{{ runspace = [RunspaceFactory]::CreateRunspace(); hung = $false }}
$bare.runspace.Open()
$whole = New-ProbeSession
ConvertTo-Json -Depth 4 -Compress -InputObject @{{
    bare = Invoke-Probe -Session $bare -Name os -Command Read-Nothing -Seconds 10
    whole = Invoke-Probe -Session $whole -Name os -Command Read-Nothing -Seconds 10
    unknown = Invoke-Probe -Session $whole -Name os -Command Read-Elsewhere -Seconds 10
}}
"""


def test_probe_that_cannot_start_is_an_error(powershell: Callable[..., str], tmp_path: Path) -> None:
    script = tmp_path / "probe.ps1"
    script.write_text(SCRIPT.format(folder=PLUGINS / "module_utils"), encoding="utf-8")
    said = json.loads(powershell(str(script)))
    assert (said["whole"]["value"], said["whole"]["problems"]) == (1, [])
    (problem,) = said["bare"]["problems"]
    assert (problem["probe"], said["bare"]["value"]) == ("os", None)
    assert problem["message"].startswith("the probe could not start: ")
    # A name that is none is an error of the probe itself.
    (problem,) = said["unknown"]["problems"]
    assert "Read-Elsewhere" in problem["message"]
