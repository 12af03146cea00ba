# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role says of a host whose run ended badly: what is wrong, where, what was done and what is left to a person."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.explanation import NOTHING_DONE, NOTHING_INSTALLED, STAYS
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.failure import (
    KEPT_OUT,
    LOOK_BY_HAND,
    NO_TASK,
    FailedRun,
    FailedTask,
    ResumeAfterFailure,
    not_confirmed,
    not_drained,
    rollback_failed,
    update_failed,
    work_of,
)
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome

KB = "KB5068966"
HEALTH = FailedTask("ask the web site", "ansible.builtin.uri", "no answer")
MODULE = FailedTask("Install what was decided, and verify it", "winops.hotpatch.update", "failed: KB5068966 was not installed.")
LOADING = FailedTask("more", "ansible.builtin.include_tasks", "Could not find or access 'nowhere.yml'")
NONE = FailedTask("", "", "")
INSTALLED = {"outcome": "installed", "changed": True, "conclusion": {"stands": True}, "explanation": STAYS}
NOTHING = {"outcome": "failed", "failed": True, "changed": False, "conclusion": {"stands": False}, "explanation": None}


def failed(
    result: dict[str, Any],
    task: FailedTask = HEALTH,
    *,
    kb: str | None = KB,
    action: str = "install",
    resume: ResumeAfterFailure = ResumeAfterFailure.UNCHANGED,
    resumes: bool = False,
) -> FailedRun:
    return FailedRun("srv01", work_of(action, kb), kb, result, task, resume, resumes)


def test_only_a_failed_health_task_takes_an_update_off() -> None:
    """It must stand on the host, and the module must not have failed before it."""
    assert update_failed(failed(INSTALLED), {}).roll_back
    assert update_failed(failed({**INSTALLED, "outcome": "unverified"}), {}).roll_back
    assert not update_failed(failed(INSTALLED, LOADING), {}).roll_back
    assert not update_failed(failed(INSTALLED, FailedTask("a role", "ansible.builtin.include_role", "")), {}).roll_back
    assert not update_failed(failed({**INSTALLED, "failed": True}, MODULE), {}).roll_back
    assert not update_failed(failed({**INSTALLED, "conclusion": {"stands": False}}), {}).roll_back
    assert not update_failed(failed({"failed": True}, MODULE), {}).roll_back


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        ("rolled_back", Outcome.ROLLED_BACK),
        ("would_roll_back", Outcome.WOULD_ROLL_BACK),
        ("refused", Outcome.FAILED),
        ("none", Outcome.FAILED),
        ("failed", Outcome.FAILED),
        ("nonsense", Outcome.FAILED),
    ],
)
def test_the_last_word_after_a_rollback(outcome: str, ended: Outcome) -> None:
    """What is gone is called so; everything else has failed. The message has all of it."""
    found = update_failed(failed(INSTALLED), {"outcome": outcome, "explanation": "It was so."})
    assert (found.ended, found.installed, found.outcome) == (ended, True, "installed")
    assert found.message == 'The health tasks failed on srv01 after the update to KB5068966, in "ask the web site": no answer. It was so.'
    assert (found.task, found.reason) == ("ask the web site", "no answer.")


def test_a_rollback_that_was_skipped_says_nothing() -> None:
    found = update_failed(failed(INSTALLED, LOADING), {"skipped": True, "outcome": "rolled_back", "explanation": "no"})
    assert found.ended is Outcome.FAILED
    assert found.message == (
        'The health tasks could not be loaded on srv01 after the update to KB5068966, in "more":'
        f" Could not find or access 'nowhere.yml'. {STAYS}"
    )


def test_where_no_task_of_the_host_has_failed_both_causes_are_named() -> None:
    """Ansible says the same of a file that it cannot load and of a host that another one took with it."""
    found = update_failed(failed(INSTALLED, NONE), {})
    assert (found.roll_back, found.installed) == (False, True)
    assert found.message == f"The health tasks did not finish on srv01 after the update to KB5068966: {NO_TASK} {STAYS}"


@pytest.mark.parametrize(
    ("result", "kb", "message"),
    [
        (NOTHING, KB, "The update to KB5068966 failed on srv01: KB5068966 was not installed."),
        (NOTHING, None, "The restart failed on srv01: KB5068966 was not installed."),
        (
            {"failed": True, "msg": "x", "explanation": NOTHING_INSTALLED},
            KB,
            f"The update to KB5068966 failed on srv01: failed: KB5068966 was not installed. {NOTHING_INSTALLED}",
        ),
    ],
)
def test_a_module_that_failed(result: dict[str, Any], kb: str | None, message: str) -> None:
    """The outcome that stands before the message of the module is not said twice."""
    found = update_failed(failed(result, MODULE, kb=kb), {})
    assert (found.message, found.ended, found.installed) == (message, Outcome.FAILED, False)
    assert found.outcome == result.get("outcome", "unknown")


def test_an_update_that_stays_unverified_is_called_so() -> None:
    degraded = {**INSTALLED, "outcome": "unverified", "failed": True, "explanation": None}
    found = update_failed(failed(degraded, FailedTask("x", "winops.hotpatch.update", "unverified: It stays.")), {})
    assert (found.ended, found.message) == (Outcome.UNVERIFIED, "The update to KB5068966 failed on srv01: It stays.")


@pytest.mark.parametrize(
    ("result", "resume", "back"),
    [
        (INSTALLED, "unchanged", False),
        (NOTHING, "unchanged", True),
        (NOTHING, "never", False),
        (INSTALLED, "always", True),
        ({"failed": True}, "unchanged", False),
        ({"failed": True}, "always", True),
        ({"outcome": "failed", "changed": True}, "unchanged", False),
        ({"outcome": "refused", "changed": False}, "unchanged", True),
        ({"outcome": "refused", "conclusion": None, "changed": True}, "unchanged", True),
    ],
)
def test_who_goes_back_into_service(result: dict[str, Any], resume: str, back: bool) -> None:
    """An update that stands keeps a host out, and so does a module that cannot say how far it came. The message says who stays out."""
    run = failed(result, resume=ResumeAfterFailure(resume), resumes=True)
    found = update_failed(run, {})
    assert found.resume is back
    assert (KEPT_OUT in found.message) is not back
    assert KEPT_OUT not in update_failed(failed(result, resume=ResumeAfterFailure(resume)), {}).message


@pytest.mark.parametrize(
    ("action", "kb", "message"),
    [
        (
            "install",
            KB,
            'srv01 was not taken out of service: "ask the web site" failed: no answer. The update to KB5068966 was not started.',
        ),
        ("restart", None, 'srv01 was not taken out of service: "ask the web site" failed: no answer. The restart was not started.'),
        ("rollback", None, 'srv01 was not taken out of service: "ask the web site" failed: no answer. The rollback was not started.'),
        (
            "rollback",
            KB,
            'srv01 was not taken out of service: "ask the web site" failed: no answer. The rollback of KB5068966 was not started.',
        ),
    ],
)
def test_a_host_that_could_not_be_drained(action: str, kb: str | None, message: str) -> None:
    found = not_drained(failed({}, action=action, kb=kb))
    assert found.message == f"{message} Remove the cause and run again."
    assert (found.outcome, found.ended, found.installed, found.resume) == ("not_started", Outcome.FAILED, False, True)
    assert not not_drained(failed({}, resume=ResumeAfterFailure.NEVER)).resume
    assert f"out of service: {NO_TASK} The update" in not_drained(failed({}, NONE)).message


@pytest.mark.parametrize(
    ("result", "task", "message", "ended"),
    [
        (
            {"outcome": "failed", "failed": True, "changed": True},
            FailedTask("x", "winops.hotpatch.rollback", "failed: A package stays."),
            f"The rollback of KB5068966 failed on srv01: A package stays. {LOOK_BY_HAND}",
            Outcome.FAILED,
        ),
        (
            {"outcome": "refused", "failed": True, "changed": False},
            FailedTask("x", "winops.hotpatch.rollback", "refused: The host is held. Lift the hold."),
            "The rollback of KB5068966 was refused on srv01: The host is held. Lift the hold.",
            Outcome.REFUSED,
        ),
        (
            {"outcome": "rolled_back", "changed": True},
            HEALTH,
            f'The health tasks failed on srv01 after the rollback of KB5068966, in "ask the web site": no answer. {LOOK_BY_HAND}',
            Outcome.ROLLED_BACK,
        ),
        (
            {},
            FailedTask("", "", ""),
            f"The health tasks did not finish on srv01 after the rollback of KB5068966: {NO_TASK} {LOOK_BY_HAND}",
            Outcome.FAILED,
        ),
    ],
)
def test_a_rollback_that_failed(result: dict[str, Any], task: FailedTask, message: str, ended: Outcome) -> None:
    found = rollback_failed(failed(result, task, action="remove"))
    assert (found.message, found.ended, found.roll_back) == (message, ended, False)
    assert found.installed is bool(result.get("changed"))


def test_what_is_not_confirmed() -> None:
    result = {**INSTALLED, "outcome": "unverified", "msg": "unverified: KB5068966 is installed and stays. Look again."}
    assert not_confirmed(failed(result)).message == (
        "The update to KB5068966 is not confirmed on srv01. KB5068966 is installed and stays. Look again."
    )
    found = not_confirmed(failed(result, resumes=True, kb=None))
    assert found.message.startswith("The restart is not confirmed on srv01, which is back in service. KB5068966")
    assert found.ended is Outcome.UNVERIFIED


def test_what_a_task_said_is_one_line_of_text() -> None:
    found = update_failed(failed(INSTALLED, FailedTask("x", "debug", "a\x1b[2J\u202e\nb" + "c" * 9000)), {})
    assert found.message.isprintable()
    assert len(found.message) < 4100
    assert found.to_dict()["ended"] == "failed"


def test_a_module_that_failed_hands_its_remedy_on() -> None:
    lost = {"failed": True, "msg": "No name. Name it.", "remedy": "Name it.", "explanation": NOTHING_DONE}
    refused = {"failed": True, "outcome": "refused", "decision": {"remedy": "Wait."}}
    for explain in (rollback_failed, lambda run: update_failed(run, {}), not_drained):
        assert explain(failed(lost, MODULE)).remedy == "Name it."
        assert explain(failed(refused, MODULE)).remedy == "Wait."
        assert explain(failed({**lost, "failed": False})).remedy == ""
    assert rollback_failed(failed(lost, MODULE)).to_dict()["remedy"] == "Name it."


def test_nobody_has_to_look_at_a_host_on_which_nothing_was_begun() -> None:
    lost = {"failed": True, "msg": "No name.", "explanation": NOTHING_DONE}
    for failure in (rollback_failed(failed(lost, MODULE)), update_failed(failed(lost, MODULE), {})):
        assert failure.message.endswith(NOTHING_DONE)
        assert LOOK_BY_HAND not in failure.message
    assert rollback_failed(failed({**lost, "explanation": "x"}, MODULE)).message.endswith(LOOK_BY_HAND)


def test_a_rollback_that_did_not_begin_leaves_the_update() -> None:
    tried = {"failed": True, "msg": "No name. Name it.", "explanation": NOTHING_DONE}
    message = update_failed(failed(INSTALLED), tried).message
    assert message.endswith(f"The rollback failed: No name. Name it. {LOOK_BY_HAND}")
    assert NOTHING_DONE not in message
