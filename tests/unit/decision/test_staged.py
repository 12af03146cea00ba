# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A restart brings into force what is staged, so it is judged like its installation, that of a rollback too."""

from __future__ import annotations

from typing import Any

from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy, RestartPolicy
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, at, change, decision_of, host, outcome, package, record_of

NOW = "2026-05-20"
APRIL, MAY, LCU = "KB5082063", "KB5087423", "KB5087539"
PENDING = {"causes": [{"source": "component_based_servicing", "detail": None}]}
HERE = host("ws2025", APRIL, MAY, now=NOW)


def staged(*more: dict[str, Any]) -> dict[str, Any]:
    return change(HERE, packages=[*HERE["packages"], *more], pending=PENDING)


def stranger(state: str = "InstallPending") -> dict[str, Any]:
    return {
        **package("ws2025", MAY, state),
        "identity": "Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.39999.1.1",
        "kb": None,
    }


def test_what_no_release_explains_is_not_restarted_into() -> None:
    found = decision_of(staged(stranger()), NOW, restart="allowed")
    assert outcome(found) == "refuse:restart_unknown"
    assert "26100.39999" in found.reason
    assert "Update the catalog" in str(found.remedy)
    # One that goes with the restart, or that is no cumulative update of Windows, is another matter.
    assert outcome(decision_of(staged(stranger("UninstallPending")), NOW, restart="allowed")) == "restart:None"
    other = {**stranger(), "identity": "Package_for_DotNetRollup_481~31bf3856ad364e35~amd64~~10.0.9300.1"}
    assert outcome(decision_of(staged(other), NOW, restart="allowed")) == "restart:None"


def test_a_rollback_does_not_restart_into_what_leaves_the_track() -> None:
    raw = staged(package("ws2025", LCU, "InstallPending"))
    found = decide_removal(record_of(raw, NOW), CATALOG, Policy(), RestartPolicy.ALLOWED, at(NOW), MAY)
    assert (found.action.value, found.code, found.steps) == ("refuse", "leaves_track", ())
    assert LCU in found.reason
    whole = decide_removal(record_of(HERE, NOW), CATALOG, Policy(), RestartPolicy.ALLOWED, at(NOW), MAY)
    assert whole.action.value == "remove"
