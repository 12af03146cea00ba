# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No batch hurts itself: hosts of one group never restart together, and no more than a tenth of the fleet does."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.batches.batched import (
    BASELINE_DAY,
    GONE,
    HOTPATCH_DAY,
    NO_ROLES,
    at_work,
    batches,
    looks,
    never_together,
    restarts,
    run,
    together,
    words,
)
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.role_runs import give_hooks, order

NODE = {"cluster": "SQL01"}
PARIS = {"roles": ["domain_controller"], "domain": "corp.example.test", "site": "Paris"}
LYON = {**PARIS, "site": "Lyon"}
SLICE = {"awx_workflow_job_name": "patch", "awx_job_template_name": "patch"}


@pytest.mark.parametrize("policy", ["planned", "allowed"])
def test_nodes_of_a_cluster_and_controllers_of_a_site_restart_one_after_another(fleet: Any, policy: str) -> None:
    """Sizes that an operator gives say how many go together, and never that two of a group do."""
    fleet.now = BASELINE_DAY
    fleet.hosts = {"n1": NODE, "n2": {"cluster": "sql01"}, "d1": PARIS, "d2": PARIS, "d3": LYON, "p": {}}
    done = run(fleet, policy, hotpatch_serial="100%")
    assert done.returncode == 0, done.output
    assert batches(done) == [["n1", "d1", "d3", "p"], ["n2", "d2"]]
    assert never_together(fleet, ("n1", "n2"))
    assert never_together(fleet, ("d1", "d2"))
    assert together(at_work(fleet, "d1"), at_work(fleet, "d3")), "what goes together is seen to"
    assert "6 hosts in 2 batches: 6 may restart, at most 4 of them together (hotpatch_serial says how many at once)" in done.output
    assert "  one after another, failover cluster SQL01: n1, n2" in done.output
    assert "  one after another, domain controllers of corp.example.test in Paris: d1, d2" in done.output
    assert set(words(done).values()) == {"installed"}


def test_a_tenth_of_the_fleet_restarts_at_once(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts = {f"h{number:02}": {} for number in range(20)} | {"held": {"hotpatch_policy_host": {"hold": {"reason": "audit"}}}}
    done = run(fleet, "planned", "-v")
    assert done.returncode == 0, done.output
    begun = batches(done)
    assert begun[0] == ["held"], "who does not restart comes first, and waits for nobody"
    assert [len(batch) for batch in begun[1:]] == [2] * 10
    assert [host for batch in begun[1:] for host in batch] == [host for host in fleet.hosts if host != "held"]
    assert "21 hosts in 11 batches: 20 may restart, at most 2 of them together (2 at once is 10 %)" in done.output
    assert "  batch 2: h00, h01" in done.output
    spans = {host: at_work(fleet, host) for host in fleet.hosts if host != "held"}
    assert max(sum(together(one, other) for other in spans.values()) for one in spans.values()) == 2


def test_a_host_is_looked_at_once(fleet: Any) -> None:
    """What was seen before the batches is what the role begins with: no round trip more than without them."""
    fleet.now = HOTPATCH_DAY
    fleet.hosts = {"a": NODE, "b": NODE}
    assert run(fleet).returncode == 0
    assert {host: looks(fleet, host) for host in fleet.hosts} == {"a": 3 + 1, "b": 3 + 1}
    assert run(fleet).returncode == 0
    assert {host: looks(fleet, host) for host in fleet.hosts} == {"a": 5, "b": 5}, "nothing to do"
    fleet.now = "2026-01-13T20:00:00Z"
    give_hooks(fleet, ("drain", "resume"))
    assert run(fleet).returncode == 0
    # The look, the claim, the update's own, one at the door of the restart, one after it, and the write at the end.
    assert {host: looks(fleet, host) - 5 for host in fleet.hosts} == {"a": 4 + 2, "b": 4 + 2}


def test_hotpatches_wait_for_nobody(fleet: Any) -> None:
    fleet.now = HOTPATCH_DAY
    fleet.hosts = {"a": NODE, "b": NODE, "c": {}}
    done = run(fleet, "planned")
    assert done.returncode == 0, done.output
    assert batches(done) == [["a", "b", "c"]]
    assert "3 hosts in 1 batch: 0 may restart" in done.output
    assert [restarts(fleet, host) for host in fleet.hosts] == [0, 0, 0]


def test_without_restarts_nothing_is_looked_at_before(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts = {"a": NODE, "b": NODE}
    done = run(fleet, None)
    assert batches(done) == [["a", "b"]]
    assert "in 1 batch" not in done.output
    assert {host: looks(fleet, host) for host in fleet.hosts} == {"a": 1, "b": 1}
    assert words(done) == {"a": "refused", "b": "refused"}


def test_a_ring_that_may_restart_beside_one_that_may_not(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts = {"a": {**NODE, "hotpatch_restart_policy": "allowed"}, "b": {**NODE, "hotpatch_restart_policy": "planned"}, "c": NODE}
    done = run(fleet, None)
    assert batches(done) == [["c"], ["a"], ["b"]]
    assert words(done) == {"a": "installed", "b": "installed", "c": "refused"}


def test_what_cannot_be_told_is_apart_from_all_that_it_could_be(fleet: Any) -> None:
    """A node whose cluster service does not run, a controller without a site, and hosts whose probe fails."""
    fleet.now = BASELINE_DAY
    fleet.hosts = {
        "dark": {"roles": ["failover_cluster"]},
        "lost1": NO_ROLES,
        "lost2": NO_ROLES,
        "node": NODE,
        "plain": {},
        "nowhere": {**PARIS, "site": None},
        "paris": PARIS,
        "other": {**PARIS, "domain": "lab.example.test"},
    }
    done = run(fleet, hotpatch_serial="100%")
    assert done.returncode == 0, done.output
    # Windows says of itself that a host is no controller, so that a failed probe leaves only the cluster open.
    assert batches(done) == [["node", "plain", "paris", "other"], ["dark", "nowhere"], ["lost1"], ["lost2"]]
    for kept_apart in (("dark", "node"), ("lost1", "node"), ("lost1", "lost2"), ("lost1", "dark"), ("nowhere", "paris")):
        assert never_together(fleet, kept_apart)
    assert "a failover cluster whose name is not known: dark, lost1, lost2" in done.output


def test_groups_that_an_operator_names(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts = {
        "a": {"hotpatch_spread": "shop"},
        "b": {"hotpatch_spread": ["Shop ", "{{ 'bil' ~ 'ling' }}"]},
        "c": {"hotpatch_spread": "billing"},
        "d": {"hotpatch_spread": ["", None]},
    }
    done = run(fleet, hotpatch_serial="100%")
    assert done.returncode == 0, done.output
    assert batches(done) == [["a", "c", "d"], ["b"]]
    assert never_together(fleet, ("a", "b"))
    assert never_together(fleet, ("b", "c"))
    fleet.hosts["d"] = {"hotpatch_spread": [True]}
    refused = run(fleet)
    assert refused.returncode == 2
    assert "hotpatch_spread: true is not the name of a group." in refused.output


def test_after_a_node_that_ended_badly_no_other_node_of_its_cluster_begins(fleet: Any) -> None:
    """The rest of the fleet goes on: the budget is another matter."""
    fleet.now = BASELINE_DAY
    fleet.hosts = {"n1": NODE, "n2": NODE, "p1": {}, "p2": {"hotpatch_spread": "web"}, "p3": {**GONE, "hotpatch_spread": "web"}}
    give_hooks(fleet, ("drain", "resume"))
    broken = fleet.folder / "broken.yml"
    broken.write_text(json.dumps([{"name": "hook drain", "ansible.builtin.fail": {"msg": "no"}}]))
    fleet.hosts["n1"] = {**fleet.hosts["n1"], "hotpatch_drain": str(broken)}
    done = run(fleet, hotpatch_serial=2)
    assert done.returncode == 2
    assert words(done) == {"n1": "failed", "n2": "refused", "p1": "installed", "p2": "refused", "p3": "unreachable"}
    assert "budget_spent: n1 of the same group (failover cluster SQL01) has ended badly" in done.table()["n2"]
    assert "budget_spent: p3 of the same group (hotpatch_spread web)" in done.table()["p2"]
    assert (order(done, "n2"), order(done, "p2")) == ([], [])
    assert (restarts(fleet, "n2"), restarts(fleet, "p1")) == (0, 1)


def test_one_host_that_cannot_be_reached_does_not_end_the_run_of_a_small_fleet(fleet: Any) -> None:
    """It is not asked a second time, and batches of one host are none of its doing."""
    fleet.now = BASELINE_DAY
    fleet.hosts = {"a": GONE, "b": {}, "c": {}}
    done = run(fleet)
    assert done.returncode == 2
    assert batches(done) == [["a"], ["b"], ["c"]]
    assert words(done) == {"a": "unreachable", "b": "installed", "c": "installed"}
    assert len(fleet.log("a")) == 1


def test_a_rollback_of_both_nodes_takes_one_after_the_other(fleet: Any) -> None:
    fleet.hosts = {"a": NODE, "b": NODE, "c": {}}
    assert run(fleet).returncode == 0
    before = time.time()
    rollback = {"playbook": "rollback", "hotpatch_hosts": "all", "hotpatch_rollback_kb": "KB5068966"}
    done = run(fleet, "allowed", hotpatch_serial="100%", **rollback)
    assert done.returncode == 0, done.output
    assert batches(done) == [["a", "c"], ["b"]]
    assert never_together(fleet, ("a", "b"), before)
    assert set(words(done).values()) == {"rolled_back"}


def test_of_two_nodes_with_failed_health_tasks_one_is_rolled_back(fleet: Any) -> None:
    """A hotpatch restarts nobody, so both are in one batch; to take it off again does."""
    fleet.hosts = {"a": NODE, "b": NODE}
    give_hooks(fleet, ("health",), failing="health")
    done = run(fleet)
    assert done.returncode == 2
    assert batches(done) == [["a", "b"]]
    assert words(done) == {"a": "rolled_back", "b": "failed"}
    assert (restarts(fleet, "a"), restarts(fleet, "b")) == (1, 0)
    assert "It is still installed: taking it off restarts the host, and a of the same group (failover cluster SQL01)" in done.output


def test_a_host_that_turns_out_to_restart_is_not_among_hosts_that_do_not(fleet: Any) -> None:
    """Its memory cannot be relied on, so it is asked again, and meanwhile the update client has changed its mind."""
    later = "2025-11-11T18:00:01Z"
    asked_again = {"fault": "memory_garbage", "text": "no memory"}
    fleet.hosts = {
        "a": {**NODE, "speed": 60, "faults": [asked_again, {"fault": "restart_check_wrong", "answer": True, "from": later}]},
        "b": NODE,
    }
    done = run(fleet)
    assert batches(done) == [["a", "b"]]
    assert [words(done)[host] for host in fleet.hosts] == ["refused", "installed"]
    assert "plan_drift: When the batches of this run were made nothing was to restart this host" in done.table()["a"]
    assert (restarts(fleet, "a"), fleet.state("a")["counters"]["installs"]) == (0, 0)


def test_what_is_seen_is_used_once_and_not_by_another_playbook(fleet: Any) -> None:
    """Two cycles in one run: the second one asks every host anew."""
    fleet.hosts = {"a": NODE, "b": NODE}
    book = fleet.folder / "twice.yml"
    book.write_text(json.dumps([{"ansible.builtin.import_playbook": "winops.hotpatch.cycle"}] * 2))
    extra = {"hotpatch_now": fleet.now, "hotpatch_records": str(fleet.folder / "records"), "hotpatch_restart_policy": "allowed"}
    done = run_playbook(fleet.folder, str(book), fleet.inventory(), "-e", json.dumps(extra))
    assert done.returncode == 0, done.output
    assert {host: looks(fleet, host) for host in fleet.hosts} == {"a": 5, "b": 5}
