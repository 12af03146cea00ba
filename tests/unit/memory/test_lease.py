# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds a host, and when another run may take it over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._memory.lease import START_WITHIN, Lease, Seen, held, read_lease

NOON = datetime(2026, 6, 14, 12, 0, tzinfo=UTC)
LEASE = Lease("ab" * 16, "june", "install KB5094125", NOON, NOON + START_WITHIN, {"host": "one"})
LATER = NOON + timedelta(minutes=30)


def test_until_the_holder_must_have_begun_the_host_is_its_own() -> None:
    told = held(LEASE, Seen(NOON + timedelta(minutes=3), False, None))
    assert told is not None
    assert told.until == LEASE.start_by
    assert "june" in told.reason
    assert "install KB5094125" in told.reason
    assert "12:10 UTC" in told.reason


@pytest.mark.parametrize(("installing", "free"), [(False, True), (True, False), (None, False)])
def test_after_that_the_update_client_decides_and_silence_is_not_idle(installing: bool | None, free: bool) -> None:
    told = held(LEASE, Seen(LATER, installing, NOON - timedelta(days=9)))
    assert (told is None) is free
    assert told is None or (told.until is None and "restart the host by hand" in told.remedy)


def test_a_host_that_has_started_since_has_ended_what_was_begun() -> None:
    assert held(LEASE, Seen(LATER, None, NOON + timedelta(minutes=12))) is None
    assert held(LEASE, Seen(NOON + timedelta(minutes=4), False, NOON + timedelta(minutes=2))) is not None, "the holder is still about"


def test_a_holder_that_is_known_to_be_dead_is_not_waited_for_and_its_installation_is() -> None:
    early = NOON + timedelta(minutes=1)
    assert held(LEASE, Seen(early, False, None, holder_gone=True)) is None
    assert held(LEASE, Seen(early, True, None, holder_gone=True)) is not None
    assert held(LEASE, Seen(early, None, None, holder_gone=True)) is not None


def test_a_claim_from_far_in_the_future_was_written_by_a_wrong_clock() -> None:
    assert held(LEASE, Seen(NOON - timedelta(days=400), False, None)) is None
    assert held(LEASE, Seen(NOON - timedelta(days=400), True, None)) is not None


def test_a_claim_survives_the_way_to_text_and_back() -> None:
    assert read_lease(LEASE.to_dict()) == LEASE
    assert read_lease(None) is None


WHOLE: dict[str, Any] = LEASE.to_dict()


@pytest.mark.parametrize("wrong", [[], "x", {"token": "a"}, {**WHOLE, "since": "soon"}, {**WHOLE, "token": ""}])
def test_half_a_claim_is_none_and_is_told(wrong: Any) -> None:
    with pytest.raises(ValueError, match="lease"):
        read_lease(wrong)


def test_a_renewed_claim_keeps_its_beginning() -> None:
    again = LEASE.renewed(LATER)
    assert (again.since, again.start_by, again.token) == (NOON, LATER + START_WITHIN, LEASE.token)
