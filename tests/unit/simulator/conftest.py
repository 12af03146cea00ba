# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated host without Ansible above it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator import truth_file
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host.model import Truth
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host_description import describe
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.session import Session


class Host:
    """Speaks to one simulated host, each call over a new connection unless one is given."""

    def __init__(self, folder: Path, name: str, **given: Any) -> None:
        self.name, self.given = name, {"truth": str(folder / "truth"), **given}
        self.truth_path, self.calls_path = folder / "truth" / f"{name}.json", folder / "calls" / f"{name}.jsonl"

    def connect(self) -> Session:
        return Session(describe(self.name, self.given))

    def module(self, module: str, check_mode: bool = False, session: Session | None = None, **args: Any) -> dict[str, Any]:
        manifest = {"module_args": {"_ansible_module_name": module, "_ansible_check_mode": check_mode, **args}}
        answer = (session or self.connect()).execute("PowerShell", b"wrapper\0\0\0\0" + json.dumps(manifest).encode())
        found: dict[str, Any] = json.loads(answer.stdout)
        return found

    def observe(self, **args: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.module("winops.hotpatch.internal_observe", **args)["observation"]
        return found

    def offered(self) -> list[str]:
        return [kb for offer in self.observe()["offers"] for kb in offer["kbs"]]

    def update(self, kb: str, check_mode: bool = False, **args: Any) -> dict[str, list[dict[str, Any]] | dict[str, Any]]:
        """A whole conversation of win_updates; the results by their task."""
        session = self.connect()
        args = {"category_names": ["*"], "accept_list": [rf"{kb}(?!\d)"], **args}
        started = self.module("ansible.windows.win_updates", check_mode, session, _operation="start", **args)
        found: dict[str, Any] = {}
        while "exit" not in found:
            polled = self.module(
                "ansible.windows.win_updates", check_mode, session, _operation="poll", _operation_options=started["poll_options"]
            )
            found |= {message["task"]: message["result"] for message in polled["output"]}
        self.module("ansible.windows.win_updates", check_mode, session, _operation="cancel", _operation_options=started["cancel_options"])
        return found

    def raw(self, script: str) -> tuple[int, str, str]:
        encoded = base64.b64encode(script.encode("utf-16-le")).decode()
        answer = self.connect().execute(f"PowerShell -NoProfile -EncodedCommand {encoded}", None)
        return answer.rc, answer.stdout.strip(), answer.stderr

    def restart(self) -> None:
        assert self.raw("C:\\Windows\\System32\\shutdown.exe /r /t 2 /c 'Reboot initiated by Ansible'")[0] == 0

    def at(self, now: str) -> Host:
        self.given["now"] = now
        return self

    def truth(self) -> Truth:
        found = truth_file.load(self.truth_path)
        assert found is not None
        return found

    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.calls_path.read_text().splitlines()]


@pytest.fixture
def host(tmp_path: Path) -> Callable[..., Host]:
    """Makes a host from the options of the connection."""

    def make(name: str = "srv01", **given: Any) -> Host:
        return Host(tmp_path, name, **{"now": "2025-11-11", **given})

    return make
