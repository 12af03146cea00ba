# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollback on a host on which one was begun before: it is finished, never widened, and gives back only what the host had."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Decision, Removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import RestartPolicy
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import (
    CATALOG,
    Raw,
    at,
    change,
    decision_of,
    good_offer,
    host,
    outcome,
    package,
    policy_of,
    record_of,
)

NOW = "2026-08-20"
BASELINE, HOTPATCH = "KB5099536", "KB5120228"
ON_BASELINE = host("ws2025", BASELINE, now=NOW)
ON_HOTPATCH = host("ws2025", BASELINE, HOTPATCH, now=NOW)
HALF = change(
    ON_HOTPATCH,
    packages=[package("ws2025", BASELINE, "Superseded"), package("ws2025", HOTPATCH, "UninstallPending")],
    pending={"causes": [{"source": "component_based_servicing", "detail": None}]},
)
TOLD = HostHistory(rolled_back={"kb": HOTPATCH, "kbs": [HOTPATCH], "since": "2026-08-19T20:00:00Z", "until": "2026-09-08"})


def removed(raw: Raw, *kbs: str) -> Raw:
    """Return RAW with the removal of KBS on top of its history."""
    entry = {"title": "x", "date": "2026-08-19T21:00:00Z", "operation": "uninstall", "result_code": 2, "hresult": 0}
    return change(raw, history=[*({**entry, "kb": kb} for kb in kbs), *raw["history"]])


def decide(
    raw: Raw, history: HostHistory | None = None, *, restart: str = "allowed", policy: Raw | None = None, **options: Any
) -> Decision:
    """Return the decision of a rollback for RAW."""
    record = record_of(raw, NOW, context=history)
    return decide_removal(record, CATALOG, policy_of(policy), RestartPolicy(restart), at(NOW), **options)


def steps(decision: Decision) -> list[str]:
    """Return the steps of DECISION in short."""
    return [f"{step.action} {step.kb}" for step in decision.steps]


@pytest.mark.parametrize(
    ("raw", "history"),
    [(ON_BASELINE, TOLD), (removed(ON_BASELINE, HOTPATCH), None), (removed(ON_BASELINE, HOTPATCH), TOLD)],
    ids=["told by records", "seen on the host", "both"],
)
@pytest.mark.parametrize("kb", [None, HOTPATCH])
def test_what_is_gone_is_not_followed_by_what_is_below(raw: Raw, history: HostHistory | None, kb: str | None) -> None:
    """Neither the baseline goes nor anything else, and what is to be remembered is said once more."""
    result = decide(raw, history, kb=kb)
    assert (result.action, result.steps) == ("none", ())
    assert "already rolled back" in result.reason
    assert BASELINE in str(result.remedy)
    assert result.removal is not None
    assert result.removal.kbs == (HOTPATCH,)
    assert str(result.removal.deny_until) == ("2026-09-08" if history else "2026-10-13")


def test_what_is_named_goes_although_something_was_rolled_back() -> None:
    """A person asks for it."""
    assert steps(decide(ON_BASELINE, TOLD, kb=BASELINE))[0] == f"remove {BASELINE}"


def test_what_was_installed_since_ends_it() -> None:
    """The same update again, or a newer one: the host as it is counts."""
    for raw in (ON_HOTPATCH, removed(ON_HOTPATCH, HOTPATCH)):
        assert steps(decide(raw, TOLD))[0] == f"remove {HOTPATCH}"
    installed = removed(ON_BASELINE, HOTPATCH)
    installed["history"] = [{**installed["history"][1], "date": "2026-08-19T23:00:00Z"}, *installed["history"]]
    assert steps(decide(installed))[0] == f"remove {BASELINE}"


@pytest.mark.parametrize("history", [None, TOLD], ids=["of another controller", "told by records"])
@pytest.mark.parametrize("kb", [None, HOTPATCH])
def test_a_removal_that_waits_is_finished(history: HostHistory | None, kb: str | None) -> None:
    """It restarts, as far as that is allowed, and takes nothing more."""
    result = decide(HALF, history, kb=kb)
    assert (result.action, steps(result)) == ("remove", [f"restart {HOTPATCH}"])
    assert result.removal is not None
    assert (result.removal.packages, result.removal.kbs) == ((package("ws2025", HOTPATCH)["identity"],), (HOTPATCH,))
    refused = decide(HALF, history, kb=kb, restart="never")
    assert (refused.action, refused.code) == ("refuse", "restart_not_allowed")
    held = decide(HALF, history, kb=kb, policy={"hold": {"reason": "audit"}})
    assert (held.action, held.code) == ("refuse", "held")


def test_packages_that_an_interrupted_rollback_did_not_reach_go_as_well() -> None:
    """But only those of that rollback."""
    kbs = ("KB5073379", "KB5075942", "KB5078736")
    raw = host("ws2025", *kbs, now="2026-03-20")
    raw = change(raw, packages=[package("ws2025", kb, "UninstallPending" if kb == kbs[2] else "Installed") for kb in kbs])
    told = HostHistory(rolled_back={"kb": kbs[2], "kbs": [kbs[2], kbs[1]], "since": None, "until": "2026-04-14"})
    assert steps(decide(raw, told)) == [f"remove {kbs[1]}", f"restart {kbs[1]}"]
    assert steps(decide(raw)) == [f"restart {kbs[2]}"]


def test_the_baseline_that_the_host_had_is_put_back_after_an_interruption() -> None:
    """The removal is done, the host below its last good baseline."""
    raw = removed(host("ws2025", "KB5094125", BASELINE, now=NOW), BASELINE)
    raw = change(raw, os__ubr=1742, packages=[], quick_fixes=[])
    result = decide(raw)
    assert steps(result) == ["install KB5094125", "restart KB5094125"]
    assert steps(decide(raw, restore_baseline=False)) == []


def test_a_baseline_that_the_host_never_had_is_not_given_to_it() -> None:
    """One that it has skipped is not the last good one."""
    result = decide(ON_BASELINE)
    assert (result.removal or Removal()).restore is None
    assert steps(result) == [f"remove {BASELINE}", f"restart {BASELINE}"]
    assert "no baseline below it" in result.reason
    skipped = decide(host("ws2025", "KB5082063", BASELINE, now=NOW)).removal
    assert skipped is not None
    assert skipped.restore is not None
    assert skipped.restore.kb == "KB5082063"


def test_a_host_that_cannot_hotpatch_keeps_its_baseline_unless_it_is_named() -> None:
    """Its ordinary updates are not what nobody named."""
    raw = change(ON_BASELINE, vbs={"configured": 0, "status": 0})
    result = decide(raw)
    assert (result.action, result.code) == ("refuse", "not_eligible")
    assert BASELINE in str(result.remedy)
    assert decide(raw, kb=BASELINE).action == "remove"


OFFERED = change(ON_BASELINE, offers=[good_offer("ws2025", HOTPATCH)])


def test_what_was_removed_is_not_put_back_unasked_although_no_record_is_at_hand() -> None:
    """Another controller, or an empty folder: the host itself remembers, and a person may name it."""
    assert outcome(decision_of(OFFERED, NOW)) == f"install:{HOTPATCH}"
    raw = removed(OFFERED, HOTPATCH)
    result = decision_of(raw, NOW)
    assert (outcome(result), str(result.until)) == ("refuse:denied", "2026-10-13")
    assert "history of updates" in result.reason
    assert outcome(decision_of(raw, NOW, kb=HOTPATCH)) == f"install:{HOTPATCH}"


def test_a_denial_that_has_ended_ends_what_the_host_remembers() -> None:
    """Whoever rolled back said until when."""
    raw = removed(OFFERED, HOTPATCH)
    assert outcome(decision_of(raw, NOW, context=HostHistory(denials_over=frozenset({HOTPATCH})))) == f"install:{HOTPATCH}"


def test_what_waits_to_come_into_force_again_is_no_rollback_that_is_done() -> None:
    """It was installed since, and goes if it is named."""
    staged = [package("ws2025", BASELINE), package("ws2025", HOTPATCH, "InstallPending")]
    raw = change(ON_BASELINE, packages=staged)
    assert steps(decide(raw, TOLD, kb=HOTPATCH))[0] == f"remove {HOTPATCH}"
