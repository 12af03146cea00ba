# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from the option gather in plugins/doc_fragments/_common.py. Change that.
"""The probes of an observation, by their names."""

from __future__ import annotations

PROBES = (
    "os",
    "boot",
    "platform",
    "vbs",
    "secure_boot",
    "chpe",
    "enrollment",
    "update_source",
    "pending",
    "history",
    "quick_fixes",
    "packages",
    "offers",
    "restart_check",
    "monitor",
    "disk",
    "servicing",
    "roles",
    "restarts",
)
