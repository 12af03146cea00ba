# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollback writes down before it acts, and takes back where nothing came of it (_actions/removing)."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.removing import remember, take_back
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import decide_removal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, at, change, host, package, record_of

NOW = "2026-03-20"
OLDER, NEWER = "KB5075942", "KB5078736"
KBS = ("KB5073379", OLDER, NEWER)
TWO = change(host("ws2025", *KBS, now=NOW), packages=[package("ws2025", kb) for kb in KBS])
REMOVAL = decide_removal(record_of(TWO, NOW), CATALOG, Policy(), RestartPolicy.ALLOWED, at(NOW), OLDER).removal or Removal()


def states(**found: str) -> list[dict[str, Any]]:
    return [package("ws2025", kb, found.get(kb, "Installed")) for kb in KBS]


@pytest.mark.parametrize(
    ("packages", "removed", "denied"),
    [
        (states(), [], []),
        (states(**{NEWER: "UninstallPending"}), REMOVAL.packages[:1], [NEWER]),
        # Windows shows it as ever, although DISM has taken it off.
        (states(), REMOVAL.packages[:1], [NEWER]),
        # What cannot be read takes nothing back.
        (None, [], [NEWER, OLDER]),
        (states()[:1], [], [NEWER, OLDER]),
    ],
)
def test_only_what_is_there_still_is_not_denied(packages: Any, removed: Any, denied: list[str]) -> None:
    run = RunRecord("host1", "1", at(NOW), "allowed", "rollback", None)
    remember(run, REMOVAL)
    assert [entry["kb"] for entry in run.denied] == [NEWER, OLDER]
    run.removed = list(removed)
    take_back(run, record_of(change(TWO, packages=packages), NOW), REMOVAL)
    assert [entry["kb"] for entry in run.denied] == denied
    assert (run.exposure["kbs"] if run.exposure else []) == denied
