# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The claim of a run over a host whose memory others write in between (_actions/claiming, _actions/host_memory)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.claiming import claim, claim_for, end_claim, give_back
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.errors import LeaseLostError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.host import Host
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.host_memory import HostMemory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.options import read_options
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.past import Past
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decide import decide
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Action
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.refusals import Refusal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.by_person import Deed, Person, changed
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.memory import Memory, read_memory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Intent, Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.moments import utc_text
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, at, host, record_of

NOW = at("2026-06-14")
DENIED = {"kb": "KB5094125", "until": "2026-07-14"}
PERSON = Person("team", "audit", NOW)
BEFORE = record_of(host("ws2025", "KB5094125", now="2026-06-14"), "2026-06-14")
DECISION = decide(BEFORE, CATALOG, Policy(), RestartPolicy.ALLOWED, Intent.AUTO, NOW)


class Remembering:
    """A host that remembers, and the runs and persons that write into it."""

    def __init__(self) -> None:
        self.document, self.revision = Memory().text(), 0
        self.before_next: list[Callable[[Memory], Memory]] = []

    @property
    def memory(self) -> Memory:
        return read_memory(self.document)

    def write(self, change: Callable[[Memory], Memory]) -> None:
        self.document, self.revision = change(self.memory).text(), self.revision + 1

    def payload(self, _name: str, given: dict[str, Any], limit: float | None = None) -> dict[str, Any]:
        while self.before_next:
            self.write(self.before_next.pop())
        asked = given.get("memory") or {}
        written = asked.get("expect") == str(self.revision) and "document" in asked
        if written:
            self.document, self.revision = asked["document"], self.revision + 1
        told = {"document": self.document, "revision": str(self.revision), "written": written, "writable": True, "clock": utc_text(NOW)}
        return {"invocation": {}, "observation": {"servicing": {"in_progress": False}}, "memory": told}

    def seen_by(self, given: dict[str, Any] | None = None) -> Host:
        """The host as a module of a run has it, which goes on from what an earlier one of that run has GIVEN."""
        memory = HostMemory(kept=True)
        memory.hand_over(given)
        options = read_options({"restart_policy": "allowed", "intent": "auto", "catalog": []}, NOW, Policy())
        return Host("host1", options, NOW, self.payload, self.payload, past=Past(host="host1", memory=memory))


def run_of(run_id: str = "1", **more: Any) -> RunRecord:
    run = RunRecord("host1", run_id, NOW, "allowed", "auto", None)
    for name, value in more.items():
        setattr(run, name, value)
    return run


def claimed(there: Remembering) -> dict[str, Any]:
    """What a role hands on once it has claimed the host before it takes it out of service."""
    of_role = there.seen_by()
    of_role.look([])
    assert claim_for(of_role, run_of(), {"action": "install"}) is None
    return of_role.past.memory.handed_on()


def hold(memory: Memory) -> Memory:
    return changed(memory, Deed.HOLD, PERSON)


def test_a_claim_of_a_role_is_not_that_of_its_process() -> None:
    there = Remembering()
    claimed(there)
    lease = there.memory.lease
    assert lease is not None
    assert "playbook" in lease.controller
    assert "worker" not in lease.controller


def test_a_hold_that_was_written_after_the_decision_leaves_the_host_in_service() -> None:
    there = Remembering()
    of_role = there.seen_by()
    of_role.look([])
    there.write(hold)
    code, why = claim_for(of_role, run_of(), {"action": "install"}) or (None, "")
    assert (code, why) == (Refusal.HELD, "The host is held by team since this was decided: audit.")
    assert (there.memory.lease, there.memory.service) == (None, None)


def test_a_run_is_not_busy_by_its_own_claim_where_a_person_has_written() -> None:
    there = Remembering()
    of_module = there.seen_by(claimed(there))
    of_module.look([])
    there.write(lambda memory: changed(memory, Deed.LIFT, PERSON, "KB5087423"))
    assert claim(of_module, run_of(denied=[DENIED]), BEFORE, DECISION) is None
    assert (there.memory.denied, [entry["kb"] for entry in there.memory.lifted]) == ((DENIED,), ["KB5087423"])


def test_a_hold_that_was_written_after_the_decision_of_a_module_ends_its_run() -> None:
    there = Remembering()
    of_module = there.seen_by()
    of_module.look([])
    there.write(hold)
    refused = claim(of_module, run_of(), BEFORE, DECISION)
    assert refused is not None
    assert (refused.action, refused.code) == (Action.REFUSE, Refusal.HELD)
    assert there.memory.lease is None


def test_what_a_lost_module_has_written_stands_when_the_role_gives_the_host_back() -> None:
    there = Remembering()
    given = claimed(there)
    installing = there.seen_by(given)
    installing.look([])
    give_back(installing, run_of(installed=["KB5094125"]), Outcome.INSTALLED, NOW)
    given = installing.past.memory.handed_on()
    lost = there.seen_by(given)
    lost.look([])
    removing = run_of("2", denied=[DENIED], exposure={"kbs": ["KB5094125"], "until": "2026-07-14"})
    assert claim(lost, removing, BEFORE, DECISION) is None
    assert end_claim(there.seen_by(given), in_service=False) is None
    told = there.memory
    assert (told.lease, told.denied, told.exposure) == (None, (DENIED,), removing.exposure)
    assert [(run["run_id"], run["outcome"]) for run in told.runs] == [("1", "installed"), ("2", "interrupted")]


def test_how_a_run_has_ended_is_kept_where_a_person_has_written_before_it_could_be() -> None:
    there = Remembering()
    installing = there.seen_by(claimed(there))
    installing.look([])
    give_back(installing, run_of(), Outcome.INSTALLED, NOW)
    there.write(hold)
    assert end_claim(there.seen_by(installing.past.memory.handed_on()), in_service=True) is None
    told = there.memory
    assert (told.lease, told.service, told.hold is None) == (None, None, False)
    assert [run["outcome"] for run in told.runs] == ["installed"]


def test_a_module_whose_role_has_lost_its_claim_does_not_claim_the_host_anew() -> None:
    """The other run may have ended by now, with the host back in service."""
    there = Remembering()
    given = claimed(there)
    there.write(lambda memory: replace(memory, lease=None, service=None))
    of_module = there.seen_by(given)
    with pytest.raises(LeaseLostError, match="Nothing more is done on host1"):
        of_module.look([])
    assert end_claim(there.seen_by(given), in_service=True) is None
    assert (there.memory.lease, there.revision) == (None, 2)


def test_what_a_person_has_lifted_during_a_run_is_not_denied_anew() -> None:
    there = Remembering()
    there.write(lambda memory: replace(memory, denied=(DENIED,)))
    of_module = there.seen_by()
    of_module.look([], of_module.past.memory.claiming(run_of(), "install"))
    of_module.look([], of_module.past.memory.claiming(run_of(), "install"))
    assert there.memory.denied == (DENIED,)
    there.write(lambda memory: changed(memory, Deed.LIFT, replace(PERSON, at=NOW + timedelta(minutes=1)), "KB5094125"))
    give_back(of_module, run_of(), Outcome.INSTALLED, NOW)
    told = there.memory
    assert (list(told.denied), told.lease) == ([], None)
    assert [entry["kb"] for entry in told.lifted] == ["KB5094125"]
