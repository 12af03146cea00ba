# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moments, names, printable, text_table and atomic_file of _values."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.atomic_file import write_atomically
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.moments import iso, read_moment, utc_text
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.names import (
    is_cve,
    is_kb,
    is_month,
    is_sha256,
    normalize_kb,
)
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.patch_tuesday import month_after
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.printable import as_cell, clean
from ansible_collections.winops.hotpatch.plugins.plugin_utils._values.text_table import table_lines

JUNE = datetime(2026, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-06-09", JUNE),
        (" 2026-06-09 ", JUNE),
        (date(2026, 6, 9), JUNE),
        (datetime(2026, 6, 9), JUNE),  # noqa: DTZ001  # what YAML makes of a date-time without a zone
        ("2026-06-09T00:00:00Z", JUNE),
        ("2026-06-09t00:00:00z", JUNE),
        ("2026-06-09 02:00:00+02:00", JUNE),
        (datetime(2026, 6, 9, 2, tzinfo=timezone(timedelta(hours=2))), JUNE),
        ("2026-06-31", None),
        ("9999-12-31", datetime(9999, 12, 31, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        (20260609, None),
        (None, None),
        ("2026-06-09" + " " * 1_000_000, None),
    ],
)
def test_moments(value: object, moment: datetime | None) -> None:
    assert read_moment(value) == moment


def test_a_bare_date_is_the_whole_day() -> None:
    assert read_moment("2026-06-09", end_of_day=True) == JUNE + timedelta(days=1)
    assert read_moment("2026-06-09T12:00:00Z", end_of_day=True) == JUNE + timedelta(hours=12)
    assert read_moment("9999-12-31", end_of_day=True) is None


def test_one_written_form() -> None:
    assert utc_text(datetime(2026, 6, 9, 2, tzinfo=timezone(timedelta(hours=2)))) == "2026-06-09T00:00:00Z"
    assert iso(None) is None


@pytest.mark.parametrize("text", ["KB5094125", "kb5094125", "5094125", " KB 5094125 "])
def test_kb_numbers_are_read(text: str) -> None:
    assert normalize_kb(text) == "KB5094125"
    assert is_kb(text) is (text == "KB5094125")


@pytest.mark.parametrize("text", ["KB12", "KB509412511", "xKB5094125", "KB5094125\n6", "", 5094125, None, "\u0665" * 7])
def test_what_is_not_a_kb_number(text: object) -> None:
    assert normalize_kb(text) is None
    assert not is_kb(text)


def test_names() -> None:
    assert (is_month("2026-06"), is_month("2026-13"), is_month("1999-01"), is_month("2026-06\n"), is_month(None)) == (True, *[False] * 4)
    assert (is_cve("CVE-2026-42910"), is_cve("CVE-2026-1"), is_cve("cve-2026-42910")) == (True, False, False)
    assert (is_sha256("aB" * 32), is_sha256("a" * 63), is_sha256("g" * 64)) == (True, False, False)
    assert (month_after("2026-12"), month_after("2026-01", -1), month_after("2026-06", 12)) == ("2027-01", "2025-12", "2027-06")


def test_what_is_longer_than_any_name_is_not_looked_at() -> None:
    """A host may send a megabyte of blanks where a KB number is expected, and a pattern that skips them takes minutes over it."""
    assert normalize_kb(f"{' ' * 90}KB5094125") == "KB5094125"
    assert normalize_kb(f"{' ' * 92}KB5094125") is None
    assert read_moment(f"{' ' * 31}2026-06-09") is None


def test_text_that_may_be_shown() -> None:
    hostile = "a\x1b[31mb\u202ec\u00adsoft\ud800"
    assert clean(hostile, 100) == "a [31mb c soft"
    assert as_cell(hostile, 100) == "a?[31mb?c?soft?"
    assert clean("x" * 10, 4) == "xxx…"
    assert as_cell("x" * 10, 4) == "x..."
    assert as_cell(None, 10) == "None"


def test_tables() -> None:
    assert table_lines(("host", "count"), [("web01", 2), (None, 10)], ruled=True) == [
        "host   count",
        "-----  -----",
        "web01      2",
        "-         10",
    ]
    assert table_lines(("a", "b"), [("x" * 9, "")], widest=6) == ["a       b", "xxx...  -"]


def test_files_are_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    path.chmod(0o640)

    def broken(_self: Path, _target: Path) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", broken)
        with pytest.raises(OSError, match="no space left"):
            write_atomically(path, b"new")
    assert (path.read_bytes(), [item.name for item in tmp_path.iterdir()]) == (b"old", ["file"])
    write_atomically(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
