# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the engine share: the built-in catalog and hosts to change."""

from __future__ import annotations

import os

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from hypothesis import HealthCheck, settings

# `make test` tries the same examples every time, so that it fails for a change only; `make soak` looks for new ones.
settings.register_profile("slice", derandomize=True, max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HOTPATCH_EXAMPLES", "slice"))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Return the built-in catalog."""
    return load_catalog()
