# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches of the hosts of one run: of a slice, within a limit, of hosts with any name, and in a listing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.batches.batched import (
    BASELINE_DAY,
    OBSERVE,
    batches,
    never_together,
    run,
    words,
)

NODE = {"cluster": "SQL01"}
PARIS = {"roles": ["domain_controller"], "domain": "corp.example.test", "site": "Paris"}
LYON = {**PARIS, "site": "Lyon"}
SLICE = {"awx_workflow_job_name": "patch", "awx_job_template_name": "patch"}


def test_a_slice_does_not_restart_members_of_groups(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts = {"n": NODE, "p": {}, "q": {}, "s": {"hotpatch_spread": "web"}}
    done = run(fleet, "allowed", **SLICE)
    assert done.returncode == 0, done.output
    assert words(done) == {"n": "refused", "p": "installed", "q": "installed", "s": "refused"}
    assert "group_split: This job is a slice" in done.table()["n"]
    assert "failover cluster SQL01" in done.output
    assert "hotpatch_spread web" in done.output
    assert "set the slice count of the job template to 1" in done.remedies()["s"]
    assert [entry["name"] for entry in fleet.log("n")] == [OBSERVE]
    fleet.hosts = {"n": NODE}
    alone = run(fleet, "allowed", **SLICE)
    assert words(alone) == {"n": "refused"}, "a slice of one host as well"
    whole = run(fleet, "allowed", awx_workflow_job_name="night", awx_job_template_name="patch")
    assert words(whole) == {"n": "installed"}


def test_check_mode_and_a_limit_make_the_same_batches(fleet: Any) -> None:
    fleet.now = BASELINE_DAY
    fleet.hosts = {"n1": NODE, "n2": NODE, "p": {}}
    checked = run(fleet, "allowed", "--check", "--limit", "n2,p")
    assert batches(checked) == [["n2"], ["p"]]
    assert words(checked) == {"n2": "would_install", "p": "would_install"}
    done = run(fleet, "allowed", "--limit", "n1,n2")
    assert batches(done) == [["n1"], ["n2"]]
    assert never_together(fleet, ("n1", "n2"))


NAMES = ("web:22", "!bad", "&and", "~re.*", "a[1]", "a", "x*", "has space", "comma,comma", "fe80::1", "10.0.0.1", "ungr")


def test_hosts_are_chosen_by_their_names_and_never_by_patterns(fleet: Any) -> None:
    """A dynamic inventory may name hosts as it likes, and a host may say what it likes of its cluster."""
    hostile = "{{ lookup('pipe', 'touch " + str(fleet.folder / "pwned") + "') }}"
    script = fleet.folder / "inventory.sh"
    variables = {
        "ansible_connection": "winops.hotpatch.rehearsal",
        "hotpatch_rehearsal_truth": str(fleet.truth),
        "hotpatch_rehearsal_now": BASELINE_DAY,
    }
    lies = {"hotpatch_rehearsal_cluster": {"__ansible_unsafe": hostile}}
    made = {"win": {"hosts": list(NAMES), "vars": variables}, "_meta": {"hostvars": {"a": lies}}}
    script.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(made)}\nEND\n")
    script.chmod(0o755)
    fleet.inventory = lambda: script
    fleet.now = BASELINE_DAY
    done = run(fleet, "allowed", "-v", hotpatch_serial=5)
    assert done.returncode == 0, done.output
    assert batches(done) == [list(NAMES[:5]), list(NAMES[5:10]), list(NAMES[10:])]
    assert "WARNING" not in done.output
    assert not (fleet.folder / "pwned").exists()


@pytest.mark.parametrize("playbook", ["cycle", "rollback"])
@pytest.mark.parametrize("listing", ["--list-hosts", "--list-tasks", "--syntax-check"])
def test_listings_need_nothing_that_has_run(fleet: Any, playbook: str, listing: str) -> None:
    done = run(fleet, "allowed", listing, playbook=playbook, hotpatch_hosts="srv01")
    assert done.returncode == 0, done.output
