# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of values that a variable can have, and what is wrong with one that is of another kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from .._values.file_mode import EXPECTED, read_mode
from .._values.moments import FIRST_YEAR, LAST_YEAR, is_near, read_moment
from .._values.names import is_cve, is_month, normalize_kb
from .._values.scalars import is_blank, read_truth, read_whole

# A week: nothing that takes longer is waited for.
MOST_SECONDS = 604800
_MOST = 10**9
_Complaints = Iterable[tuple[Any, str]]


def complaints(kind: str, value: Any, entry: Mapping[str, Any]) -> _Complaints:
    """Return each part of VALUE that is not of KIND, with the rest of the sentence about it. ENTRY is that of the variable."""
    return _KINDS[kind](value, entry)


def flat(value: Any) -> list[Any]:
    """Return VALUE as a list without inner lists: one thing may stand for a list of it."""
    if isinstance(value, list | tuple):
        return [inner for item in value for inner in flat(item)]
    return [value]


def _number(what: str, least: int = 1, most: int = _MOST) -> Callable[[Any, Mapping[str, Any]], _Complaints]:
    def check(value: Any, entry: Mapping[str, Any]) -> _Complaints:
        number = read_whole(value)
        if number is None or number < least:
            yield value, f"is not a number of {what}. The default is {entry['default']}."
        elif number > most:
            yield value, f"is too much: the most is {most}. The default is {entry['default']}."

    return check


def _truth(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    if read_truth(value) is None:
        yield value, "is not a boolean. Use true or false."


def _kb(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    if isinstance(value, bool) or not isinstance(value, str | int) or normalize_kb(str(value)) is None:
        yield value, "is not a KB number. Write it like KB5094125."


def _name(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    if isinstance(value, bool) or not isinstance(value, str | int):
        yield value, "is not a name. Write a text, in quotes."


def _text(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    if not isinstance(value, str):
        yield value, "is not a text. Write one, in quotes."


def names_of_groups(value: Any) -> list[str]:
    """Return the names of groups in VALUE, a name or a list of them; what is blank is none."""
    return [str(item).strip() for item in flat(value) if not is_blank(item)]


def _groups(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    for item in flat(value):
        if not is_blank(item) and (isinstance(item, bool) or not isinstance(item, str | int)):
            yield item, "is not the name of a group. Give a name, or a list of names; hosts that have one in common never restart together."


def _paths(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    for item in flat(value):
        if not isinstance(item, str) or not _exists(item):
            yield item, "does not exist. Give files or folders of release data."


def _absolute(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    if not isinstance(value, str) or not Path(value).is_absolute():
        yield value, "is not an absolute path. Give the file to write."


def _folder(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    if not isinstance(value, str) or not _absolute_path(value):
        yield value, 'is not an absolute path. Give the folder so, like "{{ inventory_dir }}/records".'


def _mode(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    if read_mode(value) is None:
        yield value, f"is not the mode of a file of records. {EXPECTED}"


def _hooks(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    for item in flat(value):
        if not isinstance(item, str) or not _is_absolute_file(item):
            yield item, "is not a task file on the controller. Give its absolute path."


def _texts(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    for item in flat(value):
        if not isinstance(item, str):
            yield item, "is not a string. Give a list of strings, in quotes."


def _month(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    for item in flat(value):
        if not is_month(item):
            yield item, "is not a month. Write it like 2026-06, in quotes."


def _cve(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    for item in flat(value):
        if not is_cve(item):
            yield item, "is not the name of a CVE. Write it like CVE-2026-12345."


def _moment(value: Any, entry: Mapping[str, Any]) -> _Complaints:
    # YAML makes a date of a day without quotes; its text is what was written.
    moment = read_moment(str(value))
    if moment is None:
        yield str(value), "is not a date or date-time. Write UTC in ISO 8601, like 2026-06-09T18:00:00Z."
    elif not is_near(moment):
        yield str(value), f"lies outside of the years {FIRST_YEAR} to {LAST_YEAR}. Write UTC in ISO 8601, like 2026-06-09T18:00:00Z."


_KINDS: dict[str, Callable[[Any, Mapping[str, Any]], _Complaints]] = {
    "seconds": _number("seconds above 0", most=MOST_SECONDS),
    "wait": _number("seconds, 0 or more", least=0, most=MOST_SECONDS),
    "days": _number("days above 0"),
    "hosts": _number("hosts above 0"),
    "count": _number("times, 0 or more", least=0),
    "truth": _truth,
    "kb": _kb,
    "name": _name,
    "text": _text,
    "groups": _groups,
    "paths": _paths,
    "absolute": _absolute,
    "folder": _folder,
    "mode": _mode,
    "hooks": _hooks,
    "texts": _texts,
    "month": _month,
    "cve": _cve,
    "moment": _moment,
}


# A fleet names the same few files on every host, so each is looked at once.
@lru_cache(maxsize=4096)
def _exists(path: str) -> bool:
    try:
        return bool(path) and Path(path).expanduser().exists()
    except (OSError, ValueError, RuntimeError):  # too long, a character that no path has, a home folder that is not there
        return False


@lru_cache(maxsize=4096)
def _absolute_path(path: str) -> bool:
    try:
        return Path(path).expanduser().is_absolute()
    except (OSError, ValueError, RuntimeError):
        return False


@lru_cache(maxsize=4096)
def _is_absolute_file(path: str) -> bool:
    try:
        return Path(path).is_absolute() and Path(path).is_file()
    except (OSError, ValueError):
        return False
