# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of single values that the inventory gives. Each check returns the value in its one form, or says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from . import times
from .problems import DescriptionError

Check = Callable[[str, Any], Any]
_KB = re.compile(r"^(?:KB)?(\d{6,8})$", re.IGNORECASE)
_HRESULT = re.compile(r"^0x[0-9A-Fa-f]{8}$")


def text(variable: str, value: Any) -> str:
    """Any text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise DescriptionError(variable, value, "Give a string.")
    return str(value)


def boolean(variable: str, value: Any) -> bool:
    """True and false, also as INI inventories write them; nothing else passes for false."""
    known = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    if isinstance(value, bool):
        return value
    found = known.get(str(value).strip().lower())
    if found is None:
        raise DescriptionError(variable, value, "Give true or false.")
    return found


def integer(variable: str, value: Any) -> int:
    """A whole number, also written as text."""
    try:
        if isinstance(value, bool) or (isinstance(value, float) and value != int(value)):
            raise ValueError
        return int(value)
    except (TypeError, ValueError):
        raise DescriptionError(variable, value, "Give a whole number.") from None


def at_least(least: int) -> Check:
    """A whole number not below the one given."""

    def check(variable: str, value: Any) -> int:
        found = integer(variable, value)
        if found < least:
            raise DescriptionError(variable, value, f"Give a whole number of at least {least}.")
        return found

    return check


def moment(variable: str, value: Any) -> str:
    """A UTC date-time, or a date, which means 18:00 UTC."""
    if isinstance(value, datetime):  # YAML reads an unquoted date-time by itself
        value = f"{value:%Y-%m-%dT%H:%M:%SZ}"
    elif hasattr(value, "isoformat"):
        value = value.isoformat()
    try:
        return times.show(times.parse(str(value)))
    except ValueError:
        raise DescriptionError(
            variable, value, "Give a UTC date-time such as 2026-06-09T18:00:00Z, or a date such as 2026-06-09."
        ) from None


def kb(variable: str, value: Any) -> str:
    """A KB number with or without its letters."""
    found = _KB.match(str(value).strip())
    if not found:
        raise DescriptionError(variable, value, "Give a KB number such as KB5094125.")
    return f"KB{found.group(1)}"


def hresult(variable: str, value: Any) -> int:
    """An HRESULT as hexadecimal text or as a number, signed or not."""
    if isinstance(value, str) and _HRESULT.match(value):
        return int(value, 16)
    if isinstance(value, int) and not isinstance(value, bool) and value:
        return value & 0xFFFFFFFF
    raise DescriptionError(variable, value, 'Give an HRESULT in quotes, such as "0x80240017".')


def choice(*known: Any) -> Check:
    """One of the values given."""

    def check(variable: str, value: Any) -> Any:
        found = {str(entry).lower(): entry for entry in known}.get(str(value).strip().lower())
        if found is None:
            raise DescriptionError(variable, value, f"Give one of: {', '.join(map(str, known))}.")
        return found

    return check


def list_of(check: Check) -> Check:
    """A list whose entries all pass the check; one bare text or mapping is not a list."""

    def check_all(variable: str, value: Any) -> list[Any]:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            raise DescriptionError(variable, value, "Give a list.")
        return [check(f"{variable}[{index}]", entry) for index, entry in enumerate(value)]

    return check_all


def mapping(keys: Mapping[str, Check], required: Sequence[str] = ()) -> Check:
    """A mapping of known keys, each with its own check."""

    def check_all(variable: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise DescriptionError(variable, value, f"Give a mapping with keys out of: {', '.join(keys)}.")
        found: dict[str, Any] = {}
        for key, entry in value.items():
            if key not in keys:
                raise DescriptionError(f"{variable}.{key}", entry, f"There is no such key; known here: {', '.join(keys)}.")
            found[str(key)] = keys[key](f"{variable}.{key}", entry)
        for key in required:
            if key not in found:
                raise DescriptionError(f"{variable}.{key}", None, f"The key is missing. Add {key} to {variable}.")
        return found

    return check_all
