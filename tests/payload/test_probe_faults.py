# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A probe that throws, hangs or returns garbage: the rest stays intact, and the record is never a better one than without the probe."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decide import decide
from ansible_collections.winops.hotpatch.plugins.plugin_utils._decision.decision import Action
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.plugins.plugin_utils._policy.policy import Intent, Policy, RestartPolicy
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.interpret import interpret
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.record import Record
from ansible_collections.winops.hotpatch.plugins.plugin_utils._record.state import SEVERITY
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Run
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PLUGINS
from ansible_collections.winops.hotpatch.tests.payload.probe_faults import CASES, LIMITS, PROBES

SCHEMA = json.loads((PLUGINS / "plugin_utils" / "data" / "observation.schema.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 5, 12, 18, tzinfo=UTC)
RANKS = ("good", "info", "warn", "bad", "unknown")
STRUCK = [name for name in CASES if name != "good"]
# Says nothing of the host by itself; all else in it is compared.
LOOSE = ("timings_ms", "errors")


@pytest.fixture(scope="module")
def answers(payload_for_many: Run) -> dict[str, Answer]:
    """What the payload said of all hosts."""
    hanging = {name: call for name, call in CASES.items() if name.endswith("hangs")}
    others = {name: call for name, call in CASES.items() if name not in hanging}
    return payload_for_many("internal_observe", others, LIMITS, executions=2) | payload_for_many(
        "internal_observe", hanging, LIMITS, executions=3
    )


def record_of(observation: dict[str, Any]) -> Record:
    return interpret("web01", parse_observation(observation), load_catalog(), Policy(), NOW)


def rank(record: Record) -> int:
    """How well the host seems to do: the lower, the better."""
    return RANKS.index(SEVERITY[record.state])


def acts(record: Record) -> bool:
    """Whether a run that must not restart would do something on the host."""
    decision = decide(record, load_catalog(), Policy(), RestartPolicy.NEVER, Intent.AUTO, NOW)
    return decision.action in (Action.INSTALL, Action.RESTART)


def test_the_good_host_is_good(answers: dict[str, Answer]) -> None:
    observation = answers["good"].observation
    assert observation["errors"] == []
    assert acts(record_of(observation))


@pytest.mark.parametrize("name", STRUCK)
def test_the_rest_is_intact(answers: dict[str, Answer], name: str) -> None:
    probe = PROBES[name.split(" ")[0]]
    good, seen = answers["good"].observation, answers[name].observation
    jsonschema.Draft202012Validator(SCHEMA).validate(seen)
    struck = {probe.section, *probe.shared, *LOOSE}
    assert {key: value for key, value in seen.items() if key not in struck} == {
        key: value for key, value in good.items() if key not in struck
    }
    # Problems are those of the probe, or of one that reads the same.
    sections = {"boot_time": "boot"}
    allowed = {sections.get(section, section) for section in (probe.section, *probe.shared)}
    assert {error["probe"] for error in seen["errors"]} <= allowed | {"restart_check"}


@pytest.mark.parametrize("name", [name for name in STRUCK if name.endswith(("throws", "hangs"))])
def test_the_failure_is_named(answers: dict[str, Answer], name: str) -> None:
    probe, what = name.split(" ")
    expected = "0x8007000E" if what == "throws" else "0x800705B4"
    if probe == "restart_check" and what == "throws":
        restart_checks = [offer["restart_check"] for offer in answers[name].observation["offers"]]
        assert [(item["answer"], item["hresult"]) for item in restart_checks] == [(None, expected)]
        return
    problems = answers[name].problems("offers" if probe == "restart_check" else probe)
    assert expected in [problem["hresult"] for problem in problems], problems
    assert all(problem["message"] for problem in problems)


@pytest.mark.parametrize("name", STRUCK)
def test_never_better_than_without_the_probe(answers: dict[str, Answer], name: str) -> None:
    probe = PROBES[name.split(" ")[0]]
    good = answers["good"].observation
    without = record_of(good | {probe.section: None})
    seen = record_of(answers[name].observation)
    if name.split(" ")[1] in ("throws", "hangs"):
        assert rank(seen) >= rank(without), (seen.state, without.state)
        assert acts(without) or not acts(seen)
    assert rank(seen) >= rank(record_of(good))
    # Whatever was read is plain text, and not much of it.
    text = json.dumps(seen.to_dict(), ensure_ascii=False)
    assert len(text) < 60_000
    assert all(character.isprintable() for character in text)
