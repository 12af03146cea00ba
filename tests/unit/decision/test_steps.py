# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A decision that acts is an ordered list of steps, each with the identity of its update (_decision/step, decision, install_gates)."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.step import Action
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, decision_of, good_offer, host

AUGUST, JULY, NOW = "KB5120228", "KB5099536", "2026-08-20"
BEHIND = change(host("ws2025", JULY, now=NOW), offers=[good_offer("ws2025", AUGUST)])


def test_a_hotpatch_is_one_step_with_the_identity_of_its_offer() -> None:
    decision = decision_of(BEHIND, NOW)
    (step,) = decision.steps
    offer = good_offer("ws2025", AUGUST)
    assert (step.action, step.kb, step.title, step.update_ids) == (Action.INSTALL, AUGUST, offer["title"], (offer["update_id"],))
    assert (str(step.restart), step.package) == ("no", None)
    assert decision.to_dict()["steps"] == [step.to_dict()]


@pytest.mark.parametrize(("behavior", "restart"), [(1, "yes"), (2, "unknown")])
def test_an_update_that_restarts_or_may_has_its_restart_as_a_step(behavior: int, restart: str) -> None:
    """A restart that is not certain is done only if the host asks for it."""
    offer = {**good_offer("ws2025", AUGUST), "kbs": ["KB5999999"], "title": "Driver", "categories": ["Drivers"]}
    offer |= {"reboot_behavior": behavior, "restart_check": {"asked": True, "answer": True if behavior == 1 else None}}
    decision = decision_of(change(BEHIND, offers=[offer]), NOW, restart="allowed", kb="KB5999999")
    assert [(str(step.action), step.kb, str(step.restart)) for step in decision.steps] == [
        ("install", "KB5999999", restart),
        ("restart", "KB5999999", restart),
    ]


def test_a_pending_restart_is_one_step() -> None:
    pending = change(BEHIND, pending={"causes": [{"source": "windows_update", "detail": None}]})
    decision = decision_of(pending, NOW, restart="allowed")
    assert [(str(step.action), str(step.restart)) for step in decision.steps] == [("restart", "yes")]


@pytest.mark.parametrize("restart", ["never", "allowed"])
def test_a_host_that_is_left_alone_has_no_steps(restart: str) -> None:
    current = host("ws2025", JULY, AUGUST, now=NOW)
    held = {"hold": {"reason": "audit"}}
    for decision in (decision_of(current, NOW, restart=restart), decision_of(BEHIND, NOW, restart=restart, policy=held)):
        assert not decision.action.acts
        assert decision.steps == ()
