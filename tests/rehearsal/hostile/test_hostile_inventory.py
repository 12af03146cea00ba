# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of an inventory are text, also in the check of all hosts' variables.

Like the failures of hosts, this is run on the oldest ansible-core that is supported as well, which takes what is raised for a template.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_answers import make_collection
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_texts import PRODUCT, template


def test_the_variables_of_a_host_are_text(tmp_path: Path) -> None:
    """The check before a run shows values of the inventory; also what a host or a service put there through a dynamic inventory."""
    text, other = (json.dumps(f"{template(name)}\\x1b[2J\nforged") for name in ("variable", "policy"))
    hosts = f"{{h: {{hotpatch_intent: !unsafe {text}, hotpatch_policy: !unsafe {other}, hotpatch_catalog: [!unsafe {text}]}}}}"
    (tmp_path / "inventory.yml").write_text(f"all: {{hosts: {hosts}, vars: {{ansible_connection: winops.hotpatch.rehearsal}}}}\n")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(tmp_path / "controller"))}
    run = run_playbook(tmp_path, "winops.hotpatch.assess", tmp_path / "inventory.yml", env=env)
    assert run.returncode != 0
    message = next(entry["result"]["msg"] for entry in run.results if entry["status"] == "failed")
    lines = message.splitlines()
    assert [line.split(":")[0] for line in lines] == ["hotpatch_intent", "hotpatch_policy", "hotpatch_catalog"], message
    assert all("{{ lookup(" in line and line.isprintable() for line in lines)
    assert not list(tmp_path.rglob("mark-of-*"))
    assert PRODUCT not in run.output + message


@pytest.mark.parametrize("playbook", ["assess", "cycle", "rollback"])
def test_inputs_are_refused_as_text(tmp_path: Path, playbook: str) -> None:
    """What an inventory marks as text stays text on its way through the check of all hosts' variables."""
    unsafe = f"!unsafe {json.dumps(template('input'))}"
    variables = {
        "hotpatch_catalog": f"[{unsafe}]",
        "hotpatch_restart_policy": unsafe,
        "hotpatch_policy": unsafe,
        "hotpatch_now": unsafe,
        "hotpatch_before": f"[{unsafe}]",
        "hotpatch_restart_timeout": unsafe,
    }
    inventory = tmp_path / "inventory.yml"
    lines = "".join(f"      {name}: {value}\n" for name, value in variables.items())
    inventory.write_text(f"all:\n  hosts:\n    h:\n{lines}", encoding="utf-8")
    env = {"ANSIBLE_COLLECTIONS_PATH": str(make_collection(tmp_path / "controller"))}
    run = run_playbook(tmp_path, f"winops.hotpatch.{playbook}", inventory, "-e", "hotpatch_hosts=all", env=env)
    (message,) = [str(entry["result"]["msg"]) for entry in run.results if entry["status"] == "failed"]
    assert [name for name in variables if f"{name}: " not in message] == []
    assert message.count("{{ lookup(") >= len(variables)
    assert PRODUCT not in run.output + message
    assert not list(tmp_path.rglob("mark-of-*"))
