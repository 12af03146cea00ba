# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from tools/generate/variables.yml, the roles and the playbooks. Change those.
"""The variables C(hotpatch_*): how their values are checked, and which other names roles and playbooks use."""

from __future__ import annotations

from typing import Any

VARIABLES: dict[str, dict[str, Any]] = {
    "hotpatch_hosts": {},
    "hotpatch_serial": {},
    "hotpatch_max_fail_percentage": {},
    "hotpatch_restart_policy": {"choices": ["never", "planned", "allowed"], "default": "never"},
    "hotpatch_intent": {"choices": ["auto", "hotpatch", "baseline", "lcu"], "default": "auto"},
    "hotpatch_on_refusal": {"choices": ["report", "fail"], "default": "report"},
    "hotpatch_server_selection": {"choices": ["default", "managed_server", "windows_update"], "default": "default"},
    "hotpatch_restart_timeout": {"default": 1200, "check": "seconds"},
    "hotpatch_resume_after_failure": {"choices": ["never", "unchanged", "always"]},
    "hotpatch_policy": {"check": "mapping"},
    "hotpatch_host_policy": {"check": "mapping"},
    "hotpatch_run_policy": {"check": "mapping"},
    "hotpatch_catalog": {"check": "paths"},
    "hotpatch_records": {},
    "hotpatch_run_id": {},
    "hotpatch_as_of": {"check": "moment"},
    "hotpatch_now": {"check": "moment"},
    "hotpatch_before": {"check": "hooks"},
    "hotpatch_drain": {"check": "hooks"},
    "hotpatch_health": {"check": "hooks"},
    "hotpatch_resume": {"check": "hooks"},
    "hotpatch_after": {"check": "hooks"},
    "hotpatch_assess_before": {"check": "hooks"},
    "hotpatch_assess_after": {"check": "hooks"},
    "hotpatch_powershell": {},
    "hotpatch_rollback_kb": {},
    "hotpatch_rollback_deny_until": {},
    "hotpatch_rollback_restore_baseline": {},
    "hotpatch_rollback_reason": {},
    "hotpatch_catalog_cache": {},
    "hotpatch_catalog_compare_with": {},
    "hotpatch_catalog_dest": {},
    "hotpatch_catalog_fail_on_change": {},
    "hotpatch_catalog_lines": {},
    "hotpatch_catalog_month": {},
    "hotpatch_catalog_months": {},
    "hotpatch_catalog_out": {},
    "hotpatch_catalog_proxy": {},
    "hotpatch_catalog_retries": {},
    "hotpatch_catalog_show": {},
    "hotpatch_catalog_show_origin": {},
    "hotpatch_catalog_since": {},
    "hotpatch_catalog_sources": {},
    "hotpatch_catalog_timeout": {},
    "hotpatch_cve_fail_on_lack": {},
    "hotpatch_cve_files": {},
    "hotpatch_cve_month": {},
    "hotpatch_cve_out": {},
    "hotpatch_cve_record_max_age_days": {},
    "hotpatch_cve_show": {},
    "hotpatch_cves": {},
    "hotpatch_field_probe_out": {},
    "hotpatch_field_probe_restart_check": {},
}

# What roles and playbooks keep for themselves, or hand to one another.
OTHERS = frozenset(
    {
        "hotpatch_catalog_ca_path",
        "hotpatch_catalog_client_cert",
        "hotpatch_catalog_client_key",
        "hotpatch_catalog_found",
        "hotpatch_catalog_json",
        "hotpatch_catalog_result",
        "hotpatch_catalog_validate_certs",
        "hotpatch_cve_found",
        "hotpatch_cve_json",
        "hotpatch_cve_lacking",
        "hotpatch_decision",
        "hotpatch_failure",
        "hotpatch_field_probe",
        "hotpatch_info",
        "hotpatch_info_name",
        "hotpatch_lists",
        "hotpatch_number",
        "hotpatch_open",
        "hotpatch_prefix",
        "hotpatch_problems",
        "hotpatch_records_needed",
        "hotpatch_result",
        "hotpatch_result_name",
        "hotpatch_rollback",
        "hotpatch_table",
        "hotpatch_unprintable",
        "hotpatch_usual",
    }
)
