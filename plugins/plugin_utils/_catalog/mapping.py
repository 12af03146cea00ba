# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One mapping of a catalog file, and where it stands, so that every complaint about it can say so."""

from __future__ import annotations

import reprlib
from datetime import date, datetime
from typing import Any

from .._values.build import Build
from .._values.moments import is_day
from .._values.names import is_kb, is_month
from .catalog_error import CatalogError
from .release import LINES, Kind

# A value is shown in an error only as far as it helps: a file can hold texts without end and lists that contain themselves.
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 60
_REPR.maxlevel = 2


def repr_short(value: object) -> str:
    """Return VALUE as an error shows it."""
    return _REPR.repr(value)


class CheckedMapping:
    """One mapping, whose values are asked for by key and type. A key that is absent and one that is null mean the same."""

    def __init__(self, file: str, where: str, data: Any, known: frozenset[str]) -> None:
        self.file = file
        self.where = where
        if not isinstance(data, dict):
            raise self.error(f"a mapping is expected, not {type(data).__name__}")
        self.data: dict[Any, Any] = data
        unknown = sorted(repr_short(key) for key in data if key not in known)
        if unknown:
            raise self.error(f"unknown key {unknown[0]}; known keys are {', '.join(sorted(known))}")

    def error(self, rule: str) -> CatalogError:
        """Return the complaint that this entry breaks RULE."""
        return CatalogError(self.file, self.where, rule)

    def has(self, key: str) -> bool:
        """True if KEY is there and not null."""
        return self.data.get(key) is not None

    def require(self, *keys: str) -> None:
        """Complain of the keys that are missing."""
        missing = [key for key in keys if not self.has(key)]
        if missing:
            raise self.error(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")

    def optional_text(self, key: str) -> str | None:
        """Return the text of KEY, or None where there is none."""
        return self.text(key) if self.has(key) else None

    def text(self, key: str) -> str:
        """Return the text of KEY, which must say something."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key} must be a text, not {repr_short(value)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts of KEY; one text alone is a list of one."""
        value = self.data.get(key)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(f"{key} must be a list of texts, not {repr_short(value)}")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """Return the truth of KEY."""
        value = self.data.get(key)
        if not isinstance(value, bool):
            raise self.error(f"{key} must be true or false, not {repr_short(value)}")
        return value

    def day(self, key: str) -> date:
        """Return the date of KEY. YAML makes a date of one that stands without quotes."""
        value = self.data.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            if isinstance(value, str) and is_day(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self.error(f"{key} must be a date such as 2026-06-09, not {repr_short(value)}")

    def month(self, key: str = "month") -> str:
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

    def build(self, key: str, line: str) -> Build:
        """Return the build of KEY, which must belong to LINE."""
        value = self.data.get(key)
        if isinstance(value, float):
            raise self.error(f"{key}: {value!r} lost its last digits; write the build in quotes, such as '26100.32990'")
        try:
            build = Build.parse(value)
        except ValueError:
            raise self.error(f"{key}: {repr_short(value)} is not a build such as 26100.32995") from None
        if build.base != LINES[line]:
            raise self.error(f"{key} {build} does not belong to this line, {line}, whose base build is {LINES[line]}")
        return build

    def kind(self, key: str) -> Kind:
        """Return the kind of release of KEY."""
        return Kind(self.choice(key, tuple(Kind)))

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
