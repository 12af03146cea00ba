# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What earlier runs left, and others leave meanwhile: what was cut off, who else is at work, and how often records are read for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.claiming import claim
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.host import Host
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.options import read_options
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.past import Past, _with_restarts, what_came_before
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Action
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.restart_journal import MOST
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.run_record import RunRecord
from ansible_collections.winops.hotpatch.plugins.plugin_utils._run_records.store import HostRecords, RunStore
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.outcome import Outcome
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import at, change, decision_of, host, offer, package, record_of, stamp

NOW = "2026-05-20"
APRIL, MAY = "KB5082063", "KB5087423"
HERE = host("ws2025", APRIL, now=NOW)


def run_of(store: RunStore, name: str, **more: Any) -> RunRecord:
    run = RunRecord("host1", name, at(NOW), "never", "auto", store, decision={"action": "install", "kb": MAY}, **more)
    run.claim()
    run.save()
    return run


def known(store: RunStore, own: str) -> Host:
    def never(name: str, args: dict[str, Any], limit: float | None = None) -> dict[str, Any]:
        raise AssertionError(name)

    return Host("host1", read_options({}, at(NOW)), datetime.now(UTC), never, never, past=Past(store, "host1", own))


def test_a_run_that_began_meanwhile_is_seen_before_the_act(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    mine = run_of(store, "mine")
    before = record_of(HERE, NOW)
    decision = decision_of(change(HERE, offers=[offer(MAY, behavior=0, restart_check=False)]), NOW)
    assert decision.action is Action.INSTALL
    here = known(store, mine.run_id)
    assert claim(here, mine, before, decision) is None, "its own open record is not another run"
    other = run_of(store, "other")
    refused = claim(here, mine, before, decision)
    assert refused is not None
    assert (refused.action, refused.code, refused.kb) == (Action.REFUSE, "busy", MAY)
    assert "The run other is at work" in refused.reason
    other.finish(Outcome.REFUSED, at(NOW))
    assert claim(here, mine, before, decision) is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (host("ws2025", APRIL, MAY, now=NOW), f"{MAY} was installed by the run dead, which was cut off: it is in force."),
        (
            change(
                HERE,
                packages=[*HERE["packages"], package("ws2025", MAY, "InstallPending")],
                pending={"causes": [{"source": "component_based_servicing", "detail": None}]},
            ),
            f"{MAY} was installed by the run dead, which was cut off: it waits for a restart.",
        ),
        (HERE, None),
    ],
    ids=["in force", "staged", "neither"],
)
def test_what_a_run_that_was_cut_off_had_installed_is_said(tmp_path: Path, raw: dict[str, Any], said: str | None) -> None:
    dead = run_of(RunStore(tmp_path), "dead")
    dead.finish(Outcome.INTERRUPTED, at(NOW))
    history = Past(RunStore(tmp_path), "host1").history(at(NOW), judge_last_run=True)
    told = what_came_before(record_of(raw, NOW, context=history))
    assert told[0].startswith("This run follows the run dead")
    assert told[1:] == ([said] if said else [])


def test_records_are_read_once_for_a_look_and_not_again_for_what_the_next_run_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path)
    read: list[str] = []
    real = RunStore.of_host

    def counted(self: RunStore, name: str) -> HostRecords:
        read.append(name)
        return real(self, name)

    monkeypatch.setattr(RunStore, "of_host", counted)
    mine = run_of(store, "mine")
    past = Past(store, "host1", mine.run_id)
    store.check_host("host1")
    past.history(at(NOW), judge_last_run=False)
    past.with_this(mine, Outcome.INSTALLED, at(NOW))
    assert read == ["host1"]


def test_of_many_restarts_the_newest_are_told() -> None:
    """A host that starts again and again would fill each result with them."""
    days = [at(NOW) - timedelta(days=day) for day in range(40, 0, -1)]
    nothing = dict.fromkeys(("process", "user", "reason", "reason_code", "comment", "bug_check"))
    starts = [{**nothing, "id": 12, "time": stamp(day)} for day in days]
    raw = change(HERE, boot_time=stamp(days[-1]), restarts=starts)
    seen = parse_observation(raw)
    found = _with_restarts(HostHistory(boot_time=days[0] - timedelta(days=1)), seen)
    assert len(found.new_restarts) == MOST
    told = what_came_before(record_of(raw, NOW, context=found))
    assert len(told) == 6
    assert "again and again" in told[0]
    assert f"{days[-1]:%Y-%m-%d %H:%M}" in told[-1]
