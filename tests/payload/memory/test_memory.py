# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""internal_observe.ps1 on a real PowerShell: the memory is read, compared and written, and each thing that stands in the way of that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.tests.payload.harness.calls import Answer, Run
from ansible_collections.winops.hotpatch.tests.payload.harness.memory_folder import folder_of
from ansible_collections.winops.hotpatch.tests.payload.memory import memory_cases
from ansible_collections.winops.hotpatch.tests.payload.memory.memory_cases import CASES, NEW, OLD, revision
from ansible_collections.winops.hotpatch.tests.schemas import DATA

SCHEMA = json.loads((DATA / "memory_answer.schema.json").read_text(encoding="utf-8"))
MACHINE = {"smbios_uuid": "4C4C4544-0042-3510-8053-B4C04F4E3632", "machine_guid": "0f7e7a0e-1d2c-4b8e-9a53-0a3a4a6d2f11"}
REVISIONS = {None: "", OLD: revision(OLD), NEW: revision(NEW)}
DENIED, LINK, STRANGER, LOCKED, TOO_LARGE, NO_TEXT, HUNG = (
    "0x80070005", "0x8007112B", "0x8007051B", "0x80070020", "0x800700DF", "0x80070459", "0x800705B4",
)  # fmt: skip


def memory(answer: Answer) -> dict[str, Any]:
    """The answer about the memory, which fits its schema."""
    found: dict[str, Any] = answer.result["memory"]
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert answer.result["changed"] is found["written"]
    return found


def code(answer: Answer) -> str | None:
    error = memory(answer)["error"]
    return error and str(error["hresult"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where hosts have their programs whose memory more than one execution is asked for."""
    return tmp_path_factory.mktemp("program_files")


@pytest.fixture(scope="module")
def answers(payload_for_many: Run, folder: Path) -> dict[str, Answer]:
    # Those that race come first, so that one of each two is in each execution.
    return payload_for_many("internal_observe", memory_cases.racing(folder) | CASES, memory_cases.LIMITS, executions=2)


@pytest.fixture(scope="module")
def hung(payload_for_many: Run, folder: Path) -> dict[str, Answer]:
    """What was said by hosts on which something hangs, is locked or leads elsewhere, and then by some of them again."""
    with memory_cases.held(folder / "held") as call:
        calls = memory_cases.HANGING | {
            "held": call,
            "dead": memory_cases.dying(folder / "dead"),
            "linked": memory_cases.linked(folder / "linked"),
        }
        found = payload_for_many("internal_observe", calls, memory_cases.SHORT_LIMITS, executions=3)
    left = {path.name: path.read_text() for path in folder_of(folder / "dead").glob("memory.[jn]*")}
    assert left == {"memory.json": OLD, "memory.new": NEW}
    return found | payload_for_many("internal_observe", memory_cases.last(folder), memory_cases.SHORT_LIMITS)


# name: (the document, whether it was written, whether it can be written, the error).
SAID: dict[str, tuple[str | None, bool, bool, str | None]] = {
    "nothing there": (None, False, True, None),
    "read": (OLD, False, True, None),
    "read in check mode": (OLD, False, True, None),
    "first": (NEW, True, True, None),
    "over": (NEW, True, True, None),
    "late": (OLD, False, True, None),
    "none expected": (OLD, False, True, None),
    "none there": (None, False, True, None),
    "check mode": (OLD, False, True, None),
    "first in check mode": (None, False, True, None),
    "beside a new file": (OLD, False, True, None),
    "over a new file": (NEW, True, True, None),
    "amid a replacement": (OLD, False, True, None),
    "over a replacement": (NEW, True, True, None),
    "folder left open": (NEW, True, True, None),
    "no icacls": (None, False, True, "0x80070002"),
    "icacls does nothing": (None, False, True, "0x80070538"),
    "over garbage": (NEW, True, True, None),
    "over large": (NEW, True, True, None),
    "over huge": (NEW, True, True, None),
    "too large a text": (None, False, True, TOO_LARGE),
    "a link": (None, False, False, LINK),
    "over a link": (None, False, False, LINK),
    "a link as lock": (OLD, False, False, LINK),
    "foreign file": (None, False, False, STRANGER),
    "over a foreign file": (None, False, False, STRANGER),
    "foreign folder": (None, False, False, STRANGER),
    "foreign folder above": (None, False, False, STRANGER),
    "of the installer": (OLD, False, True, None),
    "of SYSTEM": (OLD, False, True, None),
    "own": (NEW, True, True, None),
    "own and read": (OLD, False, True, None),
    "own without rights": (None, False, False, STRANGER),
    "no administrator": (None, False, False, None),
    "no administrator, closed": (None, False, False, DENIED),
    "no administrator writes": (None, False, False, DENIED),
    "rights unknown": (OLD, False, False, None),
    "owner unknown": (None, False, False, DENIED),
    "32 of 64 bits": (OLD, False, True, None),
    "32 bits": (OLD, False, True, None),
    "observed under it": (NEW, True, True, None),
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(answers: dict[str, Answer], name: str) -> None:
    found = memory(answers[name])
    assert (found["document"], found["written"], found["writable"], code(answers[name])) == SAID[name]
    assert found["revision"] == REVISIONS[found["document"]]
    assert (found["machine"], found["clock"]) == (MACHINE, "2026-05-12T18:00:00Z")


@pytest.mark.parametrize("name", SAID)
def test_what_is_there(answers: dict[str, Answer], name: str) -> None:
    """What was written is all that is left, beside the lock and the memory of before; what was not written has changed nothing."""
    left = answers[name].memory
    if SAID[name][1]:
        assert left["memory.json"].decode() == NEW
        assert set(left) - {"memory.json", "memory.old"} == {"memory.lock"}
        return
    call = CASES[name]
    before = {key: text.encode() for key, text in call.host.get("memory", {}).items() if isinstance(text, str)}
    assert {key: text for key, text in left.items() if key in before or key != "memory.lock"} == before | (
        {"memory.json": Path("/etc/hostname").read_bytes()} if name.endswith("a link") else {}
    )


def test_it_is_not_looked_at_unless_asked_for(answers: dict[str, Answer]) -> None:
    assert "memory" not in answers["not asked"].result
    assert not [call for call in answers["not asked"].calls if call.startswith(("acl", "icacls", "registry of"))]


def test_the_folder_is_closed_before_anything_is_in_it(answers: dict[str, Answer]) -> None:
    closing = "icacls hotpatch /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F"
    for name in ("first", "folder left open"):
        calls = answers[name].calls
        assert [call for call in calls if call.startswith("icacls")] == [closing], name
        assert calls.index(closing) < calls.index("acl memory.new")
    # It is closed once, and only where something is to be written.
    for name in ("over", "none there", "first in check mode", "nothing there", "no administrator writes"):
        assert not [call for call in answers[name].calls if call.startswith("icacls")], name
    failed = memory(answers["icacls fails"])
    assert (failed["written"], failed["document"]) == (False, None)
    assert failed["error"]["message"].endswith("icacls.exe ended with the exit code 5")
    assert [answers[name].memory for name in ("icacls fails", "icacls does nothing", "no icacls")] == [{}, {}, {}]


def test_the_group_becomes_the_owner_of_what_one_administrator_made(answers: dict[str, Answer]) -> None:
    owned = [call.split()[1] for call in answers["own"].calls if "/setowner" in call]
    assert owned == ["winops", "hotpatch", "memory.lock", "memory.new"]
    assert all("/setowner *S-1-5-32-544" in call for call in answers["own"].calls if "/setowner" in call)
    assert memory_cases.FOREIGN in memory(answers["foreign file"])["error"]["message"]


def test_texts_of_all_lengths(answers: dict[str, Answer]) -> None:
    empty, emptied, largest = (memory(answers[name]) for name in ("empty", "empty text", "largest text"))
    assert (empty["document"], empty["revision"], empty["error"]) == ("", revision(""), None)
    assert (emptied["document"], emptied["revision"], emptied["written"]) == ("", revision(""), True)
    assert (largest["document"], largest["written"]) == ("é" * 32768, True)


def test_what_is_no_memory_has_a_revision_by_which_it_can_be_replaced(answers: dict[str, Answer]) -> None:
    for name, mark, error in (
        ("garbage", revision(bytes.fromhex("ff00fe")), NO_TEXT),
        ("large", memory_cases.LARGE_REVISION, TOO_LARGE),
        ("huge", "too-large", TOO_LARGE),
    ):
        found = memory(answers[name])
        assert (found["document"], found["revision"], found["writable"], code(answers[name])) == (None, mark, True, error)
    assert "more than 1048576 bytes" in memory(answers["huge"])["error"]["message"]
    assert len(answers["huge"].memory["memory.json"]) == memory_cases.HUGE["size"]


def test_another_that_writes_before_the_lock_is_seen(answers: dict[str, Answer]) -> None:
    found = memory(answers["another writes"])
    assert (found["document"], found["written"], found["error"]) == ("other\n", False, None)


def test_what_cannot_be_replaced_stays(answers: dict[str, Answer]) -> None:
    found = memory(answers["no rest for the old"])
    assert (found["document"], found["written"]) == (OLD, False)
    assert found["error"]["hresult"]


def test_machine(answers: dict[str, Answer]) -> None:
    assert memory(answers["machine unknown"])["machine"] == {"smbios_uuid": None, "machine_guid": None}
    odd = memory(answers["machine odd"])["machine"]
    assert (odd["smbios_uuid"], odd["machine_guid"][:6], len(odd["machine_guid"])) == (None, "a bccc", 64)


def test_rights_are_observed(answers: dict[str, Answer]) -> None:
    seen = {name: answers[name].observation["powershell"]["administrator"] for name in ("read", "no administrator", "rights unknown")}
    assert seen == {"read": True, "no administrator": False, "rights unknown": None}


def test_the_memory_comes_before_the_probes(answers: dict[str, Answer]) -> None:
    answer = answers["observed under it"]
    assert (answer.observation["disk"], answer.observation["os"]["ubr"]) == (None, 32690)
    assert answer.calls.index("acl memory.new") < answer.calls.index("cim Win32_LogicalDisk")


def test_what_hangs_takes_nothing_with_it(hung: dict[str, Answer]) -> None:
    found = memory(hung["file system hangs"])
    assert (found["document"], found["written"], found["writable"], code(hung["file system hangs"])) == (None, False, False, HUNG)
    assert (found["machine"], hung["file system hangs"].observation["disk"]["system_free_bytes"]) == (MACHINE, 30000000000)
    found = memory(hung["machine hangs"])
    assert (found["document"], found["error"], found["machine"]) == (OLD, None, MACHINE | {"smbios_uuid": None})
    assert memory(hung["probe hangs"])["written"]
    assert hung["probe hangs"].observation["disk"] is None


def test_of_two_writers_one_writes(answers: dict[str, Answer], folder: Path) -> None:
    for number in range(memory_cases.PAIRS):
        pair = {name: memory(answers[f"{name}{number}"]) for name in ("a", "b")}
        (winner,) = [name for name, said in pair.items() if said["written"]]
        assert [said["error"] for said in pair.values()] == [None, None]
        assert {said["document"] for said in pair.values()} == {f"{winner}{number}"}
        assert (folder_of(folder / str(number)) / "memory.json").read_text() == f"{winner}{number}"


def test_a_lock_that_is_held(hung: dict[str, Answer]) -> None:
    found = memory(hung["held"])
    assert (found["document"], found["written"], found["writable"], code(hung["held"])) == (OLD, False, True, LOCKED)
    assert "memory.lock has been held by another process for 2 seconds" in found["error"]["message"]
    assert memory(hung["released"])["written"]


def test_a_writer_that_dies_leaves_the_memory_of_before(hung: dict[str, Answer], folder: Path) -> None:
    assert (memory(hung["dead"])["written"], code(hung["dead"])) == (False, HUNG)
    assert (memory(hung["look"])["document"], memory(hung["next"])["document"]) == (OLD, "{}")
    left = folder_of(folder / "dead")
    assert ((left / "memory.json").read_text(), (left / "memory.new").exists()) == ("{}", False)


def test_a_folder_that_leads_elsewhere(hung: dict[str, Answer], folder: Path) -> None:
    said = memory(hung["linked"])
    assert (said["written"], said["writable"], code(hung["linked"])) == (False, False, LINK)
    assert list((folder / "linked" / "elsewhere" / "hotpatch").iterdir()) == []
