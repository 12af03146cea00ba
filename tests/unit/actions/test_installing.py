# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the update client is asked for one update: it compares a pattern with the title and the KB numbers, joined into one string."""

from __future__ import annotations

import re

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.installing import accepted

KB = "KB5087423"
TITLE = "2026-05 Hotpatch for Windows Server 2025 (x64) [C++, .NET] (KB5087423) (26100.32772)"


def fits(title: str, *numbers: str, offered: str | None = TITLE) -> bool:
    return re.search(accepted(KB, offered), title + " ".join(numbers), re.IGNORECASE) is not None


def test_the_update_itself_fits_whatever_its_blanks() -> None:
    assert fits(TITLE, "5087423")
    assert fits(TITLE.upper(), "5087423")
    assert fits(TITLE.replace(" ", " \t"), "5087423")
    assert fits("Ein Titel ohne Nummer", "5087423", offered="Ein Titel ohne Nummer")


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("2026-05 Cumulative Update (KB5087539), replaces KB5087423", "5087539"),
        (f"{TITLE} and more", "5087423"),
        (f"More: {TITLE}", "5087423"),
        (TITLE.replace("C++", "CCC"), "5087423"),
        (TITLE.replace("KB5087423", "KB50874231"), "50874231"),
    ],
)
def test_no_other_update_fits(title: str, number: str) -> None:
    assert not fits(title, number)


@pytest.mark.parametrize("offered", [None, "", "x" * 500])
def test_without_a_whole_title_the_number_decides(offered: str | None) -> None:
    assert accepted(KB, offered) == r"KB5087423(?!\d)"
    assert not fits("(KB50874231)", "50874231", offered=offered)
