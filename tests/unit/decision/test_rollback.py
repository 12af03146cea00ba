# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rollback would remove, and what it leaves."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.removal import RollbackPlan, plan_rollback
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import PolicyError
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, Raw, at, change, host, package, record_of

NOW = "2026-08-20"
GOOD = host("ws2025", "KB5099536", "KB5120228", now=NOW)
TWO = change(
    host("ws2025", "KB5073379", "KB5075942", "KB5078736", now="2026-03-20"),
    packages=[package("ws2025", "KB5073379"), package("ws2025", "KB5075942"), package("ws2025", "KB5078736")],
)
STACK = {"identity": "Package_for_ServicingStack_33222~31bf3856ad364e35~amd64~~26100.33222.1.1", "state": "Installed", "kb": None}


def plan(raw: Raw | None, now: str = NOW, **options: Any) -> RollbackPlan:
    """Return the plan for RAW."""
    result = plan_rollback(record_of(raw, now), CATALOG, at(now), **options)
    json.dumps(result.to_dict())
    return result


def test_the_newest_hotpatch_goes_and_its_baseline_stays() -> None:
    """By default what is in force; exposed and denied until the next planned baseline."""
    result = plan(GOOD)
    assert (result.action, result.kb, result.kind) == ("remove", "KB5120228", "hotpatch")
    assert result.remove == (package("ws2025", "KB5120228")["identity"],)
    assert result.restore is not None
    assert (result.restore.kb, result.restore_needed) == ("KB5099536", False)
    data = result.to_dict()
    assert data["restart"] == "yes"
    assert data["exposure"] == {"since": "2026-08-20T18:00:00Z", "until": "2026-10-13", "kbs": ["KB5120228"]}
    assert data["deny"] == [{"kb": "KB5120228", "until": "2026-10-13"}]


def test_a_package_without_kb_is_found_by_its_build() -> None:
    """Real packages name no KB; the servicing stack of the same build is never touched."""
    raw = change(GOOD, packages=[STACK, package("ws2025", "KB5120228", named=False)])
    assert plan(raw).remove == (package("ws2025", "KB5120228")["identity"],)
    assert plan(raw).restore_needed is True
    assert plan(raw, restore_baseline=False).restore is None


def test_only_the_newest_can_go_first() -> None:
    """To remove the first hotpatch of a cycle the second goes before it."""
    result = plan(TWO, "2026-03-20", kb="KB5075942")
    assert result.remove == (package("ws2025", "KB5078736")["identity"], package("ws2025", "KB5075942")["identity"])
    assert result.removed_kbs == ("KB5078736", "KB5075942")
    assert result.restore is not None
    assert result.restore.kb == "KB5073379"
    assert plan(TWO, "2026-03-20").removed_kbs == ("KB5078736",)


def test_a_baseline_falls_back_to_the_one_before() -> None:
    """The last good baseline of a baseline is the older one, to be put back where it is not there any more."""
    july = host("ws2025", "KB5099536", now="2026-07-20")
    result = plan(july, "2026-07-20")
    assert result.restore is not None
    assert (result.kind, result.restore.kb, result.restore_needed) == ("baseline", "KB5094125", True)
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
    assert result.remove == ()
    assert result.reason.endswith((".", "UTC."))


def test_a_name_that_is_none() -> None:
    """A malformed KB number is a mistake of the caller."""
    with pytest.raises(PolicyError, match="KB5094125"):
        plan(GOOD, kb="latest")
