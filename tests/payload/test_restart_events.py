# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What internal_observe.ps1 reads of the starts of Windows, on a real PowerShell."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer
from ansible_collections.winops.hotpatch.tests.payload.host_info_cases import logged


def test_what_the_system_log_says_of_restarts(observed: dict[str, Answer]) -> None:
    """The newest first, sixty at most, none of others that have the same numbers, none that is too old; a text is cut and stays a text."""
    found = observed["restarts"].observation["restarts"]
    (problem,) = observed["restarts"].observation["errors"]
    assert problem["message"].startswith("an event of the System log: "), "one odd event blinds nobody"
    assert len(found) == 60
    assert found[0] == logged("2026-04-14T20:06:01Z", 109)
    assert found[1] == logged("2026-04-04T00:00:00Z", 1074)
    strange, short = found[2:4]
    assert (strange["process"], strange["reason"], strange["reason_code"]) == ("x" * 300, "Betriebssystem: Upgrade", "7")
    assert (strange["comment"], strange["user"]) == ("{{ lookup('pipe', 'id') }}", None)
    assert short == logged("2026-04-02T00:00:00Z", 1074, process="wininit.exe (WEB01)")
    assert found[4:6] == [logged("2026-04-01T01:00:01Z", 6008), logged("2026-04-01T01:00:00Z", 41, bug_check=159)]
    assert {event["id"] for event in found[6:]} == {12}
    assert [event["time"] for event in found] == sorted((event["time"] for event in found), reverse=True)
