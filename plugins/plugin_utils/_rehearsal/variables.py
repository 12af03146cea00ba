# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from tools/generate/variables.yml, the connection, the roles and the playbooks. Change those.
"""The variables C(hotpatch_*): how their values are checked, who reads them, and which other names roles and playbooks use."""

from __future__ import annotations

from typing import Any

VARIABLES: dict[str, dict[str, Any]] = {
    "hotpatch_rehearsal_extra_days": {},
    "hotpatch_rehearsal_forks": {"default": 4, "check": "hosts"},
    "hotpatch_rehearsal_from": {},
    "hotpatch_rehearsal_inventory": {},
    "hotpatch_rehearsal_out": {},
    "hotpatch_rehearsal_show": {"check": "truth"},
    "hotpatch_rehearsal_to": {},
}

# What describes a simulated host, which its connection checks.
OTHERS = frozenset(
    {
        "hotpatch_rehearsal_administrator",
        "hotpatch_rehearsal_arc_status",
        "hotpatch_rehearsal_architecture",
        "hotpatch_rehearsal_calls",
        "hotpatch_rehearsal_chpe_off",
        "hotpatch_rehearsal_cluster",
        "hotpatch_rehearsal_domain",
        "hotpatch_rehearsal_enrolled",
        "hotpatch_rehearsal_enrollment",
        "hotpatch_rehearsal_events",
        "hotpatch_rehearsal_faults",
        "hotpatch_rehearsal_free_bytes",
        "hotpatch_rehearsal_line",
        "hotpatch_rehearsal_machine",
        "hotpatch_rehearsal_monitor",
        "hotpatch_rehearsal_monitor_errors",
        "hotpatch_rehearsal_no_auto_update",
        "hotpatch_rehearsal_now",
        "hotpatch_rehearsal_offers_extra",
        "hotpatch_rehearsal_os",
        "hotpatch_rehearsal_pending",
        "hotpatch_rehearsal_platform",
        "hotpatch_rehearsal_powershell",
        "hotpatch_rehearsal_roles",
        "hotpatch_rehearsal_secure_boot",
        "hotpatch_rehearsal_servicing_busy",
        "hotpatch_rehearsal_site",
        "hotpatch_rehearsal_speed",
        "hotpatch_rehearsal_start_extra",
        "hotpatch_rehearsal_start_kb",
        "hotpatch_rehearsal_truth",
        "hotpatch_rehearsal_update_source",
        "hotpatch_rehearsal_vbs_configured",
        "hotpatch_rehearsal_vbs_status",
        "hotpatch_rehearsal_wsus_approved",
        "hotpatch_rehearsal_wuauserv",
    }
)
