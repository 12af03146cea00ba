# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of states and refusals says what the code gives."""

from __future__ import annotations

from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.refusals import TEXTS, Refusal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import MEANING, SEVERITY, State
from ansible_collections.winops.hotpatch.tests.guides import read_guide, table_rows


def test_every_state_and_refusal_is_on_it() -> None:
    rows = table_rows(read_guide("reference"))
    for state in State:
        assert (f"``{state}``", MEANING[state], f"``{SEVERITY[state]}``") in rows
    for code in set(Refusal) - {Refusal.PLAN_DRIFT}:
        assert (f"``{code}``", f"{TEXTS[code].title}.", TEXTS[code].remedy) in rows
