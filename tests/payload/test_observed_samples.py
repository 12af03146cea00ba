# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What real machines and pages show comes out of the doubles through the payload, and the engine reads it right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.interpret import interpret
from ansible_collections.winops.hotpatch.tests.payload import hosts
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Call, Run
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PAYLOAD
from ansible_collections.winops.hotpatch.tests.payload.hosts import date, offer, server_2025, with_cim, with_registry

SAMPLES: dict[str, list[dict[str, Any]]] = yaml.safe_load((PAYLOAD / "observed_samples.yml").read_text(encoding="utf-8"))
TITLES, MACHINES = SAMPLES["titles"], SAMPLES["machines"]
NOW = datetime(2026, 9, 20, 18, tzinfo=UTC)


def _titles() -> hosts.Host:
    """A host whose history and offers bear all the titles; the offers give no number beside it."""
    history = [
        {
            "Title": item["text"],
            "Date": date(f"2026-05-{number + 1:02}T10:00:00Z", "utc_unspecified"),
            "Operation": 1,
            "ResultCode": 2,
            "HResult": 0,
        }
        for number, item in enumerate(TITLES)
    ]
    offers = [offer(f"KB60{number:05}", title=item["text"], kbs=[]) for number, item in enumerate(TITLES)]
    return server_2025(history=history, offers=offers)


def _machine(sample: dict[str, Any]) -> hosts.Host:
    start = {"win11_25h2": hosts.windows_11_arm64, "ws2022_azure": hosts.server_2022_azure}.get(sample["line"], server_2025)()
    build, ubr = sample["build"].split(".")
    start = with_registry(start, {hosts.WINDOWS: {"CurrentBuild": build, "UBR": int(ubr)}})
    start["history"], start["packages"], start["now"] = [], [], "2026-09-20T18:00:00Z"
    return with_cim(start, Win32_QuickFixEngineering=[{"HotFixID": kb} for kb in sample["quick_fixes"]])


@pytest.fixture(scope="module")
def answers(payload_for_many: Run) -> dict[str, Answer]:
    """What the payload said of all samples."""
    calls = {"titles": Call(_titles(), {"gather": ["history", "offers"]})}
    return payload_for_many("internal_observe", calls | {item["name"]: Call(_machine(item)) for item in MACHINES})


@pytest.mark.parametrize("item", TITLES, ids=[item["text"][:40] for item in TITLES])
def test_titles(answers: dict[str, Answer], item: dict[str, Any]) -> None:
    seen = answers["titles"].observation
    for section, number in (("history", "kb"), ("offers", "kbs")):
        (entry,) = [entry for entry in seen[section] if entry["title"] == item["text"]]
        found = entry[number] if section == "history" else (entry[number][0] if entry[number] else None)
        assert found == item["kb"], section


@pytest.mark.parametrize("item", MACHINES, ids=[item["name"] for item in MACHINES])
def test_machines(answers: dict[str, Answer], item: dict[str, Any]) -> None:
    observation = answers[item["name"]].observation
    assert observation["quick_fixes"] == item["quick_fixes"]
    assert f"{observation['os']['build']}.{observation['os']['ubr']}" == item["build"]
    record = interpret("seen", parse_observation(observation), load_catalog(), Policy(), NOW)
    assert record.line == item["line"]
    assert record.in_force.release_kb == item["release"]
