# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the raw answer of a host. A host may answer anything: nothing here raises, and nothing wrong becomes a fact.

What is read is made from the facts, once, when this is loaded. A value of the wrong type is a reason to distrust its whole section.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from .._values.moments import read_moment
from .._values.printable import clean
from .facts import SCHEMA, Observation, ProbeError
from .shape import LONG, SHORT, Shape, shapes_of

_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
_MAX_ITEMS = 5000
_MAX_ERRORS = 50
T = TypeVar("T", bound=Observation)
# Takes a value that is not None and its key, which is empty for the item of a list.
_Read = Callable[[Any, str], Any]


class _BadValueError(Exception):
    """A value is not what the contract says; the section it belongs to is not known."""


def parser_of(kind: type[T]) -> Callable[[object], T]:
    """Return the function that reads the raw answer of a host as a KIND, which is Observation or has more fields than that."""
    shapes = shapes_of(kind)
    read_errors = _reader(shapes.pop("errors"), "")
    newer = {name for name, shape in shapes.items() if shape.rule.newer}
    readers = {name: _reader(shape, "") for name, shape in shapes.items()}

    def parse(raw: object) -> T:
        errors: list[ProbeError] = []
        data: dict[Any, Any] = {}
        if not isinstance(raw, dict):
            errors.append(ProbeError("schema", None, f"the answer is not an object but {type(raw).__name__}"))
        elif raw.get("schema") != SCHEMA:
            said = clean(repr(raw.get("schema")), SHORT)
            errors.append(ProbeError("schema", None, f"the answer is of schema {said}, not {SCHEMA}"))
        else:
            data = raw
            errors.extend(_section("errors", read_errors, data.get("errors", []), errors) or ())
            del errors[_MAX_ERRORS:]
        sections: dict[str, Any] = {}
        for name, read in readers.items():
            value = data.get(name)
            if value is None and data and name not in data and name not in newer:
                errors.append(ProbeError(name, None, "the answer lacks this section"))
            sections[name] = None if value is None else _section(name, read, value, errors)
        return kind(**sections, errors=tuple(errors[:_MAX_ERRORS]))

    return parse


def _section(name: str, read: _Read, value: Any, errors: list[ProbeError]) -> Any:
    """Return the result of READ for VALUE, or None if it cannot be used; ERRORS then names the reason."""
    try:
        return read(value, name)
    except (_BadValueError, RecursionError) as error:
        errors.append(ProbeError(name, None, clean(f"the answer cannot be used: {error}", LONG)))
        return None


def _reader(shape: Shape, owner: str) -> _Read:
    """Return the function that reads a value of this shape; OWNER is the kind of thing that it belongs to, as messages name it."""
    if shape.item is not None:
        return _list_reader(_reader(shape.item, ""), shape.rule.inside)
    if shape.rule.normalize is not None:
        return _kb_reader(shape.rule.normalize)
    if shape.kind is datetime:
        return _moment
    if shape.kind is bool:
        return _flag
    if shape.kind is int:
        return _choice_reader(_number, shape.literals) if shape.literals else _number
    if shape.kind is str:
        read = _text_reader(shape.rule.length or SHORT)
        if shape.literals:
            return _choice_reader(read, shape.literals)
        return read if shape.nullable or not owner else _needed_text_reader(read, owner, shape.rule.otherwise)
    return _object_reader(shape.kind)


def _object_reader(kind: type[Any]) -> _Read:
    # MonitorEvent is an event, Offer is an offer.
    word = re.findall("[A-Z][a-z]*", kind.__name__)[-1].lower()
    owner = f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
    shapes = shapes_of(kind)
    needed = tuple(name for name, shape in shapes.items() if not shape.nullable and shape.rule.otherwise is None)
    fields = tuple((name, _reader(shape, owner), shape.rule.otherwise) for name, shape in shapes.items())

    def read(value: Any, _key: str) -> Any:
        if not isinstance(value, dict):
            raise _BadValueError(f"an object is expected, not {type(value).__name__}")
        get = value.get
        for name in needed:
            if get(name) is None:
                raise _BadValueError(f"{name} of {owner} is missing")
        return kind(*[otherwise if (item := get(name)) is None else read_field(item, name) for name, read_field, otherwise in fields])

    return read


def _list_reader(read_item: _Read, inside: str | None) -> _Read:
    def read(value: Any, _key: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _BadValueError(f"a list is expected, not {type(value).__name__}")
        if len(value) > _MAX_ITEMS:
            raise _BadValueError(f"a list of {len(value)} items is longer than the {_MAX_ITEMS} that can be true")
        return tuple([read_item(item, "") for item in value])

    def read_inside(value: Any, key: str) -> tuple[Any, ...]:
        if not isinstance(value, dict):
            raise _BadValueError(f"an object is expected, not {type(value).__name__}")
        if value.get(inside) is None:
            raise _BadValueError(f"{inside} is missing")
        return read(value[inside], key)

    return read_inside if inside else read


def _text_reader(length: int) -> _Read:
    def read(value: Any, key: str) -> str:
        if not isinstance(value, str):
            raise _BadValueError(f"{key} must be a string, not {type(value).__name__}" if key else "a string is expected")
        return clean(value, length)

    return read


def _needed_text_reader(read_text: _Read, owner: str, otherwise: object) -> _Read:
    """Return a reader that takes an empty text for a missing one."""

    def read(value: Any, key: str) -> Any:
        text = read_text(value, key) or otherwise
        if text is None:
            raise _BadValueError(f"{key} of {owner} is missing")
        return text

    return read


def _choice_reader(read_any: _Read, choices: tuple[Any, ...]) -> _Read:
    def read(value: Any, key: str) -> Any:
        found = read_any(value, key)
        if found not in choices:
            raise _BadValueError(f"{key} must be one of {', '.join(map(str, choices))}, not {found!r}")
        return found

    return read


def _kb_reader(normalize: Callable[[object], str | None]) -> _Read:
    def read(value: Any, _key: str) -> str:
        kb = normalize(value)
        if kb is None:
            raise _BadValueError("a KB number is expected")
        return kb

    return read


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise _BadValueError(f"{key} must be true or false, not {type(value).__name__}")
    return value


def _number(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _BadValueError(f"{key} must be a whole number, not {type(value).__name__}")
    if abs(value) >= 2**63:
        raise _BadValueError(f"{key} is out of range")
    return value


def _moment(value: Any, key: str) -> datetime:
    moment = read_moment(value) if isinstance(value, str) and _TIME.match(value) else None
    if moment is None or moment.year < 1990:
        raise _BadValueError(f"{key} must be a time such as 2026-06-09T18:00:00Z")
    return moment


_parse = parser_of(Observation)


def parse_observation(raw: object) -> Observation:
    """Return the observation in RAW, the answer of a host. A missing or wrong value becomes None and a probe error; never raises."""
    return _parse(raw)
