# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""package_info.ps1 on a real PowerShell: it lists the packages of a host and changes nothing."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Run
from ansible_collections.winops.hotpatch.tests.payload.hosts import BASELINE
from ansible_collections.winops.hotpatch.tests.payload.package_cases import HOTPATCH, QUERIES


@pytest.fixture(scope="module")
def answers(payload_for_many: Run) -> dict[str, Answer]:
    """What the payload said in all cases, in one run."""
    return payload_for_many("package_info", QUERIES)


def test_all_packages(answers: dict[str, Answer]) -> None:
    result = answers["all"].result
    assert [(item["identity"], item["state"], item["kb"]) for item in result["packages"]] == [
        (BASELINE, "Installed", "KB5082063"),
        (HOTPATCH, "InstallPending", "KB5087538"),
    ]
    assert result["packages"][1]["install_time"] == "2026-05-12T18:30:00Z"
    assert result["packages"][1]["release_type"] == "Security Update"
    assert (result["changed"], result["restart_needed"], result["hresult"]) == (False, True, None)


def test_one_package(answers: dict[str, Answer]) -> None:
    assert [item["identity"] for item in answers["one"].result["packages"]] == [BASELINE]
    assert answers["one"].result["restart_needed"] is False


def test_without_rights(answers: dict[str, Answer]) -> None:
    result = answers["denied"].result
    assert result["hresult"] == "0x800702E4"
    assert result["msg"].startswith("Listing the packages failed with 0x800702E4: an elevated token is needed: run the task")


def test_an_error_that_nobody_knows_is_told_in_the_words_of_windows(answers: dict[str, Answer]) -> None:
    assert answers["odd"].result["msg"] == "Listing the packages failed with 0x800F9999: odd"


def test_nothing_is_changed(answers: dict[str, Answer]) -> None:
    for name, answer in answers.items():
        assert [call for call in answer.calls if call.startswith(("dism add", "dism remove"))] == [], name
