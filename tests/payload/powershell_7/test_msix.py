# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The payloads in a PowerShell 7 where DISM does not work.

Windows PowerShell is asked, nothing is done twice, and no answer is never taken for one.
"""

from __future__ import annotations

import pytest
from ansible_collections.winops.hotpatch.tests.payload import package_cases
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Run
from ansible_collections.winops.hotpatch.tests.payload.hosts import BASELINE
from ansible_collections.winops.hotpatch.tests.payload.package_cases import HOTPATCH, MSU
from ansible_collections.winops.hotpatch.tests.payload.powershell_7 import msix_cases

REMEDY = "let Windows PowerShell 5.1 run on the host, and leave out hotpatch_powershell and the endpoint PowerShell.7"
SILENT = "Windows PowerShell, through which PowerShell 7 asks DISM, gave no answer: "


@pytest.fixture(scope="module")
def listed(payload_for_many: Run) -> dict[str, Answer]:
    return payload_for_many("package_info", msix_cases.queries(), msix_cases.QUERY_LIMITS, executions=3)


@pytest.fixture(scope="module")
def observed(payload_for_many: Run) -> dict[str, Answer]:
    return payload_for_many("internal_observe", msix_cases.observations(), msix_cases.OBSERVE_LIMITS, executions=3)


@pytest.fixture(scope="module")
def changed(payload_for_many: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    files = package_cases.files(tmp_path_factory.mktemp("updates"))
    return payload_for_many("package", msix_cases.changes(files), msix_cases.LIMITS, executions=3)


def begun(answer: Answer) -> list[str]:
    """What DISM and wusa were asked to change."""
    return [call for call in answer.calls if call.startswith(("dism add", "dism remove", "start"))]


@pytest.mark.parametrize("case", ["answers", "slow", "msi"])
def test_all_packages_are_listed(listed: dict[str, Answer], case: str) -> None:
    """By Windows PowerShell, without waiting for the PowerShell 7 in which it fails; or by that one where there is no other."""
    result = listed[case].result
    assert [(item["identity"], item["state"], item["kb"]) for item in result["packages"]] == [
        (BASELINE, "Installed", "KB5082063"),
        (HOTPATCH, "InstallPending", "KB5087538"),
    ], result
    assert result["packages"][1]["install_time"] == "2026-05-12T18:30:00Z"
    assert result["packages"][1]["release_type"] == "Security Update"
    assert (result["restart_needed"], result.get("warnings", [])) == (True, [])
    asked = ["dism list", f"dism list {HOTPATCH}", f"dism list {BASELINE}"]
    assert [call for call in listed[case].calls if call.startswith("dism")] == asked
    assert listed[case].calls.count("windows powershell") == (0 if case == "msi" else 2)


@pytest.mark.parametrize(
    ("case", "hresult", "words"),
    [
        ("not there", "0x80040154", REMEDY),
        ("babbles", "0x80040154", REMEDY),
        ("answers too little", "0x80040154", REMEDY),
        ("hangs", "0x80131505", "powershell.exe did not end within 15 seconds"),
        # The HRESULT of Windows comes through, and its meaning with it.
        ("denied", "0x800702E4", "an elevated token is needed: run the task as an administrator"),
    ],
)
def test_what_cannot_be_listed_is_an_error(listed: dict[str, Answer], case: str, hresult: str, words: str) -> None:
    result = listed[case].result
    assert (result.get("failed"), result["hresult"], result["packages"]) == (True, hresult, [])
    assert words in result["msg"]


@pytest.mark.parametrize(("case", "why"), [("not told", "odd"), ("class gone", REMEDY)])
def test_a_number_that_dism_does_not_tell_is_said(listed: dict[str, Answer], case: str, why: str) -> None:
    result = listed[case].result
    assert [(item["identity"], item["kb"]) for item in result["packages"]] == [(BASELINE, "KB5082063"), (HOTPATCH, None)]
    (warning,) = result["warnings"]
    assert warning.startswith(f"{HOTPATCH} has a number that is not known: ")
    assert warning.endswith(why)


def test_an_observation_has_the_packages_and_the_shell(observed: dict[str, Answer]) -> None:
    answers = observed["answers"].observation
    assert [item["kb"] for item in answers["packages"]] == ["KB5082063", "KB5087538"]
    assert (answers["powershell"], answers["errors"]) == ({"edition": "Core", "version": "7.7.0", "administrator": True}, [])
    assert observed["not told"].observation["powershell"] == {"edition": "Desktop", "version": "5.1.26100.32690", "administrator": True}


@pytest.mark.parametrize(
    ("case", "errors"),
    [
        ("not there", [("0x80004005", SILENT), ("0x80040154", REMEDY)]),
        ("slow", [("0x80004005", SILENT), ("0x800705B4", "no answer within the time limit")]),
        ("hangs", [("0x80131505", "powershell.exe did not end within")]),
    ],
)
def test_packages_that_are_not_known_are_named_so(observed: dict[str, Answer], case: str, errors: list[tuple[str, str]]) -> None:
    observation = observed[case].observation
    assert observation["packages"] is None
    found = observed[case].problems("packages")
    assert len(found) == len(errors), found
    for problem, (_hresult, words) in zip(found, errors, strict=True):
        assert words in problem["message"], found
    assert found[-1]["hresult"] == errors[-1][0]
    # All else is intact.
    assert observation["quick_fixes"] == ["KB5082063"]
    assert [error["probe"] for error in observation["errors"]] == ["packages"] * len(errors)


@pytest.mark.parametrize("case", ["not told", "not told through windows powershell"])
def test_one_number_more_or_less_leaves_the_others(observed: dict[str, Answer], case: str) -> None:
    observation = observed[case].observation
    assert [(item["identity"], item["kb"]) for item in observation["packages"]] == [(BASELINE, "KB5082063"), (HOTPATCH, None)]
    assert [(item["hresult"], item["message"]) for item in observation["errors"]] == [
        ("0x800F080A", f"{HOTPATCH} has a number that is not known: odd")
    ]


def test_a_field_probe_says_who_answered_and_what_is_not_known(payload_for_many: Run) -> None:
    answers = payload_for_many("field_probe", msix_cases.fixtures(), {"packages": 20})
    found = answers["answers"].result["found"]
    assert (found["powershell"], found["errors"]) == ({**msix_cases.SHELL, "administrator": True}, [])
    expected = [(BASELINE, "Fix for KB5082063"), (HOTPATCH, "Update for Microsoft Windows")]
    assert [(item["PackageName"], item["Description"]) for item in found["packages"]] == expected
    one_less = answers["not told"].result["found"]
    assert [(item["PackageName"], item.get("Description")) for item in one_less["packages"]] == [expected[0], (HOTPATCH, None)]
    assert [(error["probe"], error["message"]) for error in one_less["errors"]] == [("packages", f"{HOTPATCH}: odd")]
    blind = answers["not there"].result["found"]
    assert blind["packages"] is None
    assert [(error["probe"], error["hresult"]) for error in blind["errors"]][-1] == ("packages", "0x80040154")


@pytest.mark.parametrize(
    ("case", "what"),
    [
        ("absent", f"dism remove {HOTPATCH}"),
        ("absent by number", f"dism remove {HOTPATCH}"),
        ("absent, says nothing", f"dism remove {HOTPATCH}"),
        ("absent, hangs", f"dism remove {HOTPATCH}"),
        ("present", f"dism add {MSU}"),
        ("present, says nothing", f"dism add {MSU}"),
    ],
)
def test_a_change_is_made_once(changed: dict[str, Answer], case: str, what: str) -> None:
    """Where Windows PowerShell tells nothing afterwards, the state of the package tells that it is done."""
    result = changed[case].result
    assert begun(changed[case]) == [what]
    assert not result.get("failed"), result
    state = "UninstallPending" if case.startswith("absent") else "InstallPending"
    assert (result["changed"], result["restart_needed"], result["exit_code"], result["tool"]) == (True, True, 3010, "dism")
    assert result["packages"][0]["state"] == state


def test_a_package_that_is_gone_was_removed(changed: dict[str, Answer]) -> None:
    answer = changed["absent at once, says nothing"]
    assert begun(answer) == [f"dism remove {HOTPATCH}"]
    assert (answer.result["changed"], answer.result["restart_needed"]) == (True, True)
    assert [item["identity"] for item in answer.result["packages"]] == [BASELINE]


@pytest.mark.parametrize(
    ("case", "hresult", "words"),
    [
        ("absent, permanent", "0x800F0825", "permanent and cannot be removed"),
        ("absent, class gone", "0x80040154", REMEDY),
        ("absent, hangs undone", "0x80131505", "was left alone. The package is Installed now, and the change may still be under way"),
        ("absent, blind after", "0x80131505", "The package is Unknown now, and the change may still be under way: look with package_info"),
    ],
)
def test_a_change_that_fails_is_not_tried_again(changed: dict[str, Answer], case: str, hresult: str, words: str) -> None:
    result = changed[case].result
    assert begun(changed[case]) == [f"dism remove {HOTPATCH}"]
    assert (result.get("failed"), result["changed"], result["hresult"]) == (True, False, hresult)
    assert words in result["msg"]


@pytest.mark.parametrize(
    ("case", "hresult", "words"),
    [
        ("absent, not there", "0x80040154", REMEDY),
        ("absent by number, not there", "0x80040154", REMEDY),
        ("present, not there", "0x80040154", REMEDY),
        ("absent by number, not told", "0x800F080A", "KB5087538 is none of the packages whose number DISM tells. Nothing was removed."),
        (
            "absent by number, not told in 5.1",
            "0x800F080A",
            "KB5087538 is none of the packages whose number DISM tells. Nothing was removed.",
        ),
    ],
)
def test_what_is_not_known_is_not_taken_for_gone(changed: dict[str, Answer], case: str, hresult: str, words: str) -> None:
    """Neither 'not installed', nor a removal by another way."""
    result = changed[case].result
    assert begun(changed[case]) == []
    assert (result.get("failed"), result["changed"], result["hresult"]) == (True, False, hresult)
    assert words in result["msg"]


@pytest.mark.parametrize(("case", "change"), [("absent in check mode", True), ("present in check mode", True), ("present already", False)])
def test_nothing_is_begun(changed: dict[str, Answer], case: str, change: bool) -> None:
    assert begun(changed[case]) == []
    assert (bool(changed[case].result.get("failed")), changed[case].result["changed"]) == (False, change)
