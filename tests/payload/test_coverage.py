# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every statement of every payload is executed by a test. What cannot be is named in coverage_exceptions.yml, with the reason."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.winops.hotpatch.tests.payload import (
    field_probe_cases,
    host_info_cases,
    host_info_failure_cases,
    package_cases,
    probe_faults,
)
from ansible_collections.winops.hotpatch.tests.payload.harness.coverage import Covered, RunCovered
from ansible_collections.winops.hotpatch.tests.payload.harness.powershell import PAYLOAD, PLUGINS
from ansible_collections.winops.hotpatch.tests.payload.memory import memory_cases
from ansible_collections.winops.hotpatch.tests.payload.powershell_7 import msix_cases, other_system_cases

EXCEPTIONS: list[dict[str, str]] = yaml.safe_load((PAYLOAD / "coverage_exceptions.yml").read_text(encoding="utf-8"))
REPORT = PLUGINS.parent / "build" / "payload-coverage.txt"


@pytest.fixture(scope="module")
def covered(payload_with_coverage: RunCovered, tmp_path_factory: pytest.TempPathFactory) -> Covered:
    """What all cases of all payloads execute, together."""
    calls: dict[str, Any] = {**host_info_cases.ANSWERING, **host_info_failure_cases.FAILING}
    calls |= {name: call for name, call in probe_faults.CASES.items() if name.endswith("throws") or name == "servicing quotes"}
    limits = {"other": 6, "offers": 6, "restart_check_each": 4, "restart_check": 30}
    first = payload_with_coverage("internal_observe", calls, limits)
    first |= payload_with_coverage("internal_observe", host_info_failure_cases.HANGING, limits, executions=2)
    with memory_cases.held(tmp_path_factory.mktemp("held") / "programs") as call:
        calls = memory_cases.CASES | {"held": call, "hangs": memory_cases.HANGING["file system hangs"]}
        first |= payload_with_coverage("internal_observe", calls, memory_cases.SHORT_LIMITS, executions=2)
    first |= payload_with_coverage("field_probe", field_probe_cases.CASES | field_probe_cases.HANGING | msix_cases.fixtures(), {"other": 6})
    files = package_cases.files(tmp_path_factory.mktemp("updates"))
    queries = package_cases.QUERIES | other_system_cases.CASES | msix_cases.queries()
    first |= payload_with_coverage("package_info", queries, msix_cases.QUERY_LIMITS, executions=2)
    first |= payload_with_coverage("package", package_cases.cases(files), None)
    return first | payload_with_coverage("package", msix_cases.changes(files), msix_cases.LIMITS, executions=2)


def excepted(where: str, text: str) -> bool:
    return any(item["file"] == where and item["text"] in text for item in EXCEPTIONS)


def test_every_statement_is_executed(covered: Covered) -> None:
    missing = {key: text for key, text in covered.statements.items() if key not in covered.executed}
    lines = [f"{file}:{line}: {text.strip()}" for (file, line, _place), text in sorted(missing.items())]
    total = len(covered.statements)
    REPORT.parent.mkdir(exist_ok=True)
    head = f"{total - len(missing)} of {total} statements executed; not executed:"
    REPORT.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    assert total > 500
    unexplained = [f"{key[0]}:{key[1]}: {text.strip()}" for key, text in sorted(missing.items()) if not excepted(key[0], text)]
    assert unexplained == []


def test_exceptions_are_still_true(covered: Covered) -> None:
    """An exception whose statement is executed, or is gone, has no place in the list."""
    missing = [(key[0], text) for key, text in covered.statements.items() if key not in covered.executed]
    stale = [item for item in EXCEPTIONS if not any(item["file"] == file and item["text"] in text for file, text in missing)]
    assert stale == []
    assert all(len(item["reason"]) > 20 for item in EXCEPTIONS)


def test_a_statement_that_is_not_executed_shows(payload_with_coverage: RunCovered) -> None:
    """The measure itself: with one case that asks for little, most of the statements are missing."""
    few = payload_with_coverage("internal_observe", {"sweep": host_info_cases.ANSWERING["sweep"]}, None)
    texts = {text for key, text in few.statements.items() if key not in few.executed}
    assert any("CreateUpdateSearcher" in text for text in texts)
    assert 0 < len(few.executed) < len(few.statements) / 2
