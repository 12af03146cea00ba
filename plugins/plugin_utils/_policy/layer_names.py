# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of variables that are layers of a policy, and those that only look like it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from .layers import KEYS

# The one layer of a small fleet, and what begins the name of any other.
ALONE, PREFIX = "hotpatch_policy", "hotpatch_policy_"
# The names that the documentation uses.
USUAL = ("fleet", "ring", "host", "run")
_WORDS = ("policy", "policies")
# What cannot be the name of a layer: it would be a rule at the wrong place.
_TAKEN = (*KEYS, "freeze", "holds", "window", "denied", "denials", "lifts")
_SLIP = 0.85


def layers_among(names: Iterable[str]) -> list[str]:
    """Return those of NAMES that are layers, sorted."""
    return sorted(name for name in names if is_layer(name))


def is_layer(name: str) -> bool:
    """Return True if NAME is that of a layer, or would be if it were not a rule at the wrong place."""
    return name == ALONE or (name.startswith(PREFIX) and name != PREFIX)


def misplaced(name: str) -> str | None:
    """Return what to write instead of NAME, a sentence, where it is a rule, or another variable, that was taken for a layer; else None."""
    stem = name.removeprefix(PREFIX) if name.startswith(PREFIX) else name.removeprefix("hotpatch_")
    if stem in ("restart", "restart_policy") and name.startswith(PREFIX):
        return "Did you mean hotpatch_restart_policy?"
    near = difflib.get_close_matches(stem, _TAKEN, n=1, cutoff=_SLIP)
    if not near or (near[0] in ("owner", "reason") and not name.startswith(PREFIX)):
        return None
    key = near[0] if near[0] in KEYS else difflib.get_close_matches(near[0], KEYS, n=1, cutoff=0.4)[0]
    return f"It is a rule of a policy. Write it below one: {PREFIX}fleet, with the key {key}."


def layer_meant(stem: str) -> str | None:
    """Return the layer that was meant by STEM, a name without C(hotpatch_), where one of its words is C(policy), or nearly; else None."""
    words = stem.split("_")
    place = next((place for place, word in enumerate(words) if difflib.get_close_matches(word, _WORDS, n=1, cutoff=0.8)), None)
    if place is None or "restart" in words:
        return None
    rest = [word for other, word in enumerate(words) if other != place and word]
    usual = [word for word in rest if word in USUAL]
    return f"{PREFIX}{usual[-1] if usual else '_'.join(rest)}" if rest else ALONE
