# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the modules that run on the controller, and what their actions validate, are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.catalog_spec import CATALOG_INFO, CVE_INFO
from ansible_collections.winops.hotpatch.tests.unit.actions.test_documentation import compare, documented

SPECS = {"catalog_info": CATALOG_INFO, "cve_info": CVE_INFO}


@pytest.mark.parametrize("module", sorted(SPECS))
def test_documentation_and_argument_spec_agree(module: str) -> None:
    assert compare(module, SPECS[module], documented(module)) == []


@pytest.mark.parametrize("module", sorted(SPECS))
def test_the_comparison_sees_a_difference(module: str) -> None:
    docs: dict[str, Any] = documented(module)
    del docs["show"]
    assert compare(module, SPECS[module], docs) != []


def test_they_know_nothing_of_the_rehearsal() -> None:
    for module in SPECS:
        assert "rehears" not in (Path(__file__).parents[3] / "plugins" / "action" / f"{module}.py").read_text()
