# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entries of one layer, read from what YAML, JSON, the command line and surveys make of them. Blank and null mean "not given"."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from .._values.moments import read_day, read_moment
from .._values.names import normalize_kb
from .._values.printable import clean
from .._values.scalars import is_blank, read_truth, read_whole
from .rules import Deny, End, Forbids, Freeze, Hold, Lift, Window

_WRITE_MOMENT = "Write a UTC date such as 2026-12-20, or a time such as 2026-12-20T18:00:00Z."


class PolicyError(ValueError):
    """A policy cannot be used. The message names the place, its value and what to write instead."""

    def __init__(self, place: str, value: object, remedy: str) -> None:
        super().__init__(f"{clean(place)}: {as_json(value)} cannot be used. {clean(remedy)}")
        self.place = place
        self.value = value
        self.remedy = remedy


def as_json(value: object) -> str:
    """Return VALUE as a message shows it, in one line of JSON."""
    return clean(json.dumps(value, default=str, ensure_ascii=False))


def keys_of(place: str, value: object, known: Sequence[str]) -> dict[str, Any]:
    """Return the keys of VALUE that are given, all of them KNOWN. Raises PolicyError where it is not such a mapping."""
    value = _from_json(value)
    listed = ", ".join(known)
    if not isinstance(value, Mapping):
        raise PolicyError(place, value, f"Write a mapping of these keys: {listed}.")
    for key in value:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise PolicyError(f"{place}.{key}", value[key], f"There is no such key.{meant} Known keys are {listed}.")
    return {str(key): item for key, item in value.items() if not is_blank(item)}


def list_of(place: str, value: object, what: str) -> list[tuple[str, Any]]:
    """Return the entries of VALUE, each with its place. WHAT says what an entry is. Raises PolicyError where it is not a list of any."""
    value = _from_json(value)
    if not isinstance(value, list | tuple):
        raise PolicyError(place, value, f"Write a list; an entry is {what}.")
    found = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    for inner, item in found:
        if is_blank(item):
            raise PolicyError(inner, item, f"An entry is {what}. Remove it if there is nothing to say.")
    return found


def truth(place: str, value: object) -> bool:
    """Return VALUE, true or false. Raises PolicyError."""
    found = read_truth(value)
    if found is None:
        raise PolicyError(place, value, "Write true or false.")
    return found


def number(place: str, value: object, unit: str, most: int) -> int:
    """Return VALUE, a whole number of UNIT from 1 to MOST. Raises PolicyError."""
    found = read_whole(value)
    if found is None or not 1 <= found <= most:
        raise PolicyError(place, value, f"Write a whole number of {unit} from 1 to {most}.")
    return found


def text(place: str, value: object) -> str:
    """Return VALUE, a text, on one line. Raises PolicyError."""
    if not isinstance(value, str):
        raise PolicyError(place, value, "Write a text, in quotes.")
    return clean(value)


def read_deny(place: str, value: object, layer: str) -> Deny:
    """Return the denial that the entry VALUE describes. Raises PolicyError."""
    # A KB may stand alone.
    alone = isinstance(value, str | int) and not isinstance(value, bool) and not str(value).lstrip().startswith("{")
    given = {"kb": value} if alone else keys_of(place, value, ("kb", "until", "reason"))
    reason = text(f"{place}.reason", given["reason"]) if "reason" in given else None
    return Deny(_kb(place, given), _end(f"{place}.until", given.get("until")), reason, layer)


def read_lift(place: str, value: object, layer: str) -> Lift:
    """Return the lift that the entry VALUE describes. Raises PolicyError."""
    given = keys_of(place, value, ("kb", "until"))
    until = _end(f"{place}.until", given.get("until"))
    if until is None:
        remedy = "Give until as well: what goes wrong again after that day is denied again."
        raise PolicyError(f"{place}.until", None, remedy)
    return Lift(_kb(place, given), until, layer)


def read_hold(place: str, value: object, layer: str) -> Hold:
    """Return the hold that VALUE describes. Raises PolicyError."""
    given = keys_of(place, value, ("reason", "owner", "from", "until"))
    if "reason" not in given:
        raise PolicyError(f"{place}.reason", None, "Give the reason for which the host is held.")
    owner = text(f"{place}.owner", given["owner"]) if "owner" in given else None
    begin = _moment(f"{place}.from", given["from"]) if "from" in given else None
    until = _end(f"{place}.until", given.get("until"))
    if begin is not None and until is not None and until.moment <= begin:
        raise PolicyError(f"{place}.until", given["until"], f"It must come after from ({as_json(given['from'])}).")
    return Hold(text(f"{place}.reason", given["reason"]), owner, begin, until, layer)


def read_freeze(place: str, value: object, layer: str) -> Freeze:
    """Return the freeze that the entry VALUE describes. Raises PolicyError."""
    given = keys_of(place, value, ("from", "to", "forbids", "reason"))
    begin, end = _span(place, given)
    forbids = given.get("forbids", Forbids.RESTARTS.value)
    if forbids not in list(Forbids):
        raise PolicyError(f"{place}.forbids", forbids, "Write restarts, or changes for a period without any change.")
    return Freeze(begin, end, Forbids(forbids), text(f"{place}.reason", given["reason"]) if "reason" in given else None, layer)


def read_window(place: str, value: object, layer: str) -> Window:
    """Return the window that the entry VALUE describes. Raises PolicyError."""
    return Window(*_span(place, keys_of(place, value, ("from", "to"))), layer)


def _from_json(value: object) -> object:
    """Return what VALUE stands for where it is JSON text, as surveys and the command line give it; else VALUE."""
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            return json.loads(value)
    return value


def _kb(place: str, given: Mapping[str, Any]) -> str:
    named = given.get("kb")
    kb = normalize_kb(str(named)) if isinstance(named, str | int) else None
    if kb is None:
        raise PolicyError(place if named is None else f"{place}.kb", named, "Write a KB such as KB5070881.")
    return kb


def _span(place: str, given: Mapping[str, Any]) -> tuple[datetime, End]:
    for key in ("from", "to"):
        if key not in given:
            raise PolicyError(f"{place}.{key}", None, "Give the beginning in from and the end in to.")
    begin, end = _moment(f"{place}.from", given["from"]), _end(f"{place}.to", given["to"])
    if end is None or end.moment <= begin:
        raise PolicyError(f"{place}.to", given["to"], f"It must come after from ({as_json(given['from'])}).")
    return begin, end


def read_end(value: object) -> End | None:
    """Return the end that VALUE names, where a date includes the whole day, or None where it names none."""
    moment, day = read_moment(_written(value), end_of_day=True), read_day(_written(value))
    return End(moment, day or moment.date(), day is not None) if moment else None


def _end(place: str, value: object) -> End | None:
    if value is None:
        return None
    end = read_end(value)
    if end is None:
        raise PolicyError(place, value, _WRITE_MOMENT)
    return end


def _moment(place: str, value: object) -> datetime:
    moment = read_moment(_written(value))
    if moment is None:
        raise PolicyError(place, value, _WRITE_MOMENT)
    return moment


def _written(value: object) -> object:
    """Return VALUE, where YAML has made a number of a date without dashes, as it was written."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
