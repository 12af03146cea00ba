# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one host_info costs on the wire over winrm: requests and bytes sent, and which share of them is ansible-core's own.

The share is that of a module that does nothing, sent in the same run. Bytes are those of HTTP inside TLS, headers included. They are
counted with the payload as it ships; the requests with the doubles in front of it, since only then does it answer as on Windows.

Usage: python -m tests.benchmarks.wire_bytes, in the checkout. Needs a PowerShell: C($HOTPATCH_PWSH), or C(pwsh) on the PATH.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import conftest  # first: it makes this checkout importable as a collection

from ansible import __version__ as core  # isort: skip
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import SKIP, find_pwsh  # isort: skip
from ansible_collections.winops.hotpatch.tests.payload.hosts import server_2025  # isort: skip
from ansible_collections.winops.hotpatch.tests.wire.conftest import NOW, USER, Wire  # isort: skip
from ansible_collections.winops.hotpatch.tests.wire.wire_hosts import make_certificate, make_collection, make_shell  # isort: skip
from ansible_collections.winops.hotpatch.tests.wire.wsman_endpoint import Endpoint  # isort: skip

assert conftest.__doc__
TASKS: dict[str, dict[str, Any]] = {"host_info": {"winops.hotpatch.host_info": {"as_of": NOW}}, "empty": {"winops.hotpatch.empty": {}}}


@dataclass(frozen=True)
class Cost:
    """What one module cost."""

    requests: Counter[str]
    sent: int


def measure(root: Path, pwsh: str, doubles: bool) -> dict[str, Cost]:
    """Run each module once, each on a host and over a connection of its own."""
    password = secrets.token_urlsafe(18)
    endpoint = Endpoint(make_certificate(root / "endpoint.pem"), USER, password)
    try:
        wire = Wire(make_collection(root / "controller", doubles=doubles), make_shell(root, pwsh), endpoint, password)
        costs = {}
        for name, task in TASKS.items():
            wire.host(name, server_2025())
            ran = wire.play(root, [name], {"name": name, **task})
            operations = endpoint.of(name)
            requests = Counter(item.action for item in operations)
            if requests["Command"] != 1 or not requests["Signal"] or (doubles and ran.returncode):
                sys.exit(f"{name} was not executed as it should be: {dict(requests)}\n{ran.output}")
            costs[name] = Cost(requests, sum(item.size for item in operations if item.action != "Receive"))
        return costs
    finally:
        endpoint.close()


def main() -> None:
    pwsh = find_pwsh()
    if not pwsh:
        sys.exit(SKIP)
    with tempfile.TemporaryDirectory(prefix="hotpatch-wire-") as folder:
        root = Path(folder)
        for name in ("shipped", "doubles"):
            (root / name).mkdir()
        shipped, answering = measure(root / "shipped", pwsh, doubles=False), measure(root / "doubles", pwsh, doubles=True)
    own, core_own = shipped["host_info"].sent, shipped["empty"].sent
    lines = [
        f"over winrm, ansible-core {core}, one execution, connection included",
        f"{'module':12}{'bytes sent':>12}{'requests':>10}  of these",
    ]
    for name in TASKS:
        kinds = ", ".join(f"{action} {count}" for action, count in answering[name].requests.items())
        lines.append(f"{name:12}{shipped[name].sent:12,}{answering[name].requests.total():10}  {kinds}")
    lines.append(f"ansible-core's own share of the bytes of host_info: {core_own / own:.0%}; ours: {own - core_own:,} bytes")
    lines.append("Not counted: the bytes of Receive requests, about 2 KB each, whose number depends on how long the host takes.")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
