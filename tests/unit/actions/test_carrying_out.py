# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a decision are done in their order and no further than they succeed (_actions/carrying_out, removing, restarting)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.carrying_out import Work, carry_out
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.errors import ActionError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.host import Host
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.options import read_options
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Action, Decision, Removal, Step
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.offers import Restart
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, at, change, host, package, record_of, stamp

NOW = "2026-03-20"
NEWER, OLDER = "KB5078736", "KB5075942"
KBS = ("KB5073379", OLDER, NEWER)
TWO = change(host("ws2025", *KBS, now=NOW), packages=[package("ws2025", kb) for kb in KBS])
RECORD = record_of(TWO, NOW)
BOTH = decide_removal(RECORD, CATALOG, Policy(), RestartPolicy.ALLOWED, at(NOW), OLDER)
FIRST, SECOND = (BOTH.removal or Removal()).packages
BASELINE = (Step(Action.INSTALL, "KB5073379"), Step(Action.RESTART, "KB5073379"))
RESTORING = replace(BOTH, steps=BOTH.steps + BASELINE)
INSTALLED = {"changed": True, "updates": {"1": {"kb": ["5073379"], "title": "2026-01 (KB5073379)", "installed": True}}}


class Fake:
    """A host that does as ANSWERS say, by the name of a module or the identity of a package, and remembers what was asked of it."""

    def __init__(self, **answers: Mapping[str, Any]) -> None:
        self.answers: dict[str, Mapping[str, Any]] = {"win_updates": INSTALLED, **answers}
        self.asked: list[str] = []
        self.clock = NOW
        options = read_options({"restart_policy": "allowed", "restart_timeout": 60, "install_timeout": 60}, at(NOW))
        self.host = Host("host1", options, datetime.now(UTC), self._answer, self._answer)
        self.run = RunRecord("host1", "1", at(NOW), "allowed", "rollback", None)

    def _answer(self, name: str, args: dict[str, Any], limit: float | None = None) -> Mapping[str, Any]:
        key = str(args.get("identity") or name.rpartition(".")[2])
        if key == "internal_observe":
            # The look right before a restart.
            return {"observation": change(TWO, observed_at=stamp(at(self.clock)))}
        self.asked.append(key)
        return self.answers.get(key, {})

    def carry_out(self, decision: Decision) -> Work:
        return carry_out(self.host, self.run, RECORD, decision)


def test_packages_go_newest_first_and_one_restart_follows() -> None:
    fake = Fake()
    work = fake.carry_out(BOTH)
    assert fake.asked == [FIRST, SECOND, "win_reboot"]
    assert (work.ok, work.changed, work.restarted) == (True, True, True)
    assert fake.run.removed == [FIRST, SECOND]


def test_a_package_that_does_not_go_keeps_those_below_it_and_the_restart_finishes_what_went() -> None:
    fake = Fake(**{SECOND: {"failed": True, "msg": "0x800f0825: it is permanent"}})
    work = fake.carry_out(RESTORING)
    assert fake.asked == [FIRST, SECOND, "win_reboot"], "no baseline is put on a host whose removal failed"
    assert (work.ok, work.changed, work.restarted) == (False, True, True)
    assert "permanent" in work.problem
    assert fake.run.removed == [FIRST]


def test_nothing_gone_means_no_restart() -> None:
    fake = Fake(**{FIRST: {"failed": True, "msg": "no"}})
    work = fake.carry_out(RESTORING)
    assert fake.asked == [FIRST]
    assert (work.ok, work.changed, work.restarted) == (False, False, False)
    assert fake.run.restarts == []


def test_the_baseline_is_put_back_after_the_restart() -> None:
    fake = Fake()
    assert fake.carry_out(RESTORING).ok
    assert fake.asked == [FIRST, SECOND, "win_reboot", "win_updates", "win_reboot"]
    assert [entry["cause"] for entry in fake.run.restarts] == [f"the rollback of {OLDER}", "the baseline KB5073379"]


def test_nothing_is_done_to_a_host_that_did_not_come_back() -> None:
    fake = Fake(win_reboot={"failed": True, "rebooted": False, "msg": "timed out"})
    work = fake.carry_out(RESTORING)
    assert fake.asked == [FIRST, SECOND, "win_reboot"]
    assert (work.stopped, work.restarted) == (True, False)
    assert any("timed out" in text for text in fake.run.messages)


def install(restart: Restart) -> Decision:
    """Return the decision to install the baseline, which restarts the host or does not."""
    steps = BASELINE[:1] if restart is Restart.NO else (BASELINE[0], Step(Action.RESTART, "KB5073379", restart=restart))
    return replace(BOTH, action=Action.INSTALL, kb="KB5073379", restart=restart, steps=steps, removal=None)


@pytest.mark.parametrize(
    ("expected", "asks", "restarted"),
    [
        (Restart.NO, False, False),
        (Restart.NO, True, False),
        (Restart.UNKNOWN, False, False),
        (Restart.UNKNOWN, True, True),
        (Restart.YES, False, True),
        (Restart.YES, True, True),
    ],
)
def test_a_host_restarts_only_if_that_was_decided(expected: Restart, asks: bool, restarted: bool) -> None:
    fake = Fake(win_updates={**INSTALLED, "reboot_required": asks})
    work = fake.carry_out(install(expected))
    assert fake.asked == ["win_updates", *(["win_reboot"] if restarted else [])]
    assert work.restarted is restarted
    assert any("not expected" in text for text in fake.run.messages) is (expected is Restart.NO and asks)


def test_an_installation_that_failed_is_followed_by_no_restart() -> None:
    fake = Fake(win_updates={**INSTALLED, "failed": True, "reboot_required": True, "msg": "0x80070643"})
    work = fake.carry_out(install(Restart.YES))
    assert fake.asked == ["win_updates"]
    assert (work.ok, work.restarted) == (False, False)


def test_a_restart_that_is_not_allowed_is_not_done_whoever_asks() -> None:
    fake = Fake()
    with pytest.raises(ActionError, match="not allowed"):
        fake.carry_out(replace(install(Restart.YES), restart_allowed=False))
    assert "win_reboot" not in fake.asked
