# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page "What is proven, and how": every claim has its proof, and what it points to is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
ROWS = [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in TEXT.splitlines() if line.startswith("| ")]
CLAIMS = [row for row in ROWS if row[1] in ("documented", "seen", "executed", "open")]
# What a field probe writes down, at its top level.
SECTIONS = {"offers", "history", "packages", "registry", "events", "cim", "tasks"}


def test_every_claim_has_a_proof() -> None:
    after = TEXT.partition("## Claims about Windows")[2].partition("## Closing")[0]
    lines = [line for line in after.splitlines() if line.startswith("| ") and not line.startswith(("| claim", "|---"))]
    assert len(lines) == len(CLAIMS) >= 30
    assert set(Counter(row[1] for row in CLAIMS)) == {"documented", "seen", "executed", "open"}


@pytest.mark.parametrize("row", CLAIMS, ids=[row[0][:60] for row in CLAIMS])
def test_what_a_claim_points_to_is_there(row: tuple[str, ...]) -> None:
    claim, proof, where = row
    assert claim.endswith(".")
    assert len(where.strip("| ")) > 8
    if proof == "executed":
        assert (ROOT / where.strip("| ")).is_file(), where
    if proof == "open" and "field probe" in where:
        named = {name.partition("[")[0].partition(".")[0] for name in re.findall(r"`([^`]+)`", where)}
        assert named
        assert named <= SECTIONS, named


def test_the_number_of_hosts_at_the_seam() -> None:
    hosts = yaml.safe_load((ROOT / "tests" / "seam" / "hosts.yml").read_text(encoding="utf-8"))
    assert f"{len(hosts)} host descriptions" in TEXT
