# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of variables that are meant for this collection and are none of its own: each with the one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Mapping
from typing import Any, NamedTuple

from .._policy.layer_names import is_layer, layer_meant, misplaced
from .._values.printable import clean
from .variables import OF_ROLES, OTHERS, VARIABLES

# Names that are so much alike are the same but for a slip of the pen.
_SLIP = 0.85
_OURS = "hotpatch"
_ROLES = frozenset(name.partition("_")[0] for name in OF_ROLES)


class More(NamedTuple):
    """The variables of a part of the collection that is not known here: those that it checks, and other names."""

    variables: Mapping[str, Mapping[str, Any]]
    names: frozenset[str]


NO_MORE = More({}, frozenset())


def unknown_names(names: Iterable[str], more: More = NO_MORE, own: Container[str] = ()) -> list[str]:
    """Return a sentence for each of NAMES that begins like a variable of this collection and is none, not of the part MORE either.

    What roles and playbooks keep for themselves is not for others to set: they would take it for what they have found. OWN are those that
    this run has set.
    """
    return [problem for name in sorted(names) if name not in own and (problem := _unknown(name, more))]


def _unknown(name: str, more: More) -> str | None:
    head, _blank, stem = name.partition("_")
    if head != _OURS:
        return _near(name, head, stem)
    wrong = misplaced(name) if is_layer(name) else None
    if wrong is None and (is_layer(name) or any(name in known for known in (VARIABLES, more.variables, more.names))):
        return None
    stems = [known.removeprefix("hotpatch_") for known in (*VARIABLES, *more.variables, *sorted(more.names))]
    remedy = wrong or _meant(name, stem, stems) or "Correct it, or give a variable of your own a name that does not begin with hotpatch_."
    cause = "the playbooks set this name themselves" if name in OTHERS else "there is no such variable"
    return f"{clean(name)}: {cause}. {remedy}"


def _meant(name: str, stem: str, stems: list[str]) -> str | None:
    """Return the sentence about what was meant: the same but for a slip, a rule of a policy, what is behind a prefix, or the nearest."""
    slip = difflib.get_close_matches(stem, stems, n=1, cutoff=_SLIP)
    if slip:
        return _did_you_mean(f"{_OURS}_{slip[0]}")
    rule = misplaced(name)
    if rule:
        return rule
    layer = layer_meant(stem)
    if layer:
        return _did_you_mean(layer)
    words = stem.split("_")
    behind = [rest for rest in ("_".join(words[start:]) for start in range(1, len(words))) if rest in stems]
    near = behind or difflib.get_close_matches(stem, stems, n=1, cutoff=0.6)
    return _did_you_mean(f"{_OURS}_{near[0]}") if near else None


def _near(name: str, head: str, stem: str) -> str | None:
    """Return the sentence about NAME, which does not begin like a variable of this collection, where it is one but for a slip."""
    if head in _ROLES:
        if name in OF_ROLES:
            return None
        stems = [known.removeprefix(f"{head}_") for known in OF_ROLES if known.startswith(f"{head}_")]
        near = difflib.get_close_matches(stem, stems, n=1, cutoff=_SLIP)
        meant = f"{head}_{near[0]}" if near else (f"{_OURS}_{stem}" if is_layer(f"{_OURS}_{stem}") else None)
        return f"{clean(name)}: there is no such variable. {_did_you_mean(meant)}" if meant else None
    if head[:1].lower() != "h":
        return None
    # Two words, as in hot_patch_kb, are one.
    inner, _blank, rest = stem.partition("_")
    for first, tail in ((head, stem), (head + inner, rest)):
        meant = f"{_OURS}_{tail.lower()}"
        if difflib.get_close_matches(first.lower(), [_OURS], n=1, cutoff=0.8) and (meant in VARIABLES or is_layer(meant)):
            return f"{clean(name)}: there is no such variable. {_did_you_mean(meant)}"
    return None


def _did_you_mean(name: str) -> str:
    return f"Did you mean {name}?"
