# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from plugins/modules/*.yml, their fragments and tools/generate/constraints.yml. Change those.
"""The specs of each module, by its name: the arguments of ansible-core's C(validate_argument_spec)."""

from __future__ import annotations

from typing import Any

_COMMON: dict[str, Any] = {
    "restart_policy": {"type": "str", "choices": ["never", "planned", "allowed"], "default": "never"},
    "catalog": {"type": "list", "elements": "path", "default": []},
    "as_of": {"type": "str"},
    "records": {"type": "path"},
    "output_mode": {"type": "str", "default": "0600"},
    "run_id": {"type": "str"},
}

_INTENT: dict[str, Any] = {
    "intent": {"type": "str", "choices": ["auto", "hotpatch", "baseline", "lcu"], "default": "auto"},
}

_ON_REFUSAL: dict[str, Any] = {
    "on_refusal": {"type": "str", "choices": ["report", "fail"], "default": "report"},
}

_RESTART_TIMEOUT: dict[str, Any] = {
    "restart_timeout": {"type": "int", "default": 1200},
}

_INSTALL_TIMEOUT: dict[str, Any] = {
    "install_timeout": {"type": "int", "default": 7200},
}

_SETTLE: dict[str, Any] = {
    "settle_timeout": {"type": "int", "default": 600},
    "settle_wait": {"type": "int", "default": 5},
}

_MSU: dict[str, Any] = {
    "sha256": {"type": "str"},
    "prerequisites": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"path": {"type": "str", "required": True}, "sha256": {"type": "str"}},
    },
}

_GATHER: dict[str, Any] = {
    "gather": {
        "type": "list",
        "elements": "str",
        "choices": [
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
        ],
        "default": [
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
        ],
    },
}

_POLICY: dict[str, Any] = {
    "policy": {
        "type": "dict",
        "default": {},
        "options": {
            "owner": {"type": "str"},
            "reason": {"type": "str"},
            "deny": {"type": "list", "elements": "raw"},
            "hold": {
                "type": "dict",
                "options": {
                    "reason": {"type": "str", "required": True},
                    "owner": {"type": "str"},
                    "from": {"type": "str"},
                    "until": {"type": "str"},
                },
            },
            "opted_out": {"type": "bool"},
            "freezes": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "from": {"type": "str", "required": True},
                    "to": {"type": "str", "required": True},
                    "forbids": {"type": "str", "choices": ["restarts", "changes"]},
                    "reason": {"type": "str"},
                },
            },
            "windows": {
                "type": "list",
                "elements": "dict",
                "options": {"from": {"type": "str", "required": True}, "to": {"type": "str", "required": True}},
            },
            "observation_max_age_hours": {"type": "int"},
            "catalog_max_age_days": {"type": "int"},
            "allow_managed": {"type": "bool"},
            "leave_track": {"type": "bool"},
            "lift": {
                "type": "list",
                "elements": "dict",
                "options": {"kb": {"type": "str", "required": True}, "until": {"type": "str", "required": True}},
            },
        },
    },
}

_MEMORY: dict[str, Any] = {
    "memory": {"type": "str", "choices": ["host", "records"], "default": "host"},
}

_MEMORY_BUSY_TIMEOUT: dict[str, Any] = {
    "busy_timeout": {"type": "int", "default": 900},
}

_MEMORY_HANDED_ON: dict[str, Any] = {
    "decided": {"type": "dict"},
    "remembered": {"type": "dict"},
}

SPECS: dict[str, dict[str, Any]] = {
    "catalog_info": {
        "argument_spec": {
            "line": {
                "type": "list",
                "elements": "str",
                "choices": ["ws2022_azure", "ws2025", "win11_24h2", "win11_25h2"],
                "default": ["ws2022_azure", "ws2025", "win11_24h2", "win11_25h2"],
            },
            "month": {"type": "str"},
            "since": {"type": "str"},
            "as_of": {"type": "str"},
            "catalog": {"type": "list", "elements": "path", "default": []},
            "compare_with": {"type": "list", "elements": "path"},
            "fail_on_change": {"type": "bool", "default": False},
            "show_origin": {"type": "bool", "default": False},
            "show": {"type": "bool", "default": False},
        },
        "required_if": [["fail_on_change", True, ["compare_with"]]],
        "mutually_exclusive": [["month", "since"]],
    },
    "catalog_update": {
        "argument_spec": {
            "dest": {"type": "path", "required": True},
            "sources": {"type": "list", "elements": "str", "default": []},
            "months": {"type": "list", "elements": "str", "default": []},
            "catalog": {"type": "list", "elements": "path", "default": []},
            "url": {"type": "str", "default": "https://api.msrc.microsoft.com/cvrf/v3.0/cvrf"},
            "proxy": {"type": "str"},
            "validate_certs": {"type": "bool", "default": True},
            "ca_path": {"type": "path"},
            "client_cert": {"type": "path"},
            "client_key": {"type": "path"},
            "timeout": {"type": "int", "default": 60},
            "retries": {"type": "int", "default": 3},
            "retry_wait": {"type": "int", "default": 2},
            "max_bytes": {"type": "int", "default": 33554432},
            "cache": {"type": "path"},
        },
        "required_by": {"client_key": ["client_cert"]},
    },
    "cve_info": {
        "argument_spec": {
            "catalog": {"type": "list", "elements": "path", "default": []},
            "cve_files": {"type": "list", "elements": "path"},
            "records": {"type": "path"},
            "results": {"type": "list", "elements": "dict"},
            "hosts": {"type": "list", "elements": "str", "default": []},
            "month": {"type": "str"},
            "cves": {"type": "list", "elements": "str", "default": []},
            "as_of": {"type": "str"},
            "record_max_age_days": {"type": "int", "default": 7},
            "show": {"type": "bool", "default": False},
        },
        "required_one_of": [["records", "results"]],
    },
    "field_probe": {
        "argument_spec": {
            "dest": {"type": "path", "required": True},
            "restart_check": {"type": "bool", "default": False},
        },
    },
    "host_info": {
        "argument_spec": {
            **_GATHER,
            **_COMMON,
            **_POLICY,
            **_MEMORY,
            **_INTENT,
            "decide": {"type": "str", "choices": ["update", "rollback"], "default": "update"},
            "kb": {"type": "str"},
            "keep_record": {"type": "bool", "default": False},
            "busy_timeout": {"type": "int", "default": 0},
        },
    },
    "internal_account": {
        "argument_spec": {
            "step": {"type": "str", "choices": ["look", "give_up", "close"], "required": True},
            "batch": {"type": "list", "elements": "str", "default": []},
            "max_fail_percentage": {"type": "float"},
            "rollback_max": {"type": "int"},
        },
    },
    "internal_batches": {
        "argument_spec": {
            "step": {"type": "str", "choices": ["begin", "make"], "required": True},
            "hosts": {"type": "raw"},
            "serial": {"type": "raw"},
        },
    },
    "internal_check_inputs": {
        "argument_spec": {
            "hosts": {"type": "list", "elements": "str", "required": True},
            "playbook": {
                "type": "str",
                "choices": [
                    "assess",
                    "cycle",
                    "resume",
                    "rollback",
                    "memory",
                    "catalog",
                    "catalog_update",
                    "cve",
                    "field_probe",
                    "rehearse",
                ],
                "required": True,
            },
        },
    },
    "internal_explain_failure": {
        "argument_spec": {
            "stage": {"type": "str", "choices": ["drain", "update", "rollback", "unverified"], "required": True},
            "action": {"type": "str", "default": "install"},
            "kb": {"type": "str"},
            "result": {"type": "dict", "default": {}},
            "rollback": {"type": "dict", "default": {}},
            "kept": {"type": "str", "default": ""},
            "task": {"type": "str", "default": ""},
            "task_action": {"type": "str", "default": ""},
            "reason": {"type": "str", "default": ""},
            "resume_after_failure": {"type": "str", "choices": ["never", "unchanged", "always"], "default": "never"},
            "resumes": {"type": "bool", "default": False},
        },
    },
    "internal_look": {
        "argument_spec": {
            **_COMMON,
            **_POLICY,
            **_MEMORY,
            **_INTENT,
            "decide": {"type": "str", "choices": ["update", "rollback"], "default": "update"},
            "kb": {"type": "str"},
        },
    },
    "internal_memory": {
        "argument_spec": {
            **_MEMORY,
            **_MEMORY_BUSY_TIMEOUT,
            **_MEMORY_HANDED_ON,
            "do": {
                "type": "str",
                "choices": ["claim", "give_back", "show", "lift", "hold", "release", "end_claim", "in_service", "forget"],
                "required": True,
            },
            "kb": {"type": "str"},
            "owner": {"type": "str"},
            "reason": {"type": "str"},
            "hold_until": {"type": "str"},
            "in_service": {"type": "bool", "default": False},
            "as_of": {"type": "str"},
            "records": {"type": "path"},
            "output_mode": {"type": "str", "default": "0600"},
            "run_id": {"type": "str"},
        },
    },
    "internal_observe": {
        "argument_spec": {
            **_GATHER,
            "memory": {"type": "dict", "options": {"document": {"type": "str"}, "expect": {"type": "str"}}},
        },
    },
    "internal_rollback_gate": {
        "argument_spec": {
            "hosts": {"type": "list", "elements": "str", "required": True},
            "max": {"type": "int", "default": 2},
        },
    },
    "internal_write_json": {
        "argument_spec": {
            "data": {"type": "dict", "required": True},
            "dest": {"type": "path", "required": True},
            "variable": {"type": "str", "default": "dest"},
        },
    },
    "package": {
        "argument_spec": {
            **_MSU,
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "identity": {"type": "str"},
            "kb": {"type": "str"},
            "path": {"type": "str"},
        },
        "required_if": [["state", "present", ["path"]], ["state", "absent", ["identity", "kb"], True]],
        "mutually_exclusive": [["identity", "kb"]],
    },
    "package_info": {
        "argument_spec": {
            "identity": {"type": "str"},
        },
    },
    "rollback": {
        "argument_spec": {
            **_COMMON,
            **_POLICY,
            **_MEMORY,
            **_MEMORY_BUSY_TIMEOUT,
            **_MEMORY_HANDED_ON,
            **_ON_REFUSAL,
            **_INSTALL_TIMEOUT,
            **_RESTART_TIMEOUT,
            **_SETTLE,
            "kb": {"type": "str"},
            "deny_until": {"type": "str"},
            "restore_baseline": {"type": "bool", "default": True},
            "reason": {"type": "str"},
        },
    },
    "update": {
        "argument_spec": {
            **_COMMON,
            **_POLICY,
            **_MEMORY,
            **_MEMORY_BUSY_TIMEOUT,
            **_MEMORY_HANDED_ON,
            **_INTENT,
            **_ON_REFUSAL,
            **_INSTALL_TIMEOUT,
            **_RESTART_TIMEOUT,
            **_SETTLE,
            **_MSU,
            "kb": {"type": "str"},
            "server_selection": {"type": "str", "choices": ["default", "managed_server", "windows_update"], "default": "default"},
            "source": {"type": "str"},
            "sha256": {"type": "str"},
        },
        "required_by": {"source": ["kb"], "sha256": ["source"]},
    },
}
