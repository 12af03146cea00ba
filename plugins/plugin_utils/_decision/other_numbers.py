# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An update that is asked for by a number that Microsoft's page has for it, and by which nothing is installed."""

from __future__ import annotations

from dataclasses import replace

from .._catalog.catalog import Catalog
from .._values.names import normalize_kb
from .decision import Decision


def installed_as(catalog: Catalog, asked: str | None) -> str | None:
    """Return the KB as which the update ASKED for is installed; what is not the number of one comes back as it is."""
    kb = normalize_kb(asked) if asked is not None else None
    return asked if kb is None else catalog.installs_as(kb)


def with_other_number(decision: Decision, asked: str | None, kb: str | None) -> Decision:
    """Return DECISION with a sentence on the number that was ASKED for, where the update is installed as another one, KB."""
    number = normalize_kb(asked) if asked is not None else None
    if number is None or number == kb:
        return decision
    return replace(decision, reason=f"{decision.reason} {number} is another number of {kb}.")
