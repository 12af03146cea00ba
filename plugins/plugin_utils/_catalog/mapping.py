# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One mapping of a catalog file, and where it stands, so that every complaint about it can say so.

The keys of each mapping stand once, with what reads them; the JSON schema of catalog files is generated from that.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .._values.build import Build
from .._values.moments import is_day, read_moment
from .._values.names import is_kb, is_month
from .._values.printable import clean
from .catalog_error import CatalogError
from .release import LINES

# A value is shown in an error only as far as it helps: a file can hold texts without end and lists that contain themselves.
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 60
_REPR.maxlevel = 2


def repr_short(value: object) -> str:
    """Return VALUE as an error shows it."""
    return _REPR.repr(value)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that a mapping may have, in the order in which they are read, and those that it must have.

    C(entry) is what the mapping becomes, and its docstring describes the mapping.
    """

    entry: type[Any]
    readers: Mapping[str, Callable[[CheckedMapping, str], Any]]
    required: tuple[str, ...] = ()

    def read(self, file: str, where: str, data: Any) -> Any:
        """Return the entry that DATA is, which stands at WHERE in FILE."""
        return self.entry(**CheckedMapping(file, where, data, self).read())


@dataclass(frozen=True, slots=True)
class OneOf:
    """Reads one of a few words."""

    choices: tuple[str, ...]
    kind: Callable[[str], Any] = str

    def __call__(self, entry: CheckedMapping, key: str) -> Any:
        return self.kind(entry.choice(key, self.choices))


@dataclass(frozen=True, slots=True)
class TextLike:
    """Reads a text of one form, which C(example) describes."""

    pattern: re.Pattern[str]
    example: str

    def __call__(self, entry: CheckedMapping, key: str) -> str:
        value = entry.text(key)
        if not self.pattern.fullmatch(value):
            raise entry.error(f"{key} must be {self.example}, not {repr_short(value)}")
        return value


@dataclass(frozen=True, slots=True)
class ListOf:
    """Reads a list of mappings, each of C(keys), as it stands."""

    keys: Keys

    def __call__(self, entry: CheckedMapping, key: str) -> list[Any]:
        return entry.items(key)


class CheckedMapping:
    """One mapping, whose values are asked for by key. A key that is absent and one that is null mean the same.

    LINE is the product line that its builds must belong to; a mapping without one names it by itself.
    """

    def __init__(self, file: str, where: str, data: Any, keys: Keys, line: str | None = None) -> None:
        self.file = file
        self.where = where
        self.keys = keys
        self.line = line
        if not isinstance(data, dict):
            raise self.error(f"a mapping is expected, not {type(data).__name__}")
        self.data: dict[Any, Any] = data
        unknown = sorted(repr_short(key) for key in data if key not in keys.readers)
        if unknown:
            raise self.error(f"unknown key {unknown[0]}; known keys are {', '.join(sorted(keys.readers))}")

    def get(self, key: str) -> Any:
        """Return the value of KEY, as its reader returns it, or None if an optional key is absent."""
        return self.keys.readers[key](self, key) if key in self.keys.required or self.has(key) else None

    def read(self) -> dict[str, Any]:
        """Return the values of all keys."""
        return {key: self.get(key) for key in self.keys.readers}

    def error(self, rule: str) -> CatalogError:
        """Return the complaint that this entry breaks RULE."""
        return CatalogError(self.file, self.where, rule)

    def has(self, key: str) -> bool:
        """True if KEY is there and not null."""
        return self.data.get(key) is not None

    def require(self) -> None:
        """Complain of the required keys that are missing, all at once."""
        missing = [key for key in self.keys.required if not self.has(key)]
        if missing:
            raise self.error(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")

    def text(self, key: str) -> str:
        """Return the text of KEY, which must say something."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key} must be a string, not {repr_short(value)}")
        return value

    def shown_text(self, key: str) -> str:
        """Return the text of KEY, fit for a message, on one line."""
        return " ".join(clean(self.text(key)).split())

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts of KEY; one text alone is a list of one."""
        value = self.data.get(key)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(f"{key} must be a list of strings, not {repr_short(value)}")
        return tuple(value)

    def kbs(self, key: str) -> tuple[str, ...]:
        """Return the list of KB numbers of KEY; one alone is a list of one."""
        return tuple(CheckedMapping(self.file, self.where, {key: item}, self.keys, self.line).kb(key) for item in self.texts(key))

    def flag(self, key: str) -> bool:
        """Return the truth of KEY."""
        value = self.data.get(key)
        if not isinstance(value, bool):
            raise self.error(f"{key} must be true or false, not {repr_short(value)}")
        return value

    def day(self, key: str) -> date:
        """Return the date of KEY. YAML makes a date of one that stands without quotes."""
        value = self.data.get(key)
        bare = is_day(value) or (isinstance(value, date) and not isinstance(value, datetime))
        moment = read_moment(value) if bare else None
        if moment is None:
            raise self.error(f"{key} must be a date such as 2026-06-09, not {repr_short(value)}")
        return moment.date()

    def month(self, key: str) -> str:
        """Return the month of KEY."""
        value = self.data.get(key)
        if not isinstance(value, str) or not is_month(value):
            raise self.error(f"{key} must be a month such as 2026-06, not {repr_short(value)}")
        return value

    def kb(self, key: str) -> str:
        """Return the KB number of KEY."""
        value = self.data.get(key)
        if not isinstance(value, str) or not is_kb(value):
            raise self.error(f"{key} must be KB and six to eight digits, not {repr_short(value)}")
        return value

    def build(self, key: str) -> Build:
        """Return the build of KEY, which must belong to the line."""
        value = self.data.get(key)
        line = self.line or self.choice("line", tuple(LINES))
        if isinstance(value, float):
            raise self.error(f"{key}: {value!r} lost its last digits; write the build in quotes, such as '26100.32990'")
        try:
            build = Build.parse(value)
        except ValueError:
            raise self.error(f"{key}: {repr_short(value)} is not a build such as 26100.32995") from None
        if build.base != LINES[line]:
            raise self.error(f"{key} {build} does not belong to this line, {line}, whose base build is {LINES[line]}")
        return build

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """Return the value of KEY, one of CHOICES."""
        value = self.data.get(key)
        if not isinstance(value, str) or value not in choices:
            raise self.error(f"{key} must be one of {', '.join(choices)}, not {repr_short(value)}")
        return value

    def items(self, key: str) -> list[Any]:
        """Return the list of KEY; none is an empty one."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.error(f"{key} must be a list, not {repr_short(value)}")
        return value
