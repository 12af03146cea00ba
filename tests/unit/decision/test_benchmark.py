# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark runs, and what it measures is a mixture in which everything happens."""

from __future__ import annotations

from collections import Counter

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES
from ansible_collections.winops.hotpatch.tests.benchmarks.decisions import decisions, hosts, report


def test_the_mixture_holds_every_line_and_every_action() -> None:
    records = hosts()
    assert {record.line for record in records} == set(LINES)
    made = Counter(decision.action.value for decision in decisions(records))
    assert min(made[action] for action in ("install", "wait", "refuse", "none")) > 20


def test_the_benchmark_prints_a_figure() -> None:
    line = next(line for line in report(0.01) if line.startswith("decisions a second"))
    best, middle = (int(word.replace(",", "")) for word in line.split() if word[0].isdigit())
    assert best >= middle > 0
