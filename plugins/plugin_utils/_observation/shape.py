# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The language in which the facts state their shape, and its reading back: for the parser, for the schema and for the documentation.

The type of a field says most of it. C(Annotated) adds a description, which is a plain text, and a Rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from .._values.names import normalize_kb

# The lengths that texts of a host are cut to.
SHORT, LONG = 120, 500


@dataclass(frozen=True, slots=True)
class Rule:
    """The rules that the type of a value leaves open.

    The schema holds payloads to C(pattern), C(words), C(most) and C(always); the parser takes what breaks them for what it is. Where
    another word or code must not pass for a fact the type is a C(Literal), which the parser holds hosts to as well. C(length),
    C(normalize) and C(otherwise) are for the parser alone, and C(inside) and C(newer) are for both.
    """

    length: int | None = None  # what a longer text is cut to
    pattern: str | None = None  # what a text looks like
    normalize: Callable[[object], str | None] | None = None  # gives the one spelling of a KB number
    words: tuple[str, ...] | None = None  # the words that a payload writes
    most: int | None = None  # how many items a payload lists
    inside: str | None = None  # the key of the object around a list
    otherwise: object = None  # what stands for a value that is missing
    newer: bool | None = None  # an observation of an earlier release lacks it, a section or a value of one
    always: bool | None = None  # a payload that gives the section gives this too, and never null

    def __or__(self, other: Rule) -> Rule:
        """Return this rule with what OTHER says put over it."""
        said = {item.name: getattr(other, item.name) for item in fields(other)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


Kb = Annotated[str, Rule(pattern=r"^KB\d{6,8}$", normalize=normalize_kb)]
Hresult = Annotated[str, Rule(pattern=r"^0x[0-9A-F]{8}$")]
LongText = Annotated[str, Rule(length=LONG)]


@dataclass(frozen=True, slots=True)
class Shape:
    """One value.

    C(kind) is str, int, bool, datetime, tuple or the dataclass that the value becomes; C(item) is the shape of what a tuple has.
    """

    kind: type[Any]
    nullable: bool = False
    literals: tuple[Any, ...] = ()
    item: Shape | None = None
    description: str = ""
    rule: Rule = Rule(length=SHORT)


def shape_of(hint: Any) -> Shape:
    """Return the shape that a type states."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        shape = shape_of(inner[0])
        for said in inner[1:]:
            shape = replace(shape, description=said) if isinstance(said, str) else replace(shape, rule=shape.rule | said)
        return shape
    if NoneType in inner:
        return replace(shape_of(next(part for part in inner if part is not NoneType)), nullable=True)
    if origin is Literal:
        return Shape(type(inner[0]), literals=inner)
    return Shape(tuple, item=shape_of(inner[0])) if origin is tuple else Shape(hint)


def shapes_of(kind: type[Any]) -> dict[str, Shape]:
    """Return the shape of each field of a dataclass, in their order."""
    hints = get_type_hints(kind, include_extras=True)
    return {item.name: shape_of(hints[item.name]) for item in fields(kind)}
