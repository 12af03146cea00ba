# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action group of meta/runtime.yml: the modules that share their options are in it, and the others are not.

antsibull-nox has a check of this name, which reads the documentation of .py files only.
"""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
SHARED = "winops.hotpatch._common"


def test_modules_that_share_their_options_are_in_the_group() -> None:
    group = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]["hotpatch"]
    sharing = []
    for path in sorted((ROOT / "plugins" / "modules").glob("*.yml")):
        documentation = yaml.safe_load(path.read_text(encoding="utf-8"))["DOCUMENTATION"]
        fragments = documentation.get("extends_documentation_fragment", [])
        sharing += [path.stem] if SHARED in fragments else []
    assert sharing
    assert group == sharing
