# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One description of a host, two ways to an observation: the payload under PowerShell, and the rehearsal. They must say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.update_source import managed_by
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Policy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.interpret import interpret
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator import host_description
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.host_description import describe
from ansible_collections.winops.hotpatch.plugins.plugin_utils._simulator.windows import editions
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Call, Run
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PLUGINS
from ansible_collections.winops.hotpatch.tests.schemas import problems
from ansible_collections.winops.hotpatch.tests.seam.windows_of import windows_of
from ansible_collections.winops.hotpatch.tests.unit.simulator.conftest import Host

NOW = datetime(2026, 5, 12, 20, tzinfo=UTC)
HERE = Path(__file__).resolve().parent
HOSTS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "hosts.yml").read_text(encoding="utf-8"))
SCHEMA = json.loads((PLUGINS / "plugin_utils" / "data" / "observation.schema.json").read_text(encoding="utf-8"))
MEMORY_SCHEMA = json.loads((PLUGINS / "plugin_utils" / "data" / "memory_answer.schema.json").read_text(encoding="utf-8"))
OBSERVE = "winops.hotpatch.internal_observe"


@dataclass
class Pair:
    """What the two said of one host, and of its memory."""

    payload: dict[str, Any]
    rehearsal: dict[str, Any]
    memory_in_payload: dict[str, Any]
    memory_in_rehearsal: dict[str, Any]


def live(folder: Path, name: str) -> Host:
    """Return the host after all that happens to it."""
    given = {key: value for key, value in HOSTS[name].items() if key not in ("covers", "steps", "memory", "then")}
    host = Host(folder, name, **given)
    host.observe()
    for step in HOSTS[name].get("steps", []):
        ((what, value),) = step.items()
        if what == "update":
            host.update(value)
        elif what == "restart":
            host.restart()
            # The restart takes its time; then the host is looked at once more.
            host.at(f"{str(given['now'])[:10]}T22:00:00Z").observe()
        elif what == "remember":
            assert host.module(OBSERVE, gather=[], memory={"document": value})["memory"]["written"]
            host.given |= HOSTS[name].get("then", {})
        elif what == "remove":
            removed = host.module("winops.hotpatch.package", state="absent", kb=value)
            assert removed["changed"], removed
        else:
            raise AssertionError(f"no step {what}")
    return host


@pytest.fixture(scope="module")
def pairs(payload_for_many: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pair]:
    """Both observations of every host; the payload looks at all of them in one run."""
    folder = tmp_path_factory.mktemp("seam")
    rehearsed, calls = {}, {}
    for name in HOSTS:
        host = live(folder, name)
        # Both look at the same state: before the rehearsal has written anything.
        memory = HOSTS[name].get("memory", {})
        calls[name] = Call(windows_of(host.truth(), describe(name, host.given)), {"memory": memory})
        rehearsed[name] = host.module(OBSERVE, memory=memory)
    said = {name: answer.result for name, answer in payload_for_many("internal_observe", calls, executions=2).items()}
    return {
        name: Pair(said[name]["observation"], rehearsed[name]["observation"], said[name]["memory"], rehearsed[name]["memory"])
        for name in HOSTS
    }


def differences(left: Any, right: Any, where: str = "") -> Iterator[str]:
    """Yield each field in which two observations differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}):
            if key not in left or key not in right:
                yield f"{where}.{key}: only {'the rehearsal' if key in right else 'the payload'} has it"
            else:
                yield from differences(left[key], right[key], f"{where}.{key}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif left != right or type(left) is not type(right):
        yield f"{where}: the payload says {left!r}, the rehearsal {right!r}"


@pytest.mark.parametrize("name", HOSTS)
def test_both_say_the_same(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[name]
    for observation in (pair.payload, pair.rehearsal):
        jsonschema.Draft202012Validator(SCHEMA).validate(observation)
    # How long each probe took is what it took; that each was timed is compared.
    pair.payload["timings_ms"] = sorted(pair.payload["timings_ms"])
    pair.rehearsal["timings_ms"] = sorted(pair.rehearsal["timings_ms"])
    assert list(differences(pair.payload, pair.rehearsal)) == []


@pytest.mark.parametrize("name", HOSTS)
def test_both_say_the_same_of_the_memory(pairs: dict[str, Pair], name: str) -> None:
    pair = pairs[name]
    for memory in (pair.memory_in_payload, pair.memory_in_rehearsal):
        jsonschema.Draft202012Validator(MEMORY_SCHEMA).validate(memory)
        if memory["error"]:
            # One names a path of Windows.
            assert memory["error"].pop("message")
    assert list(differences(pair.memory_in_payload, pair.memory_in_rehearsal)) == []


def test_differences_are_named() -> None:
    left = {"os": {"build": 1, "ubr": 2}, "offers": [{"kb": "a"}], "x": True}
    right = {"os": {"build": 1, "ubr": 3}, "offers": [{"kb": "a", "title": None}], "x": 1}
    assert list(differences(left, right)) == [
        ".offers[0].title: only the rehearsal has it",
        ".os.ubr: the payload says 2, the rehearsal 3",
        ".x: the payload says True, the rehearsal 1",
    ]
    assert list(differences([1], [1, 2])) == [": the payload says [1], the rehearsal [1, 2]"]


def test_everything_is_covered() -> None:
    """At least forty hosts, and one for each thing that there is."""
    covered = {item for host in HOSTS.values() for item in host["covers"]}
    wanted = {f"line {line}" for line in editions.MEDIA_BUILD}
    wanted |= {f"platform {name}" for name in ("azure", "azure_local", "arc", "on_premises")}
    wanted |= {f"pending {source}" for source in host_description.PENDING_SOURCES}
    wanted |= {f"restart_check {answer}" for answer in ("none", "yes", "no", "no_bootstrapper", "0x80246007", "0x80240037", "0x8024FFFF")}
    wanted |= {f"titles {form}" for form in ("long", "short", "localized")}
    wanted |= {f"history {what}" for what in ("failed", "rolled_back", "uninstalled")}
    wanted |= {f"enrollment {what}" for what in ("not_enrolled", "pending", "stuck")}
    reasons = ("edition", "build", "client edition", "vbs_not_running", "vbs_off", "secure_boot", "chpe", "arc_missing", "arc_disconnected")
    wanted |= {f"ineligible {reason}" for reason in (*reasons, "disk", "update_service", "wsus", "configmgr")}
    wanted |= {f"memory {what}" for what in ("written", "kept", "0x80070005")}
    assert sorted(wanted - covered) == []
    assert len(HOSTS) >= 40


def answered(restart_check: dict[str, Any] | None, value: str) -> bool:
    """Whether the restart check gave the answer that a host is there for."""
    if restart_check is None or value == "none":
        return restart_check is None and value == "none"
    if value in ("yes", "no"):
        return bool(restart_check["answer"] is (value == "yes"))
    return "bootstrapper" in str(restart_check["message"]) if value == "no_bootstrapper" else bool(restart_check["hresult"] == value)


# What a host must show if it covers what it says: the claims are held against the rehearsal, which the payload equals.
def test_claims_are_true(pairs: dict[str, Pair]) -> None:
    seen = {name: pair.rehearsal for name, pair in pairs.items()}
    for name, host in HOSTS.items():
        for claim in host["covers"]:
            what, _space, value = claim.partition(" ")
            if what == "pending":
                assert value in [cause["source"] for cause in seen[name]["pending"]["causes"]], name
            elif what == "restart_check":
                restart_checks = [offer["restart_check"] for offer in seen[name]["offers"]]
                assert any(answered(restart_check, value) for restart_check in restart_checks), (name, restart_checks)
            elif what == "titles":
                titles = [str(entry["title"]) for entry in [*seen[name]["offers"], *seen[name]["history"]]]
                word = {"long": "Cumulative Update for", "short": "Security Update (KB", "localized": "向け"}[value]
                assert any(word in title for title in titles), (name, titles)
            elif what == "history":
                results = [(entry["operation"], entry["result_code"]) for entry in seen[name]["history"]]
                wanted = {"failed": ("install", 4), "rolled_back": ("install", 4), "uninstalled": ("uninstall", 2)}[value]
                assert wanted in results, (name, results)
            elif what == "memory":
                memory = pairs[name].memory_in_rehearsal
                assert value == ("written" if memory["written"] else (memory["error"] or {}).get("hresult", "kept")), name
            elif what == "probe":
                assert [error["probe"] for error in seen[name]["errors"]] == [value], name
            else:
                assert interpreted(seen[name], what, value), (name, claim)


# The check that fails, or the word of the engine, by which a host shows that it is what its claim says.
INELIGIBLE = {
    "client edition": "edition",
    "vbs_not_running": "vbs_running",
    "vbs_off": "vbs_running",
    "secure_boot": "secure_boot",
    "chpe": "chpe_disabled",
    "arc_missing": "arc_connected",
    "arc_disconnected": "arc_connected",
    "disk": "disk_free",
    "update_service": "update_service",
}


def interpreted(observation: dict[str, Any], what: str, value: str) -> bool:
    """Whether what the engine makes of an observation is what a host is there for."""
    record = interpret("host", parse_observation(observation), load_catalog(), Policy(), NOW).to_dict()
    assert problems(record) == []
    if what == "line":
        return bool(record["os"]["product_line"] == value)
    if what == "platform":
        return bool(record["platform"]["kind"] == value)
    if what == "powershell":
        return bool(observation["powershell"]["edition"] == value and observation["packages"])
    if what == "enrollment":
        return bool(record["enrollment"]["verdict"] == {"pending": "enrolling", "stuck": "not_enrolled"}.get(value, value))
    if what == "ineligible" and value in ("wsus", "configmgr"):
        return managed_by(parse_observation(observation)) is not None
    if what == "ineligible" and value in ("edition", "build"):
        return bool(record["eligibility"]["verdict"] == "not_applicable")
    if what == "ineligible":
        failed = {check["id"] for check in record["eligibility"]["checks"] if check["result"] == "fail"}
        return INELIGIBLE[value] in failed
    found: dict[str, Any] = {
        "architecture": observation["os"]["architecture"],
        "monitor": "events" if observation["monitor"]["events"] else observation["monitor"]["service"],
        "role": next((role for role, has in observation["roles"].items() if has), None),
        "servicing": "busy" if observation["servicing"]["in_progress"] else "idle",
    }
    return bool(found[what] == value)
