# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page "What is proven, and how": every claim has its proof, and what it points to is there."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml
from ansible_collections.winops.hotpatch.tests.guides import ROOT, read_guide, table_rows

TEXT = read_guide("proof")
ROWS = table_rows(TEXT)
CLAIMS = [row for row in ROWS if row[1] in ("documented", "seen", "executed", "open")]
# What a field probe writes down, at its top level.
SECTIONS = {"offers", "history", "packages", "registry", "events", "cim", "tasks"}


def test_every_claim_has_a_proof() -> None:
    after = TEXT.partition("Claims about Windows\n---")[2].partition("Closing what is open\n---")[0]
    header, *rows = table_rows(after)
    assert header == ("claim", "proof", "where")
    assert rows == CLAIMS
    assert len(CLAIMS) >= 30
    assert set(Counter(row[1] for row in CLAIMS)) == {"documented", "seen", "executed", "open"}


@pytest.mark.parametrize("row", CLAIMS, ids=[row[0][:60] for row in CLAIMS])
def test_what_a_claim_points_to_is_there(row: tuple[str, ...]) -> None:
    claim, proof, where = row
    assert claim.endswith(".")
    assert len(where) > 8
    if proof == "executed":
        assert (ROOT / where).is_file(), where
    if proof == "open" and "field probe" in where:
        named = {name.partition("[")[0].partition(".")[0] for name in re.findall(r"``([^`]+)``", where)}
        assert named
        assert named <= SECTIONS, named


def test_the_number_of_hosts_at_the_seam() -> None:
    hosts = yaml.safe_load((ROOT / "tests" / "seam" / "hosts.yml").read_text(encoding="utf-8"))
    assert f"{len(hosts)} host descriptions" in TEXT
