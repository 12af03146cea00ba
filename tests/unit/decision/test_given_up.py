# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An update that failed on a host, or that Windows undid, in two runs is not tried a third time by itself."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import HostHistory
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, decision_of, good_offer, host, outcome, record_of

NOW = "2026-08-20"
HOTPATCH = "KB5120228"
DUE = change(host("ws2025", "KB5099536", now=NOW), offers=[good_offer("ws2025", HOTPATCH)])
ONCE, TWICE = (HostHistory(failures={HOTPATCH: times}) for times in (1, 2))


def test_the_third_try_is_left_to_a_person() -> None:
    """Who names it has it tried again."""
    assert outcome(decision_of(DUE, NOW, context=ONCE)) == f"install:{HOTPATCH}"
    result = decision_of(DUE, NOW, context=TWICE)
    assert outcome(result) == "refuse:denied"
    assert f"kb={HOTPATCH}" in str(result.remedy)
    assert outcome(decision_of(DUE, NOW, context=TWICE, kb=HOTPATCH)) == f"install:{HOTPATCH}"


def test_it_shows_as_failed_as_long_as_it_is_wanted() -> None:
    """Once it is in force, however it came there, or another one took its place, the host is judged as it is."""
    assert record_of(DUE, NOW, context=ONCE).state == "hotpatch_due"
    assert record_of(DUE, NOW, context=TWICE).state == "failed"
    assert record_of(host("ws2025", "KB5099536", HOTPATCH, now=NOW), NOW, context=TWICE).state == "current"
    assert record_of(DUE, NOW, context=HostHistory(failures={"KB5099536": 2})).state == "hotpatch_due"
