# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts of Windows out of its log: how many there were, who brought each about, and whose act that was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.history import LastRestart
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.pending_restart import Needed, RestartNeed, outlived
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.restart_journal import (
    MOST,
    Act,
    JournalEntry,
    RestartKind,
    joined,
    journal_of,
    read_entries,
)
from ansible_collections.winops.hotpatch.plugins.plugin_utils._host.starts import Start, StartedBy, starts_since
from ansible_collections.winops.hotpatch.plugins.plugin_utils._observation.parsing import parse_observation
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.printable import clean
from ansible_collections.winops.hotpatch.tests.unit.known_hosts import Raw, at, change, host

BEFORE, BOOT = "2026-08-01T01:00:00", "2026-08-20T03:00:00"
HERE = host("ws2025", "KB5099536", now="2026-08-21")
SYSTEM = "NT AUTHORITY\\SYSTEM"


def event(number: int, time: str, **said: Any) -> Raw:
    nothing = dict.fromkeys(("process", "user", "reason", "reason_code", "comment", "bug_check"))
    return {"time": f"{time}Z", "id": number, **nothing, **said}


def starts(*events: Raw | None, boot: str = BOOT, since: str = BEFORE) -> tuple[Start, ...]:
    raw = change(HERE, boot_time=f"{boot}Z", restarts=None if events == (None,) else list(events))
    return starts_since(parse_observation(raw), at(since))


def asked(**said: Any) -> Raw:
    return event(1074, "2026-08-20T02:55:00", **said)


@pytest.mark.parametrize(
    ("said", "by", "cause"),
    [
        ({"comment": "winops.hotpatch: KB5099536", "process": "wininit.exe (SRV)"}, "winops.hotpatch", "KB5099536"),
        ({"process": "C:\\Windows\\system32\\winlogon.exe (SRV)", "user": SYSTEM, "reason_code": "0x80020003"}, "updates", "winlogon.exe"),
        ({"process": "C:\\WINDOWS\\system32\\svchost.exe (SRV)", "user": SYSTEM, "reason_code": "0x80020010"}, "updates", "svchost.exe"),
        ({"process": "C:\\Windows\\system32\\MoUsoCoreWorker.exe (SRV)", "reason_code": "0x0"}, "updates", "MoUsoCoreWorker.exe"),
        (
            {"process": "Explorer.EXE (SRV)", "user": "CORP\\admin", "reason_code": "0x0"},
            "other",
            "Explorer.EXE asked for it as CORP\\admin",
        ),
        # Planned maintenance of hardware, and a number that is none.
        ({"process": "C:\\agent\\ccmexec.exe (SRV)", "reason_code": "0x80010001"}, "other", "ccmexec.exe"),
        ({"process": None, "reason_code": "none"}, "other", "a program that is not named asked for it (event 1074)"),
        # Who writes like us passes for us, and whoever can write there is an administrator of the host.
        ({"process": "x", "comment": "about winops.hotpatch: no"}, "other", "about winops.hotpatch: no"),
    ],
)
def test_who_asked(said: Raw, by: str, cause: str) -> None:
    (found,) = starts(asked(**said), event(12, BOOT))
    assert (found.by, found.at) == (by, at(BOOT))
    assert cause in found.cause


@pytest.mark.parametrize(
    ("events", "by", "cause"),
    [
        ([event(12, BOOT), event(41, "2026-08-20T03:00:02", bug_check=0)], "other", "lost its power"),
        ([event(12, BOOT), event(6008, "2026-08-20T03:00:20")], "other", "lost its power"),
        ([event(41, BOOT, bug_check=0x9F)], "other", "bug check 0x9F"),
        ([event(109, "2026-08-20T02:58:00"), event(12, BOOT)], "unknown", "event 109"),
        ([event(12, BOOT)], "unknown", "Windows has logged no cause"),
        ([], "unknown", "Windows has logged no cause"),
        # What was asked for before the last start but one is not about this one.
        ([event(1074, "2026-07-30T00:00:00", comment="winops.hotpatch: x"), event(12, BOOT)], "unknown", "no cause"),
        ([None], "unknown", "its cause is not known"),
    ],
)
def test_restarts_that_nobody_is_known_to_have_asked_for(events: list[Raw | None], by: str, cause: str) -> None:
    (found,) = starts(*events)
    assert found.by == by
    assert cause in found.cause


def test_every_start_counts_once() -> None:
    """Three starts, one of them by the log alone; the last one stands in the log to the second, and that is the same start."""
    log = [
        event(12, "2026-08-05T00:00:00"),
        event(12, "2026-08-10T00:00:00"),
        event(41, "2026-08-10T00:00:01"),
        event(12, "2026-08-20T02:59:30"),
    ]
    found = starts(*log, asked(comment="winops.hotpatch: y"))
    assert [start.at for start in found] == [at("2026-08-05T00:00:00"), at("2026-08-10T00:00:00"), at(BOOT)]
    assert [start.by for start in found] == ["unknown", "other", "winops.hotpatch"]


def test_no_start_without_two_times() -> None:
    log = [event(12, "2026-08-05T00:00:00")]
    assert starts(*log, since=BOOT) == ()
    assert starts(*log, since="2026-08-20T02:58:30") == (), "a correction of the clock is no start"
    assert starts_since(parse_observation(change(HERE, boot_time=None)), at(BEFORE)) == ()
    assert starts_since(parse_observation(HERE), None) == ()


def test_a_start_counts_also_where_the_clock_was_set_back() -> None:
    (found,) = starts(asked(comment="winops.hotpatch: x"), event(12, BOOT), since="2026-08-20T09:00:00")
    assert (found.at, found.by) == (at(BOOT), "unknown")
    assert [entry.kind for entry in journal_of([found], Act(None, False, until=at(BOOT)))] == ["not_allowed"]
    assert journal_of([found], Act(None, False, asked=1, until=at(BOOT))) == (), "it is the one that was asked for"


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00", BEFORE])
def test_a_host_may_say_that_it_is_the_last_day_of_the_calendar(since: str) -> None:
    last = "9999-12-31T23:59:59"
    found = starts(event(12, last), event(41, last, bug_check=0), event(109, last), boot=last, since=since)
    assert [(start.at, start.by) for start in found] == [(at(last), "other")]


def start(by: StartedBy, when: str = BOOT) -> Start:
    return Start(at(when), by, "a cause")


@pytest.mark.parametrize(
    ("act", "kinds"),
    [
        # By updates, by others, and by nobody knows whom.
        (None, ["foreign", "foreign", "foreign"]),
        (Act("r", False, left_open=False), ["foreign", "foreign", "foreign"]),
        (Act("r", False), ["not_allowed", "foreign", "foreign"]),
        (Act("r", True), ["allowed", "foreign", "foreign"]),
        (Act("r", False, until=at(BOOT)), ["not_allowed", "foreign", "not_allowed"]),
        (Act("r", False, until=at(BOOT) - timedelta(seconds=1)), ["not_allowed", "foreign", "foreign"]),
        # One was asked for, and it is the one that nobody explains.
        (Act("r", False, asked=1, until=at(BOOT)), ["not_allowed", "foreign"]),
    ],
)
def test_whose_act_it_was(act: Act | None, kinds: list[str]) -> None:
    found = journal_of([start(StartedBy.UPDATES), start(StartedBy.OTHER), start(StartedBy.UNKNOWN)], act)
    assert [entry.kind for entry in found] == kinds
    assert {entry.run_id for entry in found if entry.kind is RestartKind.FOREIGN} <= {None}
    assert {entry.run_id for entry in found if entry.kind is not RestartKind.FOREIGN} <= {"r"}


def test_what_was_asked_for_is_not_journaled() -> None:
    assert journal_of([start(StartedBy.PRODUCT)], None) == ()
    both = [start(StartedBy.PRODUCT), start(StartedBy.UNKNOWN)]
    assert len(journal_of(both, Act("r", False, asked=1, until=at(BOOT)))) == 1, "one was asked for, not two"


def test_a_journal_is_read_joined_and_bounded() -> None:
    entries = [JournalEntry(at(BEFORE) + timedelta(days=day), RestartKind.FOREIGN, str(day)) for day in range(40)]
    later = JournalEntry(entries[39].at + timedelta(seconds=30), RestartKind.NOT_ALLOWED, "told better", "r")
    found = joined(entries[::-1], [later])
    assert len(found) == MOST
    assert found[-1] == later
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)
    assert read_entries([entry.to_dict() for entry in found]) == found
    odd: list[Any] = [
        None,
        {},
        {"at": "never", "kind": "foreign"},
        {"at": "2026-01-01T00:00:00Z", "kind": "x"},
        {"at": 7, "kind": "foreign"},
    ]
    odd += [{"at": "2026-01-01T00:00:00Z", "kind": kind} for kind in (["foreign"], {"kind": "foreign"}, 1, None)]
    assert read_entries(odd) == ()
    assert read_entries("text") == ()
    said = read_entries([{"at": "2026-01-01T00:00:00Z", "kind": "foreign", "cause": "x\x1b[31m" * 500, "run_id": "y" * 5000}])[0]
    assert len(said.cause) <= 500
    assert len(said.run_id or "") <= 120
    assert "\x1b" not in said.cause


MANY = tuple(f"package P{number} is InstallPending" for number in range(40))
LONG = f"component_based_servicing: {'x' * 600}"
CBS, RENAME, PACKAGE = "component_based_servicing", "pending_file_rename: x", "package P is InstallPending"


@pytest.mark.parametrize(
    ("causes", "last", "expected"),
    [
        ([CBS], LastRestart(at(BEFORE), frozenset({CBS}), frozenset({CBS})), (CBS,)),
        ([CBS, RENAME], LastRestart(at(BEFORE), frozenset({CBS}), frozenset({CBS})), (CBS,)),
        # Of many causes, and of long ones, a record has the beginning.
        ([*MANY], LastRestart(at(BEFORE), frozenset(MANY[:12]), frozenset(MANY[:12])), MANY[:12]),
        ([*MANY], LastRestart(at(BEFORE), frozenset(MANY[:12]), frozenset(MANY[:11])), ()),
        ([LONG], LastRestart(at(BEFORE), frozenset({clean(LONG)}), frozenset({clean(LONG)})), (clean(LONG),)),
        # Something else waits now, something was not there before it, or nobody asked for a restart.
        ([CBS, PACKAGE], LastRestart(at(BEFORE), frozenset({CBS}), frozenset({CBS})), ()),
        ([CBS], LastRestart(at(BEFORE), frozenset({CBS}), frozenset()), ()),
        ([CBS], None, ()),
        # The run did not come to look: what counts is whether the host has restarted.
        ([CBS], LastRestart(at(BEFORE), frozenset({CBS})), (CBS,)),
        ([CBS], LastRestart(at(BOOT), frozenset({CBS})), ()),
        ([CBS], LastRestart(None, frozenset({CBS})), ()),
    ],
)
def test_marks_that_outlived_a_restart(causes: list[str], last: LastRestart | None, expected: tuple[str, ...]) -> None:
    seen = parse_observation(change(HERE, boot_time=f"{BOOT}Z"))
    assert outlived(seen, RestartNeed(Needed.YES, tuple(causes), None), last) == expected
    assert outlived(seen, RestartNeed(Needed.DEFERRABLE, tuple(causes), None), last) == ()
