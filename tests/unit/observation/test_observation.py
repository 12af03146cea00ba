# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the answer of a host."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import change, host

GOOD = host("ws2025", "KB5099536", "KB5120228")


def test_a_good_answer_is_read_whole() -> None:
    """Every section is known and there is no error."""
    seen = parse_observation(GOOD)
    assert seen.errors == ()
    assert all(getattr(seen, name) is not None for name in seen.__slots__)
    assert str(seen.os.full_build) == "26100.33222"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "changes",
    [
        {"os__build": "26100"},
        {"os__build": True},
        {"os__product_type": 9},
        {"os__architecture": "sparc"},
        {"os__ubr": 2**70},
        {"vbs__status": 3},
        {"pending": {}},
        {"pending": {"causes": [7]}},
        {"pending": {"causes": [{"detail": "x"}]}},
        {"history": [{"kb": "none"}]},
        {"history": "KB5120228"},
        {"quick_fixes": [5120228]},
        {"packages": [{"identity": ""}]},
        {"offers": [{"title": "x"}]},
        {"offers": [{"kbs": ["KB5120228"], "reboot_behavior": 7}]},
        {"boot_time": "yesterday"},
        {"boot_time": "2026-02-30T00:00:00Z"},
        {"observed_at": "2026-08-20 18:00"},
        {"servicing__in_progress": "no"},
        {"monitor": {"service": "running", "task": "ready", "events": [{}]}},
        {"quick_fixes": ["KB5120228"] * 6000},
    ],
)
def test_a_wrong_section_is_unknown_and_says_why(changes: dict[str, Any]) -> None:
    """One wrong item makes its section unknown: the item left out might be the one that matters."""
    section = next(iter(changes)).partition("__")[0]
    seen = parse_observation(change(GOOD, **changes))
    assert getattr(seen, section) is None
    assert [error.probe for error in seen.errors] == [section]
    assert seen.errors[0].message
    assert seen.os is not None or section == "os"


def test_a_missing_section_is_an_error_and_a_null_one_is_not() -> None:
    """Null means not gathered; a section that is not there at all breaks the contract."""
    assert parse_observation(change(GOOD, monitor=None)).errors == ()
    raw = change(GOOD)
    del raw["monitor"]
    assert [error.probe for error in parse_observation(raw).errors] == ["monitor"]


@pytest.mark.parametrize("raw", [None, 7, "x", [], {}, {"schema": "winops.hotpatch/observation/2"}])
def test_another_schema_is_not_read(raw: object) -> None:
    """What is not known to be an observation of this version says nothing."""
    seen = parse_observation(raw)
    assert seen.os is None
    assert [error.probe for error in seen.errors] == ["schema"]


def test_text_of_a_host_is_cut_and_cleaned() -> None:
    """Control characters and endless lines do not reach reports."""
    raw = change(GOOD, os__product_name="A\x1b[31m\nB" + "x" * 5000, errors=[{"probe": "disk", "hresult": None, "message": "y" * 5000}])
    seen = parse_observation(raw)
    assert seen.os is not None
    name = seen.os.product_name or ""
    assert name.startswith("A [31m B")
    assert len(name) == 120
    assert len(seen.errors[0].message or "") == 500
