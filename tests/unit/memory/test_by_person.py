# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person changes in the memory of a host: each deed changes one thing, and says who answers for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.by_person import (
    OWNER,
    REASON,
    Deed,
    Person,
    changed,
    lines,
)
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.lease import START_WITHIN, Lease
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.memory import Memory, read_memory

NOW = datetime(2026, 6, 14, 2, tzinfo=UTC)
WHO = Person("team-a", "tested in the lab", NOW, "2026-06-20")
KB = "KB5087423"
FULL = Memory(
    machine={"machine_guid": "x"},
    lease=Lease("t" * 32, "june", f"install {KB}", NOW, NOW + START_WITHIN),
    service={"run_id": "june", "since": "2026-06-14T01:00:00Z"},
    hold={"owner": "old", "reason": "older", "until": None},
    denied=({"kb": KB, "until": "2026-07-14"}, {"kb": "KB5082063", "until": None}),
    exposure={"kbs": [KB], "since": "2026-05-20T02:00:00Z", "until": "2026-07-14"},
    runs=tuple({"run_id": f"r{number}", "started_at": "2026-06-01T00:00:00Z", "outcome": "installed"} for number in range(5)),
)
SIGNED = {"owner": "team-a", "reason": "tested in the lab", "at": "2026-06-14T02:00:00Z"}


@pytest.mark.parametrize(
    ("deed", "part", "value"),
    [
        (Deed.HOLD, "hold", {**SIGNED, "until": "2026-06-20"}),
        (Deed.RELEASE, "hold", None),
        (Deed.END_CLAIM, "lease", None),
        (Deed.IN_SERVICE, "service", None),
    ],
)
def test_each_deed_changes_one_thing(deed: Deed, part: str, value: Any) -> None:
    found = changed(FULL, deed, WHO)
    assert getattr(found, part) == value
    others = {name for name in Memory.__dataclass_fields__ if name != part}
    assert {name for name in others if getattr(found, name) != getattr(FULL, name)} == set()
    assert read_memory(found.text()) == found


def test_a_lift_takes_the_denial_off_and_says_who_answers_for_it() -> None:
    found = changed(FULL, Deed.LIFT, WHO, KB)
    assert [entry["kb"] for entry in found.denied] == ["KB5082063"]
    assert found.lifted == ({"kb": KB, **SIGNED},)
    assert found.exposure == FULL.exposure, "the host still lacks the fix"
    again = changed(found, Deed.LIFT, Person("b", "c", NOW + timedelta(days=1)), KB)
    assert [entry["owner"] for entry in again.lifted] == ["b"]
    with pytest.raises(ValueError, match="names the update"):
        changed(FULL, Deed.LIFT, WHO)


def test_to_forget_leaves_nothing_but_the_machine_and_to_look_leaves_all() -> None:
    assert changed(FULL, Deed.FORGET, WHO) == Memory(machine=FULL.machine)
    assert changed(FULL, Deed.SHOW, WHO) is FULL
    assert [deed for deed in Deed if not deed.needs_owner] == [Deed.SHOW]


def test_a_person_reads_all_that_counts_and_few_of_the_runs() -> None:
    told = lines(changed(FULL, Deed.LIFT, WHO, KB))
    assert len(told) == 4 + 1 + 1 + 3
    text = "\n".join(told)
    for part in (
        "claimed by the run june for install",
        "out of service since",
        "held by old: older",
        "KB5082063 is denied",
        "exposed since",
        "r4",
    ):
        assert part in text
    assert "team-a" in text
    assert "r1" not in text
    assert lines(Memory()) == ["nothing is remembered"]
    assert all("\x1b" not in line for line in lines(Memory(hold={"owner": "\x1b[2J", "reason": None})))


def test_however_much_was_lifted_and_said_the_document_keeps_it() -> None:
    memory = FULL
    for number in range(100):
        memory = changed(memory, Deed.LIFT, Person("\u00e9" * OWNER, "\u20ac" * REASON, NOW), f"KB50{number:05d}")
    memory = changed(memory, Deed.HOLD, Person("\u00e9" * OWNER, "\u20ac" * REASON, NOW))
    kept = read_memory(memory.text())
    assert kept.lifted == memory.lifted
    assert kept.hold == memory.hold
