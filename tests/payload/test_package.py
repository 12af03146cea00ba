# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""package.ps1 on a real PowerShell: what DISM is asked to do, in which order, and what is made of its answers."""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.tests.payload import package_cases
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Run
from ansible_collections.winops.hotpatch.tests.payload.hosts import BASELINE
from ansible_collections.winops.hotpatch.tests.payload.package_cases import FIRST, HOTPATCH, MSU


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Packages on the host: path and SHA-256 by name."""
    return package_cases.files(tmp_path_factory.mktemp("updates"))


@pytest.fixture(scope="module")
def answers(payload_for_many: Run, files: dict[str, tuple[str, str]]) -> dict[str, Answer]:
    """What the payload said in all cases, in one run."""
    return payload_for_many("package", package_cases.cases(files))


def changes(answer: Answer) -> list[str]:
    """What DISM was asked to change, in order."""
    return [call.removeprefix("dism ") for call in answer.calls if call.startswith(("dism add", "dism remove"))]


def test_a_host_that_lets_nobody_list_its_packages_keeps_them(answers: dict[str, Answer]) -> None:
    result = answers["denied"].result
    assert result["msg"].startswith("Listing the packages failed with 0x800702E4: an elevated token is needed: run the task")
    assert (result["hresult"], result["changed"], changes(answers["denied"])) == ("0x800702E4", False, [])


def test_absent(answers: dict[str, Answer]) -> None:
    result = answers["absent"].result
    assert changes(answers["absent"]) == [f"remove {HOTPATCH}"]
    assert (result["changed"], result["restart_needed"], result["exit_code"], result["hresult"]) == (True, True, 3010, None)
    # What changed comes first.
    assert [(item["identity"], item["state"]) for item in result["packages"]] == [(HOTPATCH, "UninstallPending"), (BASELINE, "Installed")]


def test_absent_in_check_mode(answers: dict[str, Answer]) -> None:
    assert answers["absent_check"].result["changed"] is True
    assert changes(answers["absent_check"]) == []


@pytest.mark.parametrize(("case", "restart"), [("absent_already", False), ("absent_pending", True)])
def test_absent_already(answers: dict[str, Answer], case: str, restart: bool) -> None:
    assert answers[case].result["changed"] is False
    assert answers[case].result["restart_needed"] is restart
    assert changes(answers[case]) == []


def test_absent_of_a_permanent_package(answers: dict[str, Answer]) -> None:
    result = answers["absent_permanent"].result
    assert (result["changed"], result["hresult"], result["restart_needed"]) == (False, "0x800F0825", False)
    assert result["exit_code"] == 0x800F0825 - 2**32
    assert "permanent and cannot be removed (CBS_E_CANNOT_UNINSTALL)" in result["msg"]
    assert result["message"] == result["msg"]


def test_unknown_error_keeps_its_text(answers: dict[str, Answer]) -> None:
    assert answers["absent_unknown_error"].result["msg"] == f"Removing {HOTPATCH} failed with 0x800F9999: odd"


def test_absent_by_number(answers: dict[str, Answer]) -> None:
    assert changes(answers["absent_kb"]) == [f"remove {HOTPATCH}"]
    assert (answers["absent_kb"].result["tool"], answers["absent_kb"].result["exit_code"]) == ("dism", 3010)


def wusa(answer: Answer) -> list[str]:
    return [call.removeprefix("start ") for call in answer.calls if call.startswith("start ")]


@pytest.mark.parametrize(
    ("case", "changed", "restart", "code"),
    [
        ("absent_kb_unlisted", True, True, 3010),
        ("absent_kb_no_restart", True, False, 0),
        ("absent_kb_gone", False, False, 0),
    ],
)
def test_wusa_only_where_dism_cannot(answers: dict[str, Answer], case: str, changed: bool, restart: bool, code: int) -> None:
    result = answers[case].result
    assert wusa(answers[case]) == ["wusa.exe /uninstall /kb:5120994 /quiet /norestart"]
    assert (result["changed"], result["restart_needed"], result["exit_code"], result["tool"]) == (changed, restart, code, "wusa")
    assert changes(answers[case]) == []


@pytest.mark.parametrize(("case", "changed"), [("absent_kb_unlisted_check", True), ("absent_kb_not_there", False)])
def test_wusa_is_not_run(answers: dict[str, Answer], case: str, changed: bool) -> None:
    assert answers[case].result["changed"] is changed
    assert wusa(answers[case]) == []


@pytest.mark.parametrize(
    ("case", "hresult", "words"),
    [
        ("absent_kb_denied", "0x80070005", "access denied: run the task as an administrator"),
        ("absent_kb_refused", "0x80240028", "remove its package by its identity"),
        ("absent_kb_hangs", "0x80131505", "wusa still runs after an hour"),
        ("absent_kb_odd", "0x80070063", "see the event log Setup"),
        ("absent_kb_no_wusa", "0x80070002", "Removing KB5120994 by wusa failed"),
    ],
)
def test_wusa_fails(answers: dict[str, Answer], case: str, hresult: str, words: str) -> None:
    result = answers[case].result
    assert (result["changed"], result["hresult"]) == (False, hresult)
    assert words in result["msg"]


def test_change_that_cannot_be_shown(answers: dict[str, Answer]) -> None:
    result = answers["absent_then_blind"].result
    assert (result["changed"], result["restart_needed"], result["exit_code"]) == (True, True, 3010)
    assert result["warnings"][0].startswith("The change is made, the packages could not be listed afterwards: ")


def test_file_without_a_number(answers: dict[str, Answer]) -> None:
    assert changes(answers["present_nameless"]) == ["add windows10.0-update.cab"]
    assert answers["present_nameless"].result["changed"] is True


def test_number_that_is_none(answers: dict[str, Answer]) -> None:
    assert answers["absent_kb_bad"].result["msg"] == "hotpatch is not a KB number, such as KB5094125. Nothing was removed."


def test_absent_needs_an_identity(answers: dict[str, Answer]) -> None:
    assert "identity" in answers["absent_nameless"].result["msg"]
    assert answers["absent_nameless"].calls == []


def test_present(answers: dict[str, Answer]) -> None:
    result = answers["present"].result
    assert changes(answers["present"]) == [f"add {MSU}"]
    assert (result["changed"], result["restart_needed"], result["exit_code"]) == (True, True, 3010)
    assert (result["packages"][0]["kb"], result["packages"][0]["state"]) == ("KB5094125", "InstallPending")


def test_present_in_check_mode(answers: dict[str, Answer]) -> None:
    assert answers["present_check"].result["changed"] is True
    assert changes(answers["present_check"]) == []


@pytest.mark.parametrize(
    ("case", "expected"),
    [("present_chain", [f"add {FIRST}", f"add {MSU}"]), ("present_chain_done", [f"add {MSU}"])],
)
def test_chain_in_order(answers: dict[str, Answer], case: str, expected: list[str]) -> None:
    assert changes(answers[case]) == expected
    assert answers[case].result["changed"] is True


def test_chain_stops_where_it_fails(answers: dict[str, Answer]) -> None:
    first, last = answers["present_chain_fails"], answers["present_last_fails"]
    assert changes(first) == [f"add {FIRST}"]
    assert (first.result["changed"], first.result["hresult"]) == (False, "0x800F0922")
    # What had been added before stands, and is said.
    assert changes(last) == [f"add {FIRST}", f"add {MSU}"]
    assert (last.result["changed"], last.result["hresult"]) == (True, "0x800F0838")
    assert "a checkpoint update is missing" in last.result["msg"]


@pytest.mark.parametrize("case", ["present_by_number", "present_by_quick_fix"])
def test_present_already(answers: dict[str, Answer], case: str) -> None:
    assert answers[case].result["changed"] is False
    assert changes(answers[case]) == []


def test_wrong_hash_installs_nothing(answers: dict[str, Answer], files: dict[str, tuple[str, str]]) -> None:
    result = answers["present_wrong_hash"].result
    assert result["msg"] == f"{files[MSU][0]} has the SHA-256 {files[MSU][1]}, and not {'0' * 64}. Nothing was installed."
    assert not [call for call in answers["present_wrong_hash"].calls if call.startswith("dism")]


def test_missing_file_installs_nothing(answers: dict[str, Answer]) -> None:
    assert answers["present_missing"].result["msg"] == "/nowhere/x.msu is not there. Nothing was installed."
    assert not [call for call in answers["present_missing"].calls if call.startswith("dism")]


def test_package_that_does_not_apply(answers: dict[str, Answer]) -> None:
    result = answers["present_not_applicable"].result
    assert (result["changed"], result["hresult"]) == (False, "0x800F081E")
    assert changes(answers["present_not_applicable"]) == []
