# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from tools/generate/variables.yml, the connection, the roles and the playbooks. Change those.
"""The variables C(hotpatch_*): how their values are checked, who reads them, and which other names roles and playbooks use."""

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
    "hotpatch_settle_timeout": {"default": 600, "check": "seconds"},
    "hotpatch_settle_wait": {"default": 5, "check": "seconds"},
    "hotpatch_memory": {"choices": ["host", "records"], "default": "host"},
    "hotpatch_busy_timeout": {"default": 900, "check": "wait"},
    "hotpatch_resume_after_failure": {"choices": ["never", "unchanged", "always"]},
    "hotpatch_policy": {"check": "mapping"},
    "hotpatch_host_policy": {"check": "mapping"},
    "hotpatch_run_policy": {"check": "mapping"},
    "hotpatch_catalog": {"check": "paths", "blank": True},
    "hotpatch_records": {"check": "folder", "blank": True},
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
    "hotpatch_rollback_max": {"default": 2, "check": "count", "blank": True},
    "hotpatch_fail_on": {"choices": ["changes", "restarts", "refusals", "drift"], "check": "words", "blank": True},
    "hotpatch_rollback_kb": {},
    "hotpatch_rollback_deny_until": {},
    "hotpatch_rollback_restore_baseline": {},
    "hotpatch_rollback_reason": {},
    "hotpatch_catalog_ca_path": {},
    "hotpatch_catalog_cache": {},
    "hotpatch_catalog_client_cert": {},
    "hotpatch_catalog_client_key": {},
    "hotpatch_catalog_compare_with": {"check": "paths"},
    "hotpatch_catalog_dest": {"check": "absolute", "blank": True},
    "hotpatch_catalog_fail_on_change": {"check": "truth", "blank": True},
    "hotpatch_catalog_lines": {"check": "texts", "blank": True},
    "hotpatch_catalog_month": {"check": "month", "blank": True},
    "hotpatch_catalog_months": {"check": "month", "blank": True},
    "hotpatch_catalog_out": {},
    "hotpatch_catalog_proxy": {},
    "hotpatch_catalog_retries": {"default": 3, "check": "count", "blank": True},
    "hotpatch_catalog_show": {"check": "truth", "blank": True},
    "hotpatch_catalog_show_origin": {"check": "truth", "blank": True},
    "hotpatch_catalog_since": {"check": "month", "blank": True},
    "hotpatch_catalog_sources": {"check": "texts", "blank": True},
    "hotpatch_catalog_timeout": {"default": 60, "check": "seconds", "blank": True},
    "hotpatch_catalog_validate_certs": {"check": "truth", "blank": True},
    "hotpatch_cve_fail_on_lack": {"check": "truth", "blank": True},
    "hotpatch_cve_files": {"check": "paths"},
    "hotpatch_cve_month": {"check": "month", "blank": True},
    "hotpatch_cve_out": {},
    "hotpatch_cve_record_max_age_days": {"default": 7, "check": "days", "blank": True},
    "hotpatch_cve_show": {"check": "truth", "blank": True},
    "hotpatch_cves": {"check": "cve", "blank": True},
    "hotpatch_field_probe_out": {},
    "hotpatch_field_probe_restart_check": {"check": "truth", "blank": True},
}

# Which of them the playbooks without a role read.
READ_BY: dict[str, frozenset[str]] = {
    "catalog": frozenset(
        {
            "hotpatch_as_of",
            "hotpatch_catalog",
            "hotpatch_catalog_compare_with",
            "hotpatch_catalog_fail_on_change",
            "hotpatch_catalog_lines",
            "hotpatch_catalog_month",
            "hotpatch_catalog_out",
            "hotpatch_catalog_show",
            "hotpatch_catalog_show_origin",
            "hotpatch_catalog_since",
            "hotpatch_now",
        }
    ),
    "catalog_update": frozenset(
        {
            "hotpatch_catalog",
            "hotpatch_catalog_ca_path",
            "hotpatch_catalog_cache",
            "hotpatch_catalog_client_cert",
            "hotpatch_catalog_client_key",
            "hotpatch_catalog_dest",
            "hotpatch_catalog_months",
            "hotpatch_catalog_proxy",
            "hotpatch_catalog_retries",
            "hotpatch_catalog_sources",
            "hotpatch_catalog_timeout",
            "hotpatch_catalog_validate_certs",
        }
    ),
    "cve": frozenset(
        {
            "hotpatch_as_of",
            "hotpatch_catalog",
            "hotpatch_cve_fail_on_lack",
            "hotpatch_cve_files",
            "hotpatch_cve_month",
            "hotpatch_cve_out",
            "hotpatch_cve_record_max_age_days",
            "hotpatch_cve_show",
            "hotpatch_cves",
            "hotpatch_hosts",
            "hotpatch_now",
            "hotpatch_records",
        }
    ),
    "field_probe": frozenset(
        {
            "hotpatch_field_probe_out",
            "hotpatch_field_probe_restart_check",
            "hotpatch_hosts",
        }
    ),
}

# What roles and playbooks keep for themselves, or hand to one another.
OTHERS = frozenset(
    {
        "hotpatch_account",
        "hotpatch_asked",
        "hotpatch_budget",
        "hotpatch_catalog_found",
        "hotpatch_catalog_json",
        "hotpatch_catalog_result",
        "hotpatch_claim",
        "hotpatch_cve_found",
        "hotpatch_cve_json",
        "hotpatch_decision",
        "hotpatch_failure",
        "hotpatch_field_probe",
        "hotpatch_gate",
        "hotpatch_info",
        "hotpatch_look",
        "hotpatch_number",
        "hotpatch_one",
        "hotpatch_playbook",
        "hotpatch_result",
        "hotpatch_rollback",
    }
)
