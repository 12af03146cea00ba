# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A payload that is sent to a host that is not Windows says so, asks nothing, and gives the controller what it makes a refusal of."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.shell import RefusedError, refuse_other_systems
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call, Run
from ansible_collections.winops.hotpatch.tests.payload.powershell_7.other_system_cases import CASES, LINUX, OPTIONS


@pytest.mark.parametrize("payload", OPTIONS)
def test_a_host_that_is_not_windows_is_refused_in_one_sentence(payload_for_many: Run, payload: str) -> None:
    calls = {name: Call(LINUX, OPTIONS[payload], case.check) for name, case in CASES.items()}
    for name, answer in payload_for_many(payload, calls).items():
        assert answer.calls == [], name
        assert answer.result["msg"] == "not_windows: PowerShell 7.6.1 runs on Unix there."
        assert (answer.result["failed"], answer.result.get("changed", False)) == (True, False)
        with pytest.raises(RefusedError, match=r"^not_windows: PowerShell 7\.6\.1 runs on Unix there\. Set ansible_connection to winrm"):
            refuse_other_systems(answer.result)
