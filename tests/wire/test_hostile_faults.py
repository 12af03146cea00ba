# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever answers on the port of a host needs no password to say something: the reason of a fault and the name of an address are text too.

No PowerShell is needed for that, so that these tests run on the oldest ansible-core that is supported as well.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.tests.rehearsal.conftest import run_playbook
from ansible_collections.winops.hotpatch.tests.rehearsal.hostile.hostile_texts import PRODUCT, SUM, Played
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, OVER_WINRM, USER
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import make_certificate
from ansible_collections.winops.hotpatch.tests.wire.wsman_endpoint import PREFIX, Endpoint, Fault, Remote
from ansible_collections.winops.hotpatch.tests.wire.wsman_messages import INTERNAL_ERROR

PLAYBOOKS = ("assess", "cycle", "rollback")
HOSTS = ("create", "command", "address")
# In the name of a host there can be no blank.
ADDRESS = "{{7*7777777}}"


def text_of(folder: Path, host: str) -> str:
    """A text that leaves a file if it is taken for a template."""
    return f"{{{{ lookup('ansible.builtin.pipe', 'touch {folder}/marks/{host}') }}}}{SUM}\x85\u202e{'y' * 100_000}"


def play(folder: Path, playbook: str, certificate: Path) -> Played:
    password = secrets.token_urlsafe(18)
    endpoint = Endpoint(certificate, USER, password)
    (folder / "marks").mkdir()
    try:
        for host, action in (("create", "Create"), ("command", "Command")):
            endpoint.hosts[host] = Remote({}, (Fault(action, INTERNAL_ERROR, times=99, reason=text_of(folder, host)),))
        shared = OVER_WINRM | {
            "ansible_port": endpoint.port,
            "ansible_password": password,
            "hotpatch_now": NOW,
            "hotpatch_records": str(folder / "records"),
            "hotpatch_restart_policy": "allowed",
            "hotpatch_hosts": "all",
        }
        lines = ["all:", "  vars:", *(f"    {name}: {json.dumps(value)}" for name, value in shared.items()), "  hosts:"]
        for host in HOSTS:
            lines += [f"    {host}:", f"      ansible_winrm_path: {PREFIX}{host}"]
        # Some inventories have addresses from a source that others can write to; it is marked as text, as an inventory plugin would do.
        lines.append(f"      ansible_host: !unsafe {json.dumps(ADDRESS)}")
        # The last play shows all hosts, if there is one left to play with. This one has nothing to roll back to.
        good = {
            "ansible_connection": "winops.hotpatch.rehearsal",
            "hotpatch_rehearsal_truth": str(folder / "truth"),
            "hotpatch_rehearsal_now": NOW,
            "hotpatch_restart_policy": "never",
        }
        lines += ["    good:", *(f"      {name}: {json.dumps(value)}" for name, value in good.items())]
        inventory = folder / "inventory.yml"
        inventory.touch(mode=0o600)
        inventory.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return Played(
            folder,
            run_playbook(
                folder, f"winops.hotpatch.{playbook}", inventory, "-e", "hotpatch_hosts=all", "-e", "hotpatch_rollback_kb=KB5082063"
            ),
        )
    finally:
        endpoint.close()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    certificate = make_certificate(tmp_path_factory.mktemp("certificate") / "endpoint.pem")
    return {playbook: play(tmp_path_factory.mktemp(playbook), playbook, certificate) for playbook in PLAYBOOKS}


def result_of(played: Played, host: str) -> dict[str, Any]:
    (found,) = [entry["result"] for entry in played.run.results if entry["host"] == host and entry["result"].get("unreachable")]
    return dict(found)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_the_text_of_a_fault_is_not_executed(played: dict[str, Played], playbook: str, host: str) -> None:
    assert not (played[playbook].folder / "marks" / host).exists()
    assert PRODUCT not in played[playbook].run.output
    assert PRODUCT not in json.dumps(played[playbook].run.results)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_the_host_is_unreachable_and_the_text_is_shown(played: dict[str, Played], playbook: str, host: str) -> None:
    message = str(result_of(played[playbook], host)["msg"])
    assert len(message) <= 2000
    assert message.isprintable()
    # The braces of an address are quoted on their way.
    assert ("7*7777777" if host == "address" else SUM) in message
    (path,) = (played[playbook].folder / "records" / host).glob("*.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["outcome"] == "unreachable"
    (said,) = record["messages"]
    # Where a remedy is known it follows in the result.
    assert message.startswith(said.rstrip(" ."))


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_the_table_shows_all_hosts(played: dict[str, Played], playbook: str) -> None:
    table = played[playbook].run.table()
    assert list(table) == sorted([*HOSTS, "good"])
    assert len([line for line in table.values() if " unreachable " in line]) == len(HOSTS)
