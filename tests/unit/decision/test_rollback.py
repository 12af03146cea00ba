# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollback would remove, and what it leaves."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Decision, Removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.names import KbError
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, Raw, at, change, host, package, policy_of, record_of

NOW = "2026-08-20"
GOOD = host("ws2025", "KB5099536", "KB5120228", now=NOW)
TWO = change(
    host("ws2025", "KB5073379", "KB5075942", "KB5078736", now="2026-03-20"),
    packages=[package("ws2025", "KB5073379"), package("ws2025", "KB5075942"), package("ws2025", "KB5078736")],
)
STACK = {"identity": "Package_for_ServicingStack_33222~31bf3856ad364e35~amd64~~26100.33222.1.1", "state": "Installed", "kb": None}


def plan(raw: Raw | None, now: str = NOW, *, restart: str = "allowed", policy: Raw | None = None, **options: Any) -> Decision:
    """Return the decision of a rollback for RAW."""
    result = decide_removal(record_of(raw, now), CATALOG, policy_of(policy), RestartPolicy(restart), at(now), **options)
    json.dumps(result.to_dict())
    assert bool(result.steps) == result.action.acts
    return result


def removal(raw: Raw | None, now: str = NOW, **options: Any) -> Removal:
    """Return what a rollback would take off and put back on RAW."""
    found = plan(raw, now, **options).removal
    assert found is not None
    return found


def steps(decision: Decision) -> list[str]:
    """Return the steps of DECISION in short."""
    return [f"{step.action} {step.kb}" for step in decision.steps]


def test_the_newest_hotpatch_goes_and_its_baseline_stays() -> None:
    """By default what is in force; exposed and denied until the next planned baseline."""
    result = plan(GOOD)
    assert (result.action, result.kb, result.kind) == ("remove", "KB5120228", "hotpatch")
    found = removal(GOOD)
    assert found.packages == (package("ws2025", "KB5120228")["identity"],)
    assert found.restore is not None
    assert (found.restore.kb, found.restore_needed) == ("KB5099536", False)
    assert steps(result) == ["remove KB5120228", "restart KB5120228"]
    assert result.steps[0].package == found.packages[0]
    data = result.to_dict()
    assert (data["remove"], data["restore_kb"], data["restore_needed"]) == (list(found.packages), "KB5099536", False)
    assert data["steps"][0] == {
        "action": "remove",
        "kb": "KB5120228",
        "title": None,
        "update_ids": [],
        "package": found.packages[0],
        "restart": "yes",
    }
    assert (data["month"], data["restart_allowed"], data["until"]) == ("2026-08", True, "2026-10-13")
    assert data["restart"] == "yes"
    assert data["exposure"] == {"since": "2026-08-20T18:00:00Z", "until": "2026-10-13", "kbs": ["KB5120228"]}
    assert data["deny"] == [{"kb": "KB5120228", "until": "2026-10-13"}]


def test_a_package_without_kb_is_found_by_its_build() -> None:
    """Real packages name no KB; the servicing stack of the same build is never touched."""
    raw = change(GOOD, packages=[STACK, package("ws2025", "KB5120228", named=False)])
    assert removal(raw).packages == (package("ws2025", "KB5120228")["identity"],)
    assert removal(raw).restore_needed is True
    assert steps(plan(raw))[2:] == ["install KB5099536", "restart KB5099536"]
    assert removal(raw, restore_baseline=False).restore is None
    assert len(plan(raw, restore_baseline=False).steps) == 2


def test_only_the_newest_can_go_first() -> None:
    """To remove the first hotpatch of a cycle the second goes before it."""
    assert steps(plan(TWO, "2026-03-20", kb="KB5075942")) == ["remove KB5078736", "remove KB5075942", "restart KB5075942"]
    result = removal(TWO, "2026-03-20", kb="KB5075942")
    assert result.packages == (package("ws2025", "KB5078736")["identity"], package("ws2025", "KB5075942")["identity"])
    assert result.kbs == ("KB5078736", "KB5075942")
    assert result.restore is not None
    assert result.restore.kb == "KB5073379"
    assert removal(TWO, "2026-03-20").kbs == ("KB5078736",)


def test_a_baseline_falls_back_to_the_one_before() -> None:
    """The last good baseline of a baseline is the older one, to be put back where it is not there any more."""
    july = host("ws2025", "KB5094125", "KB5099536", now="2026-07-20")
    assert removal(july, "2026-07-20").restore_needed is False, "Windows gives back what the removed one has replaced"
    july = change(july, packages=[package("ws2025", "KB5099536")])
    result = removal(july, "2026-07-20")
    assert result.restore is not None
    assert (plan(july, "2026-07-20").kind, result.restore.kb, result.restore_needed) == ("baseline", "KB5094125", True)
    assert str(result.deny_until) == "2026-10-13"


def test_a_date_of_ones_own() -> None:
    """deny_until replaces the forecast."""
    assert plan(GOOD, deny_until=date(2026, 9, 1)).to_dict()["exposure"]["until"] == "2026-09-01"


@pytest.mark.parametrize(
    ("raw", "options", "expected"),
    [
        (None, {}, ("refuse", "unknown_host")),
        (change(GOOD, os=None), {}, ("refuse", "unknown_host")),
        (change(GOOD, packages=None), {}, ("refuse", "unknown_host")),
        (change(GOOD, packages=[STACK]), {}, ("refuse", "unknown_host")),
        (change(GOOD, servicing__in_progress=True), {}, ("refuse", "busy")),
        (change(GOOD, pending={"causes": [{"source": "windows_update", "detail": None}]}), {}, ("refuse", "pending_restart")),
        (GOOD, {"kb": "KB5120233"}, ("refuse", "unknown_host")),
        (GOOD, {"kb": "KB5087423"}, ("none", None)),
        (host("ws2025", "KB5099536", "KB5120233"), {}, ("none", None)),
    ],
)
def test_what_stops_a_rollback(raw: Raw | None, options: dict[str, Any], expected: tuple[str, str | None]) -> None:
    """Nothing is removed on a guess."""
    result = plan(raw, **options)
    assert (result.action, result.code.value if result.code else None) == expected
    assert result.removal == Removal()
    assert result.reason.endswith((".", "UTC."))


def test_a_name_that_is_none() -> None:
    """A KB that is no KB is a mistake of who asked."""
    with pytest.raises(KbError, match=r"^kb: .*KB5094125"):
        plan(GOOD, kb="latest")


@pytest.mark.parametrize(
    ("restart", "policy", "code"),
    [
        ("never", {}, "restart_not_allowed"),
        ("planned", {}, "restart_not_allowed"),
        ("allowed", {"hold": {"reason": "audit"}}, "held"),
        ("allowed", {"freezes": [{"from": "2026-08-01", "to": "2026-09-01"}]}, "frozen"),
        ("allowed", {"windows": [{"from": "2026-09-01", "to": "2026-09-02"}]}, "outside_window"),
    ],
)
def test_a_rollback_asks_for_its_restart(restart: str, policy: Raw, code: str) -> None:
    """What would go is told all the same, so that a person can decide."""
    result = plan(GOOD, restart=restart, policy=policy)
    data = result.to_dict()
    assert (data["action"], data["code"], data["restart"], data["restart_allowed"]) == ("refuse", code, "yes", False)
    assert (data["kb"], data["remove"]) == ("KB5120228", [package("ws2025", "KB5120228")["identity"]])
    assert result.reason.startswith("A rollback of KB5120228 is a planned restart. ")
    assert result.remedy


def test_a_refusal_is_dated_by_what_stops_it_and_a_denial_by_its_own_end() -> None:
    """A freeze ends on another day than the exposure that the removal would bring."""
    data = plan(GOOD, policy={"freezes": [{"from": "2026-08-01", "to": "2026-09-01T00:00:00Z"}]}).to_dict()
    assert data["until"] == "2026-09-01"
    assert data["deny"] == [{"kb": "KB5120228", "until": "2026-10-13"}]
