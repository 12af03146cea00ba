# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many decisions one core makes in a second: C(.venv-test/bin/python tests/benchmarks/decisions.py [seconds]).

The catalog is the whole built-in one, the hosts are a mixture of every product line over two years: current, due, behind, off the track,
not enrolled. What a host answered is read before the clock starts, as a plan for a fleet reads it from records.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import process_time

if __name__ == "__main__":  # makes this checkout importable, as pytest does by itself
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    importlib.import_module("conftest")

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.release import LINES
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decide import Decision, decide
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Intent, Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.record import Record
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import CATALOG, at, change, good_offer, host, record_of

POLICY = Policy()


def hosts() -> list[Record]:
    """Return the records of the mixture: for each release of a line hosts before it, on it and beside it, on a day of its month."""
    records = []
    for line in LINES:
        track = [release for release in CATALOG.releases(line) if release.on_track and release.month >= "2024-12"]
        for before, release in pairwise(track):
            day = f"{release.released:%Y-%m}-28"
            due = change(host(line, before.kb, now=day), offers=[good_offer(line, release.kb)])
            raws = [host(line, release.kb, now=day), due, change(due, enrollment=None)]
            if release.lcu_kb:
                raws.append(host(line, before.kb, release.lcu_kb, now=day))
            records += [record_of(raw, day) for raw in raws]
    return records


def decisions(records: Sequence[Record]) -> list[Decision]:
    """Return what is decided of each of RECORDS under each restart policy."""
    return [
        decide(record, CATALOG, POLICY, restart_policy, Intent.AUTO, record.now) for restart_policy in RestartPolicy for record in records
    ]


def rates(work: Callable[[], int], seconds: float) -> str:
    """Return how often a second of processor time WORK does what it counts: in the fastest round, and in the middle one.

    Other programs only ever slow a round down, so the fastest says what the code can do and the middle one how busy the machine was.
    """
    work()
    rounds, until = [], process_time() + seconds
    while process_time() < until:
        begun = process_time()
        done = work()
        rounds.append(done / max(process_time() - begun, 1e-9))
    return f"{max(rounds):>10,.0f}   in the middle {median(rounds):,.0f}"


def report(seconds: float) -> list[str]:
    """Return the lines to print."""
    records = hosts()
    made = Counter(decision.action.value for decision in decisions(records))
    now = at("2026-08-20")
    return [
        f"releases in the catalog   {sum(len(CATALOG.releases(line)) for line in LINES):>10,}",
        f"hosts in the mixture      {len(records):>10,}   decided: {', '.join(f'{count} {name}' for name, count in sorted(made.items()))}",
        f"decisions a second        {rates(lambda: len(decisions(records)), seconds)}",
        f"views a second            {rates(lambda: len([CATALOG.view(line, now) for line in tuple(LINES) * 100]), seconds)}",
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)) + "\n")
