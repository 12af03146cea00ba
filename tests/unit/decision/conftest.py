# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Release data with entries laid over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.tests.unit.decision.laid_releases import LINE, Laid


@pytest.fixture
def laid(tmp_path: Path) -> Laid:
    """Return what lays entries over the built-in catalog."""

    def _laid(*entries: dict[str, Any]) -> Catalog:
        path = tmp_path / "fleet.yml"
        path.write_text(yaml.safe_dump({"line": LINE, "generated": "2026-11-22", "releases": list(entries)}), encoding="utf-8")
        return load_catalog([path])

    return _laid
