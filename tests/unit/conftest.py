# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the engine share: the built-in catalog and hosts to change."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Return the built-in catalog."""
    return load_catalog()
