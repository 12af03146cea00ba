# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell reads the generated options of a payload as the action plugin has them: the same options, under the same conditions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._actions.specs import SPECS
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PLUGINS

KEYS = ("type", "elements", "choices", "default", "required")


def plain(options: dict[str, Any]) -> dict[str, Any]:
    """OPTIONS without what says nothing."""
    made = {}
    for name, spec in options.items():
        made[name] = {key: spec[key] for key in KEYS if spec.get(key) is not None}
        if "options" in spec:
            made[name]["options"] = plain(spec["options"])
    return made


@pytest.mark.parametrize("module", ["internal_observe", "package", "package_info", "field_probe"])
def test_options_of_payload_and_action_agree(powershell: Callable[..., str], tmp_path: Path, module: str) -> None:
    text = (PLUGINS / "modules" / f"{module}.ps1").read_text(encoding="utf-8")
    head, mark, _rest = text.partition("$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)")
    assert mark
    script = tmp_path / "spec.ps1"
    script.write_text(f"{head}\nConvertTo-Json -InputObject $spec -Depth 9 -Compress\n", encoding="utf-8")
    spec = json.loads(powershell(str(script)))
    expected = dict(SPECS[module])
    assert plain(spec.pop("options")) == plain(expected.pop("argument_spec"))
    assert spec == expected | {"supports_check_mode": True}
