# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of hosts as patterns of Ansible that match one host each: a play is given patterns, and what some names would mean is another."""

from __future__ import annotations

import re
from collections.abc import Iterable

# A host of such a name is taken for itself before anything is matched.
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_KEPT = re.compile(r"[A-Za-z0-9_.-]")
# A pattern that matches no host, and about which Ansible does not warn.
NO_HOST = "!all"


def exact_patterns(names: Iterable[str]) -> list[str]:
    """Return the patterns that match the hosts of NAMES and no others, in that order; one that matches none for no names."""
    return [_exact(name) for name in names] or [NO_HOST]


def _exact(name: str) -> str:
    """Return the pattern for the host NAME.

    Ansible splits a pattern at commas, colons and blanks, and reads the signs C(! & ~ * ? [ ]). A regular expression with codes in place of
    all such characters passes through untouched.
    """
    if _PLAIN.fullmatch(name):
        return name
    return "~" + "".join(re.escape(sign) if _KEPT.match(sign) else f"\\U{ord(sign):08x}" for sign in name) + r"\Z"
