# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from meta/runtime.yml and galaxy.yml. Change those.
"""The oldest ansible-core and collections with which this collection works. An installed collection has no galaxy.yml to ask."""

from __future__ import annotations

LEAST_CORE = "2.16.0"
LEAST_COLLECTIONS = {"ansible.windows": "3.0.0"}
