# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README tells what the code does: every state with its severity, every refusal with its remedy, every file it points to."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.refusals import TEXTS, Refusal
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import SEVERITY, State

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()


def test_states() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (good|info|warn|bad|unknown) \|$", README, re.MULTILINE)
    assert rows == [(state.value, SEVERITY[state]) for state in State]


def test_refusals() -> None:
    for code in Refusal:
        if code is not Refusal.PLAN_DRIFT:
            assert f"| `{code.value}` | {TEXTS[code].title} | {TEXTS[code].remedy} |" in README


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "roles").glob("*/README.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} points to {target}, which is not there"


def test_a_person_reads_it_in_ten_minutes() -> None:
    assert len(README.split()) < 2500
