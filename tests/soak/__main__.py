# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random campaigns of real playbooks over simulated fleets: C(python -m tests.soak), or C(make soak).

The seeds that are kept come first, then new ones until so many host-runs are judged. Exit code 1, and the folder of the campaign is kept,
where an invariant is broken.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import chain, count, islice
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SEEDS = TESTS / "soak" / "seeds.txt"

if __name__ == "__main__":  # makes this checkout importable, as pytest does by itself
    sys.path.insert(0, str(TESTS))
    importlib.import_module("conftest")

from ansible_collections.winops.hotpatch.tests.soak.campaign import Result, play_campaign


def kept_seeds(path: Path = SEEDS) -> list[int]:
    """Return the seeds of PATH."""
    return [int(line.split()[0]) for line in path.read_text().splitlines() if line and not line.startswith("#")]


def campaign(seed: int, out: Path) -> Result:
    """Play the campaign of SEED below OUT; what it has left is removed where nothing was broken."""
    folder = out / f"seed-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    result = play_campaign(seed, folder)
    if not result.broken:
        shutil.rmtree(folder)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Random campaigns of real playbooks over simulated fleets.")
    parser.add_argument("--host-runs", type=int, default=3000, help="how many host-runs are judged at least")
    parser.add_argument("--minutes", type=float, default=600, help="no campaign begins later")
    parser.add_argument("--seed", type=int, action="append", help="play these campaigns only")
    parser.add_argument("--first", type=int, default=int(time.time()), help="the first new seed; the next ones follow it")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=TESTS.parent / "build" / "soak")
    parser.add_argument("--go-on", action="store_true", help="do not end with the first broken invariant")
    given = parser.parse_args()
    total, broken = Result(0, ""), 0
    seeds: Iterator[int] = iter(given.seed) if given.seed else chain(kept_seeds(), count(given.first))
    end = time.monotonic() + given.minutes * 60
    running: set[Future[Result]] = set()
    with ProcessPoolExecutor(given.workers) as pool:
        while True:
            enough = not given.seed and total.counts["host-runs"] >= given.host_runs
            if not (enough or time.monotonic() > end or (broken and not given.go_on)):
                running |= {pool.submit(campaign, seed, given.out.resolve()) for seed in islice(seeds, given.workers - len(running))}
            if not running:
                break
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for result in (future.result() for future in done):
                broken += bool(result.broken)
                total.add(result)
                _say(result)
    _sum_up(total, broken)
    return 1 if broken else 0


def _say(result: Result) -> None:
    print(f"seed {result.seed}: {result.counts['host-runs']} host-runs, {result.counts['runs']} runs, {result.seconds:.0f} s", flush=True)
    for broken in result.broken:
        print(f"  BROKEN {broken.invariant}: {broken.host}, {broken.text}", flush=True)
    if result.broken:
        print(f"  kept in {result.folder}; again: python -m tests.soak --seed {result.seed}", flush=True)


def _sum_up(total: Result, broken: int) -> None:
    counted: dict[str, Counter[str]] = {"met": total.counts, "faults": total.faults, "outcomes": total.outcomes, "checked": total.checked}
    for title, counter in counted.items():
        print(f"{title}: {', '.join(f'{number} {name}' for name, number in counter.most_common())}")
    print(f"{broken} campaigns with a broken invariant")


if __name__ == "__main__":
    sys.exit(main())
