# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of states and refusals in docs/docsite/rst/reference.rst, made from the code that gives them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

# The product is found beside this package, whichever name the checkout goes by.
_UTILS = f"{__name__.partition('tools.')[0]}plugins.plugin_utils"
# A code that no run gives yet is not listed.
RESERVED = {"plan_drift"}
TEMPLATE = """\
.. Copyright: (c) 2026, winops.hotpatch contributors
.. GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later

.. Written by `make generate`; edit plugin_utils/_record/state.py and plugin_utils/_decision/refusals.py instead.

.. _ansible_collections.winops.hotpatch.docsite.reference:

States and refusals
===================

States
------

Each host has exactly one state. It is derived from independent answers (eligibility, enrollment, track, offers, in force, restart,
health), and the first state in this list that fits is the one shown. The record of the host has the reason and the next step.

{states}
Severities: ``good`` needs nothing, ``info`` is a normal condition, ``warn`` asks for planned work, ``bad`` asks for a person now,
and ``unknown`` means that the answer is missing. An unknown host never counts as good.

Refusals
--------

A refusal is a result and not a failure: the host is left as it is, and the record says why and what to do. The codes are stable, so
playbooks and reports may match on them. A role fails on a refusal only with ``hotpatch_on_refusal: fail``. ``not_windows`` is the
exception: it always fails the host, because an inventory without a connection would otherwise end in success.

{refusals}"""


def list_table(*rows: Iterable[str]) -> str:
    """Return ROWS as a table in reStructuredText, the first one as its header, with a line feed at its end."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [f"   {'* -' if index == 0 else '  -'} {cell}" for index, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def render_reference() -> str:
    """Return the whole text of the page."""
    state, refusals = import_module(f"{_UTILS}._record.state"), import_module(f"{_UTILS}._decision.refusals")
    states = [(f"``{each}``", state.MEANING[each], f"``{state.SEVERITY[each]}``") for each in state.State]
    known = [(f"``{code}``", f"{text.title}.", text.remedy) for code, text in refusals.TEXTS.items() if code not in RESERVED]
    return TEMPLATE.format(
        states=list_table(("state", "meaning", "severity"), *states),
        refusals=list_table(("code", "meaning", "what to do"), *known),
    )
