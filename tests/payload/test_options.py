# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A payload takes exactly the options that its action plugin takes, since the documentation describes both."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.argument_spec import FIELD_PROBE, OBSERVE, PACKAGE, PACKAGE_INFO
from ansible_collections.winops.hotpatch.tests.payload.running import PLUGINS

KEYS = ("type", "elements", "choices", "default", "required")


def plain(options: dict[str, Any]) -> dict[str, Any]:
    """OPTIONS without what says nothing."""
    made = {}
    for name, spec in options.items():
        made[name] = {key: spec[key] for key in KEYS if spec.get(key) is not None}
        if "options" in spec:
            made[name]["options"] = plain(spec["options"])
    return made


@pytest.mark.parametrize(
    ("module", "expected"), [("__observe", OBSERVE), ("package", PACKAGE), ("package_info", PACKAGE_INFO), ("field_probe", FIELD_PROBE)]
)
def test_options_of_payload_and_action_agree(powershell: Callable[..., str], tmp_path: Path, module: str, expected: dict[str, Any]) -> None:
    text = (PLUGINS / "modules" / f"{module}.ps1").read_text(encoding="utf-8")
    head, mark, _rest = text.partition("$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)")
    assert mark
    script = tmp_path / "spec.ps1"
    script.write_text(f"{head}\nConvertTo-Json -InputObject $spec -Depth 9 -Compress\n", encoding="utf-8")
    spec = json.loads(powershell(str(script)))
    assert spec["supports_check_mode"] is True
    assert plain(spec["options"]) == plain(expected)
