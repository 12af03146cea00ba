# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables that the pages name are those that there are."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.winops.hotpatch.plugins.plugin_utils._inputs.variables import VARIABLES

ROOT = Path(__file__).resolve().parents[3]


def test_every_variable_that_an_operator_reads_about_is_known() -> None:
    """On the pages: what a command line gives with -e, and what a YAML example sets."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.rst"), *(ROOT / "roles").glob("*/README.md")]
    count = 0
    for page in pages:
        for name in re.findall(r"(?:-e [\"']?|^ +)(hotpatch_\w*[a-z])(?==|: )", page.read_text(encoding="utf-8"), re.MULTILINE):
            # hotpatch_ends is a field of catalog files.
            assert name in VARIABLES or name.startswith("hotpatch_rehearsal_") or name == "hotpatch_ends", f"{page.name}: {name}"
            count += 1
    assert count > 10
