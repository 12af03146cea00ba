# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers of a policy put together. A layer can only tighten what the others say: rules add up, and none takes another's away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._values.scalars import is_blank
from .entries import PolicyError, keys_of, list_of, number, read_deny, read_freeze, read_hold, read_lift, read_window, text, truth
from .policy import Policy
from .rules import Limit

# Whoever loosens has to say who answers for it.
LOOSENING = ("allow_managed", "leave_track", "lift")
KEYS = (
    "owner",
    "reason",
    "deny",
    "hold",
    "opted_out",
    "freezes",
    "windows",
    "observation_max_age_hours",
    "catalog_max_age_days",
    *LOOSENING,
)
_KB = "a KB such as KB5070881, or a mapping with kb"
_SPAN = "a mapping of from and to"
# Ten years.
_MOST_HOURS, _MOST_DAYS = 87600, 3650


def read_policy(layers: Mapping[str, Any]) -> Policy:
    """Return the policy that LAYERS, by their names, make together. A layer that is blank says nothing.

    Raises PolicyError, naming the place in the layer, its value and a remedy, for whatever cannot be used.
    """
    return merge(read_layer(name, value) for name, value in layers.items() if not is_blank(value))


def read_layer(name: str, value: object) -> tuple[Policy, frozenset[str]]:
    """Return the rules of the layer NAME, and the flags that it forbids. Raises PolicyError."""
    given = keys_of(name, value, KEYS)
    for key in ("owner", "reason"):
        if key in given:
            given[key] = text(f"{name}.{key}", given[key])
    flags: dict[str, bool] = {
        key: truth(f"{name}.{key}", given[key]) for key in ("opted_out", "allow_managed", "leave_track") if key in given
    }
    lifts = tuple(read_lift(place, item, name) for place, item in _entries(name, given, "lift", "a mapping of kb and until"))
    for key in LOOSENING:
        missing = [need for need in ("owner", "reason") if need not in given]
        if missing and (flags.get(key) or (key == "lift" and lifts)):
            remedy = f"It loosens a rule, so {name} has to say who answers for it and why: give {' and '.join(missing)} beside it."
            raise PolicyError(f"{name}.{key}", given[key], remedy)
    hours, days = given.get("observation_max_age_hours"), given.get("catalog_max_age_days")
    policy = Policy(
        deny=tuple(read_deny(place, item, name) for place, item in _entries(name, given, "deny", _KB)),
        holds=(read_hold(f"{name}.hold", given["hold"], name),) if "hold" in given else (),
        freezes=tuple(read_freeze(place, item, name) for place, item in _entries(name, given, "freezes", _SPAN)),
        windows=tuple(read_window(place, item, name) for place, item in _entries(name, given, "windows", _SPAN)),
        observation_age=_limit(name, "observation_max_age_hours", hours, "hours", _MOST_HOURS),
        catalog_age=_limit(name, "catalog_max_age_days", days, "days", _MOST_DAYS),
        opted_out=(name,) if flags.get("opted_out") else (),
        allow_managed=(name,) if flags.get("allow_managed") else (),
        leave_track=(name,) if flags.get("leave_track") else (),
        lifts=lifts,
    )
    return policy, frozenset(key for key in LOOSENING if flags.get(key) is False)


def merge(layers: Iterable[tuple[Policy, frozenset[str]]]) -> Policy:
    """Return the rules of LAYERS together. What one of them forbids, no other one allows."""
    read = list(layers)
    policies = [policy for policy, _forbidden in read]
    forbidden = frozenset().union(*(flags for _policy, flags in read))
    return Policy(
        deny=tuple(rule for policy in policies for rule in policy.deny),
        holds=tuple(hold for policy in policies for hold in policy.holds),
        freezes=tuple(freeze for policy in policies for freeze in policy.freezes),
        windows=tuple(window for policy in policies for window in policy.windows),
        observation_age=_least(policy.observation_age for policy in policies),
        catalog_age=_least(policy.catalog_age for policy in policies),
        opted_out=tuple(name for policy in policies for name in policy.opted_out),
        allow_managed=() if "allow_managed" in forbidden else tuple(name for policy in policies for name in policy.allow_managed),
        leave_track=() if "leave_track" in forbidden else tuple(name for policy in policies for name in policy.leave_track),
        lifts=tuple(rule for policy in policies for rule in policy.lifts),
    )


def _entries(name: str, given: Mapping[str, Any], key: str, what: str) -> list[tuple[str, Any]]:
    value = given.get(key)
    # KBs come as one text from the command line and from surveys.
    if key == "deny" and isinstance(value, str) and not value.lstrip().startswith("["):
        value = value.split(",")
    return [] if value is None else list_of(f"{name}.{key}", value, what)


def _limit(name: str, key: str, value: object, unit: str, most: int) -> Limit | None:
    return None if value is None else Limit(number(f"{name}.{key}", value, unit, most), name)


def _least(limits: Iterable[Limit | None]) -> Limit | None:
    return min((limit for limit in limits if limit is not None), key=lambda limit: limit.value, default=None)
