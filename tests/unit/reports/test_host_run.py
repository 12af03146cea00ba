# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last word on a host of a run: what its modules said, what came after them, and where the run was stopped."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_run import BEFORE, LATER, NOT_ASKED, NOT_BEGUN, STOPPED, HostRun
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_table import host_lines
from ansible_collections.winops.hotpatch.tests.unit.reports.run_results import DONE, FAILED, HELD, INFO, KB, LOST, OFF, REFUSE, some


def last(*results: dict[str, Any], failed: bool = False, ended: bool = False) -> tuple[str, ...]:
    """Return the row of a host of which the modules returned RESULTS, and which then FAILED, or was ENDED by Ansible."""
    run = HostRun()
    for result in results:
        run.explain(result) if "ended" in result else run.add(result)
    run.failed, run.ended = failed, ended
    return run.cells("srv01")[1:]


@pytest.mark.parametrize(
    ("results", "row"),
    [
        ([INFO], ("hotpatch_due", "would_install", KB, "It is due.")),
        ([REFUSE], ("hotpatch_due", "refused", "", "held: It is held.")),
        ([{**REFUSE, "failed": True}], ("hotpatch_due", "refused", "", "held: It is held.")),
        ([INFO, DONE], ("current", "installed", KB, "All well.")),
        ([INFO, {**DONE, "outcome": "would_install", "after": None}], ("hotpatch_due", "would_install", KB, "All well.")),
        ([OFF], ("rolled_back", "rolled_back", "KB1", "It is off.")),
        ([INFO, DONE, FAILED, OFF, {"ended": "rolled_back", "message": "Said."}], ("rolled_back", "rolled_back", KB, "Said.")),
        (
            [INFO, DONE, FAILED, {"outcome": "refused", "decision": {}, "before": None}, FAILED],
            ("current", "failed", KB, FAILED["message"]),
        ),
        ([INFO, DONE, FAILED, LOST], ("current", "lost", KB, "No route.")),
        ([INFO, LOST], ("hotpatch_due", "lost", KB, "No route.")),
        ([LOST], ("unreachable", "unreachable", "", "No route.")),
        ([{**LOST, "outcome": "lost"}], ("unreachable", "lost", "", "No route.")),
        ([{"failed": True, "msg": "kb: wrong"}], ("unknown", "failed", "", "kb: wrong")),
        ([INFO, {"failed": True, "msg": "broken"}], ("hotpatch_due", "failed", KB, "broken")),
    ],
)
def test_the_modules_have_the_last_word(results: list[dict[str, Any]], row: tuple[str, ...]) -> None:
    assert last(*results) == row
    if results[-1].get("failed") or results[-1].get("unreachable") or "ended" in results[-1]:
        assert last(*results, ended=True)[0] == row[0], "the host is out of the run, and that is said already"


@pytest.mark.parametrize(
    ("results", "failed", "ended", "outcome", "reason"),
    [
        ([INFO, DONE], True, True, "failed", f"{LATER} All well."),
        ([INFO, DONE], True, False, "installed", "All well."),
        ([INFO, DONE], False, True, "interrupted", f"{STOPPED} All well."),
        ([INFO, {**DONE, "outcome": "unverified"}], False, True, "interrupted", f"{STOPPED} All well."),
        ([INFO], False, True, "interrupted", f"{STOPPED} It is due."),
        ([REFUSE], False, True, "refused", "held: It is held."),
        ([], True, True, "failed", NOT_ASKED),
        ([], False, False, "-", NOT_BEGUN),
    ],
)
def test_what_comes_after_the_modules(results: list[dict[str, Any]], failed: bool, ended: bool, outcome: str, reason: str) -> None:
    """A task that was rescued or ignored leaves a host in the run; one that was not takes it out, and so do the failures of others."""
    assert last(*results, failed=failed, ended=ended)[1::2] == (outcome, reason)


@pytest.mark.parametrize(
    ("results", "events"),
    [
        ([INFO], {"changes", "restarts"}),
        ([{**INFO, "decision": {**INFO["decision"], "restart": "no"}}], {"changes"}),
        ([{**INFO, "decision": {**INFO["decision"], "restart": "yes"}}], {"changes", "restarts"}),
        ([{**INFO, "decision": {"action": "restart"}}], {"changes", "restarts"}),
        ([INFO, {**DONE, "changed": True, "restarted": False}], {"changes"}),
        ([INFO, {**DONE, "changed": True, "restarted": True}], {"changes", "restarts"}),
        ([INFO, {**DONE, "changed": False, "restarts_not_allowed": 1}], {"restarts"}),
        ([REFUSE], {"refusals"}),
        ([INFO, {"outcome": "refused", "decision": {**HELD, "code": "plan_drift"}, "before": {}}], {"refusals", "drift"}),
        ([{**INFO, "decision": {"action": "none"}}], set()),
    ],
)
def test_the_events_that_can_fail_a_host(results: list[dict[str, Any]], events: set[str]) -> None:
    (run,) = some(1, *results).values()
    assert set(run.events(["changes", "restarts", "refusals", "drift"])) == events
    assert run.events([]) == []
    lines = host_lines({"a": run}, fail_on={"a": ["changes"]})
    assert ("Failed by hotpatch_fail_on (1): a (changes)" in lines) == ("changes" in events)


@pytest.mark.parametrize("remedy", ["Name it.", ""])
def test_what_a_role_has_put_into_words_keeps_its_remedy(remedy: str) -> None:
    run = HostRun()
    run.add({"failed": True, "msg": "No name. Name it.", "remedy": "Name it."})
    run.explain({"ended": "failed", "message": "The rollback failed on srv01: No name. Name it. Nothing was done.", "remedy": remedy})
    assert run.next_step() == remedy
    told = "No name. Nothing was done." if remedy else "No name. Name it. Nothing was done."
    assert run.cells("srv01")[-1] == f"The rollback failed on srv01: {told}"


def test_the_code_of_a_refusal_is_told_once() -> None:
    run = HostRun()
    run.add({"failed": True, "outcome": "refused", "decision": {**HELD, "remedy": "Wait."}, "msg": "held: It is held. Wait."})
    assert run.cells("srv01")[-1] == "held: It is held. Wait."
    run.explain({"ended": "refused", "message": "The rollback was refused on srv01: held: It is held. Wait.", "remedy": "Wait."})
    assert run.cells("srv01")[-1] == "The rollback was refused on srv01: held: It is held."
    assert run.next_step() == "Wait."


def test_a_task_that_failed_before_the_host_was_asked_says_why() -> None:
    run = HostRun()
    run.fail({"msg": "Task failed: the connection plugin 'winrmm' was not found\x1b[2J"})
    assert run.cells("srv01")[1:] == ("unknown", "failed", "", f"{BEFORE} the connection plugin 'winrmm' was not found [2J")
    assert run.next_step().startswith("Correct ansible_connection")
    run.add(INFO)
    assert (run.cells("srv01")[-1], run.next_step()) == ("It is due.", "")
    run.fail({"msg": "Task failed: the connection plugin 'winrmm' was not found"})
    assert (run.cells("srv01")[-1], run.next_step()) == ("It is due.", "")


def test_what_a_task_of_the_user_says_is_not_the_inventory() -> None:
    run = HostRun()
    run.fail({"msg": "Timed out. Connection refused, Permission denied (publickey)."})
    assert run.next_step() == ""
    run.fail({"msg": "ssh: connect to host web01 port 22: Connection refused", "unreachable": True})
    assert run.next_step().startswith("No SSH server")
    run.fail({})
    assert run.cells("srv01")[-1] == NOT_ASKED


def test_what_core_refuses_in_place_of_a_module_has_its_remedy() -> None:
    run = HostRun()
    run.add({"failed": True, "msg": "Invalid become method specified, could not find matching plugin: 'runass'."})
    assert "runas" in run.next_step()
