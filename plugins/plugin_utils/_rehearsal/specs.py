# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by `python -m tools.generate` from plugins/modules/*.yml, their fragments and tools/generate/constraints.yml. Change those.
"""The specs of each module, by its name: the arguments of ansible-core's C(validate_argument_spec)."""

from __future__ import annotations

from typing import Any

SPECS: dict[str, dict[str, Any]] = {
    "internal_rehearsal_plan": {
        "argument_spec": {
            "from": {"type": "raw", "required": True},
            "to": {"type": "raw", "required": True},
            "inventory": {"type": "path", "required": True},
            "out": {"type": "path", "required": True},
            "extra_days": {"type": "raw", "default": []},
        },
    },
    "internal_rehearsal_run": {
        "argument_spec": {
            "run": {
                "type": "dict",
                "required": True,
                "options": {
                    "run_id": {"type": "str", "required": True},
                    "month": {"type": "str", "required": True},
                    "title": {"type": "str", "required": True},
                    "now": {"type": "str", "required": True},
                    "restart_policy": {"type": "str", "choices": ["never", "planned", "allowed"], "required": True},
                    "follows": {"type": "str"},
                    "windows": {"type": "list", "elements": "dict", "default": []},
                },
            },
            "hosts": {"type": "list", "elements": "str", "required": True},
            "inventory": {"type": "path", "required": True},
            "out": {"type": "path", "required": True},
            "forks": {"type": "int", "default": 4},
        },
    },
    "internal_rehearsal_summary": {
        "argument_spec": {
            "out": {"type": "path", "required": True},
            "show": {"type": "bool", "default": True},
        },
    },
}
