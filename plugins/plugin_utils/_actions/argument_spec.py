# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules, as ansible-core validates them. A test holds them against the documentation files."""

from __future__ import annotations

from typing import Any

GATHER = [
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
]

_PERIOD: dict[str, Any] = {"from": {"type": "str", "required": True}, "to": {"type": "str", "required": True}}

POLICY: dict[str, Any] = {
    "deny": {"type": "list", "elements": "raw", "default": []},
    "hold": {
        "type": "dict",
        "options": {"reason": {"type": "str", "required": True}, "owner": {"type": "str"}, "until": {"type": "str"}},
    },
    "opted_out": {"type": "bool", "default": False},
    "freezes": {"type": "list", "elements": "dict", "default": [], "options": {**_PERIOD, "reason": {"type": "str"}}},
    "windows": {"type": "list", "elements": "dict", "default": [], "options": _PERIOD},
    "observation_max_age_hours": {"type": "int"},
    "catalog_max_age_days": {"type": "int"},
    "allow_managed": {"type": "bool", "default": False},
    "leave_track": {"type": "bool", "default": False},
}

COMMON: dict[str, Any] = {
    "restart_policy": {"type": "str", "choices": ["never", "planned", "allowed"], "default": "never"},
    "catalog": {"type": "list", "elements": "path", "default": []},
    "as_of": {"type": "str"},
    "policy": {"type": "dict", "default": {}, "options": POLICY},
    "records": {"type": "path"},
    "run_id": {"type": "str"},
}

INTENT: dict[str, Any] = {"intent": {"type": "str", "choices": ["auto", "hotpatch", "baseline", "lcu"], "default": "auto"}}

PREREQUISITES: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "default": [],
    "options": {"path": {"type": "str", "required": True}, "sha256": {"type": "str"}},
}

OBSERVE: dict[str, Any] = {"gather": {"type": "list", "elements": "str", "choices": GATHER, "default": GATHER}}

HOST_INFO: dict[str, Any] = {
    **COMMON,
    **INTENT,
    **OBSERVE,
    "decide": {"type": "str", "choices": ["update", "rollback"], "default": "update"},
    "kb": {"type": "str"},
    "keep_record": {"type": "bool", "default": False},
}

UPDATE: dict[str, Any] = {
    **COMMON,
    **INTENT,
    "kb": {"type": "str"},
    "server_selection": {"type": "str", "choices": ["default", "managed_server", "windows_update"], "default": "default"},
    "restart_timeout": {"type": "int", "default": 1200},
    "source": {"type": "str"},
    "sha256": {"type": "str"},
    "prerequisites": PREREQUISITES,
    "on_refusal": {"type": "str", "choices": ["report", "fail"], "default": "report"},
}

ROLLBACK: dict[str, Any] = {
    **COMMON,
    "kb": {"type": "str"},
    "deny_until": {"type": "str"},
    "restore_baseline": {"type": "bool", "default": True},
    "restart_timeout": {"type": "int", "default": 1200},
    "reason": {"type": "str"},
    "on_refusal": {"type": "str", "choices": ["report", "fail"], "default": "report"},
}

PACKAGE: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "identity": {"type": "str"},
    "kb": {"type": "str"},
    "path": {"type": "str"},
    "sha256": {"type": "str"},
    "prerequisites": PREREQUISITES,
}

PACKAGE_INFO: dict[str, Any] = {"identity": {"type": "str"}}

FIELD_PROBE: dict[str, Any] = {"dest": {"type": "path", "required": True}, "restart_check": {"type": "bool", "default": False}}
