# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a run: figures, whoever needs a person, the others, and what is to be done."""

from __future__ import annotations

from itertools import takewhile

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_run import NOT_BEGUN, HostRun
from ansible_collections.winops.hotpatch.plugins.plugin_utils._reports.host_table import FEW, host_lines
from ansible_collections.winops.hotpatch.tests.unit.reports.run_results import DONE, HELD, INFO, LOST, REFUSE, some


def table(lines: list[str]) -> list[str]:
    """Return the lines of the table itself, without its head."""
    begin = next(number for number, line in enumerate(lines) if line.split() == ["host", "state", "outcome", "KB", "reason"])
    return list(takewhile(str.strip, lines[begin + 1 :]))


def test_the_table_has_every_host_once() -> None:
    done, hostile = HostRun(), HostRun()
    done.add(DONE)
    hostile.add({"failed": True, "msg": "a\x1b[2J\nb" + "c" * 500})
    lines = host_lines({"b": done, "a\n": hostile}, ["c", "b"])
    assert [line.split()[0] for line in table(lines)] == ["a?", "c", "b"], "who was not come to needs a person"
    assert all(line.isprintable() and len(line) < 200 for line in lines[:-1])
    assert table(lines)[1].split()[1:3] == ["unknown", "-"]
    assert NOT_BEGUN in table(lines)[1]


def test_figures_come_first() -> None:
    lines = host_lines({**some(3, INFO, DONE), **some(2, REFUSE, name="held"), **some(1, LOST, name="gone")})
    assert lines[:4] == [
        "6 hosts, 1 of them needs a person",
        "  by state:   3 current, 2 hotpatch_due, 1 unreachable",
        "  by outcome: 3 installed, 2 refused, 1 unreachable",
        "",
    ]
    assert host_lines(some(1, INFO, DONE))[0] == "1 host, none of them needs a person"
    assert host_lines({}, ["a", "b"])[2] == "  by outcome: 2 not begun"


def test_whoever_needs_a_person_comes_before_the_others() -> None:
    bad = {"record": {"state": "degraded"}, "decision": {"action": "none", "reason": "x"}}
    lines = host_lines({**some(2, INFO, DONE, name="a"), **some(1, LOST, name="b"), **some(1, bad, name="c")})
    assert [line.split()[0] for line in table(lines)] == ["b000", "c000", "a000", "a001"]


@pytest.mark.parametrize(("calm", "listed"), [(FEW - 1, True), (FEW, False), (500, False)])
def test_a_large_fleet_has_those_alone_in_its_table_that_need_a_person(calm: int, listed: bool) -> None:
    rows = {**some(calm, INFO, DONE), **some(1, LOST, name="gone")}
    short, full = host_lines(rows), host_lines(rows, in_full=True)
    assert len(table(full)) == calm + 1
    assert len(table(short)) == (calm + 1 if listed else 1)
    assert table(short)[0].startswith("gone000")
    assert (f"{calm} hosts more need no person, and -v lists them." in short) != listed


def test_a_large_fleet_in_good_order_has_no_table() -> None:
    lines = host_lines(some(500, INFO, DONE))
    assert lines[-1] == "500 hosts need no person, and -v lists them."
    assert len(lines) == 5


def test_a_sentence_that_the_table_cut_is_told_in_full_once_for_all() -> None:
    why = "The health tasks failed on {} after the update. " + "It was so. " * 12 + "Find the cause."
    rows = {name: HostRun() for name in ("a", "b", "c")}
    for name, run in rows.items():
        run.add(DONE)
        run.explain({"ended": "failed", "message": why.format(name)})
    rows["c"].explain({"ended": "failed", "message": "It is short."})
    lines = host_lines(rows)
    assert lines[lines.index("What to do") + 1 :] == ["  a, b:", f"    {why.format('the host')}"]


def test_so_many_sentences_are_told_in_full_and_no_more() -> None:
    rows = some(30, DONE)
    for name, run in rows.items():
        run.explain({"ended": "failed", "message": f"{name}: " + "x" * 200})
    lines = host_lines(rows)
    below = lines[lines.index("What to do") + 1 :]
    assert len(below) == 42
    assert below[-2:] == [
        "  srv020, srv021, srv022, srv023, srv024 and 5 more:",
        "    The output above has the reason of each, and so has its run record.",
    ]


def test_hosts_out_of_service_are_named() -> None:
    rows = some(3, INFO, DONE)
    rows["srv001"].explain({"ended": "failed", "message": "No.", "out_of_service": True})
    assert "Out of service (1): srv001" in host_lines(rows)


def test_a_host_that_was_left_out_of_service_is_named_whatever_fails_on_it() -> None:
    """Its hotpatch drained nothing, and so has nothing to bring back."""
    rows = some(3, INFO, DONE)
    rows["srv001"].add({**INFO, "record": {**INFO["record"], "out_of_service": "june"}})
    rows["srv001"].explain({"ended": "failed", "message": "No.", "out_of_service": False})
    assert "Out of service (1): srv001" in host_lines(rows)
    rows["srv001"].give_back(in_service=True)
    assert "Back in service, where an earlier run had left them out (1): srv001" in host_lines(rows)


def test_remedies_are_told_once_for_all_who_need_them() -> None:
    lost = {"unreachable": True, "msg": "No name. Name it.", "remedy": "Name it."}
    held = {"failed": True, **REFUSE, "decision": {**HELD, "remedy": "Release it."}}
    rows = {f"srv{number:02}": HostRun() for number in range(9)}
    for name, run in rows.items():
        run.add(held if name == "srv08" else lost if name < "srv07" else INFO)
    lines = host_lines(rows)
    below = lines[lines.index("What to do") :]
    assert below == [
        "What to do",
        "  srv00, srv01, srv02, srv03, srv04 and 2 more:",
        "    Name it.",
        "  srv08:",
        "    Release it.",
    ]
    assert [line.split()[-2:] for line in lines if line.startswith("srv00")] == [["No", "name."]]
