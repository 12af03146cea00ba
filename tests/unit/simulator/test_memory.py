# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of a simulated host: read, compared and written in one call, and each way in which that goes wrong."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import jsonschema
import pytest
from ansible_collections.winops.hotpatch.tests.schemas import DATA

SCHEMA = json.loads((DATA / "memory_answer.schema.json").read_text(encoding="utf-8"))
TEXT = '{"schema": "winops.hotpatch/memory/1", "by": "Åsa"}'
DENIED, LOCKED, CORRUPT, TOO_LARGE = "0x80070005", "0x80070020", "0x80070570", "0x800700DF"


def revision(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def memory(srv: Any, check_mode: bool = False, **given: str) -> dict[str, Any]:
    """Ask for nothing but the memory, and hold the answer to its schema."""
    result = srv.module("winops.hotpatch.internal_observe", check_mode, gather=[], memory=given)
    answer: dict[str, Any] = result["memory"]
    jsonschema.Draft202012Validator(SCHEMA).validate(answer)
    assert result["changed"] is answer["written"]
    return answer


def code(answer: dict[str, Any]) -> str | None:
    return answer["error"] and str(answer["error"]["hresult"])


def test_a_memory_is_written_where_it_is_still_the_one_expected(host: Any) -> None:
    srv = host()
    nothing = memory(srv)
    assert (nothing["document"], nothing["revision"], nothing["written"], nothing["writable"]) == (None, "", False, True)
    first = memory(srv, document=TEXT, expect="")
    assert (first["document"], first["revision"], first["written"], first["error"]) == (TEXT, revision(TEXT), True, None)
    # The second one expects what the first one expected.
    late = memory(srv, document="{}", expect="")
    assert (late["document"], late["revision"], late["written"], late["error"]) == (TEXT, revision(TEXT), False, None)
    assert memory(srv, document="{}", expect=first["revision"])["written"]
    assert (memory(srv)["document"], srv.truth().memory) == ("{}", "{}")


def test_of_two_at_once_one_writes(host: Any) -> None:
    srv = host()
    srv.observe()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: memory(srv, document=f"{{{number}}}", expect=""), range(8)))
    (winner,) = [answer for answer in answers if answer["written"]]
    assert {answer["revision"] for answer in answers} == {winner["revision"]}


def test_without_the_option_it_is_not_looked_at(host: Any) -> None:
    srv = host()
    assert set(srv.module("winops.hotpatch.internal_observe", gather=["os"])) == {"changed", "observation"}
    assert set(srv.module("winops.hotpatch.internal_observe", gather=["os"], memory=None)) == {"changed", "observation"}


def test_reading_and_check_mode_change_nothing(host: Any) -> None:
    srv = host()
    memory(srv, document=TEXT)
    before = srv.truth_path.read_bytes()
    assert memory(srv)["document"] == TEXT
    answer = memory(srv, True, document="{}", expect=revision(TEXT))
    assert (answer["document"], answer["written"], answer["error"]) == (TEXT, False, None)
    assert srv.truth_path.read_bytes() == before


def test_a_text_that_is_no_memory_is_not_written(host: Any) -> None:
    srv = host()
    assert memory(srv, document="é" * 32768)["written"]
    expect = memory(srv)["revision"]
    for text, wanted in (("é" * 32768 + "x", TOO_LARGE), ("\ud800", "0x80070057")):
        answer = memory(srv, document=text, expect=expect)
        assert (answer["written"], code(answer), answer["revision"]) == (False, wanted, expect)


def test_observing_goes_on_whatever_becomes_of_the_memory(host: Any) -> None:
    srv = host(faults=[{"fault": "memory_unreadable"}, {"fault": "probe_error", "probe": "os"}])
    found = srv.module("winops.hotpatch.internal_observe", gather=["os", "disk"], memory={})
    assert (found["memory"]["error"]["hresult"], found["observation"]["disk"]["system_free_bytes"]) == (CORRUPT, 30_000_000_000)


@pytest.mark.parametrize(
    ("fault", "read", "written"),
    [
        ("memory_unwritable", (TEXT, DENIED, False), (TEXT, DENIED, False)),
        ("memory_locked", (TEXT, None, True), (TEXT, LOCKED, True)),
        ("memory_unreadable", (None, CORRUPT, True), (None, CORRUPT, True)),
    ],
)
def test_faults_from_a_time_on(host: Any, fault: str, read: tuple[Any, ...], written: tuple[Any, ...]) -> None:
    srv = host(faults=[{"fault": fault, "from": "2025-11-12", "to": "2025-11-13"}])
    assert memory(srv, document=TEXT)["written"]
    srv.at("2025-11-12")
    for answer, wanted in ((memory(srv), read), (memory(srv, document="{}", expect=revision(TEXT)), written)):
        assert (answer["document"], code(answer), answer["writable"], answer["written"]) == (*wanted, False)
    assert srv.truth().memory == TEXT
    assert memory(srv.at("2025-11-14"), document="{}", expect=revision(TEXT))["written"]


def test_garbage_stays_until_it_is_replaced(host: Any) -> None:
    srv = host(faults=[{"fault": "memory_garbage", "text": "garbage", "from": "2025-11-12"}])
    memory(srv, document=TEXT)
    srv.at("2025-11-12")
    assert (memory(srv)["document"], memory(srv)["revision"]) == ("garbage", revision("garbage"))
    assert not memory(srv, document="{}", expect=revision(TEXT))["written"]
    assert memory(srv, document="{}", expect=revision("garbage"))["written"]
    assert memory(srv)["document"] == "{}"


@pytest.mark.parametrize(("size", "mark"), [(65537, revision("x" * 65537)), ((1 << 20) + 1, "too-large")])
def test_too_much_of_it_can_be_replaced_too(host: Any, size: int, mark: str) -> None:
    srv = host(faults=[{"fault": "memory_garbage", "text": "x" * size}])
    answer = memory(srv)
    assert (answer["document"], answer["revision"], code(answer), answer["writable"]) == (None, mark, TOO_LARGE, True)
    assert memory(srv, document=TEXT, expect=mark)["document"] == TEXT


def test_another_account_can_neither_read_nor_write(host: Any) -> None:
    srv = host(administrator=False)
    assert srv.observe()["powershell"]["administrator"] is False
    nothing = memory(srv)
    # The folder is not there, which anybody may see.
    assert (nothing["error"], nothing["writable"]) == (None, False)
    assert code(memory(srv, document=TEXT)) == DENIED
    srv.given["administrator"] = True
    memory(srv, document=TEXT)
    assert srv.observe()["powershell"]["administrator"] is True
    srv.given["administrator"] = False
    answer = memory(srv)
    assert (answer["document"], answer["revision"], code(answer), answer["writable"]) == (None, "", DENIED, False)


def test_a_clone_is_another_machine_with_the_same_memory(host: Any) -> None:
    srv = host(events=[{"at": "2025-11-12", "do": "clone"}])
    before = memory(srv, document=TEXT)
    assert before["machine"] == memory(srv)["machine"] != memory(host("srv02"))["machine"]
    after = memory(srv.at("2025-11-12"))
    assert after["document"] == TEXT
    assert not set(before["machine"].values()) & set(after["machine"].values())


def test_the_clock_is_that_of_the_host(host: Any) -> None:
    assert memory(host())["clock"] == "2025-11-11T18:00:00Z"
    assert memory(host("wrong", faults=[{"fault": "clock_skew", "seconds": 3600}]))["clock"] == "2025-11-11T19:00:00Z"


def test_a_state_of_an_earlier_release_has_a_machine_too(host: Any) -> None:
    srv = host()
    machine = memory(srv)["machine"]
    found = json.loads(srv.truth_path.read_text())
    del found["machine"], found["memory"]
    srv.truth_path.write_text(json.dumps(found))
    assert memory(srv)["machine"] == machine
